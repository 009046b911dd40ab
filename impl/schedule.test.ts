/** The schedule that never walks all canisters, against the page word by word. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percent, type Percent } from "../spec/index.ts";
import { accumulatedPriority, compareInRound, pay, plan, scheduleOf, type Schedule } from "./schedule.ts";

/** The page word by word: every canister is credited, all are sorted, the first N pay. */
const naive = (cores: number, allocations: readonly number[]) => {
  const canisters = BigInt(allocations.length);
  const total = allocations.reduce((sum, allocation) => sum + allocation, 0);
  const priorities = allocations.map(() => 0n);
  return {
    priorities,
    round: (): readonly number[] => {
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

describe("the schedule", () => {
  test("orders and charges as if all canisters were credited and sorted in every round", () => {
    fc.assert(
      fc.property(subnets, fc.integer({ min: 1, max: 60 }), ({ cores, allocations }, rounds) => {
        fc.pre(allocations.length > cores);
        const schedule = scheduleOf(cores, allocations, 0, new Float64Array(allocations.length));
        const full = naive(cores, allocations);
        for (let round = 0; round < rounds; round++) {
          const first = plan(schedule);
          const order = full.round();
          expect(orderOf(schedule)).toEqual(order);
          expect(first).toEqual(order.slice(0, cores));
          pay(schedule, first);
          expect(allocations.map((_, index) => accumulatedPriority(schedule, index))).toEqual(full.priorities);
        }
      }),
    );
  });

  test("goes on from any round as if it had never stopped", () => {
    fc.assert(
      fc.property(subnets, fc.integer({ min: 0, max: 20 }), ({ cores, allocations }, rounds) => {
        const schedule = scheduleOf(cores, allocations, 0, new Float64Array(allocations.length));
        for (let round = 0; round < rounds; round++) pay(schedule, plan(schedule));
        const again = scheduleOf(cores, allocations, schedule.rounds, Float64Array.from(schedule.paid));
        for (let round = 0; round < 10; round++) {
          const first = plan(schedule);
          expect(plan(again)).toEqual(first);
          pay(schedule, first);
          pay(again, first);
        }
      }),
    );
  });

  test("gives and charges nothing and goes by id when there is a core for each canister", () => {
    const schedule = scheduleOf(2, [percent(0), percent(100)], 0, new Float64Array(2));
    expect(plan(schedule)).toEqual([]);
    expect(orderOf(schedule)).toEqual([0, 1]);
    expect(accumulatedPriority(schedule, 1)).toBe(0n);
  });

  test("is exact after more rounds than a double could count in units of priority", () => {
    // 10^12 rounds of a canister with the whole core: it pays every round and gains 0 on it, so one round paid less shows.
    const rounds = 10 ** 12;
    const schedule = scheduleOf(1, [percent(0), percent(100)], rounds, Float64Array.of(0, rounds - 1));
    expect(accumulatedPriority(schedule, 1)).toBe(200n);
    expect(accumulatedPriority(schedule, 0)).toBe(0n);
    expect(orderOf(schedule)).toEqual([1, 0]);
    expect(orderOf(scheduleOf(1, [percent(0), percent(100)], rounds, Float64Array.of(0, rounds)))).toEqual([0, 1]);
  });
});
