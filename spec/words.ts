/** The words of an argument of the management canister, and texts as bytes: `docs/machine.md`, section 17. */
import { canisterId, isIdentifier, type CanisterId } from "./identifiers.ts";
import { hex, type Hex } from "./units.ts";

/** A text as an argument, or as an answer: its bytes in ASCII. */
export const asciiOf = (text: string): Hex => hex([...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join(""));

/** The words of an argument: of an empty one none, of two spaces in a row an empty word. */
export const wordsOf = (payload: Hex): readonly string[] => {
  const text = (payload.match(/../g) ?? []).map((byte) => String.fromCharCode(parseInt(byte, 16))).join("");
  return text === "" ? [] : text.split(" ");
};

export const idOf = (word: string | undefined): CanisterId | null => (word !== undefined && isIdentifier(word) ? canisterId(word) : null);

/** A decimal number without a leading zero, at most `most`. */
export const numberOf = (word: string | undefined, most: bigint): bigint | null => {
  if (word === undefined || !/^(0|[1-9][0-9]{0,38})$/.test(word)) return null;
  return BigInt(word) <= most ? BigInt(word) : null;
};

export const digestOf = (word: string | undefined): Hex | null => (word !== undefined && /^[0-9a-f]{64}$/.test(word) ? hex(word) : null);

/** At least one character of ASCII, none of them a space. */
export const isText = (word: string): boolean => /^[!-~]+$/.test(word);
