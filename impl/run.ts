/**
 * Running a message or a task without leaving a trace: what comes out says what is going to happen once the execution is over,
 * and how many instructions that takes. A script sees nothing but its own canister, the time and its message, and while an execution
 * is under way nobody else changes what it sees. So it is run when an attempt begins, to its end, and what it did waits in its
 * frame for the last slice.
 */
import { cycles, hex, type Cause, type Cycles, type ErrorCode, type Executed, type Script, type Task } from "../spec/index.ts";
import type { Code } from "./code.ts";
import { openContext, taskContext } from "./contexts.ts";
import type { Prices } from "./fees.ts";
import { frameOn, noBytes, noCycles, type Frame, type Start } from "./frame.ts";
import { bytesOf, callerOf, type Callback, type IngressMessage, type Request, type Response } from "./messages.ts";
import { runScript } from "./script.ts";
import type { Canister, Context, Engine } from "./state.ts";

/** A task, as the cause of what it does. */
export interface TaskJob {
  readonly kind: Task;
}

/** What a canister executes. */
export type Job = IngressMessage | Request | Response | TaskJob;

/** How an execution is going to go. */
export interface Run {
  readonly job: Job;
  readonly cause: Cause;
  readonly start: Start;
  /** The context in which it runs. That of a call or a task is not one of the canister's yet. */
  readonly context: Context;
  /** The callback that a response closes. */
  readonly closing: Callback | null;
  /** The balance to which a trap returns; the prepayment is not in it. */
  readonly before: Cycles;
  /** Of its script; whether it can be committed turns out when it is over. */
  readonly trap: ErrorCode | null;
  readonly cleanup: Executed["cleanup"];
  readonly used: number;
  /** What is to be committed; `null` when everything is rolled back. */
  readonly frame: Frame | null;
  /** What a response brings to the balance, and what of that is burned on the way. */
  readonly brought: Pick<Executed, "refunded" | "transmissionReserve" | "transmissionFee">;
}

/** Runs what was admitted: a call of a method that is there, a task, a response to a context that was not deleted. */
export const runJob = (engine: Engine, canister: Canister, job: Job, start: Start): Run => {
  switch (job.kind) {
    case "ingress":
      return runCall(engine, canister, job, noCycles, start);
    case "request":
      return runCall(engine, canister, job, job.attached, start);
    case "response":
      return runCallback(engine, canister, job, start);
    case "timer":
    case "heartbeat":
    case "low-memory":
      return runTask(engine, canister, job, start);
    default: {
      const never: never = job;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** What a call says of itself in events. */
export const causeOfCall = ({ origin, method }: IngressMessage | Request, attached: Cycles): Cause => ({
  kind: "update",
  origin,
  method,
  attached,
});

const nothingBrought: Run["brought"] = { refunded: noCycles, transmissionReserve: noCycles, transmissionFee: noCycles };

const runCall = (engine: Engine, canister: Canister, job: IngressMessage | Request, attached: Cycles, start: Start): Run => {
  const context = openContext(canister, job.origin, callerOf(job), attached, job.kind === "request" ? job.deadline : null);
  const { messageInstructionLimit: limit } = engine.genesis.parameters;
  const { mode, body } = canister.code!.methods.get(job.method)!;
  const kind = mode === "query" ? "query" : "update";
  const frame = frameOn(engine, canister, context, kind, limit, start, start.balance, job.payload, noCycles, null);
  const trap = runScript(frame, body);
  return withoutResponse(job, causeOfCall(job, attached), start, frame, trap);
};

/** @rule timer-begin */
const runTask = (engine: Engine, canister: Canister, job: TaskJob, start: Start): Run => {
  const { messageInstructionLimit: limit } = engine.genesis.parameters;
  const frame = frameOn(engine, canister, taskContext(canister), "task", limit, start, start.balance, noBytes, noCycles, null);
  if (job.kind === "timer") frame.timer = null;
  return withoutResponse(job, job, start, frame, runScript(frame, scriptOf(canister.code!, job.kind)));
};

const scriptOf = ({ onTimer, onHeartbeat, lowMemory }: Code, task: Task): Script =>
  task === "timer" ? onTimer : task === "heartbeat" ? onHeartbeat! : lowMemory!.hook;

/** How an update or a task goes. */
const withoutResponse = (job: Job, cause: Cause, start: Start, frame: Frame, trap: ErrorCode | null): Run => ({
  job,
  cause,
  start,
  context: frame.context,
  closing: null,
  before: start.balance,
  trap,
  cleanup: "none",
  used: frame.used,
  frame: trap === null ? frame : null,
  brought: nothingBrought,
});

/**
 * @rule callback-begin
 * @rule callback-cleanup
 */
const runCallback = (engine: Engine, canister: Canister, job: Response, start: Start): Run => {
  const { messageInstructionLimit, cleanupReserve } = engine.genesis.parameters;
  const { result } = job;
  const closing = callbackOf(canister, job);
  const context = canister.contexts!.get(closing.context)!;
  const brought = broughtBy(start.prices, job, closing);
  const { refunded } = brought;
  const before = cycles(prepaidBalance(start.prices, start.balance, brought, closing));
  const replied = result.kind === "reply";
  const message = replied ? result.payload : hex(`0${result.code}`);
  const limit = messageInstructionLimit - Math.floor((messageInstructionLimit * cleanupReserve) / 100);
  const frame = frameOn(engine, canister, context, "callback", limit, start, before, message, refunded, closing);
  frame.rejectCode = replied ? 0 : result.code;
  const trap = runScript(frame, replied ? closing.onReply : closing.onReject);
  let used = frame.used;
  let kept = trap === null ? frame : null;
  let cleanup: Run["cleanup"] = "none";
  if (trap !== null && closing.onCleanup.length > 0) {
    const rest = frameOn(engine, canister, context, "cleanup", messageInstructionLimit - used, start, before, noBytes, noCycles, closing);
    rest.rejectCode = frame.rejectCode;
    const failed = runScript(rest, closing.onCleanup) !== null;
    used += rest.used;
    kept = failed ? null : rest;
    cleanup = failed ? "trapped" : "completed";
  }
  const cause: Cause = { kind: "response", callback: closing.id, result: result.kind };
  return { job, cause, start, context, closing, before, trap, cleanup, used, frame: kept, brought };
};

/** The callback to which a response in the hands of its canister belongs. @throws Error when there is none. */
export const callbackOf = (canister: Canister, { callback: id }: Response): Callback => {
  const callback = canister.callbacks?.get(id);
  if (callback === undefined) throw new Error(`${canister.id} has no callback ${id} for a response`);
  return callback;
};

/** What a response brings: never back more than was attached, and never at a price above what was set aside for it. */
export const broughtBy = ({ transmission }: Prices, response: Response, { attached, reserve }: Callback): Run["brought"] => {
  const { refund } = response;
  const fee = transmission(bytesOf(response));
  return {
    refunded: refund < attached ? refund : attached,
    transmissionReserve: reserve.transmission,
    transmissionFee: fee < reserve.transmission ? fee : reserve.transmission,
  };
};

/** Whether the execution of a response can be paid at these prices, out of this balance, if its reserve does not suffice. */
export const isCovered = (prices: Prices, balance: Cycles, response: Response, callback: Callback): boolean =>
  callback.reserve.execution >= prices.prepayment || prepaidBalance(prices, balance, broughtBy(prices, response, callback), callback) >= 0n;

/** The balance with what a response brings, when the reserve and the balance have paid for the execution. */
const prepaidBalance = ({ prepayment }: Prices, balance: Cycles, brought: Run["brought"], { reserve }: Callback): bigint =>
  balance + brought.refunded + brought.transmissionReserve - brought.transmissionFee + reserve.execution - prepayment;
