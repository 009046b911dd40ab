/** Calls on their way: each is answered once, in the order in which it was sent, and none is sent without a place for its answer. */
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, callText, openCallsTo, remainingCounter, type CallPlace, type World } from "../tracking/world.ts";
import type { CallbackId, CanisterId, Event, Executed } from "../../spec/index.ts";

export const oneResponsePerCall = watchedLaw({
  id: "one-response-per-call",
  statement:
    "A call that was sent goes one way: to its callee or back, then an answer, then its callback, once; and when a round has come to rest, every call is closed, or waits for a tape, or for calls that wait.",
  source: "facts/messages.md MSG-P3, MSG-11.2; facts/cycles.md CYC-P11",
  cites: [
    "call-send",
    "request-induct",
    "request-bounce",
    "response-induct",
    "context-respond",
    "context-give-up",
    "call-refuse",
    "callback-begin",
    "randomness-ask",
    "randomness-answer",
    "execution-rollback",
  ],
  otherwise: "no call was sent",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"], plant: ["pay", "trapInCallback", "throwDice", "crowd"] }).map(alone),
  watch: () => {
    let sent = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "executed") sent ||= event.calls.length > 0;
        const moved = moveOf(event);
        if (moved === null) return undefined;
        const { caller, callback, from, what } = moved;
        const call = callOf(world, caller, callback);
        if (call === undefined) return `${callText(caller, callback)}, which was never sent, ${what}`;
        return call.place === from ? undefined : `${callText(caller, callback)} ${what}, but it was ${placeText[call.place]}`;
      },
      onStep: ({ input }, world) => (input.kind === "round" ? stranded(world) : undefined),
      interested: () => sent,
    };
  },
});

const placeText: Readonly<Record<CallPlace, string>> = {
  output: "in the output queue of its caller",
  input: "in the input queue of its callee",
  tape: "waiting for a tape",
  callee: "with its callee",
  "response-output": "answered, in the output queue of its callee",
  "response-input": "answered, in the input queue of its caller",
  closed: "closed",
};

interface Move {
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  /** Where the call must be for this. */
  readonly from: CallPlace;
  readonly what: string;
}

const moveOf = (event: Event): Move | null => {
  switch (event.kind) {
    case "request-inducted":
      return { ...event, from: "output", what: `entered the queue of ${event.callee}` };
    case "request-bounced":
      return { ...event, from: "output", what: `came back with ${event.error}` };
    case "randomness-asked":
      return { caller: event.canister, callback: event.callback, from: "output", what: "began to wait for a tape" };
    case "randomness-answered":
      return { caller: event.canister, callback: event.callback, from: "tape", what: "was answered with randomness" };
    case "response-inducted":
      return { ...event, from: "response-output", what: "came back answered" };
    case "answered":
      return event.origin.kind === "canister"
        ? { caller: event.origin.canister, callback: event.origin.callback, from: "callee", what: `was answered by ${event.canister}` }
        : null;
    case "executed":
    case "not-executed":
      return taken(event);
    default:
      return null;
  }
};

const taken = ({ canister, cause }: Pick<Executed, "canister" | "cause">): Move | null => {
  if (cause.kind === "response") return { caller: canister, callback: cause.callback, from: "response-input", what: "ran its callback" };
  if (cause.kind !== "update" || cause.origin.kind !== "canister") return null;
  return { caller: cause.origin.canister, callback: cause.origin.callback, from: "input", what: `was taken up by ${canister}` };
};

/** A call that nothing can bring home any more. */
const stranded = (world: World): Complaint => {
  const { round } = world;
  const rested = round !== null && remainingCounter(world, round) >= 1;
  for (const { calls } of world.canisters.values()) {
    for (const { caller, callback, callee, place } of calls.values()) {
      if (place === "closed" || place === "tape") continue;
      if (place === "callee") {
        if (!isWorkedOn(world, callee, caller, callback))
          return `${callText(caller, callback)} is with ${callee}, where no open context with open calls has it as its origin`;
      } else if (rested) return `the round came to rest with ${callText(caller, callback)} ${placeText[place]}`;
    }
  }
  return undefined;
};

const isWorkedOn = (world: World, callee: CanisterId, caller: CanisterId, callback: CallbackId): boolean => {
  for (const { origin, status, openCalls } of world.canisters.get(callee)?.contexts.values() ?? []) {
    if (status === "open" && openCalls > 0 && origin.kind === "canister" && origin.canister === caller && origin.callback === callback)
      return true;
  }
  return false;
};

export const requestsInOrder = watchedLaw({
  id: "requests-in-order",
  statement: "The requests of one canister to another are taken up in the order in which they were sent, and none is passed over.",
  source: "facts/messages.md MSG-P5, section 3.4",
  cites: ["request-induct", "message-take", "call-send", "iteration-continue"],
  otherwise: "no canister took up two requests of another",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"], plant: ["crowd"] }).map(alone),
  watch: () => {
    const underway = new Map<string, CallbackId[]>();
    const counts = new Map<string, number>();
    const pair = (caller: CanisterId, callee: CanisterId): string => `${caller} to ${callee}`;
    return {
      onEvent: (event) => {
        if (event.kind !== "executed" && event.kind !== "not-executed") return undefined;
        let complaint: Complaint;
        if (event.cause.kind === "update" && event.cause.origin.kind === "canister") {
          const way = pair(event.cause.origin.canister, event.canister);
          const first = underway.get(way)?.shift();
          counts.set(way, (counts.get(way) ?? 0) + 1);
          if (first !== event.cause.origin.callback)
            complaint = `${way}: call ${event.cause.origin.callback} was taken up when ${first === undefined ? "none" : `call ${first}`} was next`;
        }
        if (event.kind === "executed") {
          for (const { callback, callee } of event.calls) {
            const way = pair(event.canister, callee);
            const waiting = underway.get(way);
            if (waiting === undefined) underway.set(way, [callback]);
            else waiting.push(callback);
          }
        }
        return complaint;
      },
      interested: () => [...counts.values()].some((count) => count > 1),
    };
  },
});

export const slotsAreBounded = watchedLaw({
  id: "slots-are-bounded",
  statement: "A canister never has more calls to one callee open than a queue holds, so that every answer finds its place.",
  source: "facts/messages.md MSG-P4, MSG-CAP01, MSG-CAP02",
  cites: ["call-send", "callback-begin"],
  otherwise: "no canister had as many calls to one callee open as a queue holds",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"], plant: ["crowd"] }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { queueCapacity } = genesis.parameters;
    let full = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed" || event.calls.length === 0) return undefined;
        const canister = world.canisters.get(event.canister);
        if (canister === undefined) return undefined;
        for (const callee of new Set(event.calls.map((call) => call.callee))) {
          const { cause } = event;
          const freed = cause.kind === "response" && canister.calls.get(cause.callback)?.callee === callee ? 1 : 0;
          const open = openCallsTo(canister, callee) - freed + event.calls.filter((call) => call.callee === callee).length;
          if (open > queueCapacity) return `${canister.id} has ${open} calls to ${callee} open, a queue holds ${queueCapacity}`;
          full ||= open === queueCapacity;
        }
        return undefined;
      },
      interested: () => full,
    };
  },
});
