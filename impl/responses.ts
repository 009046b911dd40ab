/** Responses that the platform makes or that nobody waits for: what reaches a caller without an execution of its callee. */
import { cycles, type CallbackId, type CanisterId, type Cycles, type ErrorCode } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { dropCycles } from "./dropping.ts";
import { enterInput, pairOf } from "./mail.ts";
import { responseOf, type Callback, type Request } from "./messages.ts";
import { rejectWith } from "./refusals.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";

/** The platform rejects a call: the reject is the last in the input queue of the caller for the callee. */
export const rejectCall = (engine: Engine, callback: Callback, error: ErrorCode, refund: Cycles): void => {
  const { canister, id, callee, expiry } = callback;
  enterInput(engine, pairOf(engine, canister, callee), responseOf(canister.id, id, rejectWith(error), refund, expiry), callback);
};

/** A request that left the output queue of its caller comes back, with all attached cycles. */
export const bounce = (engine: Engine, { origin, attached }: Request, error: ErrorCode): void => {
  const caller = engine.byId.get(origin.canister)!;
  rejectCall(engine, caller.callbacks!.get(origin.callback)!, error, attached);
  engine.events.push({ kind: "request-bounced", caller: caller.id, callback: origin.callback, error });
};

/**
 * A response whose caller is gone, in the output queue of its respondent.
 * @rule response-orphan
 */
export const orphan = (engine: Engine, respondent: CanisterId, caller: CanisterId, callback: CallbackId, refund: Cycles): void => {
  engine.events.push({
    kind: "message-dropped",
    reason: "orphaned",
    message: "response",
    canister: respondent,
    queue: "output",
    caller,
    callback,
  });
  dropCycles(engine, caller, refund);
};

/**
 * A response that nobody waits for: its cycles belong to the caller, who is here.
 * @rule response-late
 */
export const creditLate = (engine: Engine, caller: Canister, callback: CallbackId, refund: Cycles): void => {
  setBalance(engine, caller, cycles(balanceOf(caller) + refund));
  engine.events.push({ kind: "response-late", caller: caller.id, callback, refund, balance: balanceOf(caller) });
};
