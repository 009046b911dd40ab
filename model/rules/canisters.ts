/** Canisters: the clauses of `spec/rules/canisters.ts`, one line each. */
import {
  canisterUninstall,
  contextDelete,
  contextWithdraw,
  cycles,
  responseDiscard,
  type CanisterId,
  type ContextId,
  type Cycles,
} from "../../spec/index.ts";
import { availableOf, canisterOf, contextOf, draftOf } from "../reading.ts";
import type { Response, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectWith, sendAnswer } from "./answers.ts";
import { callbackOf, credit, refundedBy, responseCost } from "./responses.ts";

export const uninstall = transition(canisterUninstall)<{ canister: CanisterId }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
  },
  then: {
    code: (after, _before, { canister }) => void (draftOf(after, canister).code = null),
    memory: (after, _before, { canister }) => void (draftOf(after, canister).pages = new Map()),
    timer: (after, _before, { canister }) => void (draftOf(after, canister).timer = null),
  },
});

interface Owing {
  readonly canister: CanisterId;
  readonly context: ContextId;
}

export const withdrawContext = transition(contextWithdraw)<Owing>({
  when: {
    open: (before, { canister, context }) => contextOf(canisterOf(before, canister), context).status === "open",
  },
  then: {
    respond: (after, before, { canister, context }) =>
      sendAnswer(after, canister, contextOf(canisterOf(before, canister), context), {
        result: rejectWith("IC0406"),
        refund: availableOf(contextOf(canisterOf(before, canister), context)),
      }),
  },
});

export const deleteContext = transition(contextDelete)<Owing>({
  when: {},
  then: {
    delete: (after, before, { canister, context }) => {
      const { origin, deadline } = contextOf(canisterOf(before, canister), context);
      draftOf(after, canister).contexts.set(context, { status: "deleted", origin, deadline });
    },
  },
});

export const discardResponse = transition(responseDiscard)<{ response: Response }>({
  when: {
    deleted: (before, { response }) =>
      contextOf(canisterOf(before, response.caller), callbackOf(before, response).context).status === "deleted",
  },
  then: {
    close: (after, _before, { response }) => void draftOf(after, response.caller).callbacks.delete(response.callback),
    refund: (after, before, { response }) => credit(after, response.caller, refundedBy(before, response)),
    release: (after, before, { response }) => credit(after, response.caller, releasedBy(before, response)),
    burn: (after, before, { response }) => void (after.burned = cycles(before.burned + responseCost(before, response))),
  },
});

/** What of the reserve of a callback that does not run goes back. */
export const releasedBy = (before: State, response: Response): Cycles => {
  const { transmission, execution } = callbackOf(before, response);
  return cycles(transmission + execution - responseCost(before, response));
};
