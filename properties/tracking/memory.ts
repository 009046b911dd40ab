/**
 * What the guarantees of messages take: memory for responses, callbacks of the subnet, slots of a pair. Counted afresh
 * each time, from what lies where. Written from `docs/machine.md` sections 3, 4.3 and 4.4 alone.
 */
import type { CanisterId } from "../../spec/index.ts";
import { messageMemory, replyBytes } from "./holdings.ts";
import type { TrackedRequest } from "./messages.ts";
import type { TrackedCanister, World } from "./world.ts";

/** The memory for responses in use; what is executed in slices counts as if it were still in its queue. @unit bytes */
export const responseMemory = ({ canisters, streams, parameters }: World): number => {
  let used = 0;
  for (const canister of canisters.values()) used += messageMemory(canister, parameters);
  for (const { messages } of streams.values()) for (const { tracked } of messages) used += replyBytes(tracked);
  return used;
};

/** The memory for responses that is left. @unit bytes */
export const freeMemory = (world: World): number => Math.max(0, world.parameters.guaranteedResponseMemory - responseMemory(world));

/** The callbacks that are left to the subnet. */
export const callbacksLeft = ({ canisters, parameters: { callbackLimit } }: World): number => {
  let open = 0;
  for (const { openCalls } of canisters.values()) open += openCalls.size;
  return Math.max(0, callbackLimit - open);
};

/** How many slots a caller takes at a callee: its requests in the input queue, or executed in slices, its open calls, the responses that wait for it. */
export const slotsTaken = ({ queues, contexts, execution }: TrackedCanister, caller: CanisterId): number => {
  let taken = execution?.message?.kind === "request" && execution.message.caller === caller ? 1 : 0;
  for (const { kind } of queues.inputs.get(caller) ?? []) if (kind === "request") taken++;
  for (const { kind } of queues.outputs.get(caller) ?? []) if (kind === "response") taken++;
  for (const { status, origin } of contexts.values())
    if (status === "open" && origin.kind === "canister" && origin.canister === caller) taken++;
  return taken;
};

/** Whether a request finds a slot at its callee, and memory for its response. */
export const hasSlot = (world: World, { caller, callee }: TrackedRequest): boolean => {
  const canister = world.canisters.get(callee);
  return canister !== undefined && slotsTaken(canister, caller) < world.parameters.queueCapacity;
};

export const hasMemory = (world: World, { deadline }: TrackedRequest): boolean =>
  deadline !== null || freeMemory(world) >= world.parameters.maxPayload;

/** Whether a response to this callback would be taken up: it is open, and none lies in the input queue. */
export const isAwaited = ({ canisters }: World, caller: CanisterId, callback: number): boolean =>
  canisters.get(caller)?.calls.get(callback)?.status === "open";

/** The payload bytes of best-effort messages in queues. @unit bytes */
export const bestEffortMemory = ({ canisters }: World): number => {
  let used = 0;
  for (const { queues } of canisters.values())
    for (const side of [queues.inputs, queues.outputs])
      for (const queue of side.values()) for (const { deadline, bytes } of queue) if (deadline !== null) used += bytes;
  return used;
};
