/**
 * Executions that need more than a slice. What they are going to do is known since their attempt began; a slice only
 * counts on until it may happen. Meanwhile their message stands in no queue, but counts as if it stood in the one that it came
 * from: for slots, for the memory of responses, and for whether a callback is answered.
 */
import { cycles, instructions, type Cycles, type Height } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { conclude } from "./conclude.ts";
import { noCycles, otherMessageBytes, type Start } from "./frame.ts";
import { isThawed } from "./freezing.ts";
import { cyclesOn, type Response } from "./messages.ts";
import { countMessage } from "./occupancy.ts";
import { runJob, type Job, type Run } from "./run.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { isPayable, refuseCallback, refuseUnpaid } from "./unexecuted.ts";

export interface Execution {
  readonly job: Job;
  /** The round in which it was first paused. */
  readonly since: Height;
  /** Held for it, by the prices of its attempt, or of the last one; for a response nothing, since the callback holds it. */
  prepaid: Cycles;
  /** What it has behind it; `null` when it was aborted. */
  attempt: Attempt | null;
}

export interface Attempt {
  run: Run;
  slices: number;
  /** Instructions of these slices. */
  done: number;
  /** Fees of ingress inducted meanwhile. */
  postponed: Cycles;
}

/**
 * The first slice of a message or task that needs more; says how many instructions that took.
 * @rule execution-hold
 */
export const pauseFirst = (engine: Engine, canister: Canister, run: Run, prepaid: Cycles): number => {
  setBalance(engine, canister, run.start.balance);
  const attempt = attemptOf(run);
  hold(engine, canister, { job: run.job, since: engine.height, prepaid, attempt });
  return pause(engine, canister, canister.execution!, attempt);
};

/** An attempt that has nothing behind it yet. */
export const attemptOf = (run: Run): Attempt => ({
  run,
  slices: 0,
  done: 0,
  postponed: noCycles,
});

/** The canister has this execution under way, and the prepayment is not on its balance. */
export const hold = (engine: Engine, canister: Canister, execution: Execution): void => {
  canister.execution = execution;
  engine.underWay.add(canister);
  count(engine, canister, execution, 1);
};

/**
 * The next slice of an execution under way; says how many instructions it took. None when it cannot pay any more what it costs.
 * @rule execution-resume
 */
export const resume = (engine: Engine, canister: Canister): number => {
  const execution = canister.execution!;
  const { slice, events } = engine;
  events.push({ kind: "execution-resumed", canister: canister.id, afresh: execution.attempt === null });
  const attempt = execution.attempt === null ? startAgain(engine, canister, execution) : execution.attempt;
  if (attempt === null) return 0;
  const left = Math.max(0, attempt.run.used - attempt.done);
  if (left > slice) return pause(engine, canister, execution, attempt);
  finish(engine, canister, execution, attempt);
  return left;
};

/**
 * Of the canisters with a paused execution, in the order of the scheduler, those beyond the first few lose their slices.
 * @rule execution-abort
 */
export const abortBeyond = (engine: Engine, kept: number, compare: (left: Canister, right: Canister) => number): void => {
  if (engine.underWay.size <= kept) return;
  const paused = [...engine.underWay].filter(({ execution }) => execution!.attempt !== null).sort(compare);
  for (const canister of paused.slice(kept)) abort(engine, canister, canister.execution!);
};

/** A new attempt, at the prices of now; `null` when they cannot be paid, and the execution is over. */
const startAgain = (engine: Engine, canister: Canister, execution: Execution): Attempt | null => {
  const { job } = execution;
  if (job.kind === "response") {
    if (!isPayable(engine, canister, job)) return giveUp(engine, canister, execution, job);
  } else if (!adjustPrepayment(engine, canister, execution)) return desist(engine, canister, execution, job);
  return (execution.attempt = attemptOf(runJob(engine, canister, job, startOf(engine, canister))));
};

/**
 * Whether the execution holds what it costs now; afterwards it does.
 * @rule prepayment-adjust
 */
const adjustPrepayment = (engine: Engine, canister: Canister, execution: Execution): boolean => {
  const { prepayment } = engine.prices;
  const lacking = prepayment - execution.prepaid;
  if (lacking === 0n) return true;
  if (lacking > 0n && !isThawed(engine, canister, balanceOf(canister) - lacking)) return false;
  execution.prepaid = prepayment;
  engine.totals.executions += lacking;
  setBalance(engine, canister, cycles(balanceOf(canister) - lacking));
  engine.events.push({
    kind: "prepayment-adjusted",
    canister: canister.id,
    taken: lacking > 0n ? cycles(lacking) : noCycles,
    returned: lacking > 0n ? noCycles : cycles(-lacking),
    balance: balanceOf(canister),
  });
  return true;
};

/** @rule execution-desist */
const desist = (engine: Engine, canister: Canister, execution: Execution, job: Exclude<Job, Response>): null => {
  release(engine, canister, execution);
  setBalance(engine, canister, cycles(balanceOf(canister) + execution.prepaid));
  refuseUnpaid(engine, canister, job);
  return null;
};

/** It was the whole of this attempt. */
const giveUp = (engine: Engine, canister: Canister, execution: Execution, response: Response): null => {
  release(engine, canister, execution);
  refuseCallback(engine, canister, response, () => sayFinished(engine, canister, execution, 1, noCycles));
  return null;
};

const startOf = (engine: Engine, canister: Canister): Start => ({
  time: engine.time,
  prices: engine.prices,
  balance: balanceOf(canister),
  share: engine.core.share,
  callbacks: engine.core.callbacks,
  storage: engine.core.storage,
  messageBytes: otherMessageBytes(engine, canister),
});

/** @rule execution-pause */
const pause = (engine: Engine, canister: Canister, { since, prepaid }: Execution, attempt: Attempt): number => {
  attempt.slices++;
  attempt.done += engine.slice;
  engine.events.push({
    kind: "execution-paused",
    canister: canister.id,
    cause: attempt.run.cause,
    slices: attempt.slices,
    instructions: instructions(attempt.done),
    prepaid,
    since,
    balance: balanceOf(canister),
  });
  return engine.slice;
};

/** @rule execution-finish */
const finish = (engine: Engine, canister: Canister, execution: Execution, attempt: Attempt): void => {
  const { run, slices, postponed } = attempt;
  const gained = cycles(balanceOf(canister) - run.start.balance);
  release(engine, canister, execution);
  conclude(engine, canister, run, { gained, postponed }, (paid) => sayFinished(engine, canister, execution, slices + 1, paid));
};

const sayFinished = (engine: Engine, canister: Canister, { since }: Execution, slices: number, postponed: Cycles): void =>
  void engine.events.push({ kind: "execution-finished", canister: canister.id, slices, since, postponed });

/** What it held is in the hands of the execution that ends now; in this round the canister takes nothing more. */
const release = (engine: Engine, canister: Canister, execution: Execution): void => {
  canister.execution = null;
  canister.restedIn = engine.height;
  engine.underWay.delete(canister);
  count(engine, canister, execution, -1);
  if (canister.mail === null || canister.isSettling) return;
  canister.isSettling = true; // its mail was kept for the execution, perhaps for nothing else
  engine.settling.canisters.push(canister);
};

const abort = (engine: Engine, canister: Canister, execution: Execution): void => {
  const { slices, done, postponed } = execution.attempt!;
  execution.attempt = null;
  canister.executedRounds = 0;
  setBalance(engine, canister, cycles(balanceOf(canister) - postponed));
  engine.totals.burned += postponed;
  engine.events.push({
    kind: "execution-aborted",
    canister: canister.id,
    slices,
    instructions: instructions(done),
    postponed,
    balance: balanceOf(canister),
  });
};

/** Its prepayment and the cycles on its message are with the executions; a guaranteed message goes on to take its memory. */
const count = (engine: Engine, canister: Canister, { job, prepaid }: Execution, by: 1 | -1): void => {
  const { totals } = engine;
  const sign = BigInt(by);
  totals.executions += sign * prepaid;
  if (job.kind !== "request" && job.kind !== "response") return;
  totals.executions += sign * cyclesOn(job);
  if (job.deadline === null) countMessage(engine, canister, job, by);
};
