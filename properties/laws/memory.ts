/**
 * Memory for the responses that a subnet guarantees, and the callbacks that it has: both are counted, both are divided
 * among the cores before an iteration, and a call that finds neither is refused at once. Written from `docs/machine.md`
 * sections 3, 4.4 and 5 alone.
 */
import * as fc from "fast-check";
import type { CanisterId, Executed } from "../../spec/index.ts";
import { crampedWorlds } from "../arbitraries/focuses.ts";
import { pinchedWorlds } from "../arbitraries/pinched.ts";
import { scheduledWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { callbacksLeft, freeMemory, responseMemory } from "../tracking/memory.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

export const guaranteesAreCovered = watchedLaw({
  id: "guarantees-are-covered",
  statement:
    "At every moment the memory for responses covers all responses that are guaranteed or under way; in an iteration each core promises no more than its share of what was free before it, and a call is refused for want of memory, or of a callback, exactly when that share, or that copy, is used up; an execution of several slices goes by what its core had when it began, and may promise more than there is by as much as went meanwhile.",
  source: "facts/messages.md MSG-P18, MSG-3.2.1, MSG-3.2.2, MSG-CAP07, MSG-CAP14; seed 003, resource management",
  cites: ["call-send", "request-induct", "stream-request", "callback-begin", "execution-rollback", "cores-share", "execution-finish"],
  otherwise: "there was memory and there were callbacks for everybody",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: crampedWorlds(vocabulary), weight: 3 },
        { arbitrary: scheduledWorlds(vocabulary, { long: true, busy: true, cramped: true }), weight: 1 },
        { arbitrary: pinchedWorlds(vocabulary), weight: 4 },
      )
      .map(alone),
  watch: () => {
    let scarce = false;
    let left: readonly Left[] = [];
    /** By how much long executions may have promised more than there is. @unit bytes */
    let beyond = 0;
    return {
      onEvent: (event, world) => {
        if (event.kind === "turn-began" && world.round?.iterations.at(-1)?.turns.length === 0) left = dealt(world);
        if (event.kind === "turn-began" || event.kind === "request-inducted") return uncovered(world, beyond);
        if (event.kind !== "executed") return undefined;
        const core = left[world.round?.turn?.core ?? 0];
        const canister = world.canisters.get(event.canister);
        if (core === undefined || canister === undefined) return undefined;
        scarce ||= event.refusedCalls.some(({ error }) => error === "IC0507" || error === "IC0101");
        const attempt = canister.execution?.attempt ?? null;
        if (attempt === null) return promised(event, canister, core, world);
        // It was promised what its core had when it began; its core has less by that now, if it still has so much.
        const promise: Left = { memory: attempt.share, callbacks: attempt.callbacks };
        const complaint = promised(event, canister, promise, world);
        const taken = attempt.share - promise.memory;
        beyond += Math.max(0, taken - core.memory);
        core.memory = Math.max(0, core.memory - taken);
        core.callbacks = Math.max(0, core.callbacks - event.calls.length);
        return complaint;
      },
      onStep: (_, world) => {
        scarce ||= freeMemory(world) < world.parameters.maxPayload;
        if (responseMemory(world) <= world.parameters.guaranteedResponseMemory) beyond = 0;
        return uncovered(world, beyond);
      },
      interested: () => scarce,
    };
  },
});

const uncovered = (world: World, beyond: number): Complaint => {
  const [used, room] = [responseMemory(world), world.parameters.guaranteedResponseMemory];
  return used > room + beyond ? `responses take ${used} bytes, of ${room}` : undefined;
};

/** What a core has left. */
interface Left {
  /** Of its share of the memory for responses. @unit bytes */
  memory: number;
  /** Of its copy of the callbacks. */
  callbacks: number;
}

const dealt = (world: World): readonly Left[] => {
  const { cores } = world.parameters;
  return Array.from({ length: cores }, () => ({ memory: Math.floor(freeMemory(world) / cores), callbacks: callbacksLeft(world) }));
};

/** Follows the calls of an execution; what is left only shrinks, so a refusal is right when it would be right at the end. */
const promised = (event: Executed, canister: TrackedCanister, core: Left, { parameters }: World): Complaint => {
  const { maxPayload, callbackQuota, queueCapacity } = parameters;
  const { canister: id, cause, calls, refusedCalls } = event;
  const closed = cause.kind === "response" ? canister.calls.get(cause.callback) : undefined;
  const open = [...canister.openCalls].filter((call) => call !== closed).map(({ callee }) => callee);
  for (const { callback, callee, deadline } of calls) {
    const call = `call ${callback} of ${id}`;
    if (occurrences(open, callee) >= queueCapacity) return `${call} has no slot for its response`;
    if (deadline === null && core.memory < maxPayload) return `${call} is guaranteed a response for which its core has no memory`;
    if (open.length >= callbackQuota && core.callbacks <= 0) return `${call} has a callback that its core does not have`;
    if (deadline === null) core.memory -= maxPayload;
    core.callbacks = Math.max(0, core.callbacks - 1);
    open.push(callee);
  }
  for (const { callee, error } of refusedCalls) {
    const told = `a call of ${id} to ${callee} was refused with ${error}`;
    if (error === "IC0201" && occurrences(open, callee) < queueCapacity) return `${told}, and there is a slot`;
    if (error === "IC0507" && core.memory >= maxPayload) return `${told}, and its core has ${core.memory} bytes left`;
    if (error === "IC0101" && (open.length < callbackQuota || core.callbacks > 0)) return `${told}, and there are callbacks left`;
  }
  return undefined;
};

const occurrences = (callees: readonly CanisterId[], callee: CanisterId): number => callees.filter((other) => other === callee).length;
