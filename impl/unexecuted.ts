/**
 * Messages and tasks that are not executed: nobody can pay for them, nothing is there to run, or nobody waits for what would run. None
 * of them uses an instruction.
 */
import { callbackBegin, cycles, executionBegin, type Cause, type Cycles, type ErrorCode } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { closeCallback } from "./conclude.ts";
import { deliver, endContext, removeContext } from "./contexts.ts";
import { wholeOf } from "./fees.ts";
import { noCycles } from "./frame.ts";
import type { IngressMessage, Request, Response } from "./messages.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { broughtBy, callbackOf, causeOfCall, isCovered, type Job, type TaskJob } from "./run.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { arm } from "./timers.ts";

/** The canister cannot pay for a call or a task, which ends with that. */
export const refuseUnpaid = (engine: Engine, canister: Canister, job: Exclude<Job, Response>): void => {
  switch (job.kind) {
    case "ingress":
    case "request":
      return refuseCall(engine, canister, job, cannotPay, noCycles);
    case "timer":
    case "heartbeat":
    case "low-memory":
      return refuseTask(engine, canister, job);
    default: {
      const never: never = job;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** @rule call-refuse */
export const refuseCall = (
  engine: Engine,
  canister: Canister,
  message: IngressMessage | Request,
  error: ErrorCode,
  charged: Cycles,
): void => {
  const [attached, deadline] = message.kind === "request" ? [message.attached, message.deadline] : [noCycles, null];
  notExecuted(engine, canister, causeOfCall(message, attached), error, charged);
  deliver(engine, canister, null, message.origin, rejectWith(error), attached, deadline);
};

/**
 * Whether a response was dealt with without its execution: its context was deleted.
 * @rule response-discard
 */
export const isDiscarded = (engine: Engine, canister: Canister, response: Response): boolean => {
  const callback = callbackOf(canister, response);
  const context = canister.contexts!.get(callback.context)!;
  if (context.status !== "deleted") return false;
  const { refunded, transmissionFee } = broughtBy(engine.prices, response, callback);
  const released = cycles(wholeOf(callback.reserve) - transmissionFee);
  const balance = cycles(balanceOf(canister) + refunded + released);
  closeCallback(engine, canister, callback);
  engine.totals.burned += transmissionFee;
  setBalance(engine, canister, balance);
  engine.events.push({
    kind: "response-discarded",
    canister: canister.id,
    callback: callback.id,
    refunded,
    released,
    transmissionFee,
    balance,
  });
  if (context.calls === 0) removeContext(engine, canister, context);
  return true;
};

/** Whether the execution of a response can be paid. */
export const isPayable = (engine: Engine, canister: Canister, response: Response): boolean =>
  isCovered(engine.prices, balanceOf(canister), response, callbackOf(canister, response));

/**
 * A response whose execution became too expensive; `finished` says what there is to say right after that.
 * @rule callback-refuse
 */
export const refuseCallback = (engine: Engine, canister: Canister, response: Response, finished: () => void): void => {
  const { prices, totals, events } = engine;
  const callback = callbackOf(canister, response);
  const { reserve } = callback;
  const { refunded, transmissionFee } = broughtBy(prices, response, callback);
  const charged = prices.base < reserve.execution ? prices.base : reserve.execution;
  const released = cycles(wholeOf(reserve) - transmissionFee - charged);
  const balance = cycles(balanceOf(canister) + refunded + released);
  closeCallback(engine, canister, callback);
  totals.burned += transmissionFee + charged;
  setBalance(engine, canister, balance);
  events.push({
    kind: "callback-refused",
    canister: canister.id,
    callback: callback.id,
    error: tooExpensive,
    refunded,
    released,
    transmissionFee,
    charged,
    balance,
  });
  finished();
  endContext(engine, canister, canister.contexts!.get(callback.context)!, null, tooExpensive);
};

const cannotPay = refusalOf(executionBegin.when.funded);
const tooExpensive = refusalOf(callbackBegin.when.covered);

const refuseTask = (engine: Engine, canister: Canister, task: TaskJob): void => {
  if (task.kind === "timer") arm(engine.timers, canister); // it stays set, and with the task gone it can come due again
  notExecuted(engine, canister, task, cannotPay, noCycles);
};

const notExecuted = (engine: Engine, canister: Canister, cause: Cause, error: ErrorCode, charged: Cycles): void =>
  void engine.events.push({ kind: "not-executed", canister: canister.id, cause, error, charged, balance: balanceOf(canister) });
