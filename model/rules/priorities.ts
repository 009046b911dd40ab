/** Priorities of the current scheduler: the clauses of `spec/rules/priorities.ts`, one line each. */
import type { Draft } from "immer";
import {
  allocationGrant,
  byId,
  coresDivide,
  freeShare,
  fullCount,
  fullIdle,
  fullRound,
  longCores,
  priorityDecay,
  priorityPercent,
  priorityReset,
  roundsCharge,
  scheduleRank,
  startCharge,
  type CanisterId,
} from "../../spec/index.ts";
import { canisterOf, draftOf, hasWork, inOrder, isActive } from "../reading.ts";
import type { Canister, Rank, State } from "../state.ts";
import { transition } from "../transition.ts";
import { activeInOrder, isContended, ranked, setRank } from "./scheduling.ts";

/** A round of one core, in units of accumulated priority. */
const wholeRound = 100n * priorityPercent;

export const resetPriorities = transition(priorityReset)<Record<never, never>>({
  when: {
    due: (before) => before.height % resetInterval(before) === 0,
  },
  then: {
    reset: (after, before) => before.canisters.forEach((_, id) => void (draftOf(after, id).accumulatedPriority = 0n)),
  },
});

export const rank = transition(scheduleRank)<Record<never, never>>({
  when: {},
  then: {
    long: (after, before) => rankAll(after, before, ({ underway }) => ({ long: underway !== null })),
    executed: (after, before) =>
      rankAll(after, before, ({ underway, executedRounds }) => ({ executed: underway === null ? 1 : Math.max(1, executedRounds) })),
    priority: (after, before) =>
      rankAll(after, before, (canister) => ({ priority: canister.accumulatedPriority + allocationOf(canister) })),
    since: (after, before) => rankAll(after, before, ({ underway }) => ({ since: underway?.since ?? 0 })),
    ties: (after, before) => inOrder(before).forEach(({ id }, position) => setRank(after, id, { position })),
  },
});

export const allotCores = transition(longCores)<Record<never, never>>({
  when: {},
  then: {
    all: (after, before) => {
      if (isAllLong(before)) after.round.longCores = before.parameters.cores;
    },
    share: (after, before) => {
      if (!isAllLong(before)) after.round.longCores = Number(ceiling(longCompute(before), wholeRound));
    },
  },
});

export const divide = transition(coresDivide)<Record<never, never>>({
  when: {
    active: (before) => activeInOrder(before).length > 0,
  },
  then: {
    long: (after, before) => kind(before, true).forEach((id, k) => void after.round.turns[k % longCoresNow(before)]!.push(id)),
    fresh: (after, before) => {
      const first = longCoresNow(before);
      kind(before, false).forEach((id, k) => void after.round.turns[first + (k % (before.parameters.cores - first))]!.push(id));
    },
  },
});

export const markTurn = transition(fullRound)<{ canister: CanisterId; first: boolean; finished: boolean }>({
  when: {},
  then: {
    first: (after, _before, { canister, first }) => mark(after, canister, first),
    drained: (after, before, { canister }) => mark(after, canister, !hasWork(canisterOf(before, canister))),
    sliced: (after, before, { canister }) => mark(after, canister, canisterOf(before, canister).underway !== null),
    finished: (after, before, { canister, finished }) =>
      mark(after, canister, finished && (before.round.finished.get(canister) ?? before.height) < before.height),
  },
});

export const markIdle = transition(fullIdle)<{ iteration: number }>({
  when: {
    first: (_before, { iteration }) => iteration === 1,
  },
  then: {
    mark: (after, before) => idleInFront(before).forEach((id) => mark(after, id, true)),
  },
});

export const countRound = transition(fullCount)<{ canister: CanisterId }>({
  when: {},
  then: {
    count: (after, before, { canister }) =>
      void (draftOf(after, canister).executedRounds = canisterOf(before, canister).executedRounds + 1),
  },
});

export const chargeStart = transition(startCharge)<{ canister: CanisterId }>({
  when: {
    new: (before, { canister }) => canisterOf(before, canister).underway?.since === before.height,
  },
  then: {
    pay: (after, _before, { canister }) => void (draftOf(after, canister).accumulatedPriority -= wholeRound),
  },
});

export const chargeRounds = transition(roundsCharge)<{ canister: CanisterId }>({
  when: {
    some: (before, { canister }) => canisterOf(before, canister).executedRounds > 0,
    over: (before, { canister }) => canisterOf(before, canister).underway === null || before.round.completed.has(canister),
  },
  then: {
    pay: (after, before, { canister }) =>
      void (draftOf(after, canister).accumulatedPriority -=
        wholeRound * BigInt(Math.max(canisterOf(before, canister).executedRounds - 1, 1))),
    clear: (after, _before, { canister }) => void (draftOf(after, canister).executedRounds = 0),
  },
});

export const grantAllocations = transition(allocationGrant)<Record<never, never>>({
  when: {},
  then: {
    grant: (after, before) =>
      before.canisters.forEach((canister, id) => void (draftOf(after, id).accumulatedPriority += allocationOf(canister))),
  },
});

export const decayPriorities = transition(priorityDecay)<Record<never, never>>({
  when: {},
  then: {
    above: (after, before) => {
      const ceilingPriority = wholeRound * BigInt(before.parameters.priority.ceiling);
      before.canisters.forEach(({ accumulatedPriority }, id) => {
        if (accumulatedPriority > ceilingPriority) drawTo(after, before, id, ceilingPriority);
      });
    },
    below: (after, before) => {
      const floorPriority = -wholeRound * BigInt(before.parameters.priority.floor);
      before.canisters.forEach(({ accumulatedPriority }, id) => {
        if (accumulatedPriority < floorPriority) drawTo(after, before, id, floorPriority);
      });
    },
  },
});

export const shareFree = transition(freeShare)<Record<never, never>>({
  when: {
    free: (before) => totalPriority(before) < 0n,
  },
  then: {
    share: (after, before) => sharesOf(before).forEach(([id, share]) => void (draftOf(after, id).accumulatedPriority += share)),
  },
});

/** The sum of all accumulated priorities. */
export const totalPriority = ({ canisters }: State): bigint =>
  [...canisters.values()].reduce((sum, { accumulatedPriority }) => sum + accumulatedPriority, 0n);

/** In units of accumulated priority. */
const allocationOf = ({ computeAllocation }: Pick<Canister, "computeAllocation">): bigint => BigInt(computeAllocation) * priorityPercent;

const allocated = (canisters: readonly Canister[]): bigint => canisters.reduce((sum, canister) => sum + allocationOf(canister), 0n);

const ceiling = (count: bigint, by: bigint): bigint => (count + by - 1n) / by;

/** Published: 100 · N · M, and never while nobody has priority. */
const resetInterval = (before: State): number => {
  const { parameters, canisters } = before;
  if (parameters.scheduler === "current") return parameters.priority.resetInterval;
  return isContended(before) ? 100 * parameters.cores * canisters.size : Infinity;
};

const rankAll = (after: Draft<State>, before: State, part: (canister: Canister) => Partial<Rank>): void =>
  before.canisters.forEach((canister, id) => setRank(after, id, part(canister)));

const isAllLong = ({ canisters }: State): boolean => [...canisters.values()].every(({ underway }) => underway !== null);

/** What the canisters with long executions reserved, with their even share of the free compute. */
const longCompute = ({ canisters, parameters: { cores } }: State): bigint => {
  const all = [...canisters.values()];
  const long = all.filter(({ underway }) => underway !== null);
  const free = wholeRound * BigInt(cores - 1) - allocated(all);
  return allocated(long) + (free * BigInt(long.length)) / BigInt(all.length);
};

const kind = (before: State, long: boolean): readonly CanisterId[] =>
  activeInOrder(before).filter((id) => (before.round.ranks.get(id)?.long ?? false) === long);

const longCoresNow = (before: State): number => Math.min(before.round.longCores, kind(before, true).length);

const mark = (after: Draft<State>, id: CanisterId, full: boolean): void => {
  if (full) after.round.full.add(id);
};

const idleInFront = (before: State): readonly CanisterId[] => {
  const awake = ranked(before).filter((id) => !before.round.suspended.has(id) && before.round.ranks.get(id)?.long !== true);
  const firstActive = awake.findIndex((id) => isActive(before, canisterOf(before, id)));
  return firstActive === -1 ? awake : awake.slice(0, firstActive);
};

const drawTo = (after: Draft<State>, before: State, id: CanisterId, bound: bigint): void => {
  const beyond = canisterOf(before, id).accumulatedPriority - bound;
  draftOf(after, id).accumulatedPriority = bound + (beyond * BigInt(before.parameters.priority.decay)) / 100n;
};

/** What each canister gets of what was paid and not granted. @source facts/scheduler.md SCH-2.4.9.6 */
const sharesOf = (before: State): readonly (readonly [CanisterId, bigint])[] => {
  const all = [...before.canisters.values()].sort(
    (left, right) => right.computeAllocation - left.computeAllocation || byId(left.id, right.id),
  );
  const count = BigInt(all.length);
  let free = -totalPriority(before);
  const wanted = free + allocated(all);
  const cap = wanted > wholeRound * count ? ceiling(wanted, count) : wholeRound;
  return all.map((canister, at) => {
    const even = free / (count - BigInt(at));
    const most = cap - allocationOf(canister);
    const share = even < most ? even : most;
    free -= share;
    return [canister.id, share] as const;
  });
};
