/** Scheduling: the clauses of `spec/rules/scheduling.ts`, one line each. */
import {
  instructions,
  iterationContinue,
  iterationEnd,
  messageTake,
  scheduleCharge,
  scheduleDeal,
  scheduleOrder,
  schedulePlan,
  type CanisterId,
  type Instructions,
} from "../../spec/index.ts";
import { callbacksLeft, freeMemory } from "../memory.ts";
import { canisterOf, draftOf, inOrder, isActive, nextTask } from "../reading.ts";
import type { Canister, Rank, State } from "../state.ts";
import { transition } from "../transition.ts";

/** What a canister is credited with in each round. */
const creditOf = ({ parameters: { cores }, canisters }: State, { computeAllocation }: Canister): bigint => {
  const allocated = [...canisters.values()].reduce((sum, each) => sum + each.computeAllocation, 0);
  return BigInt(cores * canisters.size * computeAllocation + cores * (100 * cores - allocated));
};

const noRank: Rank = { priority: 0n, position: 0 };

/** The canisters in the order of the round. Sorting is stable, so what no rank decides stays as it came. */
export const ranked = ({ canisters, round: { ranks } }: State): readonly CanisterId[] =>
  [...canisters.keys()].sort((left, right) => {
    const [one, other] = [ranks.get(left) ?? noRank, ranks.get(right) ?? noRank];
    return one.priority === other.priority ? one.position - other.position : one.priority > other.priority ? -1 : 1;
  });

export const plan = transition(schedulePlan)<Record<never, never>>({
  when: {
    contended: (before) => before.canisters.size > before.parameters.cores,
  },
  then: {
    credit: (after, before) =>
      before.canisters.forEach((canister, id) => void (draftOf(after, id).accumulatedPriority += creditOf(before, canister))),
  },
});

export const order = transition(scheduleOrder)<Record<never, never>>({
  when: {},
  then: {
    priority: (after, before) =>
      before.canisters.forEach(
        ({ accumulatedPriority: priority }, id) => void after.round.ranks.set(id, { position: 0, ...after.round.ranks.get(id), priority }),
      ),
    ties: (after, before) =>
      inOrder(before).forEach(
        ({ id }, position) => void after.round.ranks.set(id, { priority: 0n, ...after.round.ranks.get(id), position }),
      ),
  },
});

export const charge = transition(scheduleCharge)<{ first: readonly CanisterId[] }>({
  when: {},
  then: {
    charge: (after, before, { first }) =>
      first.forEach((id) => void (draftOf(after, id).accumulatedPriority -= BigInt(100 * before.parameters.cores * before.canisters.size))),
  },
});

const activeInOrder = (before: State): readonly CanisterId[] => ranked(before).filter((id) => isActive(canisterOf(before, id)));

export const deal = transition(scheduleDeal)<Record<never, never>>({
  when: {
    active: (before) => activeInOrder(before).length > 0,
  },
  then: {
    deal: (after, before) => activeInOrder(before).forEach((id, k) => void after.round.turns[k % before.parameters.cores]!.push(id)),
    share: (after, before) => void (after.round.given.memory = Math.floor(freeMemory(before) / before.parameters.cores)),
    callbacks: (after, before) => void (after.round.given.callbacks = callbacksLeft(before)),
  },
});

export const takeMessage = transition(messageTake)<{ canister: CanisterId; left: number }>({
  when: {
    waiting: (before, { canister }) => isActive(canisterOf(before, canister)),
    counter: (_before, { left }) => left >= 1,
  },
  then: {
    take: (after, before, { canister }) => {
      const task = nextTask(canisterOf(before, canister));
      if (task === "low-memory") draftOf(after, canister).hook = "executed";
      else if (task !== null) draftOf(after, canister).tasks[task] = false;
    },
  },
});

export const endIteration = transition(iterationEnd)<{ most: Instructions }>({
  when: {},
  then: {
    spend: (after, before, { most }) => void (after.round.counter = instructions(Math.max(0, before.round.counter - most))),
  },
});

export const continueRound = transition(iterationContinue)<Record<never, never>>({
  when: {
    counter: (before) => before.round.counter >= 1,
  },
  then: {},
});
