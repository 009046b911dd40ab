/**
 * One message or task on one canister: admitted, run, and concluded, or, when it needs more than a slice, paused. What cannot be
 * admitted is answered at once and uses no instructions.
 *
 * The prepayment is held by leaving it out of the balance that the frame begins with, so each execution writes the
 * balance once. Records are spelled out field by field: one object spread in this path cost half of a round.
 */
import { contextOpen, cycles, executionBegin, type ErrorCode, type Task } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { conclude } from "./conclude.ts";
import { noCycles, otherMessageBytes, type Start } from "./frame.ts";
import { isThawed } from "./freezing.ts";
import { takeInput } from "./inputs.ts";
import type { IngressMessage, Request, Response } from "./messages.ts";
import { refusalOf, refusalsByStatus } from "./refusals.ts";
import { runJob, type Job, type TaskJob } from "./run.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { takeTask } from "./tasks.ts";
import { pauseFirst } from "./under-way.ts";
import { isDiscarded, isPayable, refuseCall, refuseCallback, refuseUnpaid } from "./unexecuted.ts";

/** Takes the hook or a task of an active canister, else its next input, and says how many instructions its slice used. */
export const executeNext = (engine: Engine, canister: Canister): number => {
  const { core, slice, time, prices } = engine;
  const task = takeTask(canister);
  const job = task === null ? takeInput(engine, canister) : tasks[task];
  if (!isAdmitted(engine, canister, job)) return 0;
  const prepaid = job.kind === "response" ? noCycles : prices.prepayment;
  const start: Start = {
    time,
    prices,
    balance: cycles(balanceOf(canister) - prepaid),
    share: core.share,
    callbacks: core.callbacks,
    storage: core.storage,
    messageBytes: otherMessageBytes(engine, canister),
  };
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

const refusals = refusalsByStatus(executionBegin.when);
const noCode = refusalOf(contextOpen.when.installed);
const notExported = refusalOf(contextOpen.when.exported);
const notReplicable = refusalOf(contextOpen.when.replicable);

/** Whether there is something to run; otherwise it was dealt with. */
const isAdmitted = (engine: Engine, canister: Canister, job: Job): boolean => {
  switch (job.kind) {
    case "ingress":
    case "request":
      return isCallAdmitted(engine, canister, job);
    case "response":
      return !isDiscarded(engine, canister, job) && isPaid(engine, canister, job);
    case "timer":
    case "heartbeat":
    case "low-memory":
      return isPrepayable(engine, canister, job);
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
const isCallAdmitted = (engine: Engine, canister: Canister, message: IngressMessage | Request): boolean => {
  const { prices, totals } = engine;
  const notRunning = refusals[canister.status];
  if (notRunning !== null) {
    refuseCall(engine, canister, message, notRunning, noCycles);
    return false;
  }
  if (!isPrepayable(engine, canister, message)) return false;
  const error = refusalOfCall(canister, message);
  if (error === null) return true;
  setBalance(engine, canister, cycles(balanceOf(canister) - prices.attempt));
  totals.burned += prices.attempt;
  refuseCall(engine, canister, message, error, prices.attempt);
  return false;
};

const refusalOfCall = ({ code }: Canister, { method: name }: IngressMessage | Request): ErrorCode | null => {
  if (code === null) return noCode;
  const method = code.methods.get(name);
  if (method === undefined) return notExported;
  return method.mode === "composite" ? notReplicable : null;
};

/** A request in the hands of its canister takes the memory that it took in its queue. */
const isPrepayable = (engine: Engine, canister: Canister, job: Exclude<Job, Response>): boolean => {
  const taken = job.kind === "request" && job.deadline === null ? engine.genesis.parameters.maxPayload : 0;
  if (isThawed(engine, canister, balanceOf(canister) - engine.prices.prepayment, taken)) return true;
  refuseUnpaid(engine, canister, job);
  return false;
};

const isPaid = (engine: Engine, canister: Canister, response: Response): boolean => {
  if (isPayable(engine, canister, response)) return true;
  refuseCallback(engine, canister, response, sayNothing);
  return false;
};
