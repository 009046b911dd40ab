/**
 * One message on one canister: paid before it runs, run on a frame, committed or forgotten, settled, and its
 * call context brought to where it belongs. The three kinds of message differ in who pays, what runs and with what
 * limit; what happens afterwards is the same for all.
 *
 * The prepayment is held by leaving it out of the balance that the frame begins with, so each execution writes the
 * balance once. Records are spelled out field by field: one object spread in this path cost half of a round.
 */
import {
  contextOpen,
  cycles,
  executionBegin,
  executionCommit,
  hex,
  instructions,
  type Cause,
  type Cycles,
  type ErrorCode,
  type Executed,
} from "../spec/index.ts";
import { commit } from "./commit.ts";
import { deliver, endContext, openContext } from "./contexts.ts";
import { frameOn, noCycles, thresholdOf, type Frame } from "./frame.ts";
import { dequeue } from "./queues.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { runScript } from "./script.ts";
import {
  setBalance,
  type Callback,
  type Canister,
  type Context,
  type Engine,
  type IngressMessage,
  type Request,
  type Response,
} from "./state.ts";
import { arm } from "./timers.ts";

/**
 * Takes the task of an active canister, else its first input, and says how many instructions that used.
 * @rule message-take
 */
export const executeNext = (engine: Engine, canister: Canister): number => {
  if (canister.task) {
    canister.task = false;
    return runTask(engine, canister);
  }
  const message = dequeue(canister.inputs);
  if (message === null) throw new Error(`${canister.id} has neither a task nor an input`);
  switch (message.kind) {
    case "ingress":
      return runCall(engine, canister, message, noCycles);
    case "request":
      return runCall(engine, canister, message, message.attached);
    case "response":
      return runResponse(engine, canister, message);
    default: {
      const never: never = message;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

const cannotPay = refusalOf(executionBegin.when.funded);
const notExported = refusalOf(contextOpen.when.exported);
const insolvent = refusalOf(executionCommit.when.solvent);

const noBytes = hex("");

/**
 * @rule execution-begin
 * @rule context-open
 */
const runCall = (engine: Engine, canister: Canister, message: IngressMessage | Request, attached: Cycles): number => {
  const { prices, totals, genesis } = engine;
  const { origin, method, payload } = message;
  const cause: Cause = { kind: "update", origin, method, attached };
  totals.messages -= attached;
  if (!canPrepay(engine, canister)) return refuseCall(engine, canister, cause, attached, cannotPay, noCycles);
  const body = canister.methods.get(method);
  if (body === undefined) {
    setBalance(engine, canister, cycles(canister.balance - prices.attempt));
    totals.burned += prices.attempt;
    return refuseCall(engine, canister, cause, attached, notExported, prices.attempt);
  }
  const context = openContext(engine, canister, origin, "open", attached);
  const before = cycles(canister.balance - prices.prepayment);
  const frame = frameOn(engine, canister, context, "update", genesis.parameters.messageInstructionLimit, before, payload, noCycles);
  const trap = runScript(frame, body) ?? insolvency(frame);
  return conclude(engine, canister, context, cause, withoutResponse(frame, before, trap));
};

/** @rule timer-begin */
const runTask = (engine: Engine, canister: Canister): number => {
  const { prices, genesis } = engine;
  if (!canPrepay(engine, canister)) {
    arm(engine.timers, canister); // the timer stays set, and with the task gone it can come due again
    return notExecuted(engine, canister, byTimer, cannotPay, noCycles);
  }
  canister.timer = null;
  const context = openContext(engine, canister, system, "responded", noCycles);
  const before = cycles(canister.balance - prices.prepayment);
  const frame = frameOn(engine, canister, context, "task", genesis.parameters.messageInstructionLimit, before, noBytes, noCycles);
  const trap = runScript(frame, canister.onTimer) ?? insolvency(frame);
  return conclude(engine, canister, context, byTimer, withoutResponse(frame, before, trap));
};

/**
 * @rule callback-begin
 * @rule callback-cleanup
 */
const runResponse = (engine: Engine, canister: Canister, { callback: id, result, refund }: Response): number => {
  const { prices, totals, genesis } = engine;
  const { messageInstructionLimit, cleanupReserve } = genesis.parameters;
  const callback = removeCallback(engine, canister, id);
  const context = canister.contexts!.get(callback.context)!;
  context.calls--;
  const replied = result.kind === "reply";
  const refunded = refund < callback.attached ? refund : callback.attached;
  const transmissionFee = prices.transmission(replied ? result.payload.length / 2 : 0);
  const before = cycles(canister.balance + refunded + prices.transmissionReserve - transmissionFee);
  totals.messages -= refund;
  totals.burned += transmissionFee;

  const message = replied ? result.payload : hex(`0${result.code}`);
  const limit = messageInstructionLimit - Math.floor((messageInstructionLimit * cleanupReserve) / 100);
  const frame = frameOn(engine, canister, context, "callback", limit, before, message, refunded);
  const trap = runScript(frame, replied ? callback.onReply : callback.onReject);
  let used = frame.used;
  let kept = trap === null ? frame : null;
  let cleanup: Outcome["cleanup"] = "none";
  if (trap !== null && callback.onCleanup.length > 0) {
    const rest = frameOn(engine, canister, context, "cleanup", messageInstructionLimit - used, before, message, refunded);
    const failed = runScript(rest, callback.onCleanup) !== null;
    used += rest.used;
    kept = failed ? null : rest;
    cleanup = failed ? "trapped" : "completed";
  }
  const brought = { refunded, transmissionReserve: prices.transmissionReserve, transmissionFee };
  const cause: Cause = { kind: "response", callback: id, result: result.kind };
  return conclude(engine, canister, context, cause, { before, trap, cleanup, used, frame: kept, brought });
};

/** How an execution went. */
interface Outcome {
  /** The balance to which a trap returns; the prepayment is not in it. */
  readonly before: Cycles;
  readonly trap: ErrorCode | null;
  readonly cleanup: "none" | "completed" | "trapped";
  readonly used: number;
  /** What is to be committed; `null` when everything is rolled back. */
  readonly frame: Frame | null;
  /** What a response brought to the balance, and what of that was burned on the way. */
  readonly brought: Pick<Executed, "refunded" | "transmissionReserve" | "transmissionFee">;
}

/** How an update or a task went. */
const withoutResponse = (frame: Frame, before: Cycles, trap: ErrorCode | null): Outcome => ({
  before,
  trap,
  cleanup: "none",
  used: frame.used,
  frame: trap === null ? frame : null,
  brought: nothing,
});

const nothing: Outcome["brought"] = { refunded: noCycles, transmissionReserve: noCycles, transmissionFee: noCycles };
const byTimer: Cause = { kind: "timer" };
const system = { kind: "system" } as const;

const canPrepay = ({ prices }: Engine, { balance, threshold }: Canister): boolean => balance >= threshold + prices.prepayment;

/** @rule execution-commit */
const insolvency = (frame: Frame): ErrorCode | null => (frame.balance < thresholdOf(frame) ? insolvent : null);

/**
 * Commits or forgets the frame, settles the prepayment, and ends the call context if nothing is left to come.
 * @rule execution-rollback
 * @rule execution-settle
 */
const conclude = (engine: Engine, canister: Canister, context: Context, cause: Cause, outcome: Outcome): number => {
  const { prices, totals } = engine;
  const { before, trap, cleanup, used, frame, brought } = outcome;
  const wrote = frame === null ? [] : commit(engine, frame);
  const refund = prices.refund(used);
  const charged = cycles(prices.prepayment - refund);
  const balance = cycles((frame === null ? before : frame.balance) + refund);
  setBalance(engine, canister, balance);
  totals.burned += charged;
  engine.events.push({
    kind: "executed",
    canister: canister.id,
    cause,
    context: context.id,
    trap,
    cleanup,
    instructions: instructions(used),
    prepaid: prices.prepayment,
    charged,
    refunded: brought.refunded,
    transmissionReserve: brought.transmissionReserve,
    transmissionFee: brought.transmissionFee,
    accepted: frame === null ? noCycles : frame.accepted,
    burned: frame === null ? noCycles : frame.burned,
    calls: frame === null ? [] : frame.calls.map(({ sent }) => sent),
    wrote,
    timer: canister.timer,
    balance,
  });
  endContext(engine, canister, context, frame === null ? null : frame.answer, trap);
  return used;
};

/** @rule call-refuse */
const refuseCall = (
  engine: Engine,
  canister: Canister,
  cause: Extract<Cause, { kind: "update" }>,
  attached: Cycles,
  error: ErrorCode,
  charged: Cycles,
): number => {
  notExecuted(engine, canister, cause, error, charged);
  deliver(engine, canister, null, cause.origin, rejectWith(error), attached);
  return 0;
};

const notExecuted = (engine: Engine, canister: Canister, cause: Cause, error: ErrorCode, charged: Cycles): number => {
  engine.events.push({ kind: "not-executed", canister: canister.id, cause, error, charged, balance: canister.balance });
  return 0;
};

const removeCallback = (engine: Engine, canister: Canister, id: number): Callback => {
  const callback = canister.callbacks?.get(id);
  if (callback === undefined) throw new Error(`${canister.id} has no callback ${id} for a response`);
  canister.callbacks!.delete(id);
  engine.totals.callbacks--;
  const open = canister.openTo!.get(callback.callee)!;
  if (open === 1) canister.openTo!.delete(callback.callee);
  else canister.openTo!.set(callback.callee, open - 1);
  return callback;
};
