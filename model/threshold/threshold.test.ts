/** Sharing and threshold signatures, on all subsets of small committees, and against a signature of the network. */
import * as fc from "fast-check";
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { height, hex } from "../../spec/index.ts";
import { drawPolynomial, interpolate, valueAt } from "./sharing.ts";
import { combine, deal, mostFaulty, signShare, tapeMessage, tapeOf, verifies, verifiesShare } from "./signing.ts";

const seed = hex("2a".repeat(32));
const subsets = (of: readonly number[], size: number): readonly (readonly number[])[] =>
  size === 0 ? [[]] : of.flatMap((first, k) => subsets(of.slice(k + 1), size - 1).map((rest) => [first, ...rest]));

describe("a shared secret", () => {
  test("is determined by any threshold of its shares", () => {
    const polynomial = drawPolynomial(seed, 3);
    for (const nodes of subsets([1, 2, 3, 4, 5, 6, 7], 3))
      expect(interpolate(nodes.map((node) => [node, valueAt(polynomial, node)]))).toBe(polynomial[0]);
  });

  test("is not hinted at by fewer: for every candidate there is a polynomial through the shares", () => {
    const polynomial = drawPolynomial(seed, 3);
    const known = [2, 5].map((node) => [node, valueAt(polynomial, node)] as const);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 254n }), (candidate) => {
        const third = interpolate([[0, candidate], ...known], 7);
        expect(interpolate([...known, [7, third]])).toBe(candidate);
        for (const [node, value] of known) expect(interpolate([[0, candidate], known[0]!, [7, third]], node)).toBe(value);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test("is not determined by the same share twice", () => {
    expect(() =>
      interpolate([
        [1, 5n],
        [1, 5n],
      ]),
    ).toThrow("each number once");
  });
});

describe("a threshold signature", () => {
  const dealing = deal(seed, 4);
  const message = tapeMessage(height(7));
  const shares = [1, 2, 3, 4].map((node) => signShare(dealing, node, message));

  test("takes one share more than there may be faulty nodes", () => {
    expect([4, 13, 40].map(mostFaulty)).toEqual([1, 4, 13]);
    expect(dealing.threshold).toBe(2);
    expect(() => combine(dealing, shares.slice(0, 1))).toThrow("expected at least 2, got 1");
  });

  test("is the same whichever shares make it, and is that of the subnet", () => {
    const made = subsets([0, 1, 2, 3], 2).flatMap(([one, other]) => [
      combine(dealing, [shares[one!]!, shares[other!]!]),
      combine(dealing, [shares[other!]!, shares[one!]!]),
    ]);
    expect(new Set(made)).toEqual(new Set([tapeOf(dealing, height(7))]));
    expect(verifies(made[0]!, message, dealing.subnetKey)).toBe(true);
    expect(verifies(made[0]!, tapeMessage(height(8)), dealing.subnetKey)).toBe(false);
  });

  test("is recognised share by share", () => {
    for (const share of shares) expect(verifiesShare(dealing, share, message)).toBe(true);
    expect(verifiesShare(dealing, { ...shares[0]!, node: 2 }, message)).toBe(false);
    expect(verifiesShare(dealing, { ...shares[0]!, node: 9 }, message)).toBe(false);
    expect(verifiesShare(dealing, { node: 1, signature: hex("00".repeat(48)) }, message)).toBe(false);
  });

  test("made with a wrong share is not that of the subnet", () => {
    const wrong = combine(dealing, [{ node: 1, signature: shares[2]!.signature }, shares[1]!]);
    expect(verifies(wrong, message, dealing.subnetKey)).toBe(false);
  });

  test("verifies as the network's own signatures do: a certificate's published key, message and signature", () => {
    const key = hex(
      "814c0e6ec71fab583b08bd81373c255c3c371b2e84863c98a4f1e08b74235d14fb5d9c0cd546d9685f913a0c0b2cc5341583bf4b4392e467db96d65b9bb4cb717112f8472e0d5a4d14505ffd7484b01291091c5f87b98883463f98091a0baaae",
    );
    const signature = hex("ace9fcdd9bc977e05d6328f889dc4e7c99114c737a494653cb27a1f55c06f4555e0f160980af5ead098acc195010b2f7");
    const signed = hexToBytes("0d69632d73746174652d726f6f74e6c01e909b4923345ce5970962bcfe3004bfd8474a21dae28f50692502f46d90");
    expect(verifies(signature, signed, key)).toBe(true);
    expect(
      verifies(
        signature,
        signed.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
        key,
      ),
    ).toBe(false);
  });
});
