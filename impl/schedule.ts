/**
 * The scheduler without its idle canisters. Every planned round credits every canister, idle or not, and charges the
 * first N of all of them; doing that to each of a hundred thousand canisters would be the cost of a round.
 *
 * But the credit of a round is fixed by the allocation alone, so a priority is a line: after R planned rounds, with
 * N cores, M canisters, S the sum of all allocations, and c full rounds paid by the canister,
 *
 *     priority = N · (R · (M · allocation + 100 · N − S) − 100 · M · c)
 *
 * and only R and c change. Between two canisters the common terms cancel and M divides out, so the order of the round
 * is that of `R · allocation − 100 · c`, descending. As c is at most R, that number is at most 100 · R in size, and a
 * double holds it exactly for 2^53 / 100 rounds: at a million rounds a second, for almost three years. Canisters of the
 * same allocation keep their order until one of them pays, so one heap for each of the at most 101 allocations knows
 * the first of its class at all times.
 */
import type { Percent } from "../spec/index.ts";
import { heapOf, popHeap, pushHeap, type Heap } from "./heap.ts";

export interface Schedule {
  readonly cores: number;
  /** Whether there are more canisters than cores; otherwise nothing is credited or paid. */
  readonly contended: boolean;
  readonly allocations: Uint8Array;
  /** Sum of all allocations. @unit percent */
  readonly allocated: number;
  /** How many rounds were planned: R. */
  rounds: number;
  /** How many full rounds each canister has paid for: c. */
  readonly paid: Float64Array;
  /** By allocation, for those that occur: its canisters, fewest paid rounds first, then by id. */
  readonly classes: ReadonlyMap<number, Heap<number>>;
}

/** The schedule after so many planned rounds, of which each canister has paid so many. */
export const scheduleOf = (cores: number, percents: readonly Percent[], rounds: number, paid: Float64Array): Schedule => {
  const members = new Map<number, number[]>();
  percents.forEach((percent, index) => {
    const known = members.get(percent);
    if (known === undefined) members.set(percent, [index]);
    else known.push(index);
  });
  const before = (left: number, right: number): boolean => paid[left]! < paid[right]! || (paid[left] === paid[right] && left < right);
  return {
    cores,
    contended: percents.length > cores,
    allocations: Uint8Array.from(percents),
    allocated: percents.reduce((sum: number, percent) => sum + percent, 0),
    rounds,
    paid,
    classes: new Map([...members].map(([percent, indices]) => [percent, heapOf(indices, before)])),
  };
};

/**
 * Credits everybody and takes the first N of all canisters out of their heaps, in the order of the round. They are
 * charged by `pay` when the round is over, because until then its order is that of before the charge.
 * @rule schedule-plan
 */
export const plan = (schedule: Schedule): readonly number[] => {
  if (!schedule.contended) return [];
  schedule.rounds++;
  const first: number[] = [];
  while (first.length < schedule.cores) first.push(popHeap(leadingClass(schedule)));
  return first;
};

/**
 * Charges each of the canisters that were promised a full round.
 * @rule schedule-charge
 */
export const pay = (schedule: Schedule, first: readonly number[]): void => {
  for (const index of first) {
    schedule.paid[index]!++;
    pushHeap(schedule.classes.get(schedule.allocations[index]!)!, index);
  }
};

/**
 * Negative when `left` comes first in the order of the round. Uncontended, R and all c are 0 and the ids decide.
 * @rule schedule-order
 */
export const compareInRound = ({ rounds, allocations, paid }: Schedule, left: number, right: number): number =>
  rounds * (allocations[right]! - allocations[left]!) - 100 * (paid[right]! - paid[left]!) || left - right;

/** The accumulated priority of a canister, exactly. @unit 1/(cores · canisters) percent */
export const accumulatedPriority = ({ cores, allocated, allocations, rounds, paid }: Schedule, index: number): bigint => {
  const canisters = allocations.length;
  const credit = canisters * allocations[index]! + 100 * cores - allocated;
  return BigInt(cores) * (BigInt(rounds) * BigInt(credit) - BigInt(100 * canisters) * BigInt(paid[index]!));
};

const leadingClass = (schedule: Schedule): Heap<number> => {
  let leader: Heap<number> | null = null;
  for (const heap of schedule.classes.values()) {
    if (heap.items.length === 0) continue;
    if (leader === null || compareInRound(schedule, heap.items[0]!, leader.items[0]!) < 0) leader = heap;
  }
  return leader!;
};
