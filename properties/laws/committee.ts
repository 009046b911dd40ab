/**
 * The nodes of a committee, event by event: a share waits for the block before its height, a share that its node did
 * not make goes nowhere, and so many shares as the threshold are a tape at once, and never fewer.
 */
import type { ErrorCode, Event, Hex, Input, Step, Trace } from "../../spec/index.ts";
import { committeeWorlds } from "../arbitraries/committees.ts";
import { alone } from "../case.ts";
import { shareOf } from "../committee/signatures.ts";
import { heldBy, type TrackedNode } from "../tracking/committee.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

type FinaliseInput = Extract<Input, { readonly kind: "finalise" }>;
type ShareInput = Extract<Input, { readonly kind: "share" }>;

export const noTapeBeforeFinality = watchedLaw({
  id: "no-tape-before-finality",
  statement:
    "A node releases its share of the tape of a height exactly when it sees the block before as final, one block after the other; until an honest node does, no tape of the height is made, and fewer shares of it than the threshold are held by anybody.",
  source: "facts/messages.md J1, J9, MSG-P23; seed 003, random tape",
  cites: ["block-finalise", "share-admit", "tape-make", "restart"],
  otherwise: "no node saw a block as final, and no tape was made",
  cases: (vocabulary) => committeeWorlds(vocabulary).map(alone),
  watch: (trace) => {
    const leaks = leaksOf(trace);
    let seen = false;
    return {
      onEvent: (event, world, { input, observation: { events } }, position) => {
        seen ||= event.kind === "block-finalised" || event.kind === "tape-made";
        if (position === 0 && input.kind === "finalise") return misfinalised(input, events, world);
        if (event.kind === "block-finalised") return `node ${event.node} saw block ${event.height} as final, and nobody had told it`;
        if (event.kind === "share-released") return misreleased(event, world, events[position - 1]);
        return event.kind === "share-admitted" || event.kind === "tape-made" ? hasty(event, world, leaks) : undefined;
      },
      interested: () => seen,
    };
  },
});

const misfinalised = ({ node, height }: FinaliseInput, [first, second]: readonly Event[], { nodes }: World): Complaint => {
  const seat = nodes.get(node);
  const refusal: ErrorCode | null = seat === undefined ? "CN0003" : height === seat.finalised + 1 ? null : "CN0004";
  const what = `node ${node}${seat === undefined ? ", which is nobody," : ` after block ${seat.finalised}`} was told that block ${height} is final`;
  if (refusal !== null)
    return first?.kind === "block-refused" && first.error === refusal ? undefined : `${what}: expected ${refusal}, got ${saidBy(first)}`;
  if (first?.kind !== "block-finalised") return `${what}, and did not see it: ${saidBy(first)}`;
  const released = second?.kind === "share-released" && second.node === node && second.height === height + 1;
  return released ? undefined : `${what}, and did not release its share of height ${height + 1}`;
};

const saidBy = (event: Event | undefined): string =>
  event === undefined ? "no event" : "error" in event ? `${event.kind} ${event.error}` : event.kind;

type Released = Extract<Event, { readonly kind: "share-released" }>;

const misreleased = ({ node, height }: Released, { nodes }: World, before: Event | undefined): Complaint => {
  const seat = nodes.get(node);
  const what = `node ${node} released its share of height ${height}`;
  if (before?.kind !== "block-finalised" || before.node !== node || before.height !== height - 1)
    return `${what}, and had not just seen block ${height - 1} as final`;
  return seat?.released.has(height) === true ? `${what} again` : undefined;
};

/** Who gave shares away before their time, as far as the inputs tell. The others are honest. */
const leaksOf = ({ scenario: { genesis, inputs } }: Trace): ReadonlySet<number> => {
  const shares = inputs.filter((input) => input.kind === "share");
  const { committee } = genesis;
  if (committee === undefined) return new Set();
  return new Set(
    shares
      .filter((share) => share.origin.kind === "leaked" || (share.origin.kind === "forged" && isTrue(share, share.origin.share, committee)))
      .map(({ from }) => from),
  );
};

type Committee = NonNullable<World["genesis"]["committee"]>;

const isTrue = ({ from, height }: ShareInput, bytes: Hex, committee: Committee): boolean =>
  from >= 1 && from <= committee.nodes && bytes === shareOf(committee, from, height);

type Hasty = Extract<Event, { readonly kind: "share-admitted" | "tape-made" }>;

const hasty = (event: Hasty, { nodes, genesis }: World, leaks: ReadonlySet<number>): Complaint => {
  const threshold = genesis.committee?.threshold ?? 0;
  const { height } = event;
  if (leaks.size >= threshold) return undefined;
  const honest = [...nodes.values()].filter(({ number }) => !leaks.has(number));
  if (honest.some(({ finalised }) => finalised >= height - 1)) return undefined;
  if (event.kind === "tape-made")
    return `node ${event.node} made the tape of height ${height}, and no honest node had seen block ${height - 1} as final`;
  const known = new Set([...nodes.values()].flatMap((node) => [...heldBy(node, height)])).add(event.from);
  return known.size < threshold
    ? undefined
    : `${known.size} shares of height ${height} are known, and no honest node had seen block ${height - 1} as final`;
};

export const sharesAreRecognised = watchedLaw({
  id: "shares-are-recognised",
  statement:
    "A node admits a share that its node released, or leaked, or that somebody says exactly as its node would, once; it refuses every other, and what a node releases is its true share.",
  source: "facts/messages.md J2, MSG-P23",
  cites: ["share-admit", "block-finalise", "restart"],
  otherwise: "no share was handed to anybody",
  cases: (vocabulary) => committeeWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { committee } = genesis;
    let handed = false;
    return {
      onEvent: (event, world, { input }, position) => {
        if (event.kind === "share-released" && committee !== undefined && event.share !== shareOf(committee, event.node, event.height)) {
          return `node ${event.node} released ${event.share}, which is not its share of height ${event.height}`;
        }
        if (input.kind !== "share")
          return event.kind === "share-admitted" ? `node ${event.node} admitted a share that nobody had handed to it` : undefined;
        if (position > 0) return undefined;
        handed = true;
        return misadmitted(input, event, world);
      },
      interested: () => handed,
    };
  },
});

const misadmitted = (input: ShareInput, event: Event, world: World): Complaint => {
  const refusal = refusalOf(input, world);
  const what = `node ${input.to} was handed a ${input.origin.kind} share of node ${input.from} for height ${input.height}`;
  if (refusal !== null)
    return event.kind === "share-refused" && event.error === refusal ? undefined : `${what}: expected ${refusal}, got ${saidBy(event)}`;
  return event.kind === "share-admitted" && event.from === input.from ? undefined : `${what}, and did not admit it: ${saidBy(event)}`;
};

/** Why a share is refused, in the order of the conditions; `null` when it is to be admitted. */
const refusalOf = (input: ShareInput, { nodes, genesis: { committee } }: World): ErrorCode | null => {
  const { from, to, height, origin } = input;
  const [sender, receiver] = [nodes.get(from), nodes.get(to)];
  if (committee === undefined || sender === undefined || receiver === undefined) return "CN0003";
  if (origin.kind === "released" && !sender.released.has(height)) return "CN0005";
  if (origin.kind === "forged" && !isTrue(input, origin.share, committee)) return "CN0006";
  return heldBy(receiver, height).has(from) ? "CN0007" : null;
};

export const thresholdSuffices = watchedLaw({
  id: "threshold-suffices",
  statement:
    "A node that comes to hold shares of so many nodes as the threshold makes the tape at once, once, and never with fewer; so nodes that keep their shares to themselves stop nobody while the threshold is left.",
  source: "facts/messages.md J2, MSG-P23; seed 003, random tape",
  cites: ["tape-make", "share-admit", "block-finalise", "restart"],
  otherwise: "no node came to hold a share",
  cases: (vocabulary) => committeeWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const threshold = genesis.committee?.threshold ?? 0;
    let held = false;
    return {
      onEvent: (event, { nodes }, step, position) => {
        if (event.kind === "tape-made") return unearned(event, nodes.get(event.node), threshold, step.observation.events[position - 1]);
        if (event.kind !== "share-admitted" && event.kind !== "share-released") return undefined;
        held = true;
        return unmade(event, nodes.get(event.node), threshold, step, position);
      },
      interested: () => held,
    };
  },
});

type TapeMade = Extract<Event, { readonly kind: "tape-made" }>;
type Gained = Extract<Event, { readonly kind: "share-admitted" | "share-released" }>;

const unearned = ({ node, height }: TapeMade, seat: TrackedNode | undefined, threshold: number, before: Event | undefined): Complaint => {
  const what = `node ${node} made the tape of height ${height}`;
  const { size } = heldBy(seat, height);
  if (size < threshold) return `${what} from ${size} shares, and ${threshold} are needed`;
  if (seat?.tapes.has(height) === true) return `${what} again`;
  const gained =
    (before?.kind === "share-admitted" || before?.kind === "share-released") && before.node === node && before.height === height;
  return gained ? undefined : `${what}, and no share had just come`;
};

const unmade = (
  event: Gained,
  seat: TrackedNode | undefined,
  threshold: number,
  { observation: { events } }: Step,
  position: number,
): Complaint => {
  const { node, height } = event;
  const gained = event.kind === "share-admitted" ? event.from : node;
  const size = new Set(heldBy(seat, height)).add(gained).size;
  if (size < threshold || seat?.tapes.has(height) === true) return undefined;
  const next = events[position + 1];
  const made = next?.kind === "tape-made" && next.node === node && next.height === height;
  return made ? undefined : `node ${node} holds ${size} shares of height ${height}, of ${threshold} that are needed, and made no tape`;
};
