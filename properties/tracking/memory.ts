/**
 * What the guarantees of messages take: memory for responses, callbacks of the subnet, slots of a pair. Counted afresh
 * each time, from what lies where. Written from `docs/machine.md` sections 3, 4.3 and 4.4 alone.
 */
import type { CanisterId } from "../../spec/index.ts";
import type { TrackedMessage, TrackedRequest } from "./messages.ts";
import type { TrackedCanister, World } from "./world.ts";

/** The memory for responses in use; what is executed in slices counts as if it were still in its queue. @unit bytes */
export const responseMemory = ({ canisters, streams, parameters: { maxPayload } }: World): number => {
  let used = 0;
  const replies = (messages: Iterable<TrackedMessage | null>): void => {
    for (const message of messages) if (message?.kind === "response" && message.deadline === null) used += message.bytes;
  };
  for (const { openCalls, contexts, queues, execution } of canisters.values()) {
    for (const { status, deadline } of openCalls) if (status === "open" && deadline === null) used += maxPayload;
    for (const { status, origin, deadline } of contexts.values())
      if (status === "open" && origin.kind === "canister" && deadline === null) used += maxPayload;
    const held = execution?.message ?? null;
    if (held?.kind === "request" && held.deadline === null) used += maxPayload;
    replies([held]);
    for (const queue of queues.inputs.values()) {
      for (const message of queue) if (message.kind === "request" && message.deadline === null) used += maxPayload;
      replies(queue);
    }
    for (const queue of queues.outputs.values()) replies(queue);
  }
  for (const { messages } of streams.values()) replies(messages.map(({ tracked }) => tracked));
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
