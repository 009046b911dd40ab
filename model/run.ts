/** One message or task on one canister: it is paid for, or refused; then its script runs, and `finish.ts` has the rest. */
import { match } from "ts-pattern";
import {
  cycles,
  instructions,
  managementCanister,
  type CanisterId,
  type Cause,
  type Cycles,
  type ErrorCode,
  type Hex,
  type Principal,
  type Script,
  type Task,
} from "../spec/index.ts";
import { refuse } from "./rules/calls.ts";
import { beginExecution, openContext, settle, settled } from "./rules/execution.ts";
import { modeOf } from "./rules/queries.ts";
import { finishExecution, holdAgain } from "./rules/slicing.ts";
import { rejectWith, type Debt } from "./rules/answers.ts";
import { discardResponse, releasedBy } from "./rules/canisters.ts";
import {
  attemptFee,
  beginCallback,
  beginCleanup,
  callbackOf,
  refundedBy,
  refuseCallback,
  refusedRelease,
  responseCost,
} from "./rules/responses.ts";
import { beginTask, beginTimer } from "./rules/timers.ts";
import { beginning, called, closeContext, execute, finish, finished, idle, unmoved, type Moved, type Ran } from "./finish.ts";
import { answered, removeIfDone } from "./answering.ts";
import { canisterOf, contextOf, errorOf, runningOf, tell } from "./reading.ts";
import type { Canister, Execution, Held, Ingress, Request, Response, State } from "./state.ts";
import type { Fire, Fired } from "./transition.ts";

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
    .with({ kind: "ingress" }, ({ ingress, sender: caller, method, payload }) =>
      runUpdate(
        fire,
        state,
        id,
        { origin: { kind: "ingress", ingress }, caller, deadline: null, method, payload, attached: cycles(0n) },
        held,
      ),
    )
    .with({ kind: "request" }, ({ caller, callback, deadline, method, payload, attached }) =>
      runUpdate(
        fire,
        state,
        id,
        { origin: { kind: "canister", canister: caller, callback }, caller, deadline, method, payload, attached },
        held,
      ),
    )
    .with({ kind: "response" }, (response) => runResponse(fire, state, response, held))
    .exhaustive();

interface Call extends Debt {
  readonly caller: Principal;
  readonly method: string;
  readonly payload: Hex;
  readonly attached: Cycles;
}

const runUpdate = (
  fire: Fire,
  before: State,
  id: CanisterId,
  { origin, caller, deadline, method, payload, attached }: Call,
  held: Held | null,
): Ran => {
  const cause: Cause = { kind: "update", origin, method, attached };
  const refused = (state: State, error: ErrorCode, charged: Cycles): Ran => {
    const told = tell(state, { kind: "not-executed", canister: id, cause, error, charged, balance: canisterOf(state, id).balance });
    return idle(refuseDebt(fire, told, id, { origin, deadline, attached }, error));
  };
  const canister = canisterOf(before, id);
  const phase = modeOf(canister, method) === "query" ? "replicated query" : "update";
  const owes = origin.kind === "canister" && deadline === null;
  const begun = prepay(fire, before, beginning(before, canister, phase, caller, payload, held), owes);
  if (!begun.applied) return refused(before, errorOf(begun.error), cycles(0n));
  const opened = fire(openContext, begun.state, { canister: id, method, origin, caller, deadline, attached });
  if (!opened.applied) {
    const unused = before.parameters.messageInstructionLimit;
    return refused(fire(settle, begun.state, { unused }).state, errorOf(opened.error), settled(begun.state, unused).charged);
  }
  const body = canister.code?.methods.get(method)?.body ?? [];
  return finish(fire, opened.state, execute(fire, opened.state, body), { cause, cleanup: "none", moved: unmoved });
};

/** Answers a call that is not executed: all that was attached goes back. */
export const refuseCall = (fire: Fire, before: State, canister: CanisterId, call: Ingress | Request, error: ErrorCode): State =>
  refuseDebt(
    fire,
    before,
    canister,
    call.kind === "ingress"
      ? { origin: { kind: "ingress", ingress: call.ingress }, deadline: null, attached: cycles(0n) }
      : { origin: { kind: "canister", canister: call.caller, callback: call.callback }, deadline: call.deadline, attached: call.attached },
    error,
  );

const refuseDebt = (
  fire: Fire,
  before: State,
  canister: CanisterId,
  { origin, deadline, attached }: Pick<Call, "origin" | "deadline" | "attached">,
  error: ErrorCode,
): State =>
  answered(fire, fire(refuse, before, { canister, origin, deadline, error, attached }).state, {
    canister,
    context: null,
    origin,
    result: rejectWith(error),
    refund: attached,
  });

const runTask = (fire: Fire, before: State, id: CanisterId, task: Task, held: Held | null): Ran => {
  const cause: Cause = { kind: task };
  const begun = prepay(fire, before, beginning(before, canisterOf(before, id), "task", managementCanister, null, held), false);
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
  const limit = instructions(messageInstructionLimit - Math.floor((messageInstructionLimit * cleanupReserve) / 100));
  const refunded = refundedBy(before, response);
  const { caller } = contextOf(canisterOf(before, id), context);
  const execution: Execution = {
    ...called(beginning(before, canisterOf(before, id), "callback", caller, null, held), result),
    context,
    limit,
    refunded,
  };
  const begun = fire(beginCallback, before, { response, execution });
  if (!begun.applied) return refuseResponse(fire, before, response, execution, errorOf(begun.error));
  const start = begun.state;
  const cause: Cause = { kind: "response", callback: response.callback, result: result.kind };
  const moved: Moved = { refunded, transmissionReserve: transmission, transmissionFee: responseCost(before, response) };

  const callback = execute(fire, start, result.kind === "reply" ? onReply : onReject);
  const cleaning = fire(beginCleanup, callback.state, { cleanup: onCleanup, trapped: callback.trap !== null });
  if (!cleaning.applied) return finish(fire, start, callback, { cause, cleanup: "none", moved });

  const spent = runningOf(cleaning.state).used;
  const cleanup = execute(
    fire,
    { ...cleaning.state, running: { ...runningOf(cleaning.state), phase: "cleanup", message: null, used: instructions(0) } },
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
const prepay = (fire: Fire, before: State, execution: Execution, owes: boolean): Fired =>
  execution.held === null
    ? fire(beginExecution, before, { execution, owes })
    : fire(holdAgain, before, { execution, held: execution.held });

/** Prices rose, and nobody pays for the callback: nothing of it runs, and its context is looked after. */
const refuseResponse = (fire: Fire, before: State, response: Response, execution: Execution, error: ErrorCode): Ran => {
  const { caller: canister, callback } = response;
  const { held } = execution;
  const refused = fire(refuseCallback, before, { response }).state;
  const paid = held === null ? refused : fire(finishExecution, refused, { canister, held }).state;
  const told = tell(
    paid,
    {
      kind: "callback-refused",
      canister,
      callback,
      error,
      refunded: refundedBy(before, response),
      released: refusedRelease(before, response),
      transmissionFee: responseCost(before, response),
      charged: attemptFee(before, response),
      balance: canisterOf(paid, canister).balance,
    },
    ...(held === null ? [] : [finished(refused, canister, held)]),
  );
  return idle(closeContext(fire, { ...told, running: execution }, error));
};
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
