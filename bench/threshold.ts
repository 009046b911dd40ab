/**
 * Threshold signatures as a node of a committee needs them, from bytes to bytes, so that two libraries can do the same
 * work: signatures are points of G1, compressed, keys are points of G2. The secrets are dealt here, from a seed.
 */
import { createHash } from "node:crypto";

/**
 * One library. A message stands for a point that was hashed to the curve before. A signature that is handed in is decoded
 * and its order is verified, each time.
 * @throws Error when a signature that is handed in is no point of the group.
 */
export interface Threshold<Message, Key> {
  readonly library: string;
  hash(message: Uint8Array): Message;
  keyOf(secret: bigint): Key;
  keyBytes(key: Key): Uint8Array;
  sign(message: Message, secret: bigint): Uint8Array;
  verify(message: Message, signature: Uint8Array, key: Key): boolean;
  /** The signature that these shares make, whose nodes are all different: interpolation at 0. Nothing is verified. */
  combine(shares: readonly Share[]): Uint8Array;
  /** Whether all these signatures of one signer are valid: one product of two pairings for any number of them. */
  verifyAll(signed: readonly Signed<Message>[], key: Key): boolean;
}

export interface Share {
  readonly node: number;
  readonly signature: Uint8Array;
}

export interface Signed<Message> {
  readonly message: Message;
  readonly signature: Uint8Array;
}

/** The order of the groups. */
export const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/** The secrets of a committee, that of the whole at 0, that of node k at k. */
export const secretsOf = (seed: number, nodes: number, threshold: number): readonly bigint[] => {
  const coefficients = Array.from({ length: threshold }, (_, degree) => scalarOf(`canon-bench ${seed} ${nodes} ${degree}`));
  return Array.from({ length: nodes + 1 }, (_, node) =>
    coefficients.reduceRight((value, coefficient) => (value * BigInt(node) + coefficient) % order, 0n),
  );
};

/** What is signed for the tape of a height. */
export const messageOf = (height: number): Uint8Array => {
  const digits = Buffer.alloc(8);
  digits.writeBigUInt64BE(BigInt(height));
  return Buffer.concat([Buffer.from([18]), Buffer.from("random_tape_domain"), digits]);
};

/** The domain separator of the hash to the curve. */
export const domain = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/**
 * Weights for adding signatures up before they are verified together, 128 bits each. They depend on all the signatures, so
 * nobody can choose signatures whose faults cancel out.
 */
export const weightsOf = (signatures: readonly Uint8Array[]): readonly bigint[] => {
  const all = createHash("sha256");
  for (const signature of signatures) all.update(signature);
  const digest = all.digest("hex");
  return signatures.map((_, at) => scalarOf(`${digest} ${at}`) >> 127n);
};

const scalarOf = (text: string): bigint => BigInt(`0x${createHash("sha256").update(text).digest("hex")}`) % order;
