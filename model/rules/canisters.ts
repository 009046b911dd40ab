/** Canisters: the clauses of `spec/rules/canisters.ts`, one line each. */
import { castDraft } from "immer";
import {
  allocatableOf,
  allocationSet,
  canisterCreate,
  canisterDelete,
  canisterUninstall,
  contextDelete,
  contextWithdraw,
  cycles,
  hex,
  managementCanister,
  responseDiscard,
  type CanisterGenesis,
  type CanisterId,
  type ContextId,
  type Cycles,
  type Percent,
  type Principal,
} from "../../spec/index.ts";
import { enter, grow } from "../changes.ts";
import { scale } from "../money.ts";
import { availableOf, canisterOf, contextOf, draftOf, hasInput, move, noMemory, outboxes } from "../reading.ts";
import { bootCanister } from "../boot.ts";
import type { Response, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectWith, sendAnswer } from "./answers.ts";
import { callbackOf, refundedBy, responseCost } from "./responses.ts";
import { attemptOf } from "./slicing.ts";

export const createCanister = transition(canisterCreate)<{ given: CanisterGenesis }>({
  when: {
    fresh: (before, { given: { id } }) => isFresh(before, id),
    admitted: (before, { given: { id, computeAllocation } }) => computeAllocation === 0 || isAdmitted(before, id, computeAllocation),
    funded: (before, { given: { balance } }) => balance >= creationFee(before),
  },
  then: {
    create: (after, before, { given }) =>
      void after.canisters.set(
        given.id,
        castDraft(bootCanister({ ...given, balance: cycles(given.balance - creationFee(before)) }, before.time, before.parameters)),
      ),
    mint: (after, before, { given }) => void (after.minted = cycles(before.minted + given.balance)),
    burn: (after, before) => void (after.burned = cycles(before.burned + creationFee(before))),
  },
});

export const deleteCanister = transition(canisterDelete)<{ canister: CanisterId }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
    answered: (before, { canister }) => canisterOf(before, canister).contexts.size === 0,
    rested: (before, { canister }) => canisterOf(before, canister).underway === null,
    empty: (before, { canister }) => !hasInput(canisterOf(before, canister)) && outboxes(canisterOf(before, canister)).length === 0,
  },
  then: {
    remove: (after, _before, { canister }) => void after.canisters.delete(canister),
    burn: (after, before, { canister }) =>
      void (after.burned = cycles(before.burned + canisterOf(before, canister).balance + canisterOf(before, canister).reserved)),
    retire: (after, _before, { canister }) => void after.retired.add(canister),
  },
});

export const setAllocation = transition(allocationSet)<{ canister: CanisterId; computeAllocation: Percent }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
    steady: (before, { canister }) => attemptOf(before, canister) === null,
    admitted: (before, { canister, computeAllocation }) =>
      computeAllocation <= canisterOf(before, canister).computeAllocation || isAdmitted(before, canister, computeAllocation),
  },
  then: {
    set: (after, _before, { canister, computeAllocation }) => void (draftOf(after, canister).computeAllocation = computeAllocation),
    version: (after, before, { canister }) => grow(after, before, canister),
  },
});

/** Whether an id means nobody, and never did. */
export const isFresh = ({ canisters, retired, routes }: State, id: CanisterId): boolean =>
  ![canisters, retired, routes].some((ids) => ids.has(id)) && id !== managementCanister;

/** What it costs to create a canister. @source facts/cycles.md CYC-C12 */
export const creationFee = ({ parameters: { fees } }: State): Cycles => scale(fees, fees.creation);

/** Whether there is room for an allocation beside those of all others. */
export const isAdmitted = ({ canisters, parameters }: State, id: CanisterId, allocation: Percent): boolean =>
  [...canisters.values()].reduce((sum, other) => sum + (other.id === id ? 0 : other.computeAllocation), 0) + allocation <
  allocatableOf(parameters);

/** `by`: who asked for it, if it was a canister. */
export const uninstall = transition(canisterUninstall)<{ canister: CanisterId; by: Principal | null }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
    rested: (before, { canister }) => canisterOf(before, canister).underway === null,
  },
  then: {
    code: (after, _before, { canister }) => void (draftOf(after, canister).code = null),
    memory: (after, _before, { canister }) => void Object.assign(draftOf(after, canister), noMemory),
    timer: (after, _before, { canister }) => void (draftOf(after, canister).timer = null),
    certified: (after, _before, { canister }) => void (draftOf(after, canister).certifiedData = hex("")),
    chunks: (after, _before, { canister }) => void (draftOf(after, canister).chunks = new Map()),
    version: (after, before, { canister }) => grow(after, before, canister),
    change: (after, before, { canister, by }) => enter(after, before, canister, "uninstall", by),
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
      const { origin, caller, deadline } = contextOf(canisterOf(before, canister), context);
      draftOf(after, canister).contexts.set(context, { status: "deleted", origin, caller, deadline });
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
    refund: (after, before, { response }) => move(after, response.caller, refundedBy(before, response)),
    release: (after, before, { response }) => move(after, response.caller, releasedBy(before, response)),
    burn: (after, before, { response }) => void (after.burned = cycles(before.burned + responseCost(before, response))),
  },
});

/** What of the reserve of a callback that does not run goes back. */
export const releasedBy = (before: State, response: Response): Cycles => {
  const { transmission, execution } = callbackOf(before, response);
  return cycles(transmission + execution - responseCost(before, response));
};
