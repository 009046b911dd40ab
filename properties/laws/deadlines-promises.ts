/**
 * What a caller that sets a timeout may rely on: an answer in time, whoever gives it; reject code 6 only when it asked
 * for it; and cycles that come back, or are lost in the way that the network says, but never twice.
 */
import * as fc from "fast-check";
import type { Event } from "../../spec/index.ts";
import { lateWorlds } from "../arbitraries/focuses.ts";
import { impatientWorlds } from "../arbitraries/impatient.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { alone } from "../case.ts";
import { callText } from "../tracking/messages.ts";
import { isMisdirected } from "../tracking/streams.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";

export const timeoutsAreKept = watchedLaw({
  id: "timeouts-are-kept",
  statement:
    "A best-effort call has a deadline no later than the longest timeout allows, and in the first round after it, at the latest, a response to it lies in the queue of the caller or was executed; reject code 6 comes to best-effort calls alone, and not before the deadline unless a response was shed; what comes later runs no code.",
  source: "facts/messages.md MSG-P20, E6, E10, E12, D11, RC6, RND-5",
  cites: ["call-send", "callback-expire", "response-late", "message-shed", "callback-begin"],
  otherwise: "no best-effort call was answered by the platform, and no response was late",
  cases: (vocabulary) => fc.oneof(lateWorlds(vocabulary), impatientWorlds(vocabulary), strangeWorlds(vocabulary)).map(alone),
  watch: () => {
    let platform = false;
    /** Calls of this round whose deadline is over already: a long execution counts from when it began. */
    const sentLate = new Set<string>();
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-began") sentLate.clear();
        if (event.kind === "executed")
          for (const { callback, deadline } of event.calls)
            if (deadline !== null && deadline < world.time) sentLate.add(callText(event.canister, callback));
        platform ||=
          event.kind === "callback-expired" ||
          (event.kind === "response-late" &&
            world.previous?.kind !== "randomness-answered" &&
            world.previous?.kind !== "management-answered");
        return broken(event, world);
      },
      onStep: ({ input }, world) => (input.kind === "round" ? kept(world, sentLate) : undefined),
      interested: () => platform,
    };
  },
});

const broken = (event: Event, world: World): Complaint => {
  switch (event.kind) {
    case "executed": {
      const begun = world.canisters.get(event.canister)?.execution?.attempt?.time ?? world.time;
      for (const { callback, deadline } of event.calls)
        if (deadline !== null && (deadline < begun || deadline > begun + world.parameters.bestEffortLifetime))
          return `${callText(event.canister, callback)} has the deadline ${deadline}, of an execution that began at ${begun}`;
      const { cause } = event;
      const call = cause.kind === "response" ? callOf(world, event.canister, cause.callback) : undefined;
      const code6 = call?.response?.error === "IC0601" || call?.response?.error === "IC0602";
      if (cause.kind === "response" && call?.status !== "answered")
        return `${callText(event.canister, cause.callback)} ran a callback without a response`;
      return code6 && call?.deadline === null ? `a guaranteed call of ${event.canister} was rejected with code 6` : undefined;
    }
    case "callback-expired": {
      const call = callOf(world, event.caller, event.callback);
      const told = `${callText(event.caller, event.callback)} expired`;
      if (call?.deadline == null) return `${told}, and has no deadline`;
      if (call.deadline >= world.time) return `${told} at ${world.time}, and has time until ${call.deadline}`;
      return call.status === "open" ? undefined : `${told}, and was answered already`;
    }
    case "response-inducted":
      return callOf(world, event.caller, event.callback)?.status === "open"
        ? undefined
        : `a second response to ${callText(event.caller, event.callback)} enters its queue`;
    case "response-late": {
      const call = callOf(world, event.caller, event.callback);
      return call?.status === "open" && !isMisdirected(world, call)
        ? `${callText(event.caller, event.callback)} still waits for the response that is said to be late`
        : undefined;
    }
    case "answered":
      return event.result.kind === "reject" && event.result.code === 6 ? `${event.canister} answers with reject code 6` : undefined;
    default:
      return undefined;
  }
};

/** After a round nobody waits longer than he said. */
const kept = ({ canisters, time }: World, sentLate: ReadonlySet<string>): Complaint => {
  for (const { id, openCalls } of canisters.values())
    for (const { callback, deadline, status } of openCalls)
      if (status === "open" && deadline !== null && deadline < time && !sentLate.has(callText(id, callback)))
        return `${callText(id, callback)} was to be answered by ${deadline}, and is not at ${time}`;
  return undefined;
};
