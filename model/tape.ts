/**
 * The generator of a round: a hash in counter mode, seeded with the random tape of the round. Every draw has its own
 * number, so no two requests share bytes.
 * @source facts/messages.md J4, J5
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bigEndian, hex, type Hex } from "../spec/index.ts";

/** The seed of the round that a tape belongs to. */
export const seedOf = (tape: Hex): Hex => hex(bytesToHex(sha256(concatBytes(utf8ToBytes("canon-random-tape"), hexToBytes(tape)))));

/** The 32 bytes of a draw. */
export const drawOf = (seed: Hex, index: number): Hex =>
  hex(bytesToHex(sha256(concatBytes(hexToBytes(seed), utf8ToBytes("raw-rand"), hexToBytes(bigEndian(BigInt(index), 8))))));
