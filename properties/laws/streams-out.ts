/**
 * What goes out at the end of a round, and in which order. A hash of the time says who begins; then the canisters take
 * turns, and so do the queues of each; a queue whose stream is full holds up nothing but itself. Written from
 * `docs/machine.md` section 4.2 alone, the hash as well.
 */
import * as fc from "fast-check";
import { bigEndian, managementCanister, type Event } from "../../spec/index.ts";
import { busyWorlds, networkedWorlds } from "../arbitraries/busy.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { alone } from "../case.ts";
import { ascii, fromHex, joined, sha256, toHex } from "../hashing.ts";
import { namedIn, refusedAtOnce } from "../tracking/management.ts";
import { callText, type TrackedMessage } from "../tracking/messages.ts";
import { peersOf } from "../tracking/queues.ts";
import { streamTo } from "../tracking/streams.ts";
import { watchedLaw } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { comeBack, destinationOf, dropCycles, dropText, leave, streamed, type Lying } from "./network-moves.ts";
import { heldTo } from "./network-rehearsal.ts";

export const streamsGoOutInTurns = watchedLaw({
  id: "streams-go-out-in-turns",
  statement:
    "At the end of a round each canister with outputs gives one message in its turn, from its queues in turn, and a hash of the time says who begins: to the stream of its subnet when that has room, to wait for randomness or for the management canister, or back to its caller when it has no destination; until nobody has one to give.",
  source: "facts/messages.md I2, I4, RND-9, MSG-CAP11, MSG-3.6, B4, B13, F41, SEED-003-05",
  cites: ["message-stream", "request-bounce", "randomness-ask"],
  otherwise: "no queue held a message at the end of a round",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: networkedWorlds(vocabulary), weight: 3 },
        { arbitrary: slowConsumerWorlds(vocabulary), weight: 2 },
        { arbitrary: busyWorlds(vocabulary, { always: ["call"], plant: ["misask", "fan"] }), weight: 2 },
      )
      .map(alone),
  watch: () => {
    let gave = false;
    return {
      onEvent: heldTo(
        {
          name: "streams go out",
          once: "a round",
          begins: (event, world) => isGiven(event, world) || endings.has(event.kind) || isShed(event),
          rehearse: givenIn,
          owns: isGiven,
        },
        (lines) => (gave ||= lines.length > 0),
      ),
      interested: () => gave,
    };
  },
});

/** What can come after the streams. */
const endings: ReadonlySet<Event["kind"]> = new Set(["ingress-forgotten", "ingress-pruned", "round-ended"] as const);

const isShed = (event: Event): boolean => event.kind === "message-dropped" && event.reason === "shed";

/** Whether an event tells that a message was given: neither a reject of what a stream brought, nor what was late or shed. */
const isGiven = (event: Event, { previous }: World): boolean => {
  switch (event.kind) {
    case "randomness-asked":
    case "management-asked":
      return true;
    case "request-bounced":
      return event.error !== "CN0210" && event.error !== "CN0211";
    case "message-streamed":
      return event.message.kind !== "refund" && previous?.kind !== "message-refused";
    case "message-dropped":
      return event.reason === "orphaned" && event.canister !== managementCanister;
    case "cycles-dropped":
      return previous?.kind === "message-dropped" && previous.reason === "orphaned" && previous.canister !== managementCanister;
    default:
      return false;
  }
};

const givenIn = (world: World): readonly string[] => {
  const givers = turned(
    [...world.canisters.values()].filter(({ queues }) => queues.outputs.size > 0),
    firstOf(world.time),
  ).map(giverOf);
  const lines: string[] = [];
  for (let gave = true; gave;) {
    gave = false;
    for (const giver of givers) {
      const given = give(world, giver);
      if (given === null) continue;
      lines.push(...given);
      gave = true;
    }
  }
  return lines;
};

/** What determines who begins at this time. */
const firstOf = (time: bigint): bigint => {
  const digest = sha256(joined(ascii("canon-stream"), fromHex(bigEndian(time, 8))));
  return BigInt(`0x${toHex(digest.slice(0, 8))}`);
};

const turned = <T>(items: readonly T[], first: bigint): readonly T[] => {
  const by = items.length === 0 ? 0 : Number(first % BigInt(items.length));
  return [...items.slice(by), ...items.slice(0, by)];
};

/** A canister and those of its queues that may still give something, the next one first. */
interface Giver {
  readonly canister: TrackedCanister;
  peers: readonly TrackedCanister["id"][];
}

const giverOf = (canister: TrackedCanister): Giver => ({ canister, peers: peersOf(canister.queues.outputs) });

/** The turn of a canister: what it gives, line by line. A queue that is blocked is passed over for the rest of the step. */
const give = (world: World, giver: Giver): readonly string[] | null => {
  const { canister } = giver;
  for (let peer = giver.peers[0]; peer !== undefined; peer = giver.peers[0]) {
    const message = canister.queues.outputs.get(peer)?.[0];
    const lines = message === undefined ? null : given(world, { canister, side: "output", peer, message });
    const others = giver.peers.slice(1);
    giver.peers = lines === null ? others : [...others, peer];
    if (lines !== null) return lines;
  }
  return null;
};

/** Where a message goes; `null` when there is no room for it. */
const given = (world: World, lying: Lying): readonly string[] | null => {
  const { canister, message } = lying;
  if (message.kind === "request" && message.callee === managementCanister) {
    const error = refusedAtOnce(world, message);
    leave(lying);
    if (error !== null) return [comeBack(world, canister, message, error)];
    if (message.method !== "raw_rand")
      return [
        `${callText(message.caller, message.callback)} to ${message.method} of ${namedIn(message) ?? "nobody"} waits for the management canister`,
      ];
    return [`${callText(message.caller, message.callback)} waits for randomness since ${message.sentIn}`];
  }
  const to = destinationOf(world, message);
  if (to === undefined) return bounced(world, lying, message);
  if (streamTo(world, to).messages.length >= world.parameters.streamCapacity) return null;
  leave(lying);
  return [streamed(world, to, message)];
};

/** A request to nobody comes back; a response to somebody who is gone is an orphan. */
const bounced = (world: World, lying: Lying, message: TrackedMessage): readonly string[] => {
  leave(lying);
  if (message.kind === "response") return [dropText(lying, "orphaned"), ...dropCycles(world, message)];
  return [comeBack(world, lying.canister, message, "IC0301")];
};
