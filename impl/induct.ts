/**
 * Induction: what canisters left in their output queues for canisters of the same subnet goes straight to their input queues,
 * as far as there is room. Only canisters with something to send on this subnet are visited, in the order of their ids.
 */
import { awaiting, enterInput, leaveOutput, pairOf } from "./mail.ts";
import type { Message, Pair, Request, Response } from "./messages.ts";
import { creditLate } from "./responses.ts";
import type { Canister, Engine } from "./state.ts";
import { hasMemory } from "./usage.ts";

export const induct = (engine: Engine): void => {
  const senders = engine.sending.here.sort((left, right) => left.index - right.index);
  let left = 0;
  for (const sender of senders) {
    inductFrom(engine, sender);
    sender.isSendingHere = sender.mail !== null && sender.mail.here.length > 0;
    if (sender.isSendingHere) senders[left++] = sender;
  }
  senders.length = left;
};

/**
 * Whether a canister of this subnet holds less of a caller than a queue has slots.
 */
export const hasSlot = ({ genesis }: Engine, callee: Canister, caller: string): boolean =>
  (callee.mail?.pairs.get(caller as Request["callee"])?.slots ?? 0) < genesis.parameters.queueCapacity;

/** The queue of a canister for itself comes first, then the others by peer. */
const inductFrom = (engine: Engine, { index, mail }: Canister): void => {
  if (mail === null) return;
  const { here } = mail;
  if (here.length > 1) here.sort((left, right) => turnOf(index, left) - turnOf(index, right));
  let left = 0;
  for (const pair of here) {
    let message = pair.outputs.first;
    while (message !== null && inductMessage(engine, pair, message)) message = pair.outputs.first;
    pair.isSending = message !== null;
    if (pair.isSending) here[left++] = pair;
  }
  here.length = left;
};

const turnOf = (own: number, { there }: Pair): number => (there!.index === own ? -1 : there!.index);

/** Whether the message left its queue. */
const inductMessage = (engine: Engine, pair: Pair, message: Message): boolean => {
  switch (message.kind) {
    case "request":
      return inductRequest(engine, pair, message);
    case "response":
      inductResponse(engine, pair, message);
      return true;
    default: {
      const never: never = message;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** @rule request-induct */
const inductRequest = (engine: Engine, { owner, peer, there }: Pair, request: Request): boolean => {
  const callee = there!;
  if (!hasSlot(engine, callee, owner.id) || !hasMemory(engine, request)) return false;
  leaveOutput(engine, request);
  enterInput(engine, pairOf(engine, callee, owner.id), request, null);
  engine.events.push({ kind: "request-inducted", caller: owner.id, callback: request.origin.callback, callee: peer });
  return true;
};

/** @rule response-induct */
const inductResponse = (engine: Engine, { owner, peer, there }: Pair, response: Response): void => {
  const caller = there!;
  const { callback, result } = response;
  leaveOutput(engine, response);
  const awaited = awaiting(caller, callback);
  if (awaited === null) return creditLate(engine, caller, callback, response.refund);
  enterInput(engine, pairOf(engine, caller, owner.id), response, awaited);
  engine.events.push({ kind: "response-inducted", caller: peer, callback, result: result.kind });
};
