/** Calls on their way: each is answered once, in the order in which it was sent, and none is sent without a place for its answer. */
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { bestEffortWorlds, crampedWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { backloggedWorlds } from "../arbitraries/backlogged.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { outcallWorlds } from "../arbitraries/outcalls.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { isUnexecuted, takenIn } from "../tracking/executions.ts";
import { alone } from "../case.ts";
import { callText, type TrackedCall } from "../tracking/messages.ts";
import { isAnswerTo } from "../tracking/notes-of-messages.ts";
import { isRequestOf } from "../tracking/matching.ts";
import { isMisdirected } from "../tracking/streams.ts";
import { waitingForManagement } from "../tracking/management.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";
import type { CallbackId, CanisterId, Event } from "../../spec/index.ts";

export const oneResponsePerCall = watchedLaw({
  id: "one-response-per-call",
  statement:
    "A call that was sent gets one response into its queue, and its callback takes that one, once; until then the request, the answer or a call context that can still answer lies somewhere, or the deadline has not passed.",
  source: "facts/messages.md MSG-P3, MSG-P12, MSG-P20, MSG-11.2; facts/cycles.md CYC-P11",
  cites: [
    "call-send",
    "request-induct",
    "request-bounce",
    "request-expire",
    "response-induct",
    "response-late",
    "context-respond",
    "context-give-up",
    "context-withdraw",
    "call-refuse",
    "callback-begin",
    "callback-refuse",
    "callback-expire",
    "response-discard",
    "message-shed",
    "randomness-ask",
    "randomness-answer",
    "execution-rollback",
  ],
  otherwise: "no call was sent",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, { always: ["call"], plant: ["pay", "trapInCallback", "throwDice", "crowd"] }),
        bestEffortWorlds(vocabulary),
        uninstallingWorlds(vocabulary),
        slowConsumerWorlds(vocabulary),
        outcallWorlds(vocabulary),
      ),
      vocabulary,
    ).map(alone),
  watch: () => {
    let sent = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "executed") sent ||= event.calls.length > 0;
        return misplaced(event, world) ?? misanswered(event, world);
      },
      onStep: ({ input }, world) => (input.kind === "round" ? stranded(world) : undefined),
      interested: () => sent,
    };
  },
});

/** A message that moves must be where it moves from. */
const misplaced = (event: Event, world: World): Complaint => {
  const { canisters, arrival, previous, waiting } = world;
  const output = (from: CanisterId, to: CanisterId) => canisters.get(from)?.queues.outputs.get(to) ?? [];
  switch (event.kind) {
    case "request-inducted": {
      const { caller, callback, callee } = event;
      if (arrival !== null) return undefined;
      const lies = output(caller, callee).some(isRequestOf(callback));
      return lies ? undefined : `${callText(caller, callback)} entered the queue of ${callee}, but it was not on its way there`;
    }
    case "request-bounced":
    case "management-asked":
    case "randomness-asked": {
      const { callback } = event;
      const caller = event.kind === "randomness-asked" ? event.canister : event.caller;
      const what =
        event.kind === "request-bounced"
          ? `came back with ${event.error}`
          : `began to wait for ${event.kind === "randomness-asked" ? "a tape" : "the management canister"}`;
      const call = callOf(world, caller, callback);
      if (call === undefined) return `${callText(caller, callback)}, which was never sent, ${what}`;
      const shed = previous?.kind === "message-dropped" && previous.caller === caller && previous.callback === callback;
      const lies = shed || output(caller, call.callee).some(isRequestOf(callback));
      return lies ? undefined : `${callText(caller, callback)} ${what}, but it was not in the output queue of its caller`;
    }
    case "randomness-answered": {
      const { canister, callback } = event;
      const lies = waiting.some((request) => request.caller === canister && request.callback === callback);
      return lies ? undefined : `${callText(canister, callback)} was answered with randomness, but it did not wait for any`;
    }
    case "management-answered": {
      const { caller, callback } = event;
      const lies = waitingForManagement(world).some((request) => request.caller === caller && request.callback === callback);
      return lies ? undefined : `${callText(caller, callback)} was answered by the management canister, for which it did not wait`;
    }
    case "response-inducted":
    case "response-late": {
      if (arrival !== null || previous?.kind === "randomness-answered" || previous?.kind === "management-answered") return undefined;
      const { caller, callback } = event;
      const call = callOf(world, caller, callback);
      const lies = call !== undefined && output(call.callee, caller).some(isAnswerTo(caller, callback));
      return lies ? undefined : `${callText(caller, callback)} came back answered, but no answer was on its way`;
    }
    case "executed":
    case "not-executed":
    case "execution-paused": {
      const taken = takenIn(event, world);
      if (taken?.cause.kind !== "update" || taken.cause.origin.kind !== "canister") return undefined;
      const { canister, callback } = taken.cause.origin;
      const lies = canisters.get(event.canister)?.queues.inputs.get(canister)?.some(isRequestOf(callback));
      return lies === true ? undefined : `${callText(canister, callback)} was taken up by ${event.canister}, but it was not in its queue`;
    }
    default:
      return undefined;
  }
};

/** One response enters the queue while nobody else's lies there, and the callback takes it. */
const misanswered = (event: Event, world: World): Complaint => {
  const entered = enteredBy(event);
  if (entered !== null) {
    const { caller, callback, what, waits } = entered;
    const call = callOf(world, caller, callback);
    if (call === undefined) return waits ? `${callText(caller, callback)}, which was never sent, ${what}` : undefined;
    // Randomness is in the queue, and late all the same.
    const both = event.kind === "response-late" && world.previous?.kind === "randomness-answered" && call.response?.result === "reply";
    if ((waits === (call.status === "open") || (!waits && isMisdirected(world, call))) && !both) return undefined;
    return `${callText(caller, callback)} ${what}, but it was ${statusText[call.status]}`;
  }
  const taken = isUnexecuted(event) ? event.callback : callbackOf(event);
  if (taken === null || !("canister" in event) || event.canister === null) return undefined;
  const call = callOf(world, event.canister, taken);
  if (call === undefined) return `${callText(event.canister, taken)}, which was never sent, ran its callback`;
  return call.status === "answered"
    ? undefined
    : `${callText(event.canister, taken)} ran its callback, but it was ${statusText[call.status]}`;
};

const statusText: Readonly<Record<TrackedCall["status"], string>> = {
  open: "not answered",
  answered: "answered before",
  closed: "closed",
};

const callbackOf = (event: Event): CallbackId | null =>
  (event.kind === "executed" || event.kind === "not-executed") && event.cause.kind === "response" ? event.cause.callback : null;

/** A response for which a call must wait, or must not. */
const enteredBy = (
  event: Event,
): { readonly caller: CanisterId; readonly callback: CallbackId; readonly what: string; readonly waits: boolean } | null => {
  switch (event.kind) {
    case "request-bounced":
      return { ...event, what: `came back with ${event.error}`, waits: true };
    case "response-inducted":
      return { ...event, what: "got a response", waits: true };
    case "callback-expired":
      return { ...event, what: "expired", waits: true };
    case "response-late":
      return { ...event, what: "got a late response", waits: false };
    default:
      return null;
  }
};

/** A call that nothing can bring home any more. */
const stranded = (world: World): Complaint => {
  const { canisters, time, height } = world;
  const underway = callsUnderway(world);
  for (const { openCalls } of canisters.values()) {
    for (const { caller, callback, callee, status, deadline, request } of openCalls) {
      const what = callText(caller, callback);
      if (status === "answered") continue;
      if (deadline !== null) {
        // What the last slice of a long execution sends has a deadline from its beginning, which may be past.
        if (deadline < time && request.sentIn !== height) return `${what} is not answered at ${time}, and its deadline was ${deadline}`;
        continue;
      }
      if (!world.routes.has(callee) && !underway.has(what))
        return `${what} to ${callee} is open, but neither it nor an answer is on its way, and no open context with open calls has it as its origin`;
    }
  }
  return undefined;
};

/** The calls of which something lies in a queue or a stream of this subnet, waits for a tape, for the management canister or for a canister to stop, or is worked on. */
const callsUnderway = (world: World): ReadonlySet<string> => {
  const { canisters, streams, waiting, own } = world;
  const underway = new Set<string>();
  const note = ({ caller, callback }: { readonly caller: CanisterId; readonly callback: CallbackId }): void =>
    void underway.add(callText(caller, callback));
  waiting.forEach(note);
  waitingForManagement(world).forEach(note);
  for (const { tracked } of streams.get(own)?.messages ?? []) if (tracked !== null) note(tracked);
  for (const { queues, contexts, execution } of canisters.values()) {
    if (execution?.message?.kind === "request") note(execution.message);
    for (const queue of queues.inputs.values()) for (const message of queue) if (message.kind === "request") note(message);
    for (const queue of queues.outputs.values()) queue.forEach(note);
    for (const { status, openCalls, origin } of contexts.values())
      if (status === "open" && openCalls > 0 && origin.kind === "canister") note({ caller: origin.canister, callback: origin.callback });
  }
  return underway;
};

export const requestsInOrder = watchedLaw({
  id: "requests-in-order",
  statement:
    "The requests of one canister to another are taken up in the order in which they were sent, or came in, and none is passed over but those that were dropped or came back.",
  source: "facts/messages.md MSG-P5, section 3.4",
  cites: ["request-induct", "stream-request", "message-stream", "message-take", "input-take", "call-send", "iteration-continue"],
  otherwise: "no canister took up two requests of another",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: crampedWorlds(vocabulary), weight: 1 },
        { arbitrary: backloggedWorlds(vocabulary), weight: 3 },
        { arbitrary: slowConsumerWorlds(vocabulary), weight: 2 },
      )
      .map(alone),
  watch: () => {
    const underway = new Map<string, CallbackId[]>();
    const counts = new Map<string, number>();
    const pair = (caller: CanisterId, callee: CanisterId): string => `${caller} to ${callee}`;
    const send = (way: string, callback: CallbackId): void => {
      const waiting = underway.get(way);
      if (waiting === undefined) underway.set(way, [callback]);
      else waiting.push(callback);
    };
    const leave = (caller: CanisterId, callee: CanisterId, callback: CallbackId): void => {
      const waiting = underway.get(pair(caller, callee));
      const at = waiting?.indexOf(callback) ?? -1;
      if (at >= 0) waiting!.splice(at, 1);
    };
    return {
      onEvent: (event, world) => {
        switch (event.kind) {
          case "request-inducted":
            // Of requests of other subnets nothing is known before they come in.
            if (world.arrival !== null && world.arrival.from !== world.own) send(pair(event.caller, event.callee), event.callback);
            return undefined;
          case "request-bounced":
            leave(event.caller, callOf(world, event.caller, event.callback)?.callee ?? event.caller, event.callback);
            return undefined;
          case "message-dropped":
            if (event.message === "request" && event.queue === "input") leave(event.caller, event.canister, event.callback);
            return undefined;
          case "message-refused": {
            // And those that are refused as they come in were never underway; only what this subnet sent itself was.
            const refused = world.arrival?.from === world.own ? world.arrival.message : null;
            if (refused?.kind === "request") leave(refused.caller, refused.callee, refused.callback);
            return undefined;
          }
          case "executed":
          case "not-executed":
          case "execution-paused": {
            let complaint: Complaint;
            const taken = takenIn(event, world);
            if (taken?.cause.kind === "update" && taken.cause.origin.kind === "canister") {
              const way = pair(taken.cause.origin.canister, event.canister);
              const first = underway.get(way)?.shift();
              counts.set(way, (counts.get(way) ?? 0) + 1);
              if (first !== taken.cause.origin.callback)
                complaint = `${way}: call ${taken.cause.origin.callback} was taken up when ${first === undefined ? "none" : `call ${first}`} was next`;
            }
            if (event.kind === "executed") for (const { callback, callee } of event.calls) send(pair(event.canister, callee), callback);
            return complaint;
          }
          default:
            return undefined;
        }
      },
      interested: () => [...counts.values()].some((count) => count > 1),
    };
  },
});
