/** The formulas of the model against the golden vectors of the fee table. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  currentParameters,
  cycles,
  feesOf2025,
  feesOf2026,
  feesOfFree,
  hex,
  instructions,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type FeeTable,
  type Parameters,
} from "../spec/index.ts";
import {
  callFee,
  computeOfDay,
  executionCost,
  freezingThreshold,
  memoryOfDay,
  ofSeconds,
  prepayment,
  receptionFee,
  reservation,
  scale,
  transmissionCost,
} from "./money.ts";
import { bootCanister, bootState } from "./boot.ts";
import { canister } from "./testing.ts";

const onSubnetOf = (subnetSize: number, fees: FeeTable = feesOf2026): Parameters => ({
  ...publishedParameters,
  messageInstructionLimit: instructions(40_000_000_000),
  fees: { ...fees, subnetSize },
});

/** A canister with one page, which has so many bytes. */
const withMemory = (parameters: Parameters, memory: number, more: Partial<CanisterGenesis> = {}) => ({
  parameters: { ...parameters, pageSize: bytes(memory) },
  holder: { ...bootCanister(canister("a", {}, more), parameters.chargePeriod, parameters), pages: new Map([[0, hex("")]]) },
});

/** facts/cycles.md CYC-GV1 to CYC-GV5: base, 10^9 instructions, prepayment of 40·10^9, ingress base and byte, call and byte, response of 2 MiB. */
const goldenVectors = [
  [7, 2_692_307n, 538_461_538n, 21_541_153_846n, 646_153n, 1_076n, 140_000n, 538n, 1_129_235_692n],
  [13, 5_000_000n, 1_000_000_000n, 40_005_000_000n, 1_200_000n, 2_000n, 260_000n, 1_000n, 2_097_152_000n],
  [28, 10_769_230n, 2_153_846_153n, 86_164_615_384n, 2_584_615n, 4_307n, 560_000n, 2_153n, 4_516_942_769n],
  [34, 13_076_923n, 2_615_384_615n, 104_628_461_538n, 3_138_461n, 5_230n, 680_000n, 2_615n, 5_484_859_076n],
  [40, 15_384_615n, 3_076_923_076n, 123_092_307_692n, 3_692_307n, 6_153n, 800_000n, 3_076n, 6_452_775_384n],
] as const;

describe("the prices of the reference model", () => {
  test.each(goldenVectors)(
    "are those of the golden vectors on a subnet of %i nodes",
    (size, base, billion, limit, ingress, ingressByte, call, byte, response) => {
      const parameters = onSubnetOf(size);
      expect(executionCost(parameters.fees, instructions(0))).toBe(base);
      expect(scale(parameters.fees, 1_000_000_000n)).toBe(billion);
      expect(prepayment(parameters)).toBe(limit);
      expect(receptionFee(parameters, bytes(0))).toBe(ingress);
      expect(receptionFee(parameters, bytes(1))).toBe(ingress + ingressByte);
      expect(callFee(parameters, bytes(0))).toBe(call);
      expect(transmissionCost(parameters, bytes(1))).toBe(byte);
      expect(transmissionCost(parameters, bytes(2_097_152))).toBe(response);
    },
  );

  test("withhold 42,102,512,000 cycles for a call with 100 bytes (facts/cycles.md CYC-GV7)", () => {
    const parameters = onSubnetOf(13);
    const withheld = callFee(parameters, bytes(100)) + transmissionCost(parameters, parameters.maxPayload) + prepayment(parameters);
    expect(cycles(withheld)).toBe(42_102_512_000n);
  });

  test("scale an ingress message in parts or as a whole, which differs on 34 nodes (facts/cycles.md S4)", () => {
    expect(receptionFee(onSubnetOf(34, feesOf2026), bytes(2_097_152))).toBe(10_971_243_421n);
    expect(receptionFee(onSubnetOf(34, feesOf2025), bytes(2_097_152))).toBe(10_972_856_615n);
    expect(receptionFee(onSubnetOf(13, feesOf2025), bytes(2_097_152))).toBe(receptionFee(onSubnetOf(13), bytes(2_097_152)));
  });

  test.each([
    ["F25", feesOf2025, 329_184_000_000n],
    ["F26", feesOf2026, 848_880_000_000n],
    ["a free subnet", feesOfFree, 0n],
  ])("freeze a canister with a GiB and 30 days on %s (facts/cycles.md CYC-GV8a, S10)", (_name, fees, threshold) => {
    const { parameters, holder } = withMemory(onSubnetOf(13, fees), 2 ** 30, { freezingThreshold: seconds(2_592_000) });
    expect(freezingThreshold(bootState({ parameters, time: parameters.chargePeriod, canisters: [] }), holder)).toBe(threshold);
  });

  test("freeze a canister with a GiB, 2 MiB for messages, 10 % and 30 days on F26 (facts/cycles.md CYC-GV8b)", () => {
    const { parameters, holder } = withMemory(onSubnetOf(13), 2 ** 30, {
      freezingThreshold: seconds(2_592_000),
      computeAllocation: percent(10),
    });
    expect(freezingThreshold(bootState({ parameters, time: parameters.chargePeriod, canisters: [] }), holder, 2 ** 21)).toBe(
      260_050_487_343_750n,
    );
  });

  test("freeze a canister with a GiB, 7 days and 10^10 cycles set aside on F26 with 34 nodes (facts/cycles.md CYC-GV8c)", () => {
    const { parameters, holder } = withMemory(onSubnetOf(34), 2 ** 30, { freezingThreshold: seconds(604_800) });
    const state = bootState({ parameters, time: parameters.chargePeriod, canisters: [] });
    expect(freezingThreshold(state, { ...holder, reserved: cycles(10_000_000_000n) })).toBe(508_034_461_532n);
  });

  test.each([
    [700, 0n],
    [750, 36_690_935_000n],
    [1000, 18_382_269_877_500n],
  ])("set aside for a GiB where %i GiB are in use what facts/cycles.md CYC-4.5 says", (used, aside) => {
    const parameters: Parameters = { ...currentParameters, cores: 1 };
    expect(reservation(parameters, used * 2 ** 30, 2 ** 30)).toBe(aside);
  });

  test("set the same aside for two steps as for one", () => {
    const parameters: Parameters = { ...currentParameters, cores: 1 };
    const gib = 2 ** 30;
    for (const used of [749 * gib, 900 * gib + 17, 2047 * gib])
      expect(reservation(parameters, used, 3 * gib)).toBe(
        reservation(parameters, used, gib) + reservation(parameters, used + gib, 2 * gib),
      );
  });

  test.each([
    [1, 0n],
    [338, 0n],
    [339, 1n],
    [2 ** 30, 3_175_000n],
  ])("charge %i bytes %i cycles for ten seconds, base fee off (facts/cycles.md CYC-GV9)", (memory, price) => {
    const { parameters, holder } = withMemory(onSubnetOf(13, { ...feesOf2026, baseSecond: cycles(0n) }), memory);
    expect(ofSeconds(memoryOfDay(parameters, holder), 10n)).toBe(price);
  });

  test("charge the base fee from the first byte on, and nothing before it", () => {
    const { parameters, holder } = withMemory(onSubnetOf(34), 1);
    expect(ofSeconds(memoryOfDay(parameters, holder), 1n)).toBe(26_153n);
    expect(memoryOfDay(parameters, { ...holder, pages: new Map() })).toBe(0n);
  });

  test.each([
    [7, 5_384_615n],
    [13, 10_000_000n],
    [28, 21_538_461n],
    [34, 26_153_846n],
    [40, 30_769_230n],
  ])("charge a percent on %i nodes for a second as the golden vectors say", (size, price) => {
    const parameters = onSubnetOf(size);
    const { holder } = withMemory(parameters, 0, { computeAllocation: percent(1) });
    expect(ofSeconds(computeOfDay(parameters, holder), 1n)).toBe(price);
  });
});
