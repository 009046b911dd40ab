/** Canisters come and go: the clauses of `spec/rules/canisters.ts`, one line each. */
import { castDraft } from "immer";
import {
  allocatableOf,
  allocationSet,
  canisterCreate,
  canisterDelete,
  cycles,
  managementCanister,
  type CanisterGenesis,
  type CanisterId,
  type Percent,
} from "../../spec/index.ts";
import { bootCanister, canisterOf, draftOf, type State } from "../state.ts";
import { transition } from "../transition.ts";
import { attemptOf } from "./slicing.ts";

export const createCanister = transition(canisterCreate)<{ given: CanisterGenesis }>({
  when: {
    fresh: (before, { given: { id } }) => !before.canisters.has(id) && !before.retired.has(id) && id !== managementCanister,
    admitted: (before, { given: { id, computeAllocation } }) => computeAllocation === 0 || isAdmitted(before, id, computeAllocation),
  },
  then: {
    create: (after, _before, { given }) => void after.canisters.set(given.id, castDraft(bootCanister(given))),
    mint: (after, before, { given }) => void (after.minted = cycles(before.minted + given.balance)),
  },
});

export const deleteCanister = transition(canisterDelete)<{ canister: CanisterId }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
    answered: (before, { canister }) => canisterOf(before, canister).contexts.size === 0,
    rested: (before, { canister }) => canisterOf(before, canister).underway === null,
    empty: (before, { canister }) => canisterOf(before, canister).inputs.length + canisterOf(before, canister).outputs.length === 0,
  },
  then: {
    remove: (after, _before, { canister }) => void after.canisters.delete(canister),
    burn: (after, before, { canister }) => void (after.burned = cycles(before.burned + canisterOf(before, canister).balance)),
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
  },
});

const isAdmitted = ({ canisters, parameters }: State, id: CanisterId, allocation: Percent): boolean =>
  [...canisters.values()].reduce((sum, other) => sum + (other.id === id ? 0 : other.computeAllocation), 0) + allocation <
  allocatableOf(parameters);
