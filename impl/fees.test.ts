/** Prices against the golden vectors of the fact sheet, and against sums made by hand. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  cycles,
  feesOf2025,
  feesOf2026,
  feesOfFree,
  feesOfSystem,
  instructions,
  percent,
  publishedParameters,
  seconds,
  type Cycles,
  type FeeTable,
  type Parameters,
  type Percent,
  type Seconds,
} from "../spec/index.ts";
import { lessReserved } from "./freezing.ts";
import { forSeconds, pricesOf, wholeOf, type Prices } from "./fees.ts";
import { smallParameters } from "./small-world.ts";

const frozenBy = (prices: Prices, allocation: Percent, freezing: Seconds, memory: number, messageBytes: number): Cycles =>
  prices.frozen(prices.standingDay(memory, allocation), messageBytes, freezing);

/** A fee table with the message limit of the golden vectors, on a subnet of this size. */
const subnetOf = (subnetSize: number, fees: FeeTable): Parameters => ({
  ...publishedParameters,
  messageInstructionLimit: instructions(40_000_000_000),
  maxPayload: bytes(2_097_152),
  fees: { ...fees, subnetSize },
});

const gibibyte = 2 ** 30;
const month = seconds(30 * 86_400);

/** facts/cycles.md CYC-GV1 to CYC-GV5, the columns that this slice has. */
const golden = [
  {
    size: 7,
    base: 2_692_307n,
    billion: 538_461_538n,
    prepayment: 21_541_153_846n,
    ingress: [646_153n, 1_076n],
    call: [140_000n, 538n],
    response: 1_129_235_692n,
    percent: 5_384_615n,
  },
  {
    size: 13,
    base: 5_000_000n,
    billion: 1_000_000_000n,
    prepayment: 40_005_000_000n,
    ingress: [1_200_000n, 2_000n],
    call: [260_000n, 1_000n],
    response: 2_097_152_000n,
    percent: 10_000_000n,
  },
  {
    size: 28,
    base: 10_769_230n,
    billion: 2_153_846_153n,
    prepayment: 86_164_615_384n,
    ingress: [2_584_615n, 4_307n],
    call: [560_000n, 2_153n],
    response: 4_516_942_769n,
    percent: 21_538_461n,
  },
  {
    size: 34,
    base: 13_076_923n,
    billion: 2_615_384_615n,
    prepayment: 104_628_461_538n,
    ingress: [3_138_461n, 5_230n],
    call: [680_000n, 2_615n],
    response: 5_484_859_076n,
    percent: 26_153_846n,
  },
  {
    size: 40,
    base: 15_384_615n,
    billion: 3_076_923_076n,
    prepayment: 123_092_307_692n,
    ingress: [3_692_307n, 6_153n],
    call: [800_000n, 3_076n],
    response: 6_452_775_384n,
    percent: 30_769_230n,
  },
] as const;

describe.each([
  ["2025", feesOf2025],
  ["2026", feesOf2026],
] as const)("prices of the fee table of %s", (_, fees) => {
  test.each(golden)(
    "on a subnet of $size are the golden ones",
    ({ size, base, billion, prepayment, ingress, call, response, percent: share }) => {
      const prices = pricesOf(subnetOf(size, fees));
      const ofNothing = pricesOf({ ...subnetOf(size, fees), messageInstructionLimit: instructions(0) });
      const ofBytes = pricesOf(subnetOf(size, { ...fees, ingress: cycles(0n) }));
      expect(ofNothing.prepayment).toBe(base);
      expect(prices.prepayment).toBe(prepayment);
      expect(prices.refund(39_000_000_000)).toBe(billion);
      expect(prices.reception(0)).toBe(ingress[0]);
      expect(ofBytes.reception(1)).toBe(ingress[1]);
      expect(prices.call(0)).toBe(call[0]);
      expect(prices.transmission(1)).toBe(call[1]);
      expect(prices.reserve.transmission).toBe(response);
      // A threshold of one second is floored from the price of a day, which at this size is not a multiple of it.
      expect(frozenBy(prices, percent(1), seconds(1), 0, 0)).toBe(share);
      expect(forSeconds(prices.computeDay(percent(1)), 1)).toBe(share);
    },
  );

  test("withhold for a call with 100 bytes what the golden vector CYC-GV7 says", () => {
    const prices = pricesOf(subnetOf(13, fees));
    expect(prices.call(100) + wholeOf(prices.reserve)).toBe(42_102_512_000n);
  });
});

describe("memory", () => {
  test.each([
    ["2025", feesOf2025, [127_000n, 332_153n], [0n, 0n]],
    ["2026", feesOf2026, [317_500n, 830_384n], [10_000n, 26_153n]],
  ] as const)("in %s costs for a second what the golden vector CYC-GV6 says", (_, fees, ofGib, ofBase) => {
    const prices = [13, 34].map((size) => pricesOf(subnetOf(size, fees)));
    const withoutBase = [13, 34].map((size) => pricesOf(subnetOf(size, { ...fees, baseSecond: cycles(0n) })));
    const gibSecond = withoutBase.map(({ memoryDay }) => forSeconds(memoryDay(gibibyte), 1));
    const base = prices.map(({ memoryDay }, at) => forSeconds(memoryDay(gibibyte) - withoutBase[at]!.memoryDay(gibibyte), 1));
    expect(gibSecond).toEqual(ofGib);
    expect(base).toEqual(ofBase);
  });

  test.each([
    ["2025", feesOf2025, 329_184_000_000n],
    ["2026", feesOf2026, 848_880_000_000n],
  ] as const)("freezes a canister with a GiB for thirty days in %s as the golden vector CYC-GV8 says", (_, fees, threshold) => {
    const prices = pricesOf(subnetOf(13, fees));
    expect(frozenBy(prices, percent(0), month, gibibyte, 0)).toBe(threshold);
  });

  test("with messages and an allocation freezes it, too, less what is set aside", () => {
    const prices = pricesOf(subnetOf(13, feesOf2026));
    expect(frozenBy(prices, percent(10), month, gibibyte, 2 ** 21)).toBe(260_050_487_343_750n);
    const larger = pricesOf(subnetOf(34, feesOf2026));
    expect(lessReserved(frozenBy(larger, percent(0), seconds(7 * 86_400), gibibyte, 0), cycles(10n ** 10n))).toBe(508_034_461_532n);
  });

  test("is charged for ten seconds as the golden vector CYC-GV9 says", () => {
    const ofBytes = pricesOf(subnetOf(13, { ...feesOf2026, baseSecond: cycles(0n) }));
    const charge = (count: number): bigint => forSeconds(ofBytes.memoryDay(count), 10);
    expect([1, 338, 339, 2 ** 30].map(charge)).toEqual([0n, 0n, 1n, 3_175_000n]);
  });

  test("costs its base from the first byte on, whatever there is of it", () => {
    const prices = pricesOf(subnetOf(13, feesOf2026));
    expect(prices.memoryDay(0)).toBe(0n);
    expect(prices.memoryDay(4096)).toBe((4096n * 317_500n * 86_400n) / 2n ** 30n + 864_000_000n);
  });
});

describe("the reception of an ingress message", () => {
  test("of 2 MiB is scaled at once in 2025 and in two parts in 2026", () => {
    const reception = (fees: FeeTable): bigint => pricesOf(subnetOf(34, fees)).reception(2_097_152);
    expect([reception(feesOf2026), reception(feesOf2025)]).toEqual([10_971_243_421n, 10_972_856_615n]);
  });
});

describe("what leaves the layer", () => {
  test("costs so much for each signature by the size of the subnet, also where execution costs nothing", () => {
    const signature = (size: number, fees: FeeTable): bigint => pricesOf(subnetOf(size, fees)).signature;
    expect([13, 34].map((size) => signature(size, feesOf2026))).toEqual([10_000_000_000n, 26_153_846_153n]);
    expect(signature(13, feesOfSystem)).toBe(10_000_000_000n);
  });

  test("costs for an outcall what the formula of CYC-1.3.1 says, which has no size to refer to", () => {
    const outcall = (size: number, fees: FeeTable, count: number, most: number): bigint =>
      pricesOf(subnetOf(size, { ...fees, referenceSubnetSize: 1 })).outcall(count, most);
    expect(outcall(13, feesOf2026, 0, 0)).toBe(49_140_000n);
    expect(outcall(13, feesOf2025, 100, 2_000_000)).toBe(49_140_000n + 520_000n + 20_800_000_000n);
    expect(outcall(34, feesOf2026, 9, 1)).toBe(34n * (3_000_000n + 2_040_000n + 3_600n + 800n));
    expect([outcall(13, feesOfSystem, 100, 100), outcall(34, feesOfFree, 100, 100)]).toEqual([0n, 0n]);
  });
});

test("on a free subnet nothing costs anything", () => {
  const prices = pricesOf(subnetOf(34, feesOfFree));
  const { prepayment, attempt, reserve, base, creation, signature } = prices;
  expect([prepayment, attempt, wholeOf(reserve), base, creation, signature]).toEqual([0n, 0n, 0n, 0n, 0n, 0n]);
  expect([prices.reception(100), prices.call(100), prices.transmission(100), prices.refund(5)]).toEqual([0n, 0n, 0n, 0n]);
  expect([prices.memoryDay(gibibyte), prices.computeDay(percent(100)), frozenBy(prices, percent(100), month, gibibyte, 2 ** 30)]).toEqual([
    0n,
    0n,
    0n,
  ]);
});

describe("a prepayment", () => {
  test("that bought nothing costs the base fee", () => {
    expect(pricesOf(smallParameters).attempt).toBe(100n);
  });

  test("comes back whole but for the base fee and what was used", () => {
    const { prepayment, refund } = pricesOf(smallParameters);
    expect(prepayment).toBe(1100n);
    expect(refund(0)).toBe(1000n);
    expect(refund(1000)).toBe(0n);
  });

  test("comes back whole and not more when there is no base fee, whatever the rounding", () => {
    const prices = pricesOf({ ...smallParameters, fees: { ...smallParameters.fees, execution: cycles(0n), subnetSize: 7 } });
    expect(prices.prepayment).toBe(538n);
    expect(prices.refund(0)).toBe(538n);
    expect(prices.refund(1)).toBe(537n);
  });
});

describe("what has to be set aside", () => {
  /** One core, and pages of this size. */
  const scarce = (pageSize: number, others: Partial<Parameters> = {}): Parameters => ({
    ...subnetOf(13, feesOf2026),
    cores: 1,
    storage: { threshold: bytes(750 * gibibyte), capacity: bytes(2048 * gibibyte), period: seconds(300_000_000) },
    pageSize: bytes(pageSize),
    ...others,
  });

  test.each([
    [700, 0n],
    [749, 0n],
    [750, 36_690_935_000n],
    [1000, 18_382_269_877_500n],
  ])("for a GiB where %d are in use is what the golden vector CYC-4.5 says", (used, due) => {
    expect(pricesOf(scarce(gibibyte)).aside(used * gibibyte)).toBe(due);
  });

  test("is the same for many pages as for one that is as large", () => {
    const setAside = (from: number, to: number, step: number, others: Partial<Parameters>): bigint => {
      const { aside } = pricesOf(scarce(step * gibibyte, others));
      let sum = 0n;
      for (let used = from; used < to; used += step) sum += aside(used * gibibyte);
      return sum;
    };
    for (const others of [{}, { cores: 4 }, { cores: 7, fees: { ...feesOf2026, subnetSize: 34 } }]) {
      for (const [from, to] of [
        [0, 2400],
        [100, 1300],
        [740, 1940],
        [2040, 3240],
      ] as const) {
        const whole = setAside(from, to, to - from, others);
        for (const step of [1, 5, 40, 300]) expect(setAside(from, to, step, others)).toBe(whole);
      }
    }
  });

  test("depends on the share of one core, and ends where the memory does", () => {
    const { aside } = pricesOf(scarce(gibibyte, { cores: 4 }));
    const used = (count: number): bigint => aside(count * gibibyte);
    expect([used(186), used(513)]).toEqual([0n, 0n]);
    expect(used(187)).toBeGreaterThan(0n); // a half of this page lies above 187.5 GiB
    expect(used(511)).toBeGreaterThan(used(510));
  });

  test("is nothing without a period", () => {
    const storage = { threshold: bytes(0), capacity: bytes(1), period: seconds(0) };
    expect(pricesOf(scarce(gibibyte, { storage })).aside(5 * gibibyte)).toBe(0n);
  });
});
