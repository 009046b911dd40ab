/**
 * Threshold BLS signatures on BLS12-381, as the Internet Computer has them: signatures in G1, keys in G2. A signature
 * share is an ordinary signature with the share of a node; shares are combined by interpolation in the exponent.
 * For a message and a key there is exactly one valid signature: whoever combines, and with which shares, gets the same.
 * @source facts/messages.md J2; interface specification, certification (domain separator of signatures)
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bigEndian, hex, type Height, type Hex } from "../../spec/index.ts";
import { drawPolynomial, valueAt, weightsFor, type NodeNumber, type Scalar } from "./sharing.ts";

const { G1, G2, shortSignatures, fields } = bls12_381;

/** Separates signatures of this scheme from all others. */
const signatureDomain = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

export interface Dealing {
  readonly nodes: number;
  /** So many shares make a signature; fewer make nothing. */
  readonly threshold: number;
  /** The key of the subnet, 96 bytes. */
  readonly subnetKey: Hex;
  /** The key of each node by number minus 1, 96 bytes. */
  readonly nodeKeys: readonly Hex[];
  /** What each node alone knows, by number minus 1. */
  readonly shares: readonly Scalar[];
}

/** A node's contribution to a signature. */
export interface SignatureShare {
  readonly node: NodeNumber;
  /** 48 bytes. */
  readonly signature: Hex;
}

/** The largest number of faulty nodes that so many nodes bear. */
export const mostFaulty = (nodes: number): number => Math.floor((nodes - 1) / 3);

/** Deals a secret, determined by the seed, to the nodes. @throws RangeError unless 1 ≤ threshold ≤ nodes. */
export const deal = (seed: Hex, nodes: number, threshold = mostFaulty(nodes) + 1): Dealing => {
  if (!(threshold >= 1 && threshold <= nodes)) throw new RangeError(`threshold: expected 1 to ${nodes}, got ${threshold}`);
  const polynomial = drawPolynomial(seed, threshold);
  const shares = Array.from({ length: nodes }, (_, k) => valueAt(polynomial, k + 1));
  return { nodes, threshold, subnetKey: keyOf(valueAt(polynomial, 0)), nodeKeys: shares.map(keyOf), shares };
};

/** What is signed for the tape of a height: the height alone, and what it is for. @source facts/messages.md J2, J4 */
export const tapeMessage = (height: Height): Uint8Array =>
  concatBytes(Uint8Array.of(18), utf8ToBytes("random_tape_domain"), hexToBytes(bigEndian(BigInt(height), 8)));

/** A signature under a secret, 48 bytes. */
export const sign = (secret: Scalar, message: Uint8Array): Hex =>
  hex(shortSignatures.hash(message, signatureDomain).multiply(secret).toHex());

/** Whether a signature is that of the message under the key; bytes that are no point of the group are not. */
export const verifies = (signature: Hex, message: Uint8Array, key: Hex): boolean => {
  try {
    return shortSignatures.verify(hexToBytes(signature), shortSignatures.hash(message, signatureDomain), hexToBytes(key));
  } catch {
    return false;
  }
};

/** A node's share of the signature of a message. */
export const signShare = ({ shares }: Dealing, node: NodeNumber, message: Uint8Array): SignatureShare => ({
  node,
  signature: sign(shareOf(shares, node), message),
});

/** Whether a share is what its node must have signed. */
export const verifiesShare = ({ nodeKeys }: Dealing, { node, signature }: SignatureShare, message: Uint8Array): boolean => {
  const key = nodeKeys[node - 1];
  return key !== undefined && verifies(signature, message, key);
};

/**
 * The signature that the shares make. The first `threshold` of them are used.
 * @throws RangeError when there are too few, or a node is there twice; Error when a share is no point of the group.
 */
export const combine = ({ threshold }: Pick<Dealing, "threshold">, shares: readonly SignatureShare[]): Hex => {
  if (shares.length < threshold) throw new RangeError(`shares: expected at least ${threshold}, got ${shares.length}`);
  const used = shares.slice(0, threshold);
  const weights = weightsFor(used.map(({ node }) => node));
  const points = used.map(({ signature }) => G1.Point.fromHex(signature));
  return hex(points.reduce((sum, point, k) => sum.add(point.multiplyUnsafe(weights[k]!)), G1.Point.ZERO).toHex());
};

/** The signature for the tape of a height. */
export const tapeOf = (dealing: Dealing, height: Height): Hex => signSubnet(dealing, tapeMessage(height));

/** The signature of the subnet for a message, made with the secret of the dealing: the same bytes as any threshold of shares make. */
export const signSubnet = ({ threshold, shares }: Dealing, message: Uint8Array): Hex => {
  const nodes = shares.slice(0, threshold).map((_, k) => k + 1);
  const weights = weightsFor(nodes);
  const secret = nodes.reduce((sum, node, k) => fields.Fr.add(sum, fields.Fr.mul(weights[k]!, shareOf(shares, node))), fields.Fr.ZERO);
  return sign(secret, message);
};

const keyOf = (secret: Scalar): Hex => hex(bytesToHex(G2.Point.BASE.multiply(secret).toBytes()));

const shareOf = (shares: readonly Scalar[], node: NodeNumber): Scalar => {
  const share = shares[node - 1];
  if (share === undefined) throw new RangeError(`node: expected 1 to ${shares.length}, got ${node}`);
  return share;
};
