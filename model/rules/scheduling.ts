/** Scheduling: the clauses of `spec/rules/scheduling.ts`, one line each. */
import type { Draft } from "immer";
import {
  bytes,
  coreSpend,
  coresShare,
  iterationContinue,
  iterationEnd,
  messageTake,
  scheduleCharge,
  scheduleDeal,
  scheduleOrder,
  schedulePlan,
  turnEnd,
  type CanisterId,
} from "../../spec/index.ts";
import { callbacksLeft, freeMemory, memoryInUse } from "../memory.ts";
import { canisterOf, draftOf, hasInput, inOrder, isActive, nextTask } from "../reading.ts";
import type { Canister, Rank, State } from "../state.ts";
import { transition } from "../transition.ts";

/** What a canister is credited with in each round. */
const creditOf = ({ parameters: { cores }, canisters }: State, { computeAllocation }: Canister): bigint => {
  const allocated = [...canisters.values()].reduce((sum, each) => sum + each.computeAllocation, 0);
  return BigInt(cores * canisters.size * computeAllocation + cores * (100 * cores - allocated));
};

const noRank: Rank = { long: false, executed: 1, priority: 0n, since: 0, position: 0 };

/** Whether there is anything to divide: with a core for each canister nobody needs a priority. */
export const isContended = ({ canisters, parameters }: State): boolean => canisters.size > parameters.cores;

/** The canisters in the order of the round. Sorting is stable, so what no rank decides stays as it came. */
export const ranked = ({ canisters, round: { ranks } }: State): readonly CanisterId[] =>
  [...canisters.keys()].sort((left, right) => {
    const [one, other] = [ranks.get(left) ?? noRank, ranks.get(right) ?? noRank];
    if (one.long !== other.long) return one.long ? -1 : 1;
    if (one.executed !== other.executed) return other.executed - one.executed;
    if (one.priority !== other.priority) return one.priority > other.priority ? -1 : 1;
    return one.since - other.since || one.position - other.position;
  });

/** Adds to what orders a canister. */
export const setRank = (after: Draft<State>, id: CanisterId, part: Partial<Rank>): void =>
  void after.round.ranks.set(id, { ...noRank, ...after.round.ranks.get(id), ...part });

export const plan = transition(schedulePlan)<Record<never, never>>({
  when: {
    contended: isContended,
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
      before.canisters.forEach(({ accumulatedPriority }, id) =>
        setRank(after, id, { priority: isContended(before) ? accumulatedPriority : 0n }),
      ),
    ties: (after, before) => inOrder(before).forEach(({ id }, position) => setRank(after, id, { position })),
  },
});

export const charge = transition(scheduleCharge)<{ first: readonly CanisterId[] }>({
  when: {},
  then: {
    charge: (after, before, { first }) =>
      first.forEach((id) => void (draftOf(after, id).accumulatedPriority -= BigInt(100 * before.parameters.cores * before.canisters.size))),
  },
});

/** The canisters that can take a turn, in the order of the round. */
export const activeInOrder = (before: State): readonly CanisterId[] =>
  ranked(before).filter((id) => isActive(before, canisterOf(before, id)));

export const deal = transition(scheduleDeal)<Record<never, never>>({
  when: {
    active: (before) => activeInOrder(before).length > 0,
  },
  then: {
    deal: (after, before) => activeInOrder(before).forEach((id, k) => void after.round.turns[k % before.parameters.cores]!.push(id)),
  },
});

export const shareOut = transition(coresShare)<Record<never, never>>({
  when: {},
  then: {
    memory: (after, before) => void (after.round.given.memory = Math.floor(freeMemory(before) / before.parameters.cores)),
    callbacks: (after, before) => void (after.round.given.callbacks = callbacksLeft(before)),
    storage: (after, before) => void (after.round.given.used = Math.floor(memoryInUse(before) / before.parameters.cores)),
  },
});

export const takeMessage = transition(messageTake)<{ canister: CanisterId }>({
  when: {
    free: (before, { canister }) => canisterOf(before, canister).underway === null,
    rested: (before, { canister }) => !before.round.finished.has(canister),
    waiting: (before, { canister }) => nextTask(canisterOf(before, canister)) !== null || hasInput(canisterOf(before, canister)),
    counter: ({ round: { core } }) => core.left >= 1,
    heap: ({ round: { core }, parameters }) => core.heapDelta < parameters.heapDeltaIterationLimit,
  },
  then: {
    take: (after, before, { canister }) => {
      const task = nextTask(canisterOf(before, canister));
      if (task === "low-memory") draftOf(after, canister).hook = "executed";
      else if (task !== null) draftOf(after, canister).tasks[task] = false;
    },
  },
});

/** What one slice used and changed, and whether its message or task is over. */
export interface Spent {
  readonly canister: CanisterId;
  readonly used: number;
  readonly changed: number;
  readonly over: boolean;
}

export const spendOnCore = transition(coreSpend)<Spent>({
  when: {},
  then: {
    instructions: (after, _before, { used }) => void (after.round.core.left -= used),
    overhead: (after, before) => void (after.round.core.left -= before.parameters.messageOverhead),
    heap: (after, before, { changed }) => void (after.round.core.heapDelta += changed * before.parameters.pageSize),
    debit: (after, before, { canister, changed }) =>
      void (draftOf(after, canister).heapDebit = bytes(canisterOf(before, canister).heapDebit + changed * before.parameters.pageSize)),
    complete: (after, _before, { canister, over }) => {
      if (over) after.round.completed.add(canister);
    },
  },
});

export const leaveCore = transition(turnEnd)<{ worked: number }>({
  when: {
    worked: (_before, { worked }) => worked > 0,
  },
  then: {
    overhead: (after, before) => void (after.round.core.left -= before.parameters.canisterOverhead),
  },
});

export const endIteration = transition(iterationEnd)<{ most: number; changed: number }>({
  when: {},
  then: {
    spend: (after, _before, { most }) => void (after.round.counter -= most),
    finalise: (after, before) => void (after.round.counter -= before.parameters.finalisationOverhead * before.canisters.size),
    estimate: (after, before, { changed }) => void (after.heapDelta = bytes(before.heapDelta + changed)),
    heap: (after, _before, { changed }) => void (after.round.heapDelta += changed),
  },
});

export const continueRound = transition(iterationContinue)<{ worked: number }>({
  when: {
    counter: (before) => before.round.counter >= 1,
    heap: (before) => before.round.heapDelta < before.parameters.heapDeltaIterationLimit,
    progress: (before, { worked }) => worked > 0 || before.parameters.scheduler === "published",
  },
  then: {},
});
