/**
 * The way of messages into queues. What was sent first arrives first, canister by canister in canonical order; a round
 * does its things in one order; and what the last iteration sent is not overtaken, because nothing enters a queue
 * when the instructions of a round are used up.
 */
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, callText, remainingCounter, type TrackedCall, type World } from "../tracking/world.ts";

export const messagesEnterInOrder = watchedLaw({
  id: "messages-enter-in-order",
  statement:
    "Output queues are emptied from first to last, in canonical order of the canisters, before a round and after each of its iterations but one that used the round up; then come randomness, ingress messages, timers and turns, in this order.",
  source: "facts/messages.md I1, I4, MSG-8.11, MSG-P5; facts/scheduler.md SCH-R7j, SCH-R7l, SCH-M10",
  cites: [
    "request-induct",
    "request-bounce",
    "response-induct",
    "randomness-ask",
    "randomness-answer",
    "ingress-induct",
    "iteration-continue",
  ],
  otherwise: "no message moved from one queue to another",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"], plant: ["pay", "crowd", "throwDice"] }).map(alone),
  watch: () => {
    let moved = false;
    let phase = 0;
    let lastDue: CanisterId | null = null;
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-began") {
          phase = 0;
          lastDue = null;
        }
        const entering = movedBy(event, world);
        moved ||= entering !== null;
        const next = phaseOf(event, entering !== null && world.round?.iterations.length === 0);
        if (next !== null && next < phase) return `${event.kind} came after ${phases[phase]} had begun`;
        phase = next ?? phase;
        if (event.kind === "timer-due") {
          const before = lastDue;
          lastDue = event.canister;
          if (before !== null && byId(before, event.canister) >= 0)
            return `the timer of ${event.canister} came due after that of ${before}`;
        }
        if (entering !== null) return overtaken(entering, world);
        if (event.kind === "turn-began" || event.kind === "round-ended") return leftBehind(event, world);
        return undefined;
      },
      interested: () => moved,
    };
  },
});

const phases = ["the emptying of output queues", "randomness", "the block", "timers", "the iterations"] as const;

/** The part of a round to which an event belongs; `null` for one that belongs to a turn, or to the induction after an iteration. */
const phaseOf = (event: Event, enteringFirst: boolean): number | null => {
  if (enteringFirst) return 0;
  switch (event.kind) {
    case "randomness-answered":
      return 1;
    case "ingress-inducted":
      return 2;
    case "timer-due":
      return 3;
    case "turn-began":
      return 4;
    default:
      return null;
  }
};

interface Entering {
  readonly kind: "request" | "response";
  readonly source: CanisterId;
  readonly call: TrackedCall;
}

const movedBy = (event: Event, world: World): Entering | null => {
  switch (event.kind) {
    case "request-inducted":
    case "request-bounced":
      return entering("request", event.caller, callOf(world, event.caller, event.callback));
    case "randomness-asked":
      return entering("request", event.canister, callOf(world, event.canister, event.callback));
    case "response-inducted": {
      const call = callOf(world, event.caller, event.callback);
      return entering("response", call?.callee ?? event.caller, call);
    }
    default:
      return null;
  }
};

const entering = (kind: Entering["kind"], source: CanisterId, call: TrackedCall | undefined): Entering | null =>
  call === undefined ? null : { kind, source, call };

const overtaken = ({ kind, source, call }: Entering, world: World): Complaint => {
  const { canisters, round } = world;
  const what = `the ${kind} of ${callText(call.caller, call.callback)}`;
  if (round === null || round.ended) return `${what} moved outside of a round`;
  if (round.turn !== null) return `${what} moved during the turn of ${round.turn.canister}`;
  if (usedUp(world)) return `${what} moved when the instructions of the round were used up`;
  for (const { id, outputs } of canisters.values()) {
    const first = outputs[0];
    if (id === source)
      return first?.kind === kind && first.call === call ? undefined : `${what} overtook another message in the output queue of ${source}`;
    if (first !== undefined) return `${what} left ${source} before the output queue of ${id} was empty`;
  }
  return `${what} comes from ${source}, which does not exist`;
};

/** Whether an iteration has used the instructions of the round up, so that nothing enters a queue any more. */
const usedUp = (world: World): boolean =>
  world.round !== null && world.round.iterations.length > 0 && remainingCounter(world, world.round) < 1;

const leftBehind = (event: Event & { kind: "turn-began" | "round-ended" }, world: World): Complaint => {
  // What the first turns of an iteration sent waits for the end of the iteration.
  if (event.kind === "turn-began" && (world.round?.iterations.at(-1)?.turns.length ?? 0) > 0) return undefined;
  if (event.kind === "round-ended" && usedUp(world)) return undefined;
  for (const { id, outputs } of world.canisters.values()) {
    const first = outputs[0];
    if (first !== undefined)
      return `the ${first.kind} of ${callText(first.call.caller, first.call.callback)} still lies in the output queue of ${id}`;
  }
  return undefined;
};
