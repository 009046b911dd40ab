/** Threshold signatures with the library that the engine uses, in plain TypeScript: the fastest form of each step that it offers. */
import { mulAddUnsafe } from "@noble/curves/abstract/curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { domain, weightsOf, type Threshold } from "./threshold.ts";

const { G1, G2, shortSignatures } = bls12_381;
const { Fr } = bls12_381.fields;

type Signature = typeof G1.Point.BASE;
type Key = typeof G2.Point.BASE;

export const withNoble: Threshold<Signature, Key> = {
  library: "noble",
  hash: (message) => shortSignatures.hash(message, domain),
  keyOf: (secret) => G2.Point.BASE.multiply(secret),
  keyBytes: (key) => key.toBytes(),
  sign: (message, secret) => message.multiply(secret).toBytes(),
  verify: (message, signature, key) => shortSignatures.verify(signature, message, key),
  combine: (shares) =>
    sum(
      shares.map(({ signature }) => G1.Point.fromBytes(signature)),
      weightsAtZero(shares.map(({ node }) => BigInt(node))),
    ).toBytes(),
  verifyAll: (signed, key) => {
    const weights = weightsOf(signed.map(({ signature }) => signature));
    const signature = sum(
      signed.map((one) => G1.Point.fromBytes(one.signature)),
      weights,
    );
    const message = sum(
      signed.map((one) => one.message),
      weights,
    );
    return shortSignatures.verify(signature, message, key);
  },
};

/** Of each node, what the value of a polynomial there counts for in its value at 0. */
const weightsAtZero = (nodes: readonly bigint[]): readonly bigint[] =>
  nodes.map((node) => {
    const others = nodes.filter((other) => other !== node);
    const above = others.reduce((product, other) => Fr.mul(product, other), 1n);
    const below = others.reduce((product, other) => Fr.mul(product, Fr.create(other - node)), 1n);
    return Fr.div(above, below);
  });

/** The sum of points times weights, with one chain of doublings for all: for short weights that beats buckets also with hundreds of points. */
const sum = (points: Signature[], weights: readonly bigint[]): Signature => mulAddUnsafe(G1.Point, points, [...weights]);
