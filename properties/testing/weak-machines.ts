/**
 * Planted weaknesses: ways to get randomness wrong that have happened to somebody, put on a machine from outside. Each
 * changes what goes in, or the bytes that come out, and keeps all else; and names who must find it.
 */
import {
  drive,
  hex,
  type Draw,
  type Genesis,
  type Hex,
  type Input,
  type Machine,
  type Observation,
  type Scenario,
  type Session,
  type Trace,
} from "../../spec/index.ts";
import { hashOfBlock } from "../game/knowledge.ts";
import { ascii, fromHex, joined, sha256, toHex } from "../hashing.ts";

export interface Weakness {
  readonly id: string;
  readonly story: string;
  /** The adversary, or the law, that finds it. */
  readonly foundBy: { readonly adversary: string } | { readonly law: string };
  weaken(machine: Machine): Machine;
}

export const weaknesses: readonly Weakness[] = [
  {
    id: "no-lag",
    story: "Requests are answered with the tape of the round before, which was known when they were made.",
    foundBy: { adversary: "last-tape" },
    weaken: bent(() => {
      let last: Hex | null = null;
      return {
        tape: ({ tape }) => {
          const used = last ?? tape;
          last = tape;
          return used;
        },
      };
    }),
  },
  {
    id: "tape-of-the-block",
    story: "The tape is the hash of the content of the block.",
    foundBy: { adversary: "hash-of-block" },
    weaken: bent(() => ({ tape: (_, { block }) => hashOfBlock(block) })),
  },
  {
    id: "tape-of-the-height",
    story: "The tape is the hash of the height.",
    foundBy: { adversary: "hash-of-height" },
    weaken: bent(() => ({ tape: (_, { rounds }) => hashed(hex((rounds + 1).toString(16).padStart(16, "0"))) })),
  },
  {
    id: "one-random-byte",
    story: "All but the first byte of the tape is lost.",
    foundBy: { adversary: "low-entropy-dictionary" },
    weaken: bent(() => ({ tape: ({ tape }) => hex(`${tape.slice(0, 2)}${"00".repeat(31)}`) })),
  },
  {
    id: "tapes-used-again",
    story: "A restart forgets which tapes were used, and begins with the first.",
    foundBy: { adversary: "replay-after-restart" },
    weaken: bent(() => {
      const tapes: Hex[] = [];
      return {
        tape: ({ tape }, { rounds, restartedAt }) => ((tapes[rounds] = tape), restartedAt === 0 ? tape : tapes[rounds - restartedAt]!),
      };
    }),
  },
  {
    id: "one-seed-for-two",
    story: "Two requests in a row get the same bytes.",
    foundBy: { adversary: "same-as-other-request" },
    weaken: bent(() => ({ bytes: ({ index }, draws) => draws[index - (index % 2)]!.bytes })),
  },
  {
    id: "each-hash-of-the-last",
    story: "A draw is the hash of the one before, so the order of the answers tells the first one what the others get.",
    foundBy: { adversary: "order-sensitive" },
    weaken: bent(() => ({ bytes: ({ index }, draws) => Array.from({ length: index }).reduce<Hex>(hashed, draws[0]!.bytes) })),
  },
  {
    id: "half-empty",
    story: "The first eight bytes of a draw are never written.",
    foundBy: { adversary: "constant" },
    weaken: bent(() => ({ bytes: ({ bytes }) => hex(`${"00".repeat(8)}${bytes.slice(16)}`) })),
  },
  {
    id: "leaning-bits",
    story: "Of a hundred bits, fifty-six are one.",
    foundBy: { law: "draws-look-random" },
    weaken: bent(() => ({ bytes: ({ bytes }) => leaning(bytes) })),
  },
  {
    id: "by-name",
    story: "What is drawn depends on who asks, not on its place.",
    foundBy: { law: "exchanged-requests-exchange-bytes" },
    weaken: bent(() => ({ bytes: ({ asked, canister }) => hashed(hex(toHex(ascii(`${asked} ${canister}`)))) })),
  },
  {
    id: "stirred-by-traffic",
    story: "How many messages came before stirs the generator, so whoever sends one changes what others get.",
    foundBy: { law: "draws-ignore-bystanders" },
    weaken: bent(() => ({ tape: ({ tape }, { given }) => hex(toHex(sha256(joined(fromHex(tape), ascii(`${given}`))))) })),
  },
  {
    id: "threshold-of-f",
    story: "The secret was dealt for one share less than it should have been.",
    foundBy: { adversary: "f-shares-interpolator" },
    weaken: (machine) => withLowerThreshold(machine),
  },
];

const hashed = (bytes: Hex): Hex => hex(toHex(sha256(fromHex(bytes))));

/** With three fair bits that are all one, a bit becomes one: 9 of 16 are. */
const leaning = (bytes: Hex): Hex => {
  const masks = [1, 2, 3].map((salt) => sha256(joined(fromHex(bytes), Uint8Array.of(salt))));
  return hex(toHex(fromHex(bytes).map((byte, at) => byte | masks.reduce((all, mask) => all & mask[at]!, 0xff))));
};

/** What has happened before an input. */
interface Before {
  readonly block: readonly Input[];
  readonly given: number;
  readonly rounds: number;
  /** After so many rounds came the last restart; 0 when there was none. */
  readonly restartedAt: number;
}

interface Bend {
  readonly tape?: (round: Input & { kind: "round" }, before: Before) => Hex;
  /** Other bytes for a draw; `draws` are those of the round. */
  readonly bytes?: (draw: Draw, draws: readonly Draw[]) => Hex;
}

/** A machine with another tape in its rounds, or with other bytes in its answers. */
function bent(open: () => Bend): (machine: Machine) => Machine {
  return (machine) => ({
    name: `weak ${machine.name}`,
    boot: (genesis) => {
      const session = machine.boot(genesis) as Session;
      const { tape, bytes } = open();
      const known = new Map<string, string>();
      let before: Before = { block: [], given: 0, rounds: 0, restartedAt: 0 };
      return {
        apply: (input) => {
          const given = input.kind === "round" && tape !== undefined ? { ...input, tape: tape(input, before) } : input;
          const observation = session.apply(given) as Observation;
          const { block, rounds, restartedAt } = before;
          const isRound = input.kind === "round";
          before = {
            block: isRound ? [] : [...block, input],
            given: before.given + 1,
            rounds: rounds + (isRound ? 1 : 0),
            restartedAt: input.kind === "restart" ? rounds : restartedAt,
          };
          if (bytes === undefined) return observation;
          for (const draw of observation.draws) known.set(draw.bytes, bytes(draw, observation.draws));
          return known.size === 0 ? observation : (rewritten(observation, known) as Observation);
        },
      };
    },
  });
}

/** A plain value with some texts in it replaced by others: who was given a draw, tells it too. */
const rewritten = (value: unknown, known: ReadonlyMap<string, string>): unknown => {
  if (typeof value === "string") return known.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => rewritten(item, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewritten(inner, known)]));
};

/** A machine whose committee needs one share less; its rounds take the tape that it made. */
const withLowerThreshold = (machine: Machine): Machine => ({
  name: `weak ${machine.name}`,
  boot: (genesis) => {
    const { committee } = genesis;
    const lowered: Genesis =
      committee === undefined ? genesis : { ...genesis, committee: { ...committee, threshold: Math.max(1, committee.threshold - 1) } };
    const session = machine.boot(lowered) as Session;
    const tapes = new Map<number, Hex>();
    let height = 0;
    return {
      apply: (input) => {
        const own = tapes.get(height + 1 + (committee?.offset ?? 0));
        const observation = session.apply(input.kind === "round" && own !== undefined ? { ...input, tape: own } : input) as Observation;
        for (const event of observation.events) {
          if (event.kind === "tape-made") tapes.set(event.height, event.tape);
          if (event.kind === "round-began") height = event.height;
        }
        return observation;
      },
    };
  },
});

/** Leads a scenario through a machine that answers at once. */
export const led = (machine: Machine, scenario: Scenario): Trace => drive(machine, scenario) as Trace;
