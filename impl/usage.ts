/**
 * What messages take of the memory of the subnet, kept by changes: nobody ever adds it up over all canisters. Guaranteed
 * responses have their memory before they exist; best-effort messages have it while they are there.
 */
import type { Callback, Message } from "./messages.ts";
import { bytesOf } from "./messages.ts";
import type { Context, Engine } from "./state.ts";

export interface Usage {
  /** Guaranteed responses that do not exist yet, each of which may be of the largest size: at their callers, and at their callees. */
  responses: number;
  /** Payloads of guaranteed replies in queues and streams. @unit bytes */
  replies: number;
  /** Payloads of best-effort messages in queues. @unit bytes */
  bestEffort: number;
}

export const usageOf = (): Usage => ({ responses: 0, replies: 0, bestEffort: 0 });

/** What is not in use of the memory for guaranteed responses. @unit bytes */
export const freeMemory = ({ usage, genesis: { parameters } }: Engine): number =>
  Math.max(0, parameters.guaranteedResponseMemory - usage.responses * parameters.maxPayload - usage.replies);

/** Whether there is memory for the response to this request, if it is guaranteed. */
export const hasMemory = (engine: Engine, { deadline }: { readonly deadline: bigint | null }): boolean =>
  deadline !== null || freeMemory(engine) >= engine.genesis.parameters.maxPayload;

/** A message entered a queue (`by` 1) or left it (`by` -1). */
export const countMessage = (usage: Usage, message: Message, by: 1 | -1): void => {
  if (message.deadline !== null) usage.bestEffort += by * bytesOf(message);
  else if (message.kind === "response") usage.replies += by * bytesOf(message);
  else if (message.side === "input") usage.responses += by;
};

/** A callback began (`by` 1) or ceased (`by` -1) to wait for a response that is guaranteed. */
export const countCallback = (usage: Usage, { expiry }: Callback, by: 1 | -1): void => {
  if (expiry === null) usage.responses += by;
};

/** A context began (`by` 1) or ceased (`by` -1) to be open. */
export const countContext = (usage: Usage, { origin, deadline }: Context, by: 1 | -1): void => {
  if (deadline === null && origin.kind === "canister") usage.responses += by;
};
