/**
 * The tape: what threshold signatures cost, step by step and beside a peer, and what each shortcut brings that a node, or
 * the engine, may take. Whatever is timed was checked before: both libraries make the same signature, and the engine's
 * tape is its hash.
 */
import { createHash } from "node:crypto";
import { impl } from "../impl/index.ts";
import { height, hex, type Event, type Genesis, type Input, type Session } from "../spec/index.ts";
import { interleaved, spreadOf, timed } from "./measure.ts";
import type { TapeOperation, TapeReport, TapeWay } from "./report.ts";
import { messageOf, secretsOf, type Share, type Threshold } from "./threshold.ts";
import { withMcl } from "./with-mcl.ts";
import { withNoble } from "./with-noble.ts";
import { crowdOf } from "./worlds.ts";

/** A third of the nodes may be faulty, and one more than that makes a tape. */
export const committees = [
  { nodes: 4, threshold: 2 },
  { nodes: 13, threshold: 5 },
  { nodes: 40, threshold: 14 },
] as const;

/** How many signatures of one key are verified together. */
export const manyHeights: readonly number[] = [16, 64];

export const tape = async (
  seed: number,
  repetitions: number,
  sizes: number = committees.length,
  heights = manyHeights,
): Promise<TapeReport> => {
  const chosen = committees
    .slice(0, sizes)
    .map((committee) => ({ ...committee, secrets: secretsOf(seed, committee.nodes, committee.threshold) }));
  const mcl = await withMcl();
  for (const committee of chosen) sameOrThrow(committee, mcl);
  const [ours, theirs] = [workOf(withNoble, chosen), workOf(mcl, chosen)];
  hashBefore(repetitions + 1);
  const operations = measured([...ours.operations, ...theirs.operations], repetitions);
  const ways = (tasks: readonly Task[], times: number): readonly TapeWay[] => {
    const samples = measured(
      tasks.flatMap(({ plain, clever }) => [plain, clever]),
      times,
    );
    return tasks.map(({ plain, clever, ...said }, at) => ({
      ...said,
      plainly: plain.name,
      cleverly: clever.name,
      ...compared(samples[2 * at]!, samples[2 * at + 1]!),
    }));
  };
  return {
    operations: ours.operations.map(({ name }, at): TapeOperation => {
      const [noble, peer] = [operations[at]!, operations[at + ours.operations.length]!];
      const { plain, clever, ratio } = compared(noble, peer);
      return { operation: name, noble: plain, mcl: clever, ratio };
    }),
    ways: [
      ...ways([...ours.shares, ...theirs.shares, ...chosen.flatMap(throughTheDoor)], repetitions),
      ...ways([...together(withNoble, chosen[0]!, heights), ...together(mcl, chosen[0]!, heights)], Math.ceil(repetitions / 3)),
    ],
  };
};

interface Committee {
  readonly nodes: number;
  readonly threshold: number;
  readonly secrets: readonly bigint[];
}

/** Something to time. It is done so many times in a row, that a clock sees it. */
interface Act {
  readonly name: string;
  readonly times: number;
  act(): void;
}

interface Task {
  readonly task: string;
  readonly library: string;
  readonly plain: Act;
  readonly clever: Act;
}

/** What one library has to do: the operations one by one, and the shares of one tape in two ways. */
const workOf = <Message, Key>(
  scheme: Threshold<Message, Key>,
  chosen: readonly Committee[],
): { readonly operations: readonly Act[]; readonly shares: readonly Task[] } => {
  const { library } = scheme;
  const message = scheme.hash(messageOf(1));
  const times = library === withNoble.library ? 2 : 10;
  const once = (name: string, act: () => unknown): Act => ({ name, times, act: () => void act() });
  const sharesOf = ({ threshold, secrets }: Committee): readonly Share[] =>
    secrets.slice(1, threshold + 1).map((secret, at) => ({ node: at + 1, signature: scheme.sign(message, secret) }));

  const secret = chosen[0]!.secrets[1]!;
  const key = scheme.keyOf(secret);
  const signature = scheme.sign(message, secret);
  const again = once("make it again and compare", () => demand(same(scheme.sign(message, secret), signature)));
  const pairing = once("verify by a pairing", () => demand(scheme.verify(message, signature, key)));
  return {
    operations: [
      once("hash to the curve", () => scheme.hash(messageOf(1))),
      once("sign", () => scheme.sign(message, secret)),
      pairing,
      ...chosen.map((committee) => {
        const shares = sharesOf(committee);
        return once(`combine ${committee.threshold} shares`, () => scheme.combine(shares));
      }),
    ],
    shares: [
      { task: "recognise a share", library, plain: pairing, clever: again },
      ...chosen.map((committee): Task => {
        const shares = sharesOf(committee);
        const keys = committee.secrets.slice(0, committee.threshold + 1).map((of) => scheme.keyOf(of));
        const plain = (): void => {
          for (const { node, signature: share } of shares) demand(scheme.verify(message, share, keys[node]!));
          scheme.combine(shares);
        };
        const clever = (): void => demand(scheme.verify(message, scheme.combine(shares), keys[0]!));
        return {
          task: `a tape from ${committee.threshold} of ${committee.nodes} shares`,
          library,
          plain: { name: "verify each, combine", times: 1, act: plain },
          clever: { name: "combine, verify once", times: 1, act: clever },
        };
      }),
    ],
  };
};

/** The signatures of many heights, verified one by one and together. They were hashed and signed before. */
const together = <Message, Key>(scheme: Threshold<Message, Key>, { secrets }: Committee, heights: readonly number[]): readonly Task[] =>
  heights.map((count): Task => {
    const key = scheme.keyOf(secrets[0]!);
    const signed = Array.from({ length: count }, (_, at) => {
      const message = scheme.hash(messageOf(at));
      return { message, signature: scheme.sign(message, secrets[0]!) };
    });
    return {
      task: `verify ${count} heights`,
      library: scheme.library,
      plain: {
        name: "one by one",
        times: 1,
        act: () => {
          for (const { message, signature } of signed) demand(scheme.verify(message, signature, key));
        },
      },
      clever: { name: "one product of pairings", times: 1, act: () => demand(scheme.verifyAll(signed, key)) },
    };
  });

/**
 * What the engine makes of the same work, from inputs to events, height after height: the shares of all nodes; then also
 * the tape, which one node makes. Plainly, each share is signed, and those of others are verified, as on a network.
 */
const throughTheDoor = ({ nodes, threshold, secrets }: Committee): readonly Task[] => {
  const { library } = withNoble;
  const keys = secrets.slice(0, threshold + 1).map((secret) => withNoble.keyOf(secret));
  const message = withNoble.hash(messageOf(1));
  const signed = (): readonly Share[] =>
    secrets.slice(1).map((secret, at) => ({ node: at + 1, signature: withNoble.sign(message, secret) }));
  const made = (): void => {
    const shares = signed().slice(0, threshold);
    for (const { node, signature } of shares.slice(1)) demand(withNoble.verify(message, signature, keys[node]!));
    withNoble.combine(shares);
  };
  const engine = (delivered: number, demanded: (made: Made) => boolean): Act => {
    const session = seated(nodes, threshold);
    let of = 0;
    return { name: "the engine", times: 1, act: () => demand(demanded(madeBy(session, nodes, delivered, ++of))) };
  };
  return [
    {
      task: `the shares of ${nodes} nodes`,
      library,
      plain: { name: "sign each", times: 1, act: () => void signed() },
      clever: engine(0, ({ shares }) => shares.length === nodes),
    },
    {
      task: `a height of ${nodes} nodes`,
      library,
      plain: { name: "sign, verify, combine", times: 1, act: made },
      clever: engine(threshold - 1, ({ tape: one }) => one !== null),
    },
  ];
};

/** Each session has a dealing of its own, so that none finds what another one made. */
let dealings = 0;

const seated = (nodes: number, threshold: number): Session => {
  const genesis: Genesis = {
    ...crowdOf(1).genesis,
    committee: { nodes, threshold, dealing: hex((++dealings).toString(16).padStart(64, "0")), offset: 0 },
  };
  const session = impl.boot(genesis);
  if (session instanceof Promise) throw new Error(`${impl.name} answers later: it cannot be measured here`);
  return session;
};

/** Lets the engine hash all heights that it will be asked for, which it does once for all committees: others are not timed hashing either. */
const hashBefore = (heights: number): void => {
  const session = seated(1, 1);
  for (let of = 1; of <= heights; of++) madeBy(session, 1, 0, of);
};

interface Made {
  readonly shares: readonly Share[];
  readonly tape: string | null;
}

/** All nodes release their shares for this height, and so many others' are delivered to node 1. */
const madeBy = (session: Session, nodes: number, delivered: number, of: number): Made => {
  const inputs: readonly Input[] = [
    ...Array.from({ length: nodes }, (_, at): Input => ({ kind: "finalise", node: at + 1, height: height(of - 1) })),
    ...Array.from({ length: delivered }, (_, at): Input => ({
      kind: "share",
      from: at + 2,
      to: 1,
      height: height(of),
      origin: { kind: "released" },
    })),
  ];
  const events = inputs.flatMap((input) => (session.apply(input) as { readonly events: readonly Event[] }).events);
  return {
    shares: events.flatMap((event) =>
      event.kind === "share-released" ? [{ node: event.node, signature: Buffer.from(event.share, "hex") }] : [],
    ),
    tape: events.find((event) => event.kind === "tape-made")?.tape ?? null,
  };
};

/** The signature of the whole is what both libraries combine, from the first shares and from the last, and the engine's tape is its hash. */
const sameOrThrow = <Message, Key>({ nodes, threshold, secrets }: Committee, peer: Threshold<Message, Key>): void => {
  const message = withNoble.hash(messageOf(1));
  const whole = withNoble.sign(message, secrets[0]!);
  const shares = secrets.slice(1).map((secret, at): Share => ({ node: at + 1, signature: withNoble.sign(message, secret) }));
  for (const some of [shares.slice(0, threshold), shares.slice(-threshold)])
    for (const combined of [withNoble.combine(some), peer.combine(some)])
      if (!same(combined, whole)) throw new Error("noble and the peer combine the same shares to different signatures");
  const made = madeBy(seated(nodes, threshold), nodes, threshold - 1, 1);
  const hash = createHash("sha256")
    .update(peer.combine(made.shares.slice(-threshold)))
    .digest("hex");
  if (made.tape !== hash) throw new Error("the tape of the engine is not the hash of what its shares make");
};

const measured = (acts: readonly Act[], repetitions: number): readonly (readonly number[])[] =>
  interleaved(
    acts.map(({ times, act }) => () => {
      const total = timed(() => {
        for (let time = 0; time < times; time++) act();
      });
      return total / times;
    }),
    repetitions,
  );

const compared = (plain: readonly number[], clever: readonly number[]) => ({
  plain: spreadOf(plain),
  clever: spreadOf(clever),
  ratio: spreadOf(plain.map((time, at) => time / clever[at]!)),
});

const same = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

const demand = (holds: boolean): void => {
  if (!holds) throw new Error("what was measured went wrong");
};
