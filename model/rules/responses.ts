/** Responses: the clauses of `spec/rules/responses.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  byteLength,
  callbackBegin,
  callbackCleanup,
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
import { least, transmissionCost } from "../money.ts";
import { availableOf, canisterOf, contextOf, draftOf, known, openCalls, runningOf } from "../reading.ts";
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
  when: {},
  then: {
    close: (after, _before, { response }) => void draftOf(after, response.caller).callbacks.delete(response.callback),
    refund: (after, before, { response }) => credit(after, response.caller, refundedBy(before, response)),
    release: (after, before, { response }) =>
      credit(after, response.caller, cycles(callbackOf(before, response).transmission - responseCost(before, response))),
    burn: (after, before, { response }) => void (after.burned = cycles(before.burned + responseCost(before, response))),
    hold: (after, before, { response, execution }) =>
      void (after.running = { ...castDraft(execution), prepaid: callbackOf(before, response).execution }),
  },
});

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

/** What the transmission of a response costs: the bytes of a reply; a reject has none. */
export const responseCost = (before: State, { result }: Response): Cycles =>
  result.kind === "reply" ? transmissionCost(before.parameters, byteLength(result.payload)) : cycles(0n);

const ownContext = (before: State) => contextOf(canisterOf(before, runningOf(before).canister), runningOf(before).context);

/** Adds to a balance that other effects of the same rule add to as well: a sum does not depend on the order. */
export const credit = (after: Draft<State>, id: CanisterId, credited: Cycles): void => {
  const canister = draftOf(after, id) as unknown as { balance: Cycles };
  canister.balance = cycles(canister.balance + credited);
};
