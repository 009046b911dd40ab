/** The formulas of money, against figures that were worked out by hand and with a rational oracle. */
import { describe, expect, test } from "vitest";
import { cycles, feesOf2025, percent, publishedParameters, seconds, type Parameters } from "../spec/index.ts";
import {
  callFee,
  callReserve,
  executionPrice,
  freezingThreshold,
  prepayment,
  receptionFee,
  scale,
  settled,
  settlementSlack,
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
  test("each byte of an ingress message is scaled by itself", () =>
    expect(receptionFee(sized(7, { ingress: cycles(0n), ingressByte: cycles(2n) }), 100)).toBe(100n));
});

describe("the threshold", () => {
  const thrifty = canister("a", {}, { computeAllocation: percent(1), freezingThreshold: seconds(86_400) });
  test("of an allocation of 1 percent for a day is 864 billion", () =>
    expect(freezingThreshold(published, thrifty, 0)).toBe(864_000_000_000n));
  test("grows with pages", () => expect(freezingThreshold(published, thrifty, 262_144)).toBe(864_000_000_000n + 127_000n * 86_400n));
  test("of a canister that keeps for no time is nothing", () => expect(freezingThreshold(published, canister("a", {}), 1_000)).toBe(0n));
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
