/** Responses: the clauses of `spec/rules/responses.ts`, one line each. */
import { castDraft } from "immer";
import {
  byteLength,
  callbackBegin,
  callbackCleanup,
  callbackRefuse,
  contextGiveUp,
  contextRemove,
  contextRespond,
  cycles,
  instructions,
  type CanisterId,
  type ContextId,
  type Cycles,
  type ErrorCode,
} from "../../spec/index.ts";
import { least, prepayment, scale, transmissionCost } from "../money.ts";
import { availableOf, canisterOf, contextOf, draftOf, known, move, openCalls, runningOf } from "../reading.ts";
import type { Callback, Execution, Response, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectWith, sendAnswer } from "./answers.ts";

export const respond = transition(contextRespond)<Record<never, never>>({
  when: {
    answered: (before) => runningOf(before).answer !== null,
  },
  then: {
    respond: (after, before) =>
      sendAnswer(after, runningOf(before).canister, ownContext(before), known(runningOf(before).answer, "an answer")),
    close: (after, before) =>
      void draftOf(after, runningOf(before).canister).contexts.set(runningOf(before).context, {
        status: "responded",
        origin: ownContext(before).origin,
        caller: ownContext(before).caller,
        deadline: ownContext(before).deadline,
      }),
  },
});

export const giveUp = transition(contextGiveUp)<{ error: ErrorCode }>({
  when: {
    open: (before) => ownContext(before).status === "open",
    childless: (before) => openCalls(canisterOf(before, runningOf(before).canister), runningOf(before).context) === 0,
  },
  then: {
    respond: (after, before, { error }) =>
      sendAnswer(after, runningOf(before).canister, ownContext(before), {
        result: rejectWith(error),
        refund: availableOf(ownContext(before)),
      }),
  },
});

export const removeContext = transition(contextRemove)<{ canister: CanisterId; context: ContextId }>({
  when: {
    childless: (before, { canister, context }) => openCalls(canisterOf(before, canister), context) === 0,
  },
  then: {
    remove: (after, _before, { canister, context }) => void draftOf(after, canister).contexts.delete(context),
  },
});

/** `execution` is that of the callback; its prepayment comes from the reserve. */
export const beginCallback = transition(callbackBegin)<{ response: Response; execution: Execution }>({
  when: {
    covered: (before, { response }) => fundsOf(before, response) >= prepayment(before.parameters),
  },
  then: {
    close: (after, _before, { response }) => void draftOf(after, response.caller).callbacks.delete(response.callback),
    refund: (after, before, { response }) => move(after, response.caller, refundedBy(before, response)),
    release: (after, before, { response }) =>
      move(after, response.caller, cycles(callbackOf(before, response).transmission - responseCost(before, response))),
    burn: (after, before, { response }) => void (after.burned = cycles(before.burned + responseCost(before, response))),
    adjust: (after, before, { response }) =>
      move(after, response.caller, callbackOf(before, response).execution - prepayment(before.parameters)),
    hold: (after, before, { execution }) => void (after.running = { ...castDraft(execution), prepaid: prepayment(before.parameters) }),
  },
});

export const refuseCallback = transition(callbackRefuse)<{ response: Response }>({
  when: {},
  then: {
    close: (after, _before, { response }) => void draftOf(after, response.caller).callbacks.delete(response.callback),
    refund: (after, before, { response }) => move(after, response.caller, refundedBy(before, response)),
    release: (after, before, { response }) => move(after, response.caller, refusedRelease(before, response)),
    burn: (after, before, { response }) =>
      void (after.burned = cycles(before.burned + responseCost(before, response) + attemptFee(before, response))),
  },
});

/** What is charged for a callback that is not executed: the base fee. */
export const attemptFee = (before: State, response: Response): Cycles =>
  least(scale(before.parameters.fees, before.parameters.fees.execution), callbackOf(before, response).execution);

/** What of the reserve of a callback that is refused goes back. */
export const refusedRelease = (before: State, response: Response): Cycles => {
  const { transmission, execution } = callbackOf(before, response);
  return cycles(transmission + execution - responseCost(before, response) - attemptFee(before, response));
};

/** What can pay for the execution of a callback: what was set aside for it, and the balance with what the response brings. */
const fundsOf = (before: State, response: Response): bigint => {
  const { transmission, execution } = callbackOf(before, response);
  const brought = refundedBy(before, response) + transmission - responseCost(before, response);
  return canisterOf(before, response.caller).balance + brought + execution;
};

export const beginCleanup = transition(callbackCleanup)<{ cleanup: readonly unknown[]; trapped: boolean }>({
  when: {
    set: (_before, { cleanup }) => cleanup.length > 0,
    trapped: (_before, { trapped }) => trapped,
  },
  then: {
    limit: (after, before) =>
      void (after.running!.limit = instructions(before.parameters.messageInstructionLimit - runningOf(before).used)),
  },
});

/** The callback that a response is for. */
export const callbackOf = (before: State, { caller, callback }: Pick<Response, "caller" | "callback">): Callback =>
  known(canisterOf(before, caller).callbacks.get(callback), `callback ${callback} of ${caller}`);

/** What a response brings back, at most what was attached. */
export const refundedBy = (before: State, response: Response): Cycles => least(response.refund, callbackOf(before, response).attached);

/** What the transmission of a response costs, at most what was set aside for it: the bytes of a reply; a reject has none. */
export const responseCost = (before: State, response: Response): Cycles =>
  response.result.kind === "reply"
    ? least(transmissionCost(before.parameters, byteLength(response.result.payload)), callbackOf(before, response).transmission)
    : cycles(0n);

const ownContext = (before: State) => contextOf(canisterOf(before, runningOf(before).canister), runningOf(before).context);
