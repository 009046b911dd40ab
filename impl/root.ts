/**
 * The state root, kept up to date by the records that changed. Each record has eight lanes of 32 bits with its digest as
 * it stands in the sum; when the root is read, the old digest of every dirty record is taken out and its new one put in.
 *
 * Half of a round was spent here. So a text is encoded into one buffer and hashed by one hasher, which takes two thirds of the
 * time of a new one for each; and lanes are plain numbers, for a typed array beyond a few words is slow to get and to free.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { hex, type Hex, type IngressStatus } from "../spec/index.ts";
import type { IngressEntry } from "./history.ts";
import type { Canister } from "./state.ts";

export interface Root {
  /** Of canisters and of ingress messages: eight lanes for each record, most significant first; zeros for one that is not in the sum. */
  readonly canisters: number[];
  readonly entries: number[];
  /** The sum of the digests modulo 2^256, eight lanes, most significant first. */
  readonly sum: number[];
  /** The sum in hexadecimal digits, as it was when it was last read; `null` when a record left it since. */
  text: Hex | null;
  dirtyCanisters: Canister[];
  dirtyEntries: IngressEntry[];
}

export const emptyRoot = (): Root => ({
  canisters: [],
  entries: [],
  sum: [...noDigest],
  text: hex("00".repeat(4 * lanes)),
  dirtyCanisters: [],
  dirtyEntries: [],
});

/** Something that the root says of this canister may have changed. */
export const touch = (root: Root, canister: Canister): void => {
  if (canister.isDirty) return;
  canister.isDirty = true;
  root.dirtyCanisters.push(canister);
};

/** The status of this ingress message changed. */
export const touchEntry = (root: Root, entry: IngressEntry): void => {
  if (entry.isDirty) return;
  entry.isDirty = true;
  root.dirtyEntries.push(entry);
};

/** This ingress message is known no more; its record may be given to another one. */
export const dropEntry = (root: Root, entry: IngressEntry): void => {
  entry.isDirty = false;
  root.text = null;
  digest.fill(0);
  replace(root, root.entries, entry.index);
};

/** This canister is no more. */
export const dropCanister = (root: Root, canister: Canister): void => {
  if (canister.isDirty) root.dirtyCanisters = root.dirtyCanisters.filter((dirty) => dirty !== canister);
  root.text = null;
  digest.fill(0);
  replace(root, root.canisters, canister.record);
};

/** The root of the state as it is now: 64 hexadecimal digits. */
export const rootOf = (root: Root): Hex => {
  if (root.dirtyCanisters.length === 0 && root.dirtyEntries.length === 0 && root.text !== null) return root.text;
  for (const canister of root.dirtyCanisters) {
    canister.isDirty = false;
    hash(canisterText(canister));
    replace(root, root.canisters, canister.record);
  }
  for (const entry of root.dirtyEntries) {
    if (!entry.isDirty) continue; // it was dropped since
    entry.isDirty = false;
    hash(`ingress ${entry.id} ${statusText(entry.status)}`);
    replace(root, root.entries, entry.index);
  }
  root.dirtyCanisters.length = 0;
  root.dirtyEntries.length = 0;
  root.text = hex(digitsOf(root.sum));
  return root.text;
};

const lanes = 8;
const noDigest: readonly number[] = Array.from({ length: lanes }, () => 0);

const canisterText = (canister: Canister): string => {
  canister.pagesText ??= pagesText(canister.pages!);
  return `canister ${canister.id} ${canister.timer ?? "-"} ${canister.pagesText}`;
};

const pagesText = (pages: ReadonlyMap<number, Hex>): string =>
  [...pages]
    .sort(([left], [right]) => left - right)
    .map(([page, content]) => `${page}:${content}`)
    .join(",");

const statusText = (status: IngressStatus): string => {
  switch (status.kind) {
    case "received":
    case "processing":
    case "done":
      return status.kind;
    case "answered":
      return status.result.kind === "reply" ? `reply:${status.result.payload}` : `reject:${status.result.error}`;
    default: {
      const never: never = status;
      throw new Error(`an ingress status of no kind: ${String(never)}`);
    }
  }
};

/** Puts `digest` into the sum, in the place of what the record had there. */
const replace = ({ sum }: Root, digests: number[], record: number): void => {
  const from = record * lanes;
  while (digests.length < from + lanes) digests.push(0);
  let carry = 0;
  for (let lane = lanes - 1; lane >= 0; lane--) {
    const at = 4 * lane;
    const value = ((digest[at]! << 24) | (digest[at + 1]! << 16) | (digest[at + 2]! << 8) | digest[at + 3]!) >>> 0;
    const added = sum[lane]! + value - digests[from + lane]! + carry;
    carry = Math.floor(added / 2 ** 32);
    sum[lane] = added >>> 0; // modulo 2^32
    digests[from + lane] = value;
  }
};

const encoder = new TextEncoder();
const unhashed = sha256.create();
const hasher = sha256.create();
const digest = new Uint8Array(hasher.outputLen);
let encoded = new Uint8Array(1_024);

/** Leaves the digest of this text in `digest`. */
const hash = (text: string): void => {
  if (encoded.length < 3 * text.length) encoded = new Uint8Array(6 * text.length); // a code unit is at most three bytes
  const { written } = encoder.encodeInto(text, encoded);
  unhashed._cloneInto(hasher).update(encoded.subarray(0, written)).digestInto(digest);
};

const octets: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** By octets: `toString(16)` of a number beyond 2^30 takes as long as all eight lanes of this. */
const digitsOf = (words: readonly number[]): string => {
  let digits = "";
  for (const word of words)
    digits += octets[word >>> 24]! + octets[(word >>> 16) & 255]! + octets[(word >>> 8) & 255]! + octets[word & 255]!;
  return digits;
};
