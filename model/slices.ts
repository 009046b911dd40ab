/**
 * Slices. A script is deterministic and sees nothing but its own canister, its message and the time; so an execution
 * is run whole, on the state of its start, to learn what it uses, and run again for good when its last slice comes.
 */
import { match } from "ts-pattern";
import { cycles, instructions, sliceOf, type CanisterId, type Cause, type ErrorCode, type Event, type Task } from "../spec/index.ts";
import { abortExecution, adjustPrepayment, attemptOf, desistExecution, lackOf, pauseExecution, postponedBy } from "./rules/slicing.ts";
import type { Ran } from "./finish.ts";
import { messagesBeside } from "./memory.ts";
import { refuseCall, runTaken } from "./run.ts";
import { canisterOf, changedPages, errorOf, known, tell } from "./reading.ts";
import type { Held, Message, State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** What one slice came to. */
export interface Sliced {
  readonly state: State;
  readonly used: number;
  /** Pages that the execution changed, when it is over. */
  readonly changed: number;
  /** Whether it is over. */
  readonly over: boolean;
}

/** Executes the first slice of what a canister took, or the next one of what is under way. */
export const runSlice = (fire: Fire, before: State, id: CanisterId, taken: Message | Task): Sliced => {
  const attempt = attemptOf(before, id);
  const slice = sliceOf(before.parameters);
  const total = attempt?.total ?? runWhole(fire, before, id, taken).used;
  const paused = fire(pauseExecution, before, { canister: id, taken, total });
  if (paused.applied) return { state: tell(paused.state, pausedEvent(paused.state, id, taken)), used: slice, changed: 0, over: false };
  const { state, used } = runWhole(fire, before, id, taken);
  return {
    state,
    used: used - (attempt?.instructions ?? 0),
    changed: changedPages(canisterOf(before, id), canisterOf(state, id)).length,
    over: true,
  };
};

/** Aborts the paused executions that a round does not keep: `order` is that of the scheduler. */
export const abortExcess = (fire: Fire, before: State, order: readonly CanisterId[]): State =>
  order
    .filter((id) => attemptOf(before, id) !== null)
    .reduce((state, canister, ahead) => {
      const fired = fire(abortExecution, state, { canister, ahead });
      if (!fired.applied) return state;
      const { slices, instructions: lost } = known(attemptOf(state, canister), "an attempt");
      return tell(fired.state, {
        kind: "execution-aborted",
        canister,
        slices,
        instructions: instructions(lost),
        postponed: postponedBy(state, canister),
        balance: canisterOf(fired.state, canister).balance,
      });
    }, before);

/** A new attempt is paid at the prices of now; one that cannot be is over. */
export const payAnew = (fire: Fire, before: State, canister: CanisterId): { readonly state: State; readonly goesOn: boolean } => {
  const { taken, attempt } = known(canisterOf(before, canister).underway, "an execution under way");
  if (attempt !== null || (typeof taken !== "string" && taken.kind === "response")) return { state: before, goesOn: true };
  const lack = lackOf(before, canister);
  const adjusted = fire(adjustPrepayment, before, { canister });
  if (!adjusted.applied) return { state: desist(fire, before, canister, taken, errorOf(adjusted.error)), goesOn: false };
  if (lack === 0n) return { state: adjusted.state, goesOn: true };
  const { balance } = canisterOf(adjusted.state, canister);
  const [paid, returned] = lack > 0n ? [lack, 0n] : [0n, -lack];
  const event: Event = { kind: "prepayment-adjusted", canister, taken: cycles(paid), returned: cycles(returned), balance };
  return { state: tell(adjusted.state, event), goesOn: true };
};

const desist = (fire: Fire, before: State, canister: CanisterId, taken: Message | Task, error: ErrorCode): State => {
  const { state } = fire(desistExecution, before, { canister });
  const { balance } = canisterOf(state, canister);
  const told = tell(state, { kind: "not-executed", canister, cause: causeOf(taken), error, charged: cycles(0n), balance });
  return typeof taken === "string" || taken.kind === "response" ? told : refuseCall(fire, told, canister, taken, error);
};

/** Runs an execution to its end, as it would have run without a pause. */
const runWhole = (fire: Fire, before: State, id: CanisterId, taken: Message | Task): Ran => {
  const canister = canisterOf(before, id);
  const { underway } = canister;
  if (underway === null) return runTaken(fire, before, id, taken);
  const { round } = before;
  const { fees } = before.parameters;
  const now = messagesBeside(before, id);
  const attempt = underway.attempt ?? { ...before, ...canister, fees, messages: now, postponed: cycles(0n), left: round.left };
  const { time, balance, postponed, left } = attempt;
  const held: Held = {
    prepaid: underway.prepaid,
    time,
    gained: cycles(canister.balance - balance),
    messages: attempt.messages - now,
    postponed,
    left,
    core: round.left,
  };
  const start: State = {
    ...before,
    parameters: { ...before.parameters, fees: attempt.fees ?? fees },
    canisters: new Map(before.canisters).set(id, { ...canister, balance }),
    round: { ...round, left },
  };
  const { state, used } = runTaken(fire, start, id, taken, held);
  return { state: { ...state, parameters: before.parameters }, used };
};

const pausedEvent = (state: State, id: CanisterId, taken: Message | Task): Event => {
  const { underway, balance } = canisterOf(state, id);
  const { since, prepaid, attempt } = known(underway, "an execution under way");
  const { slices, instructions: done } = known(attempt, "an attempt");
  const cause = causeOf(taken);
  return { kind: "execution-paused", canister: id, cause, slices, instructions: instructions(done), prepaid, since, balance };
};

const causeOf = (taken: Message | Task): Cause =>
  match(taken)
    .with("timer", "heartbeat", "low-memory", (kind): Cause => ({ kind }))
    .with({ kind: "ingress" }, ({ ingress, method }): Cause => ({
      kind: "update",
      origin: { kind: "ingress", ingress },
      method,
      attached: cycles(0n),
    }))
    .with({ kind: "request" }, ({ caller: canister, callback, method, attached }): Cause => ({
      kind: "update",
      origin: { kind: "canister", canister, callback },
      method,
      attached,
    }))
    .with({ kind: "response" }, ({ callback, result }): Cause => ({ kind: "response", callback, result: result.kind }))
    .exhaustive();
