/**
 * The signatures for the tape of one height: that of the subnet and those of all nodes, as one row that is made at once.
 *
 * A signature is the message's point times a secret, and the secrets are the values of a polynomial at 0, 1, 2 and on;
 * so the signatures are the values of a polynomial too, and, its degree being below the threshold, those after the first
 * `threshold` follow by additions of points: a few hundred times cheaper than a multiplication each. For the same reason
 * affine coordinates are computed for the whole row, with one inversion instead of one each.
 */
import { normalizeZ } from "@noble/curves/abstract/curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bigEndian, hex, type Height, type Hex, type NodeNumber } from "../../spec/index.ts";
import type { Dealing } from "./dealing.ts";
import { remembered } from "./memo.ts";

/** The share of a node of the tape of this height: 48 bytes. */
export const shareOf = (dealing: Dealing, node: NodeNumber, height: Height): Hex => rowOf(dealing, height)[node]!;

/**
 * The tape of this height: 32 bytes. It is made with the secret of the subnet and not from shares, which gives the same
 * bytes: whichever `threshold` valid shares are combined, interpolation at 0 is the value of the polynomial there, and
 * a point has one encoding. With a share among them that is not valid it would not be; but only valid ones are admitted.
 */
export const tapeOf = (dealing: Dealing, height: Height): Hex => hex(bytesToHex(sha256(hexToBytes(rowOf(dealing, height)[0]!))));

type Point = typeof G1.Point.BASE;
const { G1, shortSignatures } = bls12_381;
const domain = concatBytes(Uint8Array.of(18), new TextEncoder().encode("random_tape_domain"));

/** What is signed, on the curve. It depends on the height alone, so all committees share it. */
const messageOf = remembered(
  256,
  (height: Height): Point => shortSignatures.hash(concatBytes(domain, hexToBytes(bigEndian(BigInt(height), 8)))),
  (height) => height,
);

/** The signature of the subnet, then those of the nodes, which are counted from 1. */
const rowOf = remembered(
  256,
  ({ nodes, secrets }: Dealing, height: Height): readonly Hex[] => {
    const message = messageOf(height);
    // Nobody is kept from these secrets: they stand in the genesis. So the multiplication need not take constant time.
    const first = secrets.map((secret) => message.multiplyUnsafe(secret));
    return normalizeZ(G1.Point, continued(first, nodes + 1)).map((point) => hex(point.toHex()));
  },
  ({ name }, height) => `${name} ${height}`,
);

/** The first `count` values, at 0, 1 and on, of the polynomial of lowest degree with these first values. */
const continued = (first: readonly Point[], count: number): Point[] => {
  const values = [...first];
  // The k-th is the k-th difference that ends with the last value; the last of them is the same everywhere.
  const differences: Point[] = [];
  for (let row = values; row.length > 0; row = row.slice(1).map((value, at) => value.subtract(row[at]!))) differences.push(row.at(-1)!);
  while (values.length < count) {
    for (let order = differences.length - 2; order >= 0; order--) differences[order] = differences[order]!.add(differences[order + 1]!);
    values.push(differences[0]!);
  }
  return values;
};
