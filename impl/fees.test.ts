/** Prices against the golden vectors of the fact sheet, and against sums made by hand. */
import { describe, expect, test } from "vitest";
import { bytes, cycles, feesOf2025, instructions, percent, publishedParameters, seconds, type Parameters } from "../spec/index.ts";
import { pricesOf } from "./fees.ts";
import { smallParameters } from "./small-world.ts";

/** The fee table of 2025 with the message limit of the golden vectors, on a subnet of this size. */
const subnetOf = (subnetSize: number): Parameters => ({
  ...publishedParameters,
  messageInstructionLimit: instructions(40_000_000_000),
  maxPayload: bytes(2_097_152),
  fees: { ...feesOf2025, subnetSize },
});

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

describe("prices of the fee table of 2025", () => {
  test.each(golden)(
    "on a subnet of $size are the golden ones",
    ({ size, base, billion, prepayment, ingress, call, response, percent: share }) => {
      const prices = pricesOf(subnetOf(size));
      const ofNothing = pricesOf({ ...subnetOf(size), messageInstructionLimit: instructions(0) });
      expect(ofNothing.prepayment).toBe(base);
      expect(prices.prepayment).toBe(prepayment);
      expect(prices.refund(39_000_000_000)).toBe(billion);
      expect(prices.reception(0)).toBe(ingress[0]);
      expect(prices.reception(1) - prices.reception(0)).toBe(ingress[1]);
      expect(prices.call(0)).toBe(call[0]);
      expect(prices.transmission(1)).toBe(call[1]);
      expect(prices.transmissionReserve).toBe(response);
      // A threshold of one second is floored from the price of a day, which at this size is not a multiple of it.
      expect(prices.threshold(percent(1), seconds(1), 0)).toBe(share);
    },
  );

  test("withhold for a call with 100 bytes what the golden vector CYC-GV7 says", () => {
    const prices = pricesOf(subnetOf(13));
    expect(prices.call(100) + prices.reserve).toBe(42_102_512_000n);
  });

  test("freeze a canister with a GiB of memory for thirty days as the golden vector CYC-GV8 says", () => {
    const prices = pricesOf({ ...subnetOf(13), pageSize: bytes(2 ** 20) });
    expect(prices.threshold(percent(0), seconds(30 * 86_400), 1024)).toBe(329_184_000_000n);
  });
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
