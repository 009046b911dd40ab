/**
 * One message on one canister: paid before it runs, run on a frame, and concluded. The kinds of message differ in who pays,
 * what runs and with what limit; what happens afterwards is the same for all.
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
  type Cause,
  type Cycles,
  type ErrorCode,
  type Nanoseconds,
  type Script,
  type Task,
} from "../spec/index.ts";
import { conclude, nothingBrought, type Outcome } from "./conclude.ts";
import { deliver, openContext, removeContext, taskContext } from "./contexts.ts";
import { frameOn, noCycles, pagesOf, thresholdOf, type Frame } from "./frame.ts";
import { takeInput } from "./inputs.ts";
import { endCall } from "./mail.ts";
import { bytesOf, type Callback, type IngressMessage, type Request, type Response } from "./messages.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { runScript } from "./script.ts";
import { setBalance, type Canister, type Code, type Context, type Engine } from "./state.ts";
import { takeTask } from "./tasks.ts";
import { arm } from "./timers.ts";

/** Takes the hook or a task of an active canister, else its next input, and says how many instructions that used. */
export const executeNext = (engine: Engine, canister: Canister): number => {
  const task = takeTask(canister);
  if (task !== null) return runTask(engine, canister, task);
  const message = takeInput(engine, canister);
  switch (message.kind) {
    case "ingress":
      return runCall(engine, canister, message, noCycles);
    case "request":
      return runCall(engine, canister, message, message.attached);
    case "response":
      return receiveResponse(engine, canister, message);
    default: {
      const never: never = message;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

const cannotPay = refusalOf(executionBegin.when.funded);
const noCode = refusalOf(contextOpen.when.installed);
const notExported = refusalOf(contextOpen.when.exported);
const insolvent = refusalOf(executionCommit.when.solvent);
const overLimit = refusalOf(executionCommit.when.limited);

const noBytes = hex("");

/**
 * @rule execution-begin
 * @rule context-open
 */
const runCall = (engine: Engine, canister: Canister, message: IngressMessage | Request, attached: Cycles): number => {
  const { prices, genesis } = engine;
  const { origin, method, payload } = message;
  const deadline = message.kind === "request" ? message.deadline : null;
  const cause = { kind: "update", origin, method, attached } as const;
  if (!canPrepay(engine, canister)) return refuseCall(engine, canister, cause, cannotPay, noCycles, deadline);
  const body = canister.code?.methods.get(method);
  if (body === undefined) {
    setBalance(engine, canister, cycles(canister.balance - prices.attempt));
    engine.totals.burned += prices.attempt;
    return refuseCall(engine, canister, cause, canister.code === null ? noCode : notExported, prices.attempt, deadline);
  }
  const context = openContext(engine, canister, origin, attached, deadline);
  const before = cycles(canister.balance - prices.prepayment);
  const frame = frameOn(engine, canister, context, "update", genesis.parameters.messageInstructionLimit, before, payload, noCycles);
  const trap = runScript(frame, body) ?? insolvency(frame) ?? excess(frame);
  return conclude(engine, canister, context, cause, withoutResponse(frame, before, trap));
};

/** @rule call-refuse */
const refuseCall = (
  engine: Engine,
  canister: Canister,
  cause: Extract<Cause, { kind: "update" }>,
  error: ErrorCode,
  charged: Cycles,
  deadline: Nanoseconds | null,
): number => {
  notExecuted(engine, canister, cause, error, charged);
  deliver(engine, canister, null, cause.origin, rejectWith(error), cause.attached, deadline);
  return 0;
};

/**
 * @rule task-begin
 * @rule timer-begin
 */
const runTask = (engine: Engine, canister: Canister, task: Task): number => {
  const { prices, genesis } = engine;
  const cause = causes[task];
  if (!canPrepay(engine, canister)) {
    if (task === "timer") arm(engine.timers, canister); // it stays set, and with the task gone it can come due again
    notExecuted(engine, canister, cause, cannotPay, noCycles);
    return 0;
  }
  if (task === "timer") canister.timer = null;
  const context = taskContext(canister);
  const before = cycles(canister.balance - prices.prepayment);
  const frame = frameOn(engine, canister, context, "task", genesis.parameters.messageInstructionLimit, before, noBytes, noCycles);
  const trap = runScript(frame, scriptOf(canister.code!, task)) ?? insolvency(frame);
  return conclude(engine, canister, context, cause, withoutResponse(frame, before, trap));
};

const causes: Readonly<Record<Task, Cause>> = {
  timer: { kind: "timer" },
  heartbeat: { kind: "heartbeat" },
  "low-memory": { kind: "low-memory" },
};

const scriptOf = ({ onTimer, onHeartbeat, lowMemory }: Code, task: Task): Script =>
  task === "timer" ? onTimer : task === "heartbeat" ? onHeartbeat! : lowMemory!.hook;

const receiveResponse = (engine: Engine, canister: Canister, response: Response): number => {
  const callback = removeCallback(engine, canister, response.callback);
  const context = canister.contexts!.get(callback.context)!;
  context.calls--;
  const refunded = response.refund < callback.attached ? response.refund : callback.attached;
  const transmissionFee = engine.prices.transmission(bytesOf(response));
  engine.totals.burned += transmissionFee;
  if (context.status === "deleted") return discard(engine, canister, context, callback, refunded, transmissionFee);
  return runCallback(engine, canister, context, callback, response, refunded, transmissionFee);
};

/** @rule response-discard */
const discard = (
  engine: Engine,
  canister: Canister,
  context: Context,
  { id: callback }: Callback,
  refunded: Cycles,
  transmissionFee: Cycles,
): number => {
  const released = cycles(engine.prices.reserve - transmissionFee);
  const balance = cycles(canister.balance + refunded + released);
  setBalance(engine, canister, balance);
  engine.events.push({ kind: "response-discarded", canister: canister.id, callback, refunded, released, transmissionFee, balance });
  if (context.calls === 0) removeContext(engine, canister, context);
  return 0;
};

/**
 * @rule callback-begin
 * @rule callback-cleanup
 */
const runCallback = (
  engine: Engine,
  canister: Canister,
  context: Context,
  callback: Callback,
  { result }: Response,
  refunded: Cycles,
  transmissionFee: Cycles,
): number => {
  const { prices, genesis } = engine;
  const { messageInstructionLimit, cleanupReserve } = genesis.parameters;
  const { transmissionReserve } = prices;
  const before = cycles(canister.balance + refunded + transmissionReserve - transmissionFee);
  const replied = result.kind === "reply";
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
  const brought = { refunded, transmissionReserve, transmissionFee };
  const cause: Cause = { kind: "response", callback: callback.id, result: result.kind };
  return conclude(engine, canister, context, cause, { before, trap, cleanup, used, frame: kept, brought });
};

/** How an update or a task went. */
const withoutResponse = (frame: Frame, before: Cycles, trap: ErrorCode | null): Outcome => ({
  before,
  trap,
  cleanup: "none",
  used: frame.used,
  frame: trap === null ? frame : null,
  brought: nothingBrought,
});

const canPrepay = ({ prices }: Engine, { balance, threshold }: Canister): boolean => balance >= threshold + prices.prepayment;

/** @rule execution-commit */
const insolvency = (frame: Frame): ErrorCode | null => (frame.balance < thresholdOf(frame) ? insolvent : null);

const excess = (frame: Frame): ErrorCode | null => {
  const { lowMemory } = frame.canister.code!;
  return lowMemory !== null && pagesOf(frame) > lowMemory.limit ? overLimit : null;
};

const notExecuted = (engine: Engine, canister: Canister, cause: Cause, error: ErrorCode, charged: Cycles): void =>
  void engine.events.push({ kind: "not-executed", canister: canister.id, cause, error, charged, balance: canister.balance });

const removeCallback = (engine: Engine, canister: Canister, id: number): Callback => {
  const callback = canister.callbacks?.get(id);
  if (callback === undefined) throw new Error(`${canister.id} has no callback ${id} for a response`);
  canister.callbacks!.delete(id);
  engine.totals.callbacks--;
  endCall(engine, canister.mail!.pairs.get(callback.callee)!);
  return callback;
};
