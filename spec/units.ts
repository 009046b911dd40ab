/**
 * Numbers that know what they count. A unit is a brand on a primitive; the only way in is a checked constructor,
 * so an underflow is caught where it happens and a percentage is never added to a balance.
 */

declare const unit: unique symbol;

/** Cycles: a whole number, zero or more. In JSON a decimal string. @unit cycles */
export type Cycles = bigint & { readonly [unit]: "cycles" };
/** Tokens, in hundred-millionths: a whole number, zero or more. In JSON a decimal string. @unit e8s */
export type E8s = bigint & { readonly [unit]: "e8s" };
/** Time since 1970, or an elapsed time. In JSON a decimal string. @unit nanoseconds */
export type Nanoseconds = bigint & { readonly [unit]: "nanoseconds" };
/** Executed instructions. @unit instructions */
export type Instructions = number & { readonly [unit]: "instructions" };
/** A share of one core. @unit percent, 0 to 100 */
export type Percent = number & { readonly [unit]: "percent" };
/** The number of a round, counted from 1; genesis is height 0. @unit rounds */
export type Height = number & { readonly [unit]: "height" };
/** A number of bytes. @unit bytes */
export type Bytes = number & { readonly [unit]: "bytes" };
/** Whole seconds. @unit seconds */
export type Seconds = number & { readonly [unit]: "seconds" };
/** Bytes as lower-case hexadecimal text, two digits a byte. */
export type Hex = string & { readonly [unit]: "hex" };

/** @throws RangeError when the number is negative: somebody spent cycles that were not there. */
export const cycles = (count: bigint): Cycles => natural(count, "cycles") as Cycles;

/** @throws RangeError when the number is negative: somebody spent tokens that were not there. */
export const e8s = (count: bigint): E8s => natural(count, "e8s") as E8s;

/** @throws RangeError when the number is negative. */
export const nanoseconds = (count: bigint): Nanoseconds => natural(count, "nanoseconds") as Nanoseconds;

/** @throws RangeError when the number is not a whole number of at least 0. */
export const instructions = (count: number): Instructions => whole(count, "instructions") as Instructions;

/** @throws RangeError outside 0 to 100. */
export const percent = (count: number): Percent => {
  if (whole(count, "percent") > 100) throw new RangeError(`percent: expected 0 to 100, got ${count}`);
  return count as Percent;
};

/** @throws RangeError when the number is not a whole number of at least 0. */
export const height = (count: number): Height => whole(count, "height") as Height;

/** @throws RangeError when the number is not a whole number of at least 0. */
export const bytes = (count: number): Bytes => whole(count, "bytes") as Bytes;

/** @throws RangeError when the number is not a whole number of at least 0. */
export const seconds = (count: number): Seconds => whole(count, "seconds") as Seconds;

/** @throws RangeError when the text is not an even number of lower-case hexadecimal digits. */
export const hex = (text: string): Hex => {
  if (!isHex(text)) throw new RangeError(`hex: expected pairs of lower-case hexadecimal digits, got "${text}"`);
  return text as Hex;
};

/** Whether a text is bytes in the canonical form. */
export const isHex = (text: string): text is Hex => /^([0-9a-f]{2})*$/.test(text);

/** How many bytes a hexadecimal text stands for. */
export const byteLength = (text: Hex): Bytes => bytes(text.length / 2);

/** A whole number as big-endian bytes of a fixed width. @throws RangeError when it does not fit. */
export const bigEndian = (count: bigint, width: number): Hex => {
  const digits = natural(count, "big-endian number").toString(16);
  if (digits.length > width * 2) throw new RangeError(`big-endian number: ${count} does not fit ${width} bytes`);
  return hex(digits.padStart(width * 2, "0"));
};

const natural = (count: bigint, name: string): bigint => {
  if (count < 0n) throw new RangeError(`${name}: expected 0 or more, got ${count}`);
  return count;
};

const whole = (count: number, name: string): number => {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${name}: expected a whole number of at least 0, got ${count}`);
  return count;
};
