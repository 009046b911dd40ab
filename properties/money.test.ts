/** The formulas of money, against figures that were worked out by hand and with a rational oracle. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytes,
  currentParameters,
  cycles,
  feesOf2025,
  feesOf2026,
  feesOfFree,
  percent,
  publishedParameters,
  seconds,
  type Parameters,
} from "../spec/index.ts";
import {
  callFee,
  callReserve,
  computeDay,
  executionPrice,
  freezingThreshold,
  instructionsPrice,
  memoryDay,
  ofPages,
  prepayment,
  priceFor,
  receptionFee,
  scale,
  setAsideFor,
  settled,
  settlementSlack,
  transmission,
} from "./money.ts";
import { canister } from "./testing/stories.ts";

const published = publishedParameters;
const sized = (subnetSize: number, more: Partial<Parameters["fees"]> = {}): Parameters => ({
  ...published,
  fees: { ...feesOf2025, subnetSize, ...more },
});

describe("on a subnet of 13", () => {
  test("an execution costs its base fee and one cycle an instruction", () => expect(executionPrice(published, 1_000)).toBe(5_001_000n));
  test("the prepayment is for the whole message limit", () => expect(prepayment(published)).toBe(5_005_000_000n));
  test("what is not used comes back", () => expect(settled(published, prepayment(published), 1_000)).toBe(5_001_000n));
  test("a message of 10 bytes costs 1,220,000 to receive", () => expect(receptionFee(published, 10)).toBe(1_220_000n));
  test("a call of 10 bytes costs 270,000", () => expect(callFee(published, 10)).toBe(270_000n));
  test("a callback holds the largest response and one execution", () =>
    expect(callReserve(published)).toBe(2_097_152_000n + 5_005_000_000n));
});

describe("on other subnets", () => {
  test("a price is scaled on the whole product, and rounded down once", () => expect(scale(sized(34), 260_000n)).toBe(680_000n));
  test("a price that does not divide is rounded down", () => expect(scale(sized(7), 1n)).toBe(0n));
  test("each byte of an ingress message is scaled by itself, or all together", () => {
    const bytewise = { ingress: cycles(0n), ingressByte: cycles(2n) };
    expect(receptionFee(sized(7, { ...bytewise, ingressScaled: "apart" }), 100)).toBe(100n);
    expect(receptionFee(sized(7, { ...bytewise, ingressScaled: "together" }), 100)).toBe(107n);
  });
});

/** @source facts/cycles.md CYC-GV1 to CYC-GV5 */
describe.each([
  [7, 2_692_307n, 538_461_538n, 21_541_153_846n, 646_153n, 1_076n, 140_000n, 538n, 1_129_235_692n, 5_384_615n],
  [13, 5_000_000n, 1_000_000_000n, 40_005_000_000n, 1_200_000n, 2_000n, 260_000n, 1_000n, 2_097_152_000n, 10_000_000n],
  [28, 10_769_230n, 2_153_846_153n, 86_164_615_384n, 2_584_615n, 4_307n, 560_000n, 2_153n, 4_516_942_769n, 21_538_461n],
  [34, 13_076_923n, 2_615_384_615n, 104_628_461_538n, 3_138_461n, 5_230n, 680_000n, 2_615n, 5_484_859_076n, 26_153_846n],
  [40, 15_384_615n, 3_076_923_076n, 123_092_307_692n, 3_692_307n, 6_153n, 800_000n, 3_076n, 6_452_775_384n, 30_769_230n],
])("a subnet of %i", (subnetSize, base, billion, prepaid, ingress, ingressByte, call, callByte, response, percentSecond) => {
  const { fees, ...limits } = currentParameters;
  const parameters = { ...limits, fees: { ...fees, subnetSize } };

  test("has the prices of an execution", () => {
    expect(executionPrice(parameters, 0)).toBe(base);
    expect(scale(parameters, instructionsPrice(parameters, 1_000_000_000))).toBe(billion);
    expect(prepayment(parameters)).toBe(prepaid);
  });
  test("has the prices of messages", () => {
    expect([receptionFee(parameters, 0), receptionFee(parameters, 1) - receptionFee(parameters, 0)]).toEqual([ingress, ingressByte]);
    expect([callFee(parameters, 0), transmission(parameters, 1)]).toEqual([call, callByte]);
    expect(transmission(parameters, 2 ** 21)).toBe(response);
  });
  test("has the price of a percent of a core", () => expect(scale(parameters, fees.percentSecond)).toBe(percentSecond));
});

describe("an ingress message of 2 MiB on a subnet of 34", () => {
  test.each([
    ["apart", 10_971_243_421n],
    ["together", 10_972_856_615n],
  ] as const)("costs, scaled %s, what the two versions of the network take", (ingressScaled, fee) =>
    expect(receptionFee(sized(34, { ingressScaled }), 2 ** 21)).toBe(fee),
  );
});

test("a call of 100 bytes sets aside what the network withholds", () =>
  expect(callFee(currentParameters, 100) + callReserve(currentParameters)).toBe(42_102_512_000n));

/** A canister with one page of so many bytes. */
const holding = (size: number, fees: Parameters["fees"]): Parameters => ({ ...published, pageSize: bytes(size), fees });

describe("what a canister occupies", () => {
  const gibibyte = 2 ** 30;

  test("a second of a GiB, and of a canister, is scaled like the rest", () => {
    const prices = [13, 34].map((subnetSize) => {
      const [old, current] = [sized(subnetSize), sized(subnetSize, feesOf2026)].map((parameters) => ({
        ...parameters,
        fees: { ...parameters.fees, subnetSize },
      }));
      return [scale(old!, feesOf2025.gibSecond), scale(current!, feesOf2026.gibSecond), scale(current!, feesOf2026.baseSecond)];
    });
    expect(prices).toEqual([
      [127_000n, 317_500n, 10_000n],
      [332_153n, 830_384n, 26_153n],
    ]);
  });
  test("ten seconds of up to 338 bytes cost nothing, of 339 one cycle", () => {
    const noBase = { ...feesOf2026, baseSecond: cycles(0n) };
    const tenSeconds = (size: number): bigint => priceFor(memoryDay(holding(size, noBase), size), 10n);
    expect([1, 338, 339, gibibyte].map(tenSeconds)).toEqual([0n, 0n, 1n, 3_175_000n]);
  });
  test("a canister without memory pays no base price", () => expect(memoryDay(holding(4_096, feesOf2026), 0)).toBe(0n));
  test("the part of a day is rounded down once more", () => expect([priceFor(5n, 86_399n), priceFor(5n, 86_400n)]).toEqual([4n, 5n]));
});

describe("the threshold", () => {
  const kept = (size: number, fees: Parameters["fees"], days: number, allocation = 0, messages = 0, reserved = 0n): bigint =>
    freezingThreshold(
      holding(size, fees),
      canister("a", {}, { computeAllocation: percent(allocation), freezingThreshold: seconds(86_400 * days) }),
      { memory: size, messages, reserved },
    );
  test("of a GiB for 30 days is 329 or 848 billion", () => {
    expect(kept(2 ** 30, feesOf2025, 30)).toBe(329_184_000_000n);
    expect(kept(2 ** 30, feesOf2026, 30)).toBe(848_880_000_000n);
  });
  test("of a GiB, 2 MiB for messages and 10 percent is that of the network", () =>
    expect(kept(2 ** 30, feesOf2026, 30, 10, 2 ** 21)).toBe(260_050_487_343_750n));
  test("of a GiB for a week on a subnet of 34 is that of the network, when 10 billion are set aside", () =>
    expect(kept(2 ** 30, { ...feesOf2026, subnetSize: 34 }, 7, 0, 0, 10_000_000_000n)).toBe(508_034_461_532n));
  test("is nothing when more is set aside", () => expect(kept(2 ** 30, feesOf2026, 7, 0, 0, 10n ** 18n)).toBe(0n));

  const thrifty = canister("a", {}, { computeAllocation: percent(1), freezingThreshold: seconds(86_400) });
  test("of an allocation of 1 percent for a day is 864 billion", () =>
    expect(freezingThreshold(published, thrifty, ofPages(published, 0))).toBe(864_000_000_000n));
  test("grows with pages", () =>
    expect(freezingThreshold(published, thrifty, ofPages(published, 262_144))).toBe(864_000_000_000n + 127_000n * 86_400n));
  test("of a canister that keeps for no time is nothing", () =>
    expect(freezingThreshold(published, canister("a", {}), ofPages(published, 1_000))).toBe(0n));
});

describe("what is set aside", () => {
  const gibibyte = 2 ** 30;
  const scarce = (cores: number, more: Partial<Parameters["storage"]> = {}): Parameters => ({
    ...published,
    cores,
    pageSize: bytes(gibibyte),
    fees: feesOf2026,
    storage: { threshold: bytes(750 * gibibyte), capacity: bytes(2_048 * gibibyte), period: seconds(300_000_000), ...more },
  });
  test.each([
    [700, 0n],
    [750, 36_690_935_000n],
    [1_000, 18_382_269_877_500n],
  ])("for a GiB above %i is that of the network", (used, expected) => expect(setAsideFor(scarce(1), used * gibibyte)).toBe(expected));
  test("goes by the shares of a core", () =>
    expect(setAsideFor(scarce(4), 250 * gibibyte)).toBe(
      setAsideFor(scarce(1, { threshold: bytes(187.5 * gibibyte), capacity: bytes(512 * gibibyte) }), 250 * gibibyte),
    ));
  test("is the same at once as page by page", () =>
    expect(setAsideFor(scarce(1), 749 * gibibyte, 3 * gibibyte)).toBe(
      [749, 750, 751].reduce((sum, used) => sum + setAsideFor(scarce(1), used * gibibyte), 0n),
    ));
  test("is nothing more when the memory is full", () => expect(setAsideFor(scarce(1), 2_048 * gibibyte)).toBe(0n));
  test("is nothing where nothing is paid in advance", () =>
    expect(setAsideFor(scarce(1, { period: seconds(0), capacity: bytes(750 * gibibyte) }), 900 * gibibyte)).toBe(0n));
});

test("a settlement never passes its bounds, whatever the fee table", () => {
  for (const size of [1, 4, 7, 13, 28, 34, 40]) {
    for (const tenInstructions of [0n, 1n, 3n, 10n, 17n, 2n ** 53n + 1n]) {
      const parameters = sized(size, { tenInstructions: cycles(tenInstructions), execution: cycles(7n) });
      for (let used = 0; used <= 40; used++) {
        const excess = settled(parameters, prepayment(parameters), used) - executionPrice(parameters, used);
        expect(excess).toBeGreaterThanOrEqual(0n);
        expect(excess).toBeLessThanOrEqual(settlementSlack(parameters));
      }
    }
  }
});

test("on a free subnet nothing has a price", () => {
  const free = { ...currentParameters, fees: feesOfFree };
  expect([prepayment(free), receptionFee(free, 9), callFee(free, 9), callReserve(free), memoryDay(free, 9), computeDay(free, 9)]).toEqual([
    0n,
    0n,
    0n,
    0n,
    0n,
    0n,
  ]);
  expect(settled(free, 0n, 1_000)).toBe(0n);
});

/** @source facts/cycles.md CYC-P23 */
describe("scaling", () => {
  const amount = fc.bigInt({ min: 0n, max: 2n ** 100n });
  const size = fc.integer({ min: 1, max: 60 });

  test("leaves prices as they are on a subnet of the reference size", () =>
    fc.assert(fc.property(amount, (count) => scale(sized(13), count) === count)));
  test("is the exact quotient, rounded down: no double could say it", () =>
    fc.assert(
      fc.property(amount, size, size, (count, subnetSize, referenceSubnetSize) => {
        const [n, reference] = [BigInt(subnetSize), BigInt(referenceSubnetSize)];
        const rest = count * n - scale(sized(subnetSize, { referenceSubnetSize }), count) * reference;
        return rest >= 0n && rest < reference;
      }),
    ));
  test("of a sum is the sum of the parts, or one more", () =>
    fc.assert(
      fc.property(amount, amount, size, (one, other, subnetSize) => {
        const parameters = sized(subnetSize);
        const excess = scale(parameters, one + other) - scale(parameters, one) - scale(parameters, other);
        return excess === 0n || excess === 1n;
      }),
    ));
  test("grows with the amount and with the subnet", () =>
    fc.assert(
      fc.property(
        amount,
        amount,
        size,
        (count, more, subnetSize) =>
          scale(sized(subnetSize), count + more) >= scale(sized(subnetSize), count) &&
          scale(sized(subnetSize + 1), count) >= scale(sized(subnetSize), count),
      ),
    ));
});

/** @source facts/cycles.md CYC-P13 */
describe("what a canister pays for a time", () => {
  const time = fc.bigInt({ min: 0n, max: 10n ** 9n });
  const rented = fc
    .record({
      gib: fc.bigInt({ min: 0n, max: 2n ** 80n }),
      base: fc.bigInt({ min: 0n, max: 2n ** 60n }),
      subnetSize: fc.integer({ min: 1, max: 40 }),
      pages: fc.integer({ min: 0, max: 9 }),
      pageSize: fc.integer({ min: 1, max: 5_000 }),
    })
    .map(({ gib, base, subnetSize, pages, pageSize }) => ({
      parameters: { ...sized(subnetSize, { gibSecond: cycles(gib), baseSecond: cycles(base) }), pageSize: bytes(pageSize) },
      pages,
    }));

  test("in two parts is what it pays at once, or a cycle less", () =>
    fc.assert(
      fc.property(rented, time, time, ({ parameters, pages }, one, other) => {
        const ofDay = memoryDay(parameters, pages);
        const lost = priceFor(ofDay, one + other) - priceFor(ofDay, one) - priceFor(ofDay, other);
        return lost === 0n || lost === 1n;
      }),
    ));
  test("grows with pages, percents and seconds", () =>
    fc.assert(
      fc.property(
        rented,
        time,
        ({ parameters, pages }, passed) =>
          memoryDay(parameters, pages + 1) >= memoryDay(parameters, pages) &&
          computeDay(parameters, pages + 1) >= computeDay(parameters, pages) &&
          priceFor(memoryDay(parameters, pages), passed + 1n) >= priceFor(memoryDay(parameters, pages), passed),
      ),
    ));
});
