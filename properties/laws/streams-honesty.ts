/**
 * What an honest subnet can have sent: messages of its own canisters, and answers to what was asked of them. Whatever else
 * comes out of a stream is ignored.
 * @source docs/machine.md section 4.2; facts/messages.md B12
 */
import { callText, type TrackedResponse } from "../tracking/messages.ts";
import type { Arrival } from "../tracking/streams.ts";
import { callOf, senderSubnetOf, type World } from "../tracking/world.ts";

/** Why no honest subnet sends a message; `null` when one may. */
export const faultOf = ({ from, message, tracked }: Arrival, world: World): string | null => {
  if (message.kind === "refund") return world.canisters.has(message.canister) ? null : `${message.canister} is not here`;
  const sender = message.kind === "request" ? message.caller : message.respondent;
  if (senderSubnetOf(world, sender) !== from) return `${sender} is not of ${from}`;
  return tracked?.kind === "response" ? faultOfAnswer(tracked, world) : null;
};

/** An answer to a call that is not open is late, and no fault. */
const faultOfAnswer = ({ caller, callback, bytes, refund, deadline }: TrackedResponse, world: World): string | null => {
  const canister = world.canisters.get(caller);
  if (canister === undefined) return `${caller} is not here`;
  if (bytes > world.parameters.maxPayload) return `it has ${bytes} bytes`;
  const call = callOf(world, caller, callback);
  if (call === undefined || call.status === "closed") return null;
  const told = callText(caller, callback);
  if (refund > call.attached) return `it refunds ${refund} cycles, and ${call.attached} were attached to ${told}`;
  if (deadline !== call.deadline) return `its deadline is not that of ${told}`;
  const waits = canister.queues.outputs.get(call.callee)?.some((message) => message.kind === "request" && message.callback === callback);
  return waits === true ? `the request of ${told} has not left` : null;
};
