/**
 * One message or task on one canister: admitted, run, and concluded, or, when it needs more than a slice, paused. What cannot be
 * admitted is answered at once and uses no instructions.
 *
 * The prepayment is held by leaving it out of the balance that the frame begins with, so each execution writes the
 * balance once. Records are spelled out field by field: one object spread in this path cost half of a round.
 */
import { contextOpen, cycles, executionBegin, type Cause, type Cycles, type ErrorCode, type Task } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { closeCallback, conclude } from "./conclude.ts";
import { deliver, removeContext } from "./contexts.ts";
import { noCycles, type Start } from "./frame.ts";
import { takeInput } from "./inputs.ts";
import { bytesOf, type IngressMessage, type Request, type Response } from "./messages.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { callbackOf, causeOfCall, refundOf, runJob, type Job, type TaskJob } from "./run.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { takeTask } from "./tasks.ts";
import { arm } from "./timers.ts";
import { pauseFirst } from "./under-way.ts";

/** Takes the hook or a task of an active canister, else its next input, and says how many instructions its slice used. */
export const executeNext = (engine: Engine, canister: Canister): number => {
  const { core, slice, time, prices } = engine;
  const task = takeTask(canister);
  const job = task === null ? takeInput(engine, canister) : tasks[task];
  if (!isAdmitted(engine, canister, job)) return 0;
  const prepaid = job.kind === "response" ? noCycles : prices.prepayment;
  const start: Start = { time, balance: cycles(balanceOf(canister) - prepaid), share: core.share, callbacks: core.callbacks };
  const run = runJob(engine, canister, job, start);
  if (run.used > slice) return pauseFirst(engine, canister, run, prepaid);
  conclude(engine, canister, run, nothingMeanwhile, sayNothing);
  return run.used;
};

const tasks: Readonly<Record<Task, TaskJob>> = {
  timer: { kind: "timer" },
  heartbeat: { kind: "heartbeat" },
  "low-memory": { kind: "low-memory" },
};

const nothingMeanwhile = { gained: noCycles, postponed: noCycles };
const sayNothing = (): void => undefined;

const cannotPay = refusalOf(executionBegin.when.funded);
const noCode = refusalOf(contextOpen.when.installed);
const notExported = refusalOf(contextOpen.when.exported);

/** Whether there is something to run; otherwise it was dealt with. */
const isAdmitted = (engine: Engine, canister: Canister, job: Job): boolean => {
  switch (job.kind) {
    case "ingress":
      return isCallAdmitted(engine, canister, job, noCycles, null);
    case "request":
      return isCallAdmitted(engine, canister, job, job.attached, job.deadline);
    case "response":
      return !isDiscarded(engine, canister, job);
    case "timer":
    case "heartbeat":
    case "low-memory":
      return isTaskAdmitted(engine, canister, job);
    default: {
      const never: never = job;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/**
 * @rule execution-begin
 * @rule context-open
 */
const isCallAdmitted = (
  engine: Engine,
  canister: Canister,
  message: IngressMessage | Request,
  attached: Cycles,
  deadline: Request["deadline"],
): boolean => {
  const { prices, totals } = engine;
  if (!canPrepay(engine, canister)) return refuse(engine, canister, message, attached, deadline, cannotPay, noCycles);
  if (canister.code?.methods.has(message.method) === true) return true;
  setBalance(engine, canister, cycles(balanceOf(canister) - prices.attempt));
  totals.burned += prices.attempt;
  return refuse(engine, canister, message, attached, deadline, canister.code === null ? noCode : notExported, prices.attempt);
};

/** @rule call-refuse */
const refuse = (
  engine: Engine,
  canister: Canister,
  message: IngressMessage | Request,
  attached: Cycles,
  deadline: Request["deadline"],
  error: ErrorCode,
  charged: Cycles,
): false => {
  notExecuted(engine, canister, causeOfCall(message, attached), error, charged);
  deliver(engine, canister, null, message.origin, rejectWith(error), attached, deadline);
  return false;
};

const isTaskAdmitted = (engine: Engine, canister: Canister, task: TaskJob): boolean => {
  if (canPrepay(engine, canister)) return true;
  if (task.kind === "timer") arm(engine.timers, canister); // it stays set, and with the task gone it can come due again
  notExecuted(engine, canister, task, cannotPay, noCycles);
  return false;
};

const canPrepay = ({ prices }: Engine, canister: Canister): boolean => balanceOf(canister) >= canister.threshold + prices.prepayment;

const notExecuted = (engine: Engine, canister: Canister, cause: Cause, error: ErrorCode, charged: Cycles): void =>
  void engine.events.push({ kind: "not-executed", canister: canister.id, cause, error, charged, balance: balanceOf(canister) });

/** @rule response-discard */
const isDiscarded = (engine: Engine, canister: Canister, response: Response): boolean => {
  const callback = callbackOf(canister, response);
  const context = canister.contexts!.get(callback.context)!;
  if (context.status !== "deleted") return false;
  const transmissionFee = engine.prices.transmission(bytesOf(response));
  const refunded = refundOf(response, callback);
  const released = cycles(engine.prices.reserve - transmissionFee);
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
