/**
 * The state root, kept up to date by the records that changed. Each record has eight lanes of 32 bits with its digest as
 * it stands in the sum; when the root is read, the old digest of every dirty record is taken out and its new one put in.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { hex, type Hex, type IngressStatus } from "../spec/index.ts";
import type { Canister, IngressEntry } from "./state.ts";

export interface Root {
  /** How many canisters there are: the digests of the ingress history follow theirs. */
  readonly canisters: number;
  /** Eight lanes for each record, most significant first; zeros for one that was never in the sum. */
  digests: Uint32Array;
  /** The sum of the digests modulo 2^256, eight lanes, most significant first. */
  readonly sum: Uint32Array;
  dirtyCanisters: Canister[];
  dirtyEntries: IngressEntry[];
}

export const emptyRoot = (canisters: number): Root => ({
  canisters,
  digests: new Uint32Array(lanes * (canisters + 64)),
  sum: new Uint32Array(lanes),
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

/** The root of the state as it is now: 64 hexadecimal digits. */
export const rootOf = (root: Root): Hex => {
  for (const canister of root.dirtyCanisters) {
    canister.isDirty = false;
    replace(root, canister.index, canisterText(canister));
  }
  for (const entry of root.dirtyEntries) {
    entry.isDirty = false;
    replace(root, root.canisters + entry.index, `ingress ${entry.id} ${statusText(entry.status)}`);
  }
  root.dirtyCanisters.length = 0;
  root.dirtyEntries.length = 0;
  let digits = "";
  for (const lane of root.sum) digits += lane.toString(16).padStart(8, "0");
  return hex(digits);
};

const lanes = 8;

const canisterText = (canister: Canister): string => {
  canister.pagesText ??= [...canister.pages!]
    .sort(([left], [right]) => left - right)
    .map(([page, content]) => `${page}:${content}`)
    .join(",");
  return `canister ${canister.id} ${canister.balance} ${canister.timer ?? "-"} ${canister.pagesText}`;
};

const statusText = (status: IngressStatus): string => {
  switch (status.kind) {
    case "received":
    case "processing":
      return status.kind;
    case "answered":
      return status.result.kind === "reply" ? `reply:${status.result.payload}` : `reject:${status.result.error}`;
    default: {
      const never: never = status;
      throw new Error(`an ingress status of no kind: ${String(never)}`);
    }
  }
};

const encoder = new TextEncoder();

/** Puts the digest of this text into the sum, in the place of what the record had there. */
const replace = (root: Root, record: number, text: string): void => {
  const digest = sha256(encoder.encode(text));
  const from = record * lanes;
  if (from + lanes > root.digests.length) {
    const larger = new Uint32Array(2 * (from + lanes));
    larger.set(root.digests);
    root.digests = larger;
  }
  const { digests, sum } = root;
  let carry = 0;
  for (let lane = lanes - 1; lane >= 0; lane--) {
    const at = 4 * lane;
    const value = ((digest[at]! << 24) | (digest[at + 1]! << 16) | (digest[at + 2]! << 8) | digest[at + 3]!) >>> 0;
    const added = sum[lane]! + value - digests[from + lane]! + carry;
    carry = Math.floor(added / 2 ** 32);
    sum[lane] = added; // the lane keeps it modulo 2^32
    digests[from + lane] = value;
  }
};
