/** The name of the catalogue of rules: whoever follows the same hash follows the same specification. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { catalogueText, hex, type Hex } from "../spec/index.ts";

export const catalogueHash = (): Hex => hex(bytesToHex(sha256(utf8ToBytes(catalogueText()))));

/** The SHA-256 of a text in UTF-8. */
export const textHash = (text: string): Hex => hex(bytesToHex(sha256(utf8ToBytes(text))));
