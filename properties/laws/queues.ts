/**
 * The way of messages into queues of the same subnet. A round does its things in one order; after an iteration every
 * output queue is looked at once, and what can move moves; and what the last iteration sent is not overtaken, because
 * nothing enters a queue when the instructions of a round are used up.
 */
import * as fc from "fast-check";
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { bestEffortWorlds, crampedWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { hasMemory, hasSlot, isAwaited } from "../tracking/memory.ts";
import { messageText, type TrackedMessage } from "../tracking/messages.ts";
import { peersOf } from "../tracking/queues.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { mayGoOn } from "../tracking/counters.ts";
import type { World } from "../tracking/world.ts";
import { afterIterations, phaseOf, phases } from "./phases.ts";

export const messagesEnterInOrder = watchedLaw({
  id: "messages-enter-in-order",
  statement:
    "A round does in one order what is late, streams that come in, randomness, the block, tasks, iterations, streams that go out, shedding and the history; after each iteration but one that used the round up, every output queue is looked at once, canister by canister, its own queue first, and gives from first to last what finds a slot and memory, or somebody who waits for it.",
  source: "facts/messages.md I1, I4, MSG-8.11, MSG-P4, MSG-P5, MSG-P18, MSG-CAP03, MSG-CAP04; facts/scheduler.md SCH-R7j, SCH-R7l, SCH-M10",
  cites: [
    "request-induct",
    "response-induct",
    "response-late",
    "randomness-ask",
    "randomness-answer",
    "ingress-induct",
    "iteration-continue",
    "iteration-end",
    "tasks-choose",
    "tasks-drop",
    "restart",
  ],
  otherwise: "no message moved from one queue to another",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, { always: ["call"], plant: ["pay", "crowd", "fan", "throwDice"], crowded: true }),
        crampedWorlds(vocabulary),
        bestEffortWorlds(vocabulary),
      ),
      vocabulary,
    ).map(alone),
  watch: () => {
    let moved = false;
    let phase = 0;
    let cursor: Cursor = nowhere;
    return {
      onEvent: (event, world) => {
        const named = phaseOf(event, world);
        const next = named === null ? phase : phases.indexOf(named);
        if (event.kind === "round-began") phase = 0;
        if (event.kind === "round-began" || event.kind === "turn-ended") cursor = beginning;
        if (next < phase) return `${event.kind} came after ${phases[phase]} had begun`;
        phase = next;
        moved ||= movers.has(event.kind);
        if (isMove(event) && named === "the iterations") {
          const seen = lookOn(cursor, world);
          cursor = seen ?? nowhere;
          return overtaken(event, seen, world);
        }
        const over = event.kind === "turn-began" ? world.round?.iterations.at(-1)?.turns.length === 0 : afterIterations(event, world);
        if (!over || cursor === nowhere) return undefined;
        const left = hasBegun(world, event) ? lookOn(cursor, world) : null;
        cursor = nowhere;
        return left === null || isUsedUp(world, event)
          ? undefined
          : `${messageText(left.message)} still lies in the output queue of ${left.canister}, and can move`;
      },
      interested: () => moved,
    };
  },
});

type Move = Extract<Event, { readonly kind: "request-inducted" | "response-inducted" | "response-late" }>;

const isMove = ({ kind }: Event): boolean => kind === "request-inducted" || kind === "response-inducted" || kind === "response-late";

const movers: ReadonlySet<Event["kind"]> = new Set([
  "request-inducted",
  "response-inducted",
  "response-late",
  "request-bounced",
  "message-streamed",
  "randomness-asked",
  "randomness-answered",
  "management-asked",
  "management-answered",
] as const);

/** Up to which queue the output queues were looked at. */
interface Cursor {
  readonly canister: CanisterId | null;
  readonly peer: CanisterId | null;
}

interface Seen extends Cursor {
  readonly canister: CanisterId;
  readonly message: TrackedMessage;
}

const beginning: Cursor = { canister: null, peer: null };
/** Where nothing is to be looked at. */
const nowhere: Cursor = { canister: null, peer: null };

/** The first message that can move, from this queue on; a queue is left when its first message stays. */
const lookOn = ({ canister: from, peer: at }: Cursor, world: World): Seen | null => {
  for (const { id, queues } of world.canisters.values()) {
    if (from !== null && byId(id, from) < 0) continue;
    const peers = peersOf(queues.outputs);
    const order = peers.includes(id) ? [id, ...peers.filter((peer) => peer !== id)] : peers;
    for (const peer of order) {
      if (id === from && at !== null && rank(peer, id) < rank(at, id)) continue;
      const message = queues.outputs.get(peer)![0]!;
      if (canMove(message, world)) return { canister: id, peer, message };
    }
  }
  return null;
};

/** The queue of a canister for itself comes before the others. */
const rank = (peer: CanisterId, own: CanisterId): string => (peer === own ? "" : peer);

const canMove = (message: TrackedMessage, world: World): boolean =>
  message.kind === "request"
    ? world.canisters.has(message.callee) && hasSlot(world, message) && hasMemory(world, message)
    : world.canisters.has(message.caller);

const overtaken = (event: Event, seen: Seen | null, world: World): Complaint => {
  const { round } = world;
  const { caller, callback, kind } = event as Move;
  const what = messageText({ kind: kind === "request-inducted" ? "request" : "response", caller, callback });
  if (round === null || round.ended) return `${what} moved outside of a round`;
  if (round.turn !== null) return `${what} moved during the turn of ${round.turn.canister}`;
  if (!mayGoOn(world, round)) return `${what} moved when the instructions of the round were used up`;
  if (seen === null) return `${what} moved, and no message could`;
  const { message } = seen;
  if (message.caller !== caller || message.callback !== callback || (message.kind === "request") !== (kind === "request-inducted"))
    return `${what} moved, and ${messageText(message)} in the output queue of ${seen.canister} was first`;
  if (message.kind === "request") return undefined;
  const awaited = isAwaited(world, caller, callback);
  return awaited === (kind === "response-inducted")
    ? undefined
    : `${what} ${awaited ? "is waited for, and was late" : "is waited for by nobody, and entered a queue"}`;
};

/** Whether there was an iteration to look after. */
const hasBegun = ({ round }: World, event: Event): boolean => (round?.iterations.length ?? 0) > (event.kind === "turn-began" ? 1 : 0);

/** Whether the iteration that is over used up the instructions of the round. */
const isUsedUp = (world: World, event: Event): boolean => {
  const { round } = world;
  if (round === null) return true;
  return event.kind === "turn-began" ? (round.iterations.at(-1)?.counter ?? 1) < 1 : !mayGoOn(world, round);
};
