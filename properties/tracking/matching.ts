/** Which message in a queue it is that an event tells of. */
import type { Cause } from "../../spec/index.ts";
import type { TrackedMessage } from "./messages.ts";
import { nextInput } from "./queues.ts";
import type { TrackedCanister } from "./world.ts";

/** The message of this cause in the queues of a canister: the one whose turn it is, or else the first like it. */
export const messageOf = ({ queues }: TrackedCanister, cause: Cause): TrackedMessage | undefined => {
  if (cause.kind !== "response" && (cause.kind !== "update" || cause.origin.kind !== "canister")) return undefined;
  const wanted = isStartedBy(cause);
  const next = nextInput(queues)?.input;
  if (next?.kind === "message" && wanted(next.message)) return next.message;
  for (const queue of queues.inputs.values()) {
    const found = queue.find(wanted);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Whether a message starts what has this cause. */
export const isStartedBy =
  (cause: Cause) =>
  (message: TrackedMessage): boolean => {
    if (cause.kind === "response") return message.kind === "response" && message.callback === cause.callback;
    if (cause.kind !== "update" || cause.origin.kind !== "canister" || message.kind !== "request") return false;
    return message.caller === cause.origin.canister && message.callback === cause.origin.callback;
  };

export const isResponseTo =
  (callback: number) =>
  (message: TrackedMessage): boolean =>
    message.kind === "response" && message.callback === callback;

export const isRequestOf =
  (callback: number) =>
  (message: TrackedMessage): boolean =>
    message.kind === "request" && message.callback === callback;
