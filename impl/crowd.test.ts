/** What charges cost when there are many to be charged: nobody is looked at who can pay. */
import { describe, expect, test } from "vitest";
import { cycles, nanoseconds } from "../spec/index.ts";
import { balanceOf, chargeDue, joinCohort, noCohorts, reservedOf } from "./cohorts.ts";
import { ofMemory, payerOf } from "./small-payers.ts";

describe("a charge", () => {
  /** Payers who tell when somebody looks at them. */
  const crowdOf = (count: number, ofDays: (index: number) => bigint, reserved: (index: number) => bigint = () => 0n) => {
    const cohorts = noCohorts();
    const touched = new Set<number>();
    const payers = Array.from({ length: count }, (_, index) => {
      const payer = payerOf(index, 10n ** 15n, 0n, reserved(index));
      return new Proxy(payer, { get: (target, key) => (touched.add(index), Reflect.get(target, key) as unknown) });
    });
    payers.forEach((payer, index) => joinCohort(cohorts, payer, ofMemory(ofDays(index))));
    touched.clear();
    return { cohorts, payers, touched };
  };
  const second = 1_000_000_000n;

  test("looks at one payer, however many there are and whatever they pay, when all can pay", () => {
    const { cohorts, payers, touched } = crowdOf(3_000, (index) => BigInt(index % 500) * 86_400n);
    for (let time = 10n; time <= 10_000n; time += 10n) {
      const { payers: charged, memory } = chargeDue(cohorts, nanoseconds(time * second), nanoseconds(10n * second));
      expect([charged, memory]).toEqual([3_000, 10n * 6n * ((499n * 500n) / 2n)]);
    }
    expect(touched.size).toBe(1); // the one that lasts the shortest
    expect(balanceOf(payers[499]!)).toBe(10n ** 15n - 499n * 10_000n);
  });

  test("finds who cannot pay among those who can", () => {
    const { cohorts, payers, touched } = crowdOf(3_000, () => 86_400n);
    payers[1_234]!.stated = cycles(15n);
    joinCohort(cohorts, payers[1_234]!, ofMemory(86_400n));
    touched.clear();
    expect(chargeDue(cohorts, nanoseconds(10n * second), nanoseconds(0n)).dry).toEqual([]);
    const { dry, memory } = chargeDue(cohorts, nanoseconds(20n * second), nanoseconds(0n));
    expect(dry.map(({ index, stated }) => [index, stated])).toEqual([[1_234, 5n]]);
    expect(memory).toBe(10n * 2_999n);
    expect(touched.size).toBeLessThan(40); // it, and the way down a heap of 3,000
  });

  test("looks at nobody who set enough aside, and once at those for whom it becomes too little", () => {
    const aside = (index: number): bigint => (index < 2_990 ? 10n ** 12n : 25n);
    const { cohorts, payers, touched } = crowdOf(3_000, () => 86_400n, aside);
    const bill = (time: bigint) => chargeDue(cohorts, nanoseconds(time * second), nanoseconds(0n));
    for (const time of [10n, 20n]) expect(bill(time)).toMatchObject({ payers: 3_000, memory: 30_000n, drawn: 30_000n, released: 0n });
    expect(touched.size).toBeLessThan(40);
    expect(bill(30n)).toMatchObject({ memory: 30_000n, drawn: 29_900n, released: 50n });
    expect(touched.size).toBeLessThan(100); // ten, and their ways in a heap of 3,000
    touched.clear();
    for (let time = 40n; time <= 10_000n; time += 10n) expect(bill(time)).toMatchObject({ drawn: 29_900n, released: 0n, dry: [] });
    expect(touched.size).toBe(1);
    expect([payers[0]!, payers[2_999]!].map((payer) => [reservedOf(payer), balanceOf(payer)])).toEqual([
      [10n ** 12n - 10_000n, 10n ** 15n],
      [0n, 10n ** 15n + 25n - 10_000n],
    ]);
  });
});
