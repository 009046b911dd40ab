/** The end of an execution: completed or rolled back, settled, told; and its call context answered when nobody else can. */
import {
  bigEndian,
  cycles,
  hex,
  instructions,
  type CanisterId,
  type Cause,
  type Cycles,
  type ErrorCode,
  type Event,
  type Hex,
  type Instructions,
  type Principal,
  type Result,
  type Script,
} from "../spec/index.ts";
import { answered, removeIfDone } from "./answering.ts";
import { availableOf, canisterOf, changedPages, contextOf, errorOf, known, runningOf, tell } from "./reading.ts";
import { rejectWith } from "./rules/answers.ts";
import { commitExecution, rollBack, settle, settled } from "./rules/execution.ts";
import { discardWrites } from "./rules/queries.ts";
import { giveUp, respond } from "./rules/responses.ts";
import { due, finishExecution } from "./rules/slicing.ts";
import { readyHook } from "./rules/timers.ts";
import { runScript, type Ended } from "./script.ts";
import { nothingDone, type Canister, type Execution, type Held, type State } from "./state.ts";
import type { Fire } from "./transition.ts";

export interface Ran {
  readonly state: State;
  /** Without the overhead of the message. */
  readonly used: Instructions;
}

/** Runs a script to its end: completed, or trapped and rolled back to where it started. */
export const execute = (fire: Fire, start: State, script: Script): Ended => {
  const ended = runScript(fire, start, script);
  const committed = ended.trap === null ? fire(commitExecution, fire(discardWrites, ended.state, { start }).state, {}) : null;
  if (committed?.applied) return { state: committed.state, trap: null };
  const trap = ended.trap ?? errorOf(committed?.error ?? null);
  const back = fire(rollBack, ended.state, { start }).state;
  return { state: { ...back, running: { ...runningOf(back), report: nothingDone } }, trap };
};

/** What a response moved before its callback ran. */
export interface Moved {
  readonly refunded: Cycles;
  readonly transmissionReserve: Cycles;
  readonly transmissionFee: Cycles;
}

export const unmoved: Moved = { refunded: cycles(0n), transmissionReserve: cycles(0n), transmissionFee: cycles(0n) };

interface Outcome {
  readonly cause: Cause;
  readonly cleanup: "none" | "completed" | "trapped";
  readonly moved: Moved;
}

/** Settles the prepayment, tells what happened, and looks after the call context. */
export const finish = (fire: Fire, start: State, { state, trap }: Ended, { cause, cleanup, moved }: Outcome): Ran => {
  const { canister: id, context, used, prepaid, report, held } = runningOf(state);
  const unused = state.parameters.messageInstructionLimit - used;
  const { charged } = settled(state, unused);
  const settledState = fire(settle, state, { unused }).state;
  const paid = held === null ? settledState : fire(finishExecution, settledState, { canister: id, held }).state;
  const { timer, balance } = canisterOf(paid, id);
  const executed: Event = {
    kind: "executed",
    canister: id,
    cause,
    context,
    trap,
    cleanup,
    instructions: used,
    prepaid,
    charged,
    ...moved,
    ...report,
    wrote: changedPages(canisterOf(start, id), canisterOf(paid, id)),
    timer,
    balance,
  };
  const hooked = fire(readyHook, paid, { canister: id });
  const told = tell(
    hooked.state,
    executed,
    ...(held === null ? [] : [finished(settledState, id, held)]),
    ...changesTold(canisterOf(start, id), canisterOf(paid, id)),
    ...(hooked.applied ? [{ kind: "hook-ready", canister: id } as const] : []),
  );
  const closed = closeContext(fire, told, trap);
  return { state: { ...closed, running: null }, used };
};

export const finished = (state: State, id: CanisterId, held: Held): Event => {
  const { since, attempt } = known(canisterOf(state, id).underway, "an execution under way");
  return { kind: "execution-finished", canister: id, slices: (attempt?.slices ?? 0) + 1, since, postponed: due(state, id, held) };
};

/** What is told when certified data, or the size of stable memory, changed. */
export const changesTold = (before: Canister, { id: canister, certifiedData: data, stablePages }: Canister): readonly Event[] => [
  ...(data === before.certifiedData ? [] : [{ kind: "data-certified", canister, data } as const]),
  ...(stablePages === before.stablePages ? [] : [{ kind: "stable-resized", canister, stablePages } as const]),
];

export const closeContext = (fire: Fire, before: State, trap: ErrorCode | null): State => {
  const { canister, context, answer } = runningOf(before);
  const { origin } = contextOf(canisterOf(before, canister), context);
  const responded = fire(respond, before, {});
  let state = responded.applied ? answered(fire, responded.state, { canister, context, origin, ...known(answer, "an answer") }) : before;
  const error = trap ?? "IC0506";
  const refund = availableOf(contextOf(canisterOf(state, canister), context));
  const given = fire(giveUp, state, { error });
  if (given.applied) state = answered(fire, given.state, { canister, context, origin, result: rejectWith(error), refund });
  return removeIfDone(fire, state, { canister, context });
};

export const beginning = (
  before: State,
  { id, nextContext }: Canister,
  phase: Execution["phase"],
  caller: Principal,
  message: Hex | null,
  held: Held | null,
): Execution => ({
  phase,
  canister: id,
  context: nextContext,
  limit: before.parameters.messageInstructionLimit,
  used: instructions(0),
  prepaid: cycles(0n),
  message,
  caller,
  method: "",
  rejectCode: 0,
  refunded: cycles(0n),
  answer: null,
  accepted: false,
  time: held?.time ?? before.time,
  routed: null,
  value: hex(""),
  report: nothingDone,
  held,
});

/** The execution of a callback for this answer. */
export const called = (execution: Execution, result: Result): Execution =>
  result.kind === "reply"
    ? { ...execution, message: result.payload }
    : { ...execution, message: bigEndian(BigInt(result.code), 1), rejectCode: result.code };

export const idle = (state: State): Ran => ({ state: { ...state, running: null }, used: instructions(0) });
