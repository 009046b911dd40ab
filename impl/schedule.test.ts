/** The schedule that never walks all canisters, against the page word by word. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percent, type Percent } from "../spec/index.ts";
import { accumulatedPriority, compareInRound, pay, plan, scheduleOf, type Schedule } from "./schedule.ts";

/** The page word by word: every canister is credited, all are sorted, the first N pay. */
const naive = (cores: number, allocations: readonly number[], initial: readonly bigint[] = allocations.map(() => 0n)) => {
  const canisters = BigInt(allocations.length);
  const total = allocations.reduce((sum, allocation) => sum + allocation, 0);
  const priorities = [...initial];
  return {
    priorities,
    round: (height: number): readonly number[] => {
      if (height % (100 * cores * allocations.length) === 0) priorities.fill(0n);
      allocations.forEach((allocation, index) => {
        priorities[index]! += BigInt(cores) * canisters * BigInt(allocation) + BigInt(cores) * BigInt(100 * cores - total);
      });
      const order = allocations
        .map((_, index) => index)
        .sort((left, right) => Number(priorities[right]! - priorities[left]!) || left - right);
      for (const index of order.slice(0, cores)) priorities[index]! -= 100n * BigInt(cores) * canisters;
      return order;
    },
  };
};

const orderOf = (schedule: Schedule): readonly number[] =>
  [...schedule.allocations.keys()].sort((left, right) => compareInRound(schedule, left, right));

const prioritiesIn = (schedule: Schedule): readonly bigint[] =>
  [...schedule.allocations.keys()].map((index) => accumulatedPriority(schedule, index));

const zeros = (allocations: readonly unknown[]): readonly bigint[] => allocations.map(() => 0n);

/** Some cores, and canisters whose allocations fit on them. */
const subnets = fc
  .record({
    cores: fc.integer({ min: 1, max: 4 }),
    wishes: fc.array(fc.constantFrom(0, 0, 0, 1, 10, 25, 33, 50, 99, 100), { minLength: 1, maxLength: 24 }),
  })
  .map(({ cores, wishes }) => {
    let free = 100 * cores;
    return { cores, allocations: wishes.map((wish): Percent => percent(wish <= free ? ((free -= wish), wish) : 0)) };
  });

/** Priorities that a scheduler of so many cores could have left. */
const histories = (cores: number, count: number) =>
  fc.array(
    fc.integer({ min: -20_000, max: 20_000 }).map((level) => BigInt(cores * level)),
    { minLength: count, maxLength: count },
  );

describe("the schedule", () => {
  test("orders and charges as if all canisters were credited and sorted in every round, whatever they had before", () => {
    const cases = subnets.chain(({ cores, allocations }) =>
      fc.record({
        cores: fc.constant(cores),
        allocations: fc.constant(allocations),
        initial: fc.oneof(fc.constant(zeros(allocations)), histories(cores, allocations.length)),
        from: fc.integer({ min: 1, max: 300 }),
      }),
    );
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 60 }), ({ cores, allocations, initial, from }, rounds) => {
        fc.pre(allocations.length > cores);
        const schedule = scheduleOf(cores, allocations, initial);
        const full = naive(cores, allocations, initial);
        expect(prioritiesIn(schedule)).toEqual(initial);
        for (let height = from; height < from + rounds; height++) {
          const first = plan(schedule, height);
          const order = full.round(height);
          expect(orderOf(schedule)).toEqual(order);
          expect(first).toEqual(order.slice(0, cores));
          pay(schedule, first);
          expect(prioritiesIn(schedule)).toEqual(full.priorities);
        }
      }),
    );
  });

  test("goes on from any round as if it had never stopped", () => {
    fc.assert(
      fc.property(subnets, fc.integer({ min: 0, max: 20 }), ({ cores, allocations }, rounds) => {
        const schedule = scheduleOf(cores, allocations, zeros(allocations));
        for (let height = 1; height <= rounds; height++) pay(schedule, plan(schedule, height));
        const again = scheduleOf(cores, allocations, prioritiesIn(schedule));
        for (let height = rounds + 1; height < rounds + 10; height++) {
          const first = plan(schedule, height);
          expect(plan(again, height)).toEqual(first);
          pay(schedule, first);
          pay(again, first);
          expect(prioritiesIn(again)).toEqual(prioritiesIn(schedule));
        }
      }),
    );
  });

  test("gives and charges nothing and goes by id when there is a core for each canister, whatever they had before", () => {
    const schedule = scheduleOf(2, [percent(0), percent(100)], [-8n, 8n]);
    expect(plan(schedule, 400)).toEqual([]);
    expect(orderOf(schedule)).toEqual([0, 1]);
    expect(prioritiesIn(schedule)).toEqual([-8n, 8n]);
  });

  test("is exact after more rounds than a double could count in units of priority", () => {
    // 10^12 rounds of a canister with the whole core: it pays every round and gains 0 on it, so one round paid less shows.
    const whole = 200n * 10n ** 12n;
    const schedule = scheduleOf(1, [percent(0), percent(100)], [whole, whole + 1n]);
    expect(prioritiesIn(schedule)).toEqual([whole, whole + 1n]);
    expect(orderOf(schedule)).toEqual([1, 0]);
    expect(orderOf(scheduleOf(1, [percent(0), percent(100)], [whole, whole]))).toEqual([0, 1]);
  });
});
