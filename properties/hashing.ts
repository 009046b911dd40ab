/** Hashes, and bytes as text, for laws that recompute state roots, draws and signatures. */
export { sha256 } from "@noble/hashes/sha2.js";
export { bytesToHex as toHex, concatBytes as joined, hexToBytes as fromHex, utf8ToBytes as ascii } from "@noble/hashes/utils.js";
