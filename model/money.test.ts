/** The formulas of the model against the golden vectors of the fee table. */
import { describe, expect, test } from "vitest";
import { bytes, cycles, feesOf2025, instructions, publishedParameters, type Parameters } from "../spec/index.ts";
import { callFee, executionCost, prepayment, receptionFee, scale, transmissionCost } from "./money.ts";

const onSubnetOf = (subnetSize: number): Parameters => ({
  ...publishedParameters,
  messageInstructionLimit: instructions(40_000_000_000),
  fees: { ...feesOf2025, subnetSize },
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
});
