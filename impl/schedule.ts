/**
 * The published scheduler without its idle canisters. Every planned round credits every canister, idle or not, and charges the
 * first N of all of them; doing that to each of a hundred thousand canisters would be the cost of a round.
 *
 * But as long as canisters and allocations stay what they are, the credit of a round is fixed by the allocation alone, so a
 * priority is a line. With N cores, M canisters, S the sum of all allocations, and R planned rounds, a canister of allocation A has
 *
 *     priority = N · (M · (standing + R · A) + rest + R · (100 · N − S)),   0 ≤ rest < M
 *
 * Standing and rest are what it had before those rounds; a round that it pays takes 100 from the standing, and only R and the standings
 * change. Between two canisters the common terms cancel, so the order of the round is that of `standing + R · A`, then of
 * the rest, descending. These count percent of rounds, so a double holds them exactly for 2^53 / 100 rounds. Canisters of the
 * same allocation keep their order until one of them pays, so one heap for each of the at most 101 allocations knows the first of
 * its class at all times. When canisters come or go, or an allocation changes, or all priorities are reset, new lines begin.
 */
import type { Percent } from "../spec/index.ts";
import { heapOf, popHeap, pushHeap, type Heap } from "./heap.ts";

export interface Schedule {
  readonly kind: "published";
  readonly cores: number;
  /** Whether there are more canisters than cores; otherwise nothing is credited or paid. */
  readonly contended: boolean;
  readonly allocations: Uint8Array;
  /** Sum of all allocations. @unit percent */
  readonly allocated: number;
  /** How many rounds were planned since these lines began: R. */
  rounds: number;
  /** Whole percents of rounds, and what is left of a percent, in parts of M. */
  standing: Float64Array;
  rest: Float64Array;
  /** By allocation, for those that occur: its canisters in the order of the round. */
  classes: ReadonlyMap<number, Heap<number>>;
}

/** The schedule of canisters with these allocations and accumulated priorities. */
export const scheduleOf = (cores: number, percents: readonly Percent[], priorities: readonly bigint[]): Schedule => {
  const all = BigInt(percents.length);
  const standing = new Float64Array(percents.length);
  const rest = new Float64Array(percents.length);
  priorities.forEach((priority, index) => {
    if (priority === 0n) return;
    const level = priority / BigInt(cores); // whatever is credited or paid is a multiple of the cores
    const part = ((level % all) + all) % all;
    standing[index] = Number((level - part) / all);
    rest[index] = Number(part);
  });
  const schedule: Schedule = {
    kind: "published",
    cores,
    contended: percents.length > cores,
    allocations: Uint8Array.from(percents),
    allocated: percents.reduce((sum: number, percent) => sum + percent, 0),
    rounds: 0,
    standing,
    rest,
    classes: new Map(),
  };
  schedule.classes = classesOf(schedule);
  return schedule;
};

/**
 * Credits everybody and takes the first N of all canisters out of their heaps, in the order of the round. They are
 * charged by `pay` when the round is over, because until then its order is that of before the charge.
 * @rule schedule-plan
 * @rule priority-reset
 */
export const plan = (schedule: Schedule, height: number): readonly number[] => {
  const { contended, cores, allocations } = schedule;
  if (!contended) return [];
  if (height % (100 * cores * allocations.length) === 0) {
    schedule.rounds = 0;
    schedule.standing = new Float64Array(allocations.length);
    schedule.rest = new Float64Array(allocations.length);
    schedule.classes = classesOf(schedule);
  }
  schedule.rounds++;
  const first: number[] = [];
  while (first.length < cores) first.push(popHeap(leadingClass(schedule)));
  return first;
};

/**
 * Charges each of the canisters that were promised a full round.
 * @rule schedule-charge
 */
export const pay = (schedule: Schedule, first: readonly number[]): void => {
  for (const index of first) {
    schedule.standing[index]! -= 100;
    pushHeap(schedule.classes.get(schedule.allocations[index]!)!, index);
  }
};

/**
 * Negative when `left` comes first in the order of the round. Where nothing is credited, the ids decide.
 * @rule schedule-order
 */
export const compareInRound = ({ contended, rounds, allocations, standing, rest }: Schedule, left: number, right: number): number =>
  contended
    ? rounds * (allocations[right]! - allocations[left]!) + standing[right]! - standing[left]! || rest[right]! - rest[left]! || left - right
    : left - right;

/** The accumulated priority of a canister, exactly. @unit 1/(cores · canisters) percent */
export const accumulatedPriority = ({ cores, allocated, allocations, rounds, standing, rest }: Schedule, index: number): bigint => {
  const own = BigInt(standing[index]!) + BigInt(rounds) * BigInt(allocations[index]!);
  return BigInt(cores) * (BigInt(allocations.length) * own + BigInt(rest[index]!) + BigInt(rounds) * BigInt(100 * cores - allocated));
};

/** The canisters of each allocation, those that stand highest first. */
const classesOf = (schedule: Schedule): ReadonlyMap<number, Heap<number>> => {
  const members = new Map<number, number[]>();
  schedule.allocations.forEach((percent, index) => {
    const known = members.get(percent);
    if (known === undefined) members.set(percent, [index]);
    else known.push(index);
  });
  const isBefore = (left: number, right: number): boolean => {
    const { standing, rest } = schedule;
    if (standing[left] !== standing[right]) return standing[left]! > standing[right]!;
    return rest[left] === rest[right] ? left < right : rest[left]! > rest[right]!;
  };
  return new Map([...members].map(([percent, indices]) => [percent, heapOf(indices, isBefore)]));
};

const leadingClass = (schedule: Schedule): Heap<number> => {
  let leader: Heap<number> | null = null;
  for (const heap of schedule.classes.values()) {
    if (heap.items.length === 0) continue;
    if (leader === null || compareInRound(schedule, heap.items[0]!, leader.items[0]!) < 0) leader = heap;
  }
  return leader!;
};
