/**
 * Rents: fee tables in which it matters what a canister occupies, small as the worlds are. A page has some sixty bytes, so a
 * price for a GiB and second must be large; often execution is free, so that a balance can be placed to the cycle.
 */
import { cycles, type Cycles, type FeeTable, type Nanoseconds, nanoseconds } from "../../spec/index.ts";
import { computeDay, memoryDay, priceFor } from "../money.ts";
import type { Parameters } from "../../spec/index.ts";
import type { Dice } from "./dice.ts";
import { feesDrawn, freeOfCharge } from "./networks.ts";

const second = 1_000_000_000n;

/** A fee table with rents; `free`: in which execution costs nothing. On a free subnet they are there as well, and nothing is charged. */
export const rentsDrawn = (dice: Dice, schedule?: FeeTable["schedule"], free = dice.chance(60)): FeeTable => {
  const priced = feesDrawn(dice, true);
  const { subnetSize, ingressScaled } = priced;
  return {
    ...(free ? { ...freeOfCharge, subnetSize, ingressScaled } : priced),
    ...(free ? rents[dice.weigh(kinds)](dice) : dearer(rents.whole(dice), priced.execution + 1n)),
    name: "rents",
    schedule: schedule ?? (dice.chance(4) ? "free" : "normal"),
  };
};

type Rents = Pick<FeeTable, "gibSecond" | "baseSecond" | "percentSecond">;

const rents = {
  /** Some cycles for a page and a second. */
  whole: (dice: Dice): Rents => ({
    gibSecond: cycles(gibibyte * dice.big(0n, 3n) + dice.big(0n, gibibyte)),
    baseSecond: cycles(dice.pick([0n, 0n, 1n, 3n, 10n])),
    percentSecond: cycles(dice.pick([0n, 1n, 7n, 100n])),
  }),
  /** Less than a cycle for a page and a second: what divisions lose shows. */
  broken: (dice: Dice): Rents => ({
    gibSecond: cycles(dice.big(2n ** 20n, 2n ** 26n)),
    baseSecond: cycles(dice.pick([0n, 0n, 1n])),
    percentSecond: cycles(dice.pick([0n, 1n])),
  }),
  vast: (dice: Dice): Rents => ({
    gibSecond: cycles(dice.big(2n ** 70n, 2n ** 72n)),
    baseSecond: cycles(dice.pick([0n, dice.big(2n ** 50n, 2n ** 55n)])),
    percentSecond: cycles(dice.big(2n ** 50n, 2n ** 53n)),
  }),
  /** As in production, where it takes a day for a page to cost something. */
  published: (): Rents => ({ gibSecond: cycles(317_500n), baseSecond: cycles(10_000n), percentSecond: cycles(10_000_000n) }),
};

const kinds: readonly (readonly [number, keyof typeof rents])[] = [
  [6, "whole"],
  [3, "broken"],
  [2, "vast"],
  [1, "published"],
];

/** Where executions are dear, rents are, or nobody would notice them. */
const dearer = ({ gibSecond, baseSecond, percentSecond }: Rents, times: bigint): Rents => ({
  gibSecond: cycles((gibSecond * times) / 10n),
  baseSecond: cycles(baseSecond * times),
  percentSecond: cycles(percentSecond * times),
});

const gibibyte = 2n ** 30n;

/** The times between rounds: around the charge period, less than a second, days, a year. */
export const elapsedDrawn = (dice: Dice, { chargePeriod }: Parameters): Nanoseconds => {
  const period = chargePeriod < 100n * second ? chargePeriod : 10n * second;
  return nanoseconds(
    dice.weigh([
      [2, 0n],
      [1, 1n],
      [3, dice.big(0n, second)],
      [1, second - 1n],
      [3, second],
      [2, 9_990_000_000n],
      [5, period],
      [2, period > 0n ? period - 1n : 0n],
      [5, dice.big(period, 2n * period + second)],
      [3, dice.big(0n, 12n * second)],
      [2, dice.big(0n, 3n) * day + dice.big(0n, second)],
      [1, 31_557_600n * second],
    ]),
  );
};

const day = 86_400n * second;

/** What a canister occupies from its first round on. */
export interface Lease {
  readonly pages: number;
  /** @unit percent */
  readonly computeAllocation: number;
}

/** Of one charge. @unit cycles */
interface Price {
  readonly memory: bigint;
  readonly compute: bigint;
}

const pricesOf = (parameters: Parameters, { pages, computeAllocation }: Lease, elapsed: readonly bigint[]): readonly Price[] => {
  const prices: Price[] = [];
  let due = 0n;
  for (const passed of elapsed) {
    due += passed;
    if (due < parameters.chargePeriod) continue;
    prices.push({
      memory: priceFor(memoryDay(parameters, pages), due / second),
      compute: priceFor(computeDay(parameters, computeAllocation), due / second),
    });
    due = 0n;
  }
  return prices;
};

/** A balance that mostly reaches for all rounds but the last ones, to the cycle: for all of a price, for the memory alone, or just not. */
export const balanceFor = (dice: Dice, parameters: Parameters, lease: Lease, elapsed: readonly bigint[]): Cycles => {
  const prices = pricesOf(parameters, lease, elapsed).filter(({ memory, compute }) => memory + compute > 0n);
  if (prices.length === 0) return cycles(dice.big(0n, 100n));
  const last = dice.whole(0, Math.floor((prices.length - 1) * 0.7));
  const paid = prices.slice(0, last).reduce((sum, { memory, compute }) => sum + memory + compute, 0n);
  const { memory, compute } = prices[last]!;
  const wanted = dice.weigh([
    [3, memory + compute],
    [compute > 0n ? 3 : 0, memory],
    [2, dice.big(0n, memory + compute)],
  ]);
  const balance = paid + wanted + dice.pick([-1n, -1n, 0n, 1n]);
  return cycles(balance < 0n ? 0n : balance < most ? balance : most);
};

/** A balance for all rounds, and for more. */
export const richFor = (parameters: Parameters, lease: Lease, elapsed: readonly bigint[]): bigint => {
  const prices = pricesOf(parameters, lease, elapsed).reduce((sum, { memory, compute }) => sum + memory + compute, 0n);
  return prices * 2n < most ? prices * 2n : most;
};

/** Small enough for the border. */
const most = 2n ** 99n;
