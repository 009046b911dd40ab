/** Values in the words that people read: bytes, numbers, answers, and who they go to. */
import { byteLength, type Hex, type Origin, type Result } from "../../spec/index.ts";

/** Digits in groups of three. */
export const inGroups = (count: bigint | number): string => count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, "_");

export const bytesInWords = (bytes: Hex): string => {
  if (bytes === "") return "nothing";
  return bytes.length <= 32 ? `0x${bytes}` : `0x${bytes.slice(0, 16)}... (${byteLength(bytes)} bytes)`;
};

export const originInWords = (origin: Origin): string =>
  origin.kind === "ingress"
    ? `ingress ${origin.ingress}`
    : origin.kind === "canister"
      ? `callback ${origin.callback} of ${origin.canister}`
      : "the system";

export const resultInWords = (result: Result): string =>
  result.kind === "reply" ? `reply ${bytesInWords(result.payload)}` : `reject ${result.error}`;
