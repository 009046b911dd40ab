/**
 * The signatures of a committee, written from `docs/machine.md` section 9 alone. Worlds need the tape that a round must
 * bring, and laws need to know a true share from a made-up one; so the few lines that sign stand here once more, and
 * share only the curve with the machines that are judged by them. A tape is signed with the secret of the subnet
 * itself: that shares make the same one is for a machine to show. What was computed once is kept.
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bigEndian, hex, type Committee, type Hex } from "../../spec/index.ts";
import { order, weightsAt } from "./sharing.ts";
import { ascii, fromHex, joined, sha256, toHex } from "../hashing.ts";

const { G1, G2, shortSignatures } = bls12_381;

/** What a node knows, and nobody else; at 0, what nobody knows. */
export const secretOf = ({ dealing, threshold }: Committee, node: number): bigint =>
  coefficientsOf(dealing, threshold).reduceRight((sum, coefficient) => (sum * BigInt(node) + coefficient) % order, 0n);

/** The true share that a node has of the tape of a height, 48 bytes. */
export const shareOf = (committee: Committee, node: number, height: number): Hex =>
  kept(`${nameOf(committee)} ${node} ${height}`, () => signedWith(secretOf(committee, node), height));

/** The signature that shares make, each with its node: as if so many were the threshold. */
export const combined = (shares: readonly (readonly [node: number, share: Hex])[]): Hex =>
  kept(JSON.stringify(shares), () => {
    const weights = weightsAt(
      shares.map(([node]) => BigInt(node)),
      0n,
    );
    const points = shares.map(([, share], k) => G1.Point.fromHex(share).multiply(weights[k]!));
    return hex(points.reduce((sum, point) => sum.add(point)).toHex());
  });

/** The signature of the subnet for the tape of a height, 48 bytes. */
export const signatureOf = (committee: Committee, height: number): Hex => shareOf(committee, 0, height);

/** The tape of a height, 32 bytes. */
export const tapeOf = (committee: Committee, height: number): Hex => tapeOfSignature(signatureOf(committee, height));

export const tapeOfSignature = (signature: Hex): Hex => hex(toHex(sha256(fromHex(signature))));

/** The signature for the tape of a height under a secret. */
export const signedWith = (secret: bigint, height: number, purpose: Purpose = "random_tape_domain"): Hex =>
  kept(`${purpose} ${secret} ${height}`, () => hex(hashed(height, purpose).multiply(secret).toHex()));

/** A node's share of the random beacon of a height: made with the same secret, and of no use for the tape. */
export const beaconShareOf = (committee: Committee, node: number, height: number): Hex =>
  signedWith(secretOf(committee, node), height, "random_beacon_domain");

/** What a signature is for. The committee signs both with one key; the purpose is signed along. */
type Purpose = "random_tape_domain" | "random_beacon_domain";

/** Whether bytes are the signature of a node, or at 0 of the subnet, by the pairing that everybody can compute. It is dear. */
export const verifies = (committee: Committee, node: number, height: number, signature: Hex): boolean =>
  kept(`${nameOf(committee)} ${node} ${height} ${signature} verifies`, () =>
    hex(paired(committee, node, height, signature) ? "01" : "00"),
  ) === "01";

/** The signature of the subnet for the root of a state, 48 bytes. */
export const certificationOf = (committee: Committee, root: Hex): Hex =>
  kept(`${nameOf(committee)} certifies ${root}`, () => hex(hashedRoot(root).multiply(secretOf(committee, 0)).toHex()));

/** Whether bytes are the signature of the subnet for the root of a state, by the pairing. */
export const certifies = (committee: Committee, root: Hex, signature: Hex): boolean =>
  kept(`${nameOf(committee)} ${root} ${signature} verifies`, () =>
    hex(isSigned(committee, 0, hashedRoot(root), signature) ? "01" : "00"),
  ) === "01";

const paired = (committee: Committee, node: number, height: number, signature: Hex): boolean =>
  isSigned(committee, node, hashed(height), signature);

const isSigned = (committee: Committee, node: number, message: Message, signature: Hex): boolean => {
  try {
    return shortSignatures.verify(fromHex(signature), message, G2.Point.BASE.multiply(secretOf(committee, node)));
  } catch {
    return false;
  }
};

const signatureDomain = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** A message as a point of the curve. */
type Message = ReturnType<typeof shortSignatures.hash>;

const hashed = (height: number, purpose: Purpose = "random_tape_domain"): Message =>
  hashedFor(purpose, fromHex(bigEndian(BigInt(height), 8)));

const hashedRoot = (root: Hex): Message => hashedFor("ic-state-root", fromHex(root));

const hashedFor = (purpose: string, content: Uint8Array): Message =>
  shortSignatures.hash(joined(Uint8Array.of(purpose.length), ascii(purpose), content), signatureDomain);

const coefficientsOf = (dealing: Hex, threshold: number): readonly bigint[] =>
  Array.from({ length: threshold }, (_, degree) => {
    const half = (side: number): Uint8Array =>
      sha256(joined(ascii("canon-dealing"), fromHex(dealing), fromHex(bigEndian(BigInt(degree), 4)), Uint8Array.of(side)));
    return BigInt(`0x${toHex(half(0))}${toHex(half(1))}`) % order;
  });

const nameOf = ({ threshold, dealing }: Committee): string => `${threshold} ${dealing}`;

const computed = new Map<string, Hex>();
const mostKept = 20_000;

const kept = (name: string, compute: () => Hex): Hex => {
  const before = computed.get(name);
  if (before !== undefined) return before;
  if (computed.size >= mostKept) computed.clear();
  const value = compute();
  computed.set(name, value);
  return value;
};
