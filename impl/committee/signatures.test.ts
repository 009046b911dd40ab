/**
 * The signatures of a committee, against what `docs/machine.md` says of them and real pairings: the dealing is
 * computed here a second time, with numbers alone, and shares are combined by interpolation, which the engine never does.
 */
import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { height, hex, type Committee } from "../../spec/index.ts";
import { dealingOf } from "./dealing.ts";
import { remembered } from "./memo.ts";
import { shareOf, tapeOf } from "./signatures.ts";

const { G1, G2, shortSignatures } = bls12_381;
const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const mod = (value: bigint): bigint => ((value % order) + order) % order;
const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

const committeeOf = (nodes: number, threshold: number, seed = "07"): Committee => ({
  nodes,
  threshold,
  dealing: hex(seed.repeat(32)),
  offset: 0,
});

/** The secret of a node, or of the subnet, which is 0. */
const secretOf = ({ threshold, dealing }: Committee, node: number): bigint =>
  Array.from({ length: threshold }, (_, degree) => {
    const half = (side: number) =>
      sha256(Buffer.concat([Buffer.from("canon-dealing"), Buffer.from(dealing, "hex"), Buffer.from([0, 0, 0, degree, side])]));
    return BigInt(`0x${half(0).toString("hex")}${half(1).toString("hex")}`) * BigInt(node) ** BigInt(degree);
  }).reduce((sum, term) => mod(sum + term), 0n);

const messageOf = (of: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(of));
  return shortSignatures.hash(
    Buffer.concat([Buffer.from([18]), Buffer.from("random_tape_domain"), bytes]),
    "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
  );
};

const keyOf = (committee: Committee, node: number) => G2.Point.BASE.multiply(secretOf(committee, node));

/** The signature that these shares make: interpolation at 0. */
const combined = (committee: Committee, of: number, nodes: readonly number[]): Uint8Array =>
  nodes
    .map((node) => {
      const others = nodes.filter((other) => other !== node);
      const above = others.reduce((product, other) => mod(product * BigInt(other)), 1n);
      const below = others.reduce((product, other) => mod(product * BigInt(other - node)), 1n);
      const weight = mod(above * bls12_381.fields.Fr.inv(below));
      return G1.Point.fromHex(shareOf(dealingOf(committee), node, height(of))).multiply(weight);
    })
    .reduce((sum, point) => sum.add(point))
    .toBytes();

describe("a share", () => {
  test.each([
    [1, 1],
    [4, 2],
    [5, 5],
    [7, 3],
  ])("is the signature of its node, in a committee of %i with threshold %i", (nodes, threshold) => {
    const committee = committeeOf(nodes, threshold);
    const message = messageOf(9);
    for (let node = 1; node <= nodes; node++) {
      const share = shareOf(dealingOf(committee), node, height(9));
      expect(share).toBe(message.multiply(secretOf(committee, node)).toHex());
      expect(share).toHaveLength(96);
    }
  });

  test("is verified by a pairing under the key of its node, and under no other", () => {
    const committee = committeeOf(4, 2);
    const share = Buffer.from(shareOf(dealingOf(committee), 4, height(3)), "hex");
    expect(shortSignatures.verify(share, messageOf(3), keyOf(committee, 4))).toBe(true);
    expect(shortSignatures.verify(share, messageOf(3), keyOf(committee, 3))).toBe(false);
    expect(shortSignatures.verify(share, messageOf(4), keyOf(committee, 4))).toBe(false);
  });

  test("differs from dealing to dealing, from threshold to threshold, from height to height", () => {
    const shares = [committeeOf(4, 2), committeeOf(4, 2, "08"), committeeOf(4, 3)].flatMap((committee) =>
      [1, 2].map((of) => shareOf(dealingOf(committee), 4, height(of))),
    );
    expect(new Set(shares).size).toBe(shares.length);
  });
});

describe("a tape", () => {
  test("is the hash of a signature that a pairing verifies under the key of the subnet", () => {
    const committee = committeeOf(4, 2);
    const signature = combined(committee, 5, [2, 4]);
    expect(shortSignatures.verify(signature, messageOf(5), keyOf(committee, 0))).toBe(true);
    expect(tapeOf(dealingOf(committee), height(5))).toBe(sha256(signature).toString("hex"));
  });

  test("is the same whichever shares make it, in whatever order", () => {
    const committee = committeeOf(7, 3);
    const tape = tapeOf(dealingOf(committee), height(2));
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7], { minLength: 3, maxLength: 4 }), (nodes) => {
        expect(sha256(combined(committee, 2, nodes)).toString("hex")).toBe(tape);
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  test("is not what fewer shares make", () => {
    const committee = committeeOf(7, 3);
    expect(sha256(combined(committee, 2, [1, 5])).toString("hex")).not.toBe(tapeOf(dealingOf(committee), height(2)));
  });
});

test("a memory forgets what came first and makes it again", () => {
  const made: number[] = [];
  const square = remembered(
    2,
    (value: number) => (made.push(value), value * value),
    (value) => value,
  );
  expect([3, 4, 3, 5, 4, 3].map(square)).toEqual([9, 16, 9, 25, 16, 9]);
  expect(made).toEqual([3, 4, 5, 3]);
});
