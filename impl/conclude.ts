/** The end of an execution: its frame is committed or forgotten, its prepayment settled, and its call context brought to where it belongs. */
import { cycles, executionCommit, instructions, type Cycles, type ErrorCode, type RefusedCall } from "../spec/index.ts";
import { reservedOf } from "./cohorts.ts";
import { commit } from "./commit.ts";
import { addContext, endContext } from "./contexts.ts";
import { wholeOf } from "./fees.ts";
import { growthIn, isPlenty, noCycles, thresholdOf, type Frame } from "./frame.ts";
import { countChanges } from "./limits.ts";
import { change } from "./labels.ts";
import { endCall } from "./mail.ts";
import type { Callback } from "./messages.ts";
import { sayChanged } from "./pages.ts";
import { refusalOf } from "./refusals.ts";
import type { Run } from "./run.ts";
import { setBalance, setReserved, type Canister, type Engine } from "./state.ts";
import { lookAtMemory } from "./tasks.ts";

/** What a long execution meets at its end: cycles that came meanwhile, and fees that waited. */
export interface Meanwhile {
  readonly gained: Cycles;
  readonly postponed: Cycles;
}

/**
 * Whatever a run is going to do happens now; `finished` says it right after `executed`, if there is more to say.
 * @rule execution-rollback
 * @rule execution-settle
 */
export const conclude = (engine: Engine, canister: Canister, run: Run, meanwhile: Meanwhile, finished: (paid: Cycles) => void): void => {
  const { totals } = engine;
  const { prices } = run.start;
  const { cause, context, before, cleanup, used, brought } = run;
  const { certifiedData, stablePages } = canister;
  begin(engine, canister, run);
  const trap = run.trap ?? notCommitted(run.frame!, meanwhile);
  const frame = trap === null || run.trap !== null ? run.frame : null;
  if (frame?.kind === "query") discardMemory(frame);
  else if (frame !== null) canister.version++;
  const hasGrown = frame !== null && growthIn(frame) > 0;
  const wrote = frame === null ? [] : commit(engine, frame, run.start);
  const refund = prices.refund(used);
  const charged = cycles(prices.prepayment - refund);
  const gained = (frame === null ? before : frame.balance) + refund + meanwhile.gained;
  const paid = cycles(meanwhile.postponed < gained ? meanwhile.postponed : gained);
  const balance = cycles(gained - paid);
  const reserved = hasGrown ? setAside(engine, canister, frame) : noCycles;
  setBalance(engine, canister, balance);
  totals.burned += charged + paid;
  if (wrote.length > 0) countChanges(engine, canister, wrote.length);
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
    reserved,
    calls: frame === null ? [] : frame.calls.map(({ sent }) => sent),
    refusedCalls: frame?.refusedCalls ?? noneRefused,
    wrote,
    timer: canister.timer,
    balance,
  });
  finished(paid);
  sayChanged(engine, canister, { certifiedData, stablePages });
  lookAtMemory(engine, canister);
  endContext(engine, canister, context, frame === null ? null : frame.answer, trap);
};

/**
 * What a query wrote, and how much larger it made stable memory, is forgotten; all else that it did stays.
 * @rule query-discard
 */
const discardMemory = (frame: Frame): void => {
  frame.writes = null;
  frame.heapSize = frame.canister.heapSize;
  frame.stablePages = frame.canister.stablePages;
  frame.threshold = null;
};

/** What the execution set aside for its memory is set aside now; says how much that is. */
const setAside = (engine: Engine, canister: Canister, { reserved }: Frame): Cycles => {
  const before = reservedOf(canister);
  if (reserved > before) setReserved(engine, canister, reserved);
  return cycles(reserved - before);
};

/** The callback of a response is gone: its caller waits for it no more. */
export const closeCallback = (engine: Engine, canister: Canister, callback: Callback): void => {
  canister.callbacks!.delete(callback.id);
  canister.contexts!.get(callback.context)!.calls--;
  engine.totals.callbacks--;
  engine.totals.reserves -= wholeOf(callback.reserve);
  endCall(engine, canister.mail!.pairs.get(callback.callee)!);
};

const noneRefused: readonly RefusedCall[] = [];
const insolvent = refusalOf(executionCommit.when.solvent);
const overLimit = refusalOf(executionCommit.when.limited);

/**
 * What happens before the script runs. Nobody saw it run, so it is the same now.
 * @rule task-begin
 */
const begin = (engine: Engine, canister: Canister, { job, context, closing, brought }: Run): void => {
  if (closing !== null) {
    closeCallback(engine, canister, closing);
    engine.totals.burned += brought.transmissionFee;
    return;
  }
  addContext(engine, canister, context);
  if (job.kind !== "timer") return;
  canister.timer = null;
  change(canister);
};

/**
 * Why an execution whose script ended well does not complete; `null` when it does.
 * @rule execution-commit
 */
const notCommitted = (frame: Frame, { gained, postponed }: Meanwhile): ErrorCode | null => {
  if (frame.kind === "callback" || frame.kind === "query") return null;
  const left = frame.balance + gained - postponed;
  if (!isPlenty(frame, left, 0) && left < thresholdOf(frame)) return insolvent;
  if (frame.kind === "task") return null;
  const { lowMemory } = frame.canister.code!;
  return lowMemory !== null && frame.heapSize > lowMemory.limit ? overLimit : null;
};
