/**
 * Shamir sharing over the scalars of BLS12-381: a secret is the value at 0 of a polynomial, a share is its value at the
 * number of a node. With a polynomial of degree t − 1, any t shares determine the secret, and t − 1 say nothing of it.
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bigEndian, type Hex } from "../../spec/index.ts";

const { Fr } = bls12_381.fields;

/** A scalar: 0 or more and below the order of the group. */
export type Scalar = bigint;

/** The coefficients of a polynomial, that of degree 0 first. */
export type Polynomial = readonly Scalar[];

/** The number of a node, from 1: at 0 lies the secret. */
export type NodeNumber = number;

/** A polynomial that is determined by a seed; with so many coefficients, so many shares determine it. */
export const drawPolynomial = (seed: Hex, coefficients: number): Polynomial =>
  Array.from({ length: coefficients }, (_, degree) => scalarOf(seed, degree));

/** The value of a polynomial. */
export const valueAt = (polynomial: Polynomial, at: NodeNumber): Scalar =>
  polynomial.reduceRight((sum, coefficient) => Fr.add(Fr.mul(sum, BigInt(at)), coefficient), Fr.ZERO);

/**
 * The weights with which the values at these nodes add up to the value at `at`, as numbers of the field.
 * @throws RangeError when a node is named twice: two equal points determine nothing.
 */
export const weightsFor = (nodes: readonly NodeNumber[], at = 0): readonly Scalar[] => {
  if (new Set(nodes).size !== nodes.length) throw new RangeError(`nodes: expected each number once, got ${nodes.join(", ")}`);
  return nodes.map((node) => {
    const others = nodes.filter((other) => other !== node).map(BigInt);
    const above = others.reduce((product, other) => Fr.mul(product, Fr.sub(Fr.create(BigInt(at)), other)), Fr.ONE);
    const below = others.reduce((product, other) => Fr.mul(product, Fr.sub(BigInt(node), other)), Fr.ONE);
    return Fr.div(above, below);
  });
};

/** The value at `at` of the one polynomial of least degree through these points. */
export const interpolate = (points: readonly (readonly [node: NodeNumber, value: Scalar])[], at = 0): Scalar => {
  const weights = weightsFor(
    points.map(([node]) => node),
    at,
  );
  return points.reduce((sum, [, value], k) => Fr.add(sum, Fr.mul(weights[k]!, value)), Fr.ZERO);
};

/** 512 bits of a hash, so that no scalar is noticeably more likely than another. */
const scalarOf = (seed: Hex, degree: number): Scalar => {
  const half = (side: number) =>
    sha256(concatBytes(utf8ToBytes("canon-dealing"), hexToBytes(seed), hexToBytes(bigEndian(BigInt(degree), 4)), Uint8Array.of(side)));
  return Fr.create(BigInt(`0x${bytesToHex(concatBytes(half(0), half(1)))}`));
};
