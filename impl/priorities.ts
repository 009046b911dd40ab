/**
 * The current scheduler without its idle canisters. In every round each canister is granted its allocation and gets its share of
 * what was paid, so each priority changes in each round. But canisters of the same allocation get the same: all the cap, or all
 * the even part, save that the last ones of all get one unit more. With the canisters in the order in which they get their
 * share, allocation descending and then by id, all of that is stretches that rise together. Nothing is done to a single canister
 * but to one that pays, and to one so far from zero that its priority decays.
 *
 * Priorities are doubles. They are exact: in a round one rises or falls by a few times 10^8 at most, so 2^53 is
 * more than ten million rounds away for a canister that nothing ever decays or resets; and the sum of all stays within it for
 * a million canisters that are all as deep in debt as the floor of the network lets them.
 */
import { priorityPercent, type Percent, type PriorityBounds } from "../spec/index.ts";
import { atLeast, atMost, levelAt, levelsOf, raise, raiseRange, type Levels } from "./levels.ts";

/** Units of accumulated priority in a percent, and in a whole round. */
const unit = Number(priorityPercent);
export const wholeRound = 100 * unit;

/** The canisters of one allocation: places in the order of sharing. */
interface Stretch {
  /** @unit accumulated priority */
  readonly allocation: number;
  readonly from: number;
  readonly to: number;
}

export interface Priorities {
  readonly kind: "current";
  readonly cores: number;
  readonly bounds: PriorityBounds;
  /** By canister. @unit percent */
  readonly allocations: Uint8Array;
  /** Sum of all. @unit percent */
  readonly allocated: number;
  /** By canister its place in the order of sharing, and the other way round. */
  readonly places: Int32Array;
  readonly canisters: Int32Array;
  readonly stretches: readonly Stretch[];
  /** By place. */
  levels: Levels;
  /** Of all priorities. */
  sum: number;
  /** What was paid in this round. */
  charged: number;
  /** By canister, what it stood at when it was last asked to be ordered. */
  readonly keys: Float64Array;
}

export const prioritiesOf = (
  cores: number,
  bounds: PriorityBounds,
  percents: readonly Percent[],
  priorities: readonly bigint[],
): Priorities => {
  const count = percents.length;
  const canisters = Int32Array.from(percents.keys()).sort((left, right) => percents[right]! - percents[left]! || left - right);
  const places = new Int32Array(count);
  canisters.forEach((canister, place) => (places[canister] = place));
  const stretches: Stretch[] = [];
  for (let from = 0, to = 0; from < count; from = to) {
    const percent = percents[canisters[from]!]!;
    while (to < count && percents[canisters[to]!] === percent) to++;
    stretches.push({ allocation: percent * unit, from, to });
  }
  return {
    kind: "current",
    cores,
    bounds,
    allocations: Uint8Array.from(percents),
    allocated: percents.reduce((sum: number, percent) => sum + percent, 0),
    places,
    canisters,
    stretches,
    levels: levelsOf(Array.from(canisters, (canister) => Number(priorities[canister]!))),
    sum: Number(priorities.reduce((sum, priority) => sum + priority, 0n)),
    charged: 0,
    keys: new Float64Array(count),
  };
};

export const priorityOf = ({ levels, places }: Priorities, canister: number): number => levelAt(levels, places[canister]!);

/** What decides the order of the round: priority and allocation together. */
export const keyOf = (priorities: Priorities, canister: number): number =>
  priorityOf(priorities, canister) + priorities.allocations[canister]! * unit;

/** Begins a round. @rule priority-reset */
export const resetWhenDue = (priorities: Priorities, height: number): void => {
  priorities.charged = 0;
  if (height % priorities.bounds.resetInterval !== 0) return;
  priorities.levels = levelsOf(new Float64Array(priorities.allocations.length));
  priorities.sum = 0;
};

/** Canisters, each named once, pay for so many whole rounds each. */
export const charge = (priorities: Priorities, canisters: readonly number[], rounds: readonly number[]): void => {
  const { levels, places } = priorities;
  raise(
    levels,
    canisters.map((canister) => places[canister]!),
    rounds.map((count) => -count * wholeRound),
  );
  const paid = rounds.reduce((sum, count) => sum + count, 0) * wholeRound;
  priorities.sum -= paid;
  priorities.charged += paid;
};

/** How many cores are for the long ones, of which there are `count` with so many percent. @rule long-cores */
export const longCoresFor = ({ cores, allocations, allocated }: Priorities, count: number, percents: number): number => {
  const all = allocations.length;
  if (count === all) return cores;
  const free = (100 * (cores - 1) - allocated) * unit;
  return Math.ceil((percents * unit + Math.floor((free * count) / all)) / wholeRound);
};

/** All canisters that come before this one by key and then id; all there are, when nobody is named. */
export const before = (priorities: Priorities, canister: number | null): readonly number[] => {
  const { stretches, levels, canisters } = priorities;
  if (canister === null) return Array.from(canisters);
  const key = keyOf(priorities, canister);
  const found: number[] = [];
  for (const { allocation, from, to } of stretches) {
    for (const place of atLeast(levels, key - allocation, from, to)) {
      const other = canisters[place]!;
      if (other < canister || keyOf(priorities, other) > key) found.push(other);
    }
  }
  return found;
};

/** What all canisters got and lost at the end of a round, after those that owe have paid. */
export interface Settled {
  readonly granted: number;
  readonly decayed: number;
  readonly shared: number;
}

export const settlePriorities = (priorities: Priorities): Settled => {
  const granted = grant(priorities);
  const decayed = decay(priorities);
  const shared = share(priorities);
  return { granted, decayed, shared };
};

/** @rule allocation-grant */
const grant = (priorities: Priorities): number => {
  const { stretches, levels, allocated } = priorities;
  for (const { allocation, from, to } of stretches) raiseRange(levels, from, to, allocation);
  priorities.sum += allocated * unit;
  return allocated * unit;
};

/** @rule priority-decay */
const decay = (priorities: Priorities): number => {
  const { levels, bounds } = priorities;
  const [ceiling, floor] = [bounds.ceiling * wholeRound, -bounds.floor * wholeRound];
  const above = atLeast(levels, ceiling + 1);
  const below = atMost(levels, floor - 1);
  if (above.length + below.length === 0) return 0;
  const loss = (place: number, bound: number): number => {
    const excess = levelAt(levels, place) - bound;
    return partOf(excess, bounds.decay) - excess;
  };
  const by = [...above.map((place) => loss(place, ceiling)), ...below.map((place) => loss(place, floor))];
  raise(levels, [...above, ...below], by);
  const decayed = by.reduce((sum, lost) => sum + lost, 0);
  priorities.sum += decayed;
  return decayed;
};

/** So many hundredths of a number, rounded towards zero; the product of the two might not be exact. */
const partOf = (count: number, hundredths: number): number => {
  const rest = count % 100;
  return ((count - rest) / 100) * hundredths + Math.trunc((rest * hundredths) / 100);
};

/**
 * The even part never shrinks on the way: who is capped leaves more to the others. So from the first one that is not capped on
 * nobody is, and of those left the last ones get one unit more, as many as the remainder says.
 * @rule free-share
 */
const share = (priorities: Priorities): number => {
  const { stretches, levels, allocated } = priorities;
  const all = levels.count;
  let free = -priorities.sum;
  if (!(free > 0)) return 0;
  const needed = free + allocated * unit;
  const cap = needed > wholeRound * all ? Math.ceil(needed / all) : wholeRound;
  for (const { allocation, from, to } of stretches) {
    const left = all - from;
    const even = Math.floor(free / left);
    const most = cap - allocation;
    if (even < most) {
      raiseRange(levels, from, all, even);
      raiseRange(levels, all - (free % left), all, 1);
      free = 0;
      break;
    }
    raiseRange(levels, from, to, most);
    free -= most * (to - from);
  }
  const shared = -priorities.sum - free;
  priorities.sum += shared;
  return shared;
};
