/**
 * The dealing: from the seed in the genesis to the secrets of the committee. They are the values of one polynomial, that
 * of the subnet at 0 and that of node k at k; its first `threshold` values determine all the others, so no more are kept.
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { bigEndian, type Committee, type Hex } from "../../spec/index.ts";

export interface Dealing {
  /** Tells one dealing from another. */
  readonly name: string;
  readonly nodes: number;
  /** The values of the polynomial at 0, 1 and on, as many as the threshold. */
  readonly secrets: readonly bigint[];
}

export const dealingOf = ({ nodes, threshold, dealing }: Committee): Dealing => {
  const coefficients = Array.from({ length: threshold }, (_, degree) => coefficientOf(dealing, degree));
  return {
    name: `${dealing} ${threshold} ${nodes}`,
    nodes,
    secrets: coefficients.map((_, at) => valueAt(coefficients, BigInt(at))),
  };
};

const { Fr } = bls12_381.fields;
const domain = new TextEncoder().encode("canon-dealing");

const coefficientOf = (dealing: Hex, degree: number): bigint => {
  const half = (side: string): string =>
    bytesToHex(sha256(concatBytes(domain, hexToBytes(dealing), hexToBytes(bigEndian(BigInt(degree), 4)), hexToBytes(side))));
  return Fr.create(BigInt(`0x${half("00")}${half("01")}`));
};

const valueAt = (coefficients: readonly bigint[], at: bigint): bigint =>
  coefficients.reduceRight((value, coefficient) => Fr.create(value * at + coefficient), 0n);
