/** Hashes, and bytes as text, for laws that recompute state roots, draws, signatures and digests. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex as toHex, concatBytes as joined, hexToBytes as fromHex, utf8ToBytes as ascii } from "@noble/hashes/utils.js";
import { hex, type Hex } from "../spec/index.ts";

export { ascii, fromHex, joined, sha256, toHex };

/** Under which a chunk is kept, and what whoever joins some must say. */
export const digestOf = (text: string): Hex => hex(toHex(sha256(ascii(text))));
