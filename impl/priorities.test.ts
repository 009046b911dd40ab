/** The priorities that never walk all canisters, against the page word by word, and the worked example of the sources. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percent, type Percent, type PriorityBounds } from "../spec/index.ts";
import {
  before,
  charge,
  keyOf,
  longCoresFor,
  priorityOf,
  prioritiesOf,
  resetWhenDue,
  settlePriorities,
  type Priorities,
} from "./priorities.ts";

const whole = 100_000_000n;
const unit = 1_000_000n;

/** Section 11 of the page, points 4 to 6, on a list. */
const naive = (allocations: readonly number[], { ceiling, floor, decay }: PriorityBounds, priorities: bigint[]) => {
  const shares = allocations.map((allocation) => BigInt(allocation) * unit);
  const sumOf = (counts: readonly bigint[]) => counts.reduce((sum, count) => sum + count, 0n);
  shares.forEach((share, index) => (priorities[index]! += share));
  const [top, bottom] = [BigInt(ceiling) * whole, -BigInt(floor) * whole];
  let decayed = 0n;
  priorities.forEach((priority, index) => {
    const bound = priority > top ? top : priority < bottom ? bottom : priority;
    const rest = bound + ((priority - bound) * BigInt(decay)) / 100n;
    decayed += rest - priority;
    priorities[index] = rest;
  });
  const count = BigInt(allocations.length);
  const missing = -sumOf(priorities);
  let free = missing;
  if (free > 0n) {
    const needed = free + sumOf(shares);
    const cap = needed > whole * count ? (needed + count - 1n) / count : whole;
    const order = [...allocations.keys()].sort((left, right) => allocations[right]! - allocations[left]! || left - right);
    order.forEach((index, at) => {
      const [even, most] = [free / (count - BigInt(at)), cap - shares[index]!];
      const share = even < most ? even : most;
      priorities[index]! += share;
      free -= share;
    });
  } else free = missing;
  return { granted: Number(sumOf(shares)), decayed: Number(decayed), shared: Number(missing - free) };
};

const listed = (priorities: Priorities): readonly bigint[] =>
  [...priorities.allocations.keys()].map((index) => BigInt(priorityOf(priorities, index)));

const bounds: PriorityBounds = { resetInterval: 1_000_000, ceiling: 5, floor: 20, decay: 80 };

const subnet = fc.array(fc.constantFrom(0, 0, 0, 1, 7, 33, 70, 100), { minLength: 1, maxLength: 30 });
const drift = fc.record({
  resetInterval: fc.constant(1_000_000),
  ceiling: fc.integer({ min: 0, max: 5 }),
  floor: fc.integer({ min: 0, max: 5 }),
  decay: fc.integer({ min: 0, max: 100 }),
});

describe("priorities", () => {
  test("change in each round as if all canisters were granted, decayed and given their share one by one", () => {
    const rounds = fc.array(fc.array(fc.record({ who: fc.nat(29), pays: fc.integer({ min: 1, max: 4 }) })), { maxLength: 30 });
    fc.assert(
      fc.property(subnet, drift, rounds, fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (percents, some, played, odd) => {
        const initial = percents.map((_, index) => BigInt(odd % (index + 7)) * 12_345_677n);
        const lazy = prioritiesOf(
          4,
          some,
          percents.map((count) => percent(count)),
          initial,
        );
        const plain = [...initial];
        for (const payers of played) {
          const paying = [...new Map(payers.map(({ who, pays }) => [who % percents.length, pays]))];
          charge(
            lazy,
            paying.map(([who]) => who),
            paying.map(([, pays]) => pays),
          );
          for (const [who, pays] of paying) plain[who]! -= BigInt(pays) * whole;
          expect(settlePriorities(lazy)).toEqual(naive(percents, some, plain));
          expect(listed(lazy)).toEqual(plain);
          expect(BigInt(lazy.sum)).toBe(plain.reduce((sum, priority) => sum + priority, 0n));
        }
      }),
    );
  });

  test("say who comes before a canister: with more priority and allocation together, or as much and a smaller id", () => {
    fc.assert(
      fc.property(subnet, fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 30, maxLength: 30 }), fc.nat(), (percents, levels, at) => {
        const initial = percents.map((_, index) => BigInt(levels[index]!) * 30_000_000n);
        const priorities = prioritiesOf(
          4,
          bounds,
          percents.map((count) => percent(count)),
          initial,
        );
        const keys = percents.map((count, index) => initial[index]! + BigInt(count) * unit);
        const one = at % percents.length;
        const expected = [...keys.keys()].filter((other) => keys[other]! > keys[one]! || (keys[other] === keys[one] && other < one));
        expect([...before(priorities, one)].sort((left, right) => left - right)).toEqual(expected);
        expect(keys.map((_, index) => BigInt(keyOf(priorities, index)))).toEqual(keys);
        expect(before(priorities, null)).toHaveLength(percents.length);
      }),
    );
  });

  // facts/scheduler.md SCH-2.4.11: after the first of four canisters was charged q rounds, what each of them is given.
  test.each([
    [0, [100, 70, 20, 0]],
    [1, [100, 70, 20, 0]],
    [2, [100, 73, 23, 3]],
    [3, [100, 100, 60, 40]],
    [4, [100, 100, 100, 100]],
    [5, [125, 125, 125, 125]],
  ])("that one canister paid %d rounds for go to all as the worked example says", (rounds, expected) => {
    const percents = [100, 70, 20, 0].map((count) => percent(count));
    const priorities = prioritiesOf(4, bounds, percents, [0n, 0n, 0n, 0n]);
    charge(priorities, [0], [rounds]);
    settlePriorities(priorities);
    const given = listed(priorities).map((priority, index) =>
      Math.floor(Number(priority + (index === 0 ? BigInt(rounds) * whole : 0n)) / Number(unit)),
    );
    expect(given).toEqual(expected);
  });

  test("are all zero again when the reset is due", () => {
    const priorities = prioritiesOf(2, { ...bounds, resetInterval: 10 }, [percent(1), percent(0)], [5n, -7n]);
    resetWhenDue(priorities, 9);
    expect(listed(priorities)).toEqual([5n, -7n]);
    resetWhenDue(priorities, 10);
    expect([...listed(priorities), priorities.sum]).toEqual([0n, 0n, 0]);
  });
});

describe("long cores", () => {
  const allocated = (...percents: number[]) =>
    prioritiesOf(
      3,
      bounds,
      percents.map((count): Percent => percent(count)),
      percents.map(() => 0n),
    );

  test("are all cores when every canister is long", () => {
    expect(longCoresFor(allocated(0, 0), 2, 0)).toBe(3);
  });

  test("are what their allocations and their even share of the free compute fill, rounded up", () => {
    // Free are 200 - 50: of four canisters, two long ones without allocation get 75 percent, with the 50 they get 125.
    expect(longCoresFor(allocated(50, 0, 0, 0), 2, 0)).toBe(1);
    expect(longCoresFor(allocated(50, 0, 0, 0), 2, 50)).toBe(2);
    expect(longCoresFor(allocated(50, 0, 0, 0), 0, 0)).toBe(0);
  });
});
