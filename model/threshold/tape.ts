/**
 * Tapes and their shares, for the rules of the committee. A signature is unique, so a share can be recognised by making
 * it again instead of by a pairing, which is ten times as dear; both come to the same, and a test holds them to it. What
 * was computed once is kept: it is determined by its arguments.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { hex, type Committee, type Height, type Hex, type NodeNumber } from "../../spec/index.ts";
import { combine, deal, signShare, tapeMessage, type Dealing } from "./signing.ts";

/** The share that a node has of the tape of a height. */
export const shareFor = (committee: Committee, node: NodeNumber, of: Height): Hex =>
  kept(`${nameOf(committee)} share ${node} ${of}`, () => signShare(dealingOf(committee), node, tapeMessage(of)).signature);

/** The tape that shares make. With too few of them it is no tape of the committee. */
export const tapeFrom = (committee: Committee, shares: readonly (readonly [NodeNumber, Hex])[]): Hex =>
  kept(`${nameOf(committee)} tape ${JSON.stringify(shares)}`, () => {
    const threshold = Math.min(committee.threshold, shares.length);
    return tapeOfSignature(
      combine(
        { threshold },
        shares.map(([node, signature]) => ({ node, signature })),
      ),
    );
  });

/** What a signature is hashed to. @source facts/messages.md J4 */
export const tapeOfSignature = (signature: Hex): Hex => hex(bytesToHex(sha256(hexToBytes(signature))));

/** What determines all that is computed for a committee, as a text. */
export const nameOf = ({ nodes, threshold, dealing }: Committee): string => `${nodes} ${threshold} ${dealing}`;

/** Dealings and signatures by what determines them; emptied before it grows large. */
const computed = new Map<string, Hex>();
const dealings = new Map<string, Dealing>();
const mostKept = 20_000;

/** A value by a name that determines it, computed once. */
export const kept = (name: string, compute: () => Hex): Hex => {
  const before = computed.get(name);
  if (before !== undefined) return before;
  if (computed.size >= mostKept) computed.clear();
  const value = compute();
  computed.set(name, value);
  return value;
};

export const dealingOf = (committee: Committee): Dealing => {
  const name = nameOf(committee);
  const dealt = dealings.get(name) ?? deal(committee.dealing, committee.nodes, committee.threshold);
  if (dealings.size >= 64) dealings.clear();
  dealings.set(name, dealt);
  return dealt;
};
