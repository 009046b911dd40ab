/**
 * One message on one canister: it is paid for, its script runs, and it either completes or leaves nothing but its
 * cost; then its call context is answered when nobody else can.
 */
import { match } from "ts-pattern";
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
  type Script,
  type Task,
} from "../spec/index.ts";
import { refuse } from "./rules/calls.ts";
import { beginExecution, commitExecution, openContext, rollBack, settle, settled } from "./rules/execution.ts";
import { discardWrites, modeOf } from "./rules/queries.ts";
import { due, finishExecution, holdAgain } from "./rules/slicing.ts";
import { rejectWith, type Debt } from "./rules/answers.ts";
import { discardResponse, releasedBy } from "./rules/canisters.ts";
import { beginCallback, beginCleanup, callbackOf, giveUp, refundedBy, respond, responseCost } from "./rules/responses.ts";
import { beginTask, beginTimer, readyHook } from "./rules/timers.ts";
import { runScript, type Ended } from "./script.ts";
import { answered, removeIfDone } from "./answering.ts";
import { availableOf, canisterOf, changedPages, contextOf, errorOf, known, runningOf, tell } from "./reading.ts";
import { nothingDone, type Canister, type Execution, type Held, type Ingress, type Request, type Response, type State } from "./state.ts";
import type { Fire, Fired } from "./transition.ts";

export interface Ran {
  readonly state: State;
  /** Without the overhead of the message. */
  readonly used: Instructions;
}

/** Runs what a canister took: a task, or a message; of a long execution, to its end. */
export const runTaken = (
  fire: Fire,
  state: State,
  id: CanisterId,
  taken: Ingress | Request | Response | Task,
  held: Held | null = null,
): Ran =>
  match(taken)
    .with("timer", "heartbeat", "low-memory", (task) => runTask(fire, state, id, task, held))
    .with({ kind: "ingress" }, ({ ingress, method, payload }) =>
      runUpdate(fire, state, id, { origin: { kind: "ingress", ingress }, deadline: null, method, payload, attached: cycles(0n) }, held),
    )
    .with({ kind: "request" }, ({ caller, callback, deadline, method, payload, attached }) =>
      runUpdate(fire, state, id, { origin: { kind: "canister", canister: caller, callback }, deadline, method, payload, attached }, held),
    )
    .with({ kind: "response" }, (response) => runResponse(fire, state, response, held))
    .exhaustive();

interface Call extends Debt {
  readonly method: string;
  readonly payload: Hex;
  readonly attached: Cycles;
}

const runUpdate = (
  fire: Fire,
  before: State,
  id: CanisterId,
  { origin, deadline, method, payload, attached }: Call,
  held: Held | null,
): Ran => {
  const cause: Cause = { kind: "update", origin, method, attached };
  const refused = (state: State, error: ErrorCode, charged: Cycles): Ran => {
    const told = tell(state, { kind: "not-executed", canister: id, cause, error, charged, balance: canisterOf(state, id).balance });
    return idle(
      answered(fire, fire(refuse, told, { canister: id, origin, deadline, error, attached }).state, {
        canister: id,
        context: null,
        origin,
        result: rejectWith(error),
        refund: attached,
      }),
    );
  };
  const canister = canisterOf(before, id);
  const phase = modeOf(canister, method) === "query" ? "replicated query" : "update";
  const begun = prepay(fire, before, beginning(before, canister, phase, payload, held));
  if (!begun.applied) return refused(before, errorOf(begun.error), cycles(0n));
  const opened = fire(openContext, begun.state, { canister: id, method, origin, deadline, attached });
  if (!opened.applied) {
    const unused = before.parameters.messageInstructionLimit;
    return refused(fire(settle, begun.state, { unused }).state, errorOf(opened.error), settled(begun.state, unused).charged);
  }
  const body = canister.code?.methods.get(method)?.body ?? [];
  return finish(fire, opened.state, execute(fire, opened.state, body), { cause, cleanup: "none", moved: unmoved });
};

const runTask = (fire: Fire, before: State, id: CanisterId, task: Task, held: Held | null): Ran => {
  const cause: Cause = { kind: task };
  const begun = prepay(fire, before, beginning(before, canisterOf(before, id), "task", hex(""), held));
  if (!begun.applied)
    return idle(
      tell(before, {
        kind: "not-executed",
        canister: id,
        cause,
        error: errorOf(begun.error),
        charged: cycles(0n),
        balance: canisterOf(before, id).balance,
      }),
    );
  const opened = fire(beginTask, begun.state, { canister: id }).state;
  const start = fire(beginTimer, opened, { canister: id, task }).state;
  return finish(fire, start, execute(fire, start, scriptOf(canisterOf(before, id), task)), { cause, cleanup: "none", moved: unmoved });
};

const scriptOf = ({ code }: Canister, task: Task): Script =>
  match(task)
    .with("timer", () => code?.onTimer)
    .with("heartbeat", () => code?.onHeartbeat)
    .with("low-memory", () => code?.lowMemory?.hook)
    .exhaustive() ?? [];

const runResponse = (fire: Fire, before: State, response: Response, held: Held | null): Ran => {
  const discarded = fire(discardResponse, before, { response });
  if (discarded.applied) return discard(fire, before, discarded.state, response);
  const { messageInstructionLimit, cleanupReserve } = before.parameters;
  const id = response.caller;
  const { context, onReply, onReject, onCleanup, transmission } = callbackOf(before, response);
  const { result } = response;
  const message = result.kind === "reply" ? result.payload : bigEndian(BigInt(result.code), 1);
  const limit = instructions(messageInstructionLimit - Math.floor((messageInstructionLimit * cleanupReserve) / 100));
  const refunded = refundedBy(before, response);
  const execution: Execution = { ...beginning(before, canisterOf(before, id), "callback", message, held), context, limit, refunded };
  const start = fire(beginCallback, before, { response, execution }).state;
  const cause: Cause = { kind: "response", callback: response.callback, result: result.kind };
  const moved: Moved = { refunded, transmissionReserve: transmission, transmissionFee: responseCost(before, response) };

  const callback = execute(fire, start, result.kind === "reply" ? onReply : onReject);
  const cleaning = fire(beginCleanup, callback.state, { cleanup: onCleanup, trapped: callback.trap !== null });
  if (!cleaning.applied) return finish(fire, start, callback, { cause, cleanup: "none", moved });

  const spent = runningOf(cleaning.state).used;
  const cleanup = execute(
    fire,
    { ...cleaning.state, running: { ...runningOf(cleaning.state), phase: "cleanup", used: instructions(0) } },
    onCleanup,
  );
  const total: State = {
    ...cleanup.state,
    running: { ...runningOf(cleanup.state), used: instructions(spent + runningOf(cleanup.state).used) },
  };
  return finish(
    fire,
    start,
    { state: total, trap: callback.trap },
    { cause, cleanup: cleanup.trap === null ? "completed" : "trapped", moved },
  );
};

/** An execution is paid for when it first begins. */
const prepay = (fire: Fire, before: State, execution: Execution): Fired =>
  execution.held === null ? fire(beginExecution, before, { execution }) : fire(holdAgain, before, { execution, held: execution.held });
/** Nothing runs for a context that was deleted; the last of its responses removes it. */
const discard = (fire: Fire, before: State, discarded: State, response: Response): Ran => {
  const { caller: canister, callback } = response;
  const { context } = callbackOf(before, response);
  const told = tell(discarded, {
    kind: "response-discarded",
    canister,
    callback,
    refunded: refundedBy(before, response),
    released: releasedBy(before, response),
    transmissionFee: responseCost(before, response),
    balance: canisterOf(discarded, canister).balance,
  });
  return idle(removeIfDone(fire, told, { canister, context }));
};

/** Runs a script to its end: completed, or trapped and rolled back to where it started. */
const execute = (fire: Fire, start: State, script: Script): Ended => {
  const ended = runScript(fire, start, script);
  const committed = ended.trap === null ? fire(commitExecution, fire(discardWrites, ended.state, { start }).state, {}) : null;
  if (committed?.applied) return { state: committed.state, trap: null };
  const trap = ended.trap ?? errorOf(committed?.error ?? null);
  const back = fire(rollBack, ended.state, { start }).state;
  return { state: { ...back, running: { ...runningOf(back), report: nothingDone } }, trap };
};

/** What a response moved before its callback ran. */
interface Moved {
  readonly refunded: Cycles;
  readonly transmissionReserve: Cycles;
  readonly transmissionFee: Cycles;
}

const unmoved: Moved = { refunded: cycles(0n), transmissionReserve: cycles(0n), transmissionFee: cycles(0n) };

interface Outcome {
  readonly cause: Cause;
  readonly cleanup: "none" | "completed" | "trapped";
  readonly moved: Moved;
}

/** Settles the prepayment, tells what happened, and looks after the call context. */
const finish = (fire: Fire, start: State, { state, trap }: Ended, { cause, cleanup, moved }: Outcome): Ran => {
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
    ...(hooked.applied ? [{ kind: "hook-ready", canister: id } as const] : []),
  );
  const closed = closeContext(fire, told, trap);
  return { state: { ...closed, running: null }, used };
};

const finished = (state: State, id: CanisterId, held: Held): Event => {
  const { since, attempt } = known(canisterOf(state, id).underway, "an execution under way");
  return { kind: "execution-finished", canister: id, slices: (attempt?.slices ?? 0) + 1, since, postponed: due(state, id, held) };
};

const closeContext = (fire: Fire, before: State, trap: ErrorCode | null): State => {
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
  message: Hex,
  held: Held | null,
): Execution => ({
  phase,
  canister: id,
  context: nextContext,
  limit: before.parameters.messageInstructionLimit,
  used: instructions(0),
  prepaid: cycles(0n),
  message,
  refunded: cycles(0n),
  answer: null,
  accepted: false,
  time: held?.time ?? before.time,
  report: nothingDone,
  held,
});

const idle = (state: State): Ran => ({ state: { ...state, running: null }, used: instructions(0) });
