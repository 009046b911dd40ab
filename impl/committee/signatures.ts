/**
 * The signatures for the tape of one height: that of the subnet and those of all nodes, as one row that is made at once. For a
 * state root it is that of the subnet alone.
 *
 * A signature is the message's point times a secret, and the secrets are the values of a polynomial at 0, 1, 2 and on;
 * so the signatures are the values of a polynomial too, and, its degree being below the threshold, those after the first
 * `threshold` follow by additions of points. The first ones share their doublings, which are most of a multiplication, and
 * the whole row shares one inversion. What that brings is measured by `npm run bench -- tape`, as the shares of a height.
 */
import { normalizeZ } from "@noble/curves/abstract/curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bigEndian, hex, shareSize, type Height, type Hex, type NodeNumber } from "../../spec/index.ts";
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

/** The signature of the subnet for a state with this root: 48 bytes. Any shares for it would make the same one. */
export const rootSignatureOf = remembered(
  256,
  ({ secrets }: Dealing, root: Hex): Hex => {
    const message = shortSignatures.hash(concatBytes(rootDomain, hexToBytes(root)));
    return encoded(normalizeZ(G1.Point, [...multiplied(message, secrets.slice(0, 1))])[0]!);
  },
  ({ name }, root) => `${name} ${root}`,
);

type Point = typeof G1.Point.BASE;
const { G1, shortSignatures } = bls12_381;
const { Fp, Fr } = bls12_381.fields;
const scalarBits = Fr.BITS;
const domain = concatBytes(Uint8Array.of(18), new TextEncoder().encode("random_tape_domain"));
const rootDomain = concatBytes(Uint8Array.of(13), new TextEncoder().encode("ic-state-root"));

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
    const first = multiplied(messageOf(height), secrets);
    return normalizeZ(G1.Point, continued(first, nodes + 1)).map(encoded);
  },
  ({ name }, height) => `${name} ${height}`,
);

/**
 * The point times each of these numbers: a sum of its doublings, with the signs that make it short. That takes a time that
 * tells of the number, which gives nothing away here: the secrets stand in the genesis.
 */
const multiplied = (point: Point, scalars: readonly bigint[]): readonly Point[] => {
  const doublings = [point];
  for (let at = 1; at <= scalarBits; at++) doublings.push(doublings[at - 1]!.double());
  return scalars.map((scalar) => {
    let sum = G1.Point.ZERO;
    for (let rest = scalar, at = 0; rest > 0n; rest >>= 1n, at++) {
      const low = rest & 3n;
      if (low === 1n) sum = sum.add(doublings[at]!);
      if (low !== 3n) continue;
      sum = sum.subtract(doublings[at]!);
      rest += 1n;
    }
    return sum;
  });
};

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

/**
 * A point with affine coordinates, compressed. The library would verify first that its order is right, which takes almost half
 * as long as a multiplication; these are multiples of a point whose order is.
 */
const encoded = ({ X, Y }: Point): Hex => {
  const signs = 0x80n | (2n * Y > Fp.ORDER ? 0x20n : 0n);
  return bigEndian((signs << 376n) | X, shareSize);
};
