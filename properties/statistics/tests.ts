/**
 * Tests of randomness on bits: each says how likely bits that are fair and independent look as odd as these, in the one
 * way that the test looks at. Written from the formulas of the standard battery; its worked examples are in the tests.
 * @source NIST SP 800-22 rev. 1a, sections 2.1 to 2.4 and 2.11 to 2.13
 */
import { chiSquaredTail, erfc, gammaTail, normal } from "./special.ts";

/** Bits, one an item, 0 or 1. */
export type Bits = Uint8Array;

/** The bits of bytes in hexadecimal, the highest of each byte first. */
export const bitsOf = (text: string): Bits => {
  const bits = new Uint8Array(text.length * 4);
  for (let at = 0; at < text.length; at++) {
    const digit = Number.parseInt(text[at]!, 16);
    for (let bit = 0; bit < 4; bit++) bits[4 * at + bit] = (digit >> (3 - bit)) & 1;
  }
  return bits;
};

/** As many ones as zeros. */
export const monobit = (bits: Bits): number => erfc(Math.abs(2 * ones(bits) - bits.length) / Math.sqrt(2 * bits.length));

/** As many ones as zeros in each block of `size` bits; what is left over is not looked at. */
export const blockFrequency = (bits: Bits, size: number): number => {
  const blocks = Math.floor(bits.length / size);
  let sum = 0;
  for (let block = 0; block < blocks; block++) sum += (ones(bits.subarray(block * size, (block + 1) * size)) / size - 0.5) ** 2;
  return gammaTail(blocks / 2, 2 * size * sum);
};

/** As many changes between one and zero as there must be. Of bits that lean to one side it says nothing: that is for `monobit`. */
export const runs = (bits: Bits): number => {
  const share = ones(bits) / bits.length;
  if (Math.abs(share - 0.5) >= 2 / Math.sqrt(bits.length)) return 1;
  let changes = 1;
  for (let at = 1; at < bits.length; at++) if (bits[at] !== bits[at - 1]) changes++;
  const expected = 2 * bits.length * share * (1 - share);
  return erfc(Math.abs(changes - expected) / (2 * Math.sqrt(2 * bits.length) * share * (1 - share)));
};

/** The longest run of ones in blocks: of 8 bits, or of 128 where there are enough of them. */
export const longestRun = (bits: Bits): number => {
  const [size, least, most] = bits.length < 6_272 ? [8, 1, 4] : [128, 4, 9];
  const blocks = Math.floor(bits.length / size);
  const counts = new Array<number>(most - least + 1).fill(0);
  for (let block = 0; block < blocks; block++) {
    const longest = longestIn(bits.subarray(block * size, (block + 1) * size));
    counts[Math.min(most, Math.max(least, longest)) - least]!++;
  }
  const atMost = (run: number): number => shareWithRunsUpTo(size, run);
  const chances = counts.map((_, at) => (at === counts.length - 1 ? 1 : atMost(least + at)) - (at === 0 ? 0 : atMost(least + at - 1)));
  return chiSquaredTail(counts.length - 1, chiSquared(counts, chances, blocks));
};

/** Every pattern of `length` bits as often as every other; two values, of the first and second differences. */
export const serial = (bits: Bits, length: number): readonly [first: number, second: number] => {
  const [whole, less, least] = [length, length - 1, length - 2].map((size) => psiSquared(bits, size)) as [number, number, number];
  return [gammaTail(2 ** (length - 2), (whole - less) / 2), gammaTail(2 ** (length - 3), (whole - 2 * less + least) / 2)];
};

/** Patterns of `length` bits say nothing of the bit that follows. */
export const approximateEntropy = (bits: Bits, length: number): number => {
  const entropy = phi(bits, length) - phi(bits, length + 1);
  return gammaTail(2 ** (length - 1), bits.length * (Math.LN2 - entropy));
};

/** A walk that steps up at ones and down at zeros does not go too far; forwards, or backwards. */
export const cumulativeSums = (bits: Bits, backwards = false): number => {
  const { length } = bits;
  let [sum, farthest] = [0, 0];
  for (let at = 0; at < length; at++) {
    sum += 2 * bits[backwards ? length - 1 - at : at]! - 1;
    farthest = Math.max(farthest, Math.abs(sum));
  }
  const scaled = (k: number): number => normal((k * farthest) / Math.sqrt(length));
  const last = Math.floor((length / farthest - 1) / 4);
  let p = 1;
  for (let k = Math.ceil((-length / farthest + 1) / 4); k <= last; k++) p -= scaled(4 * k + 1) - scaled(4 * k - 1);
  for (let k = Math.ceil((-length / farthest - 3) / 4); k <= last; k++) p += scaled(4 * k + 3) - scaled(4 * k + 1);
  return Math.max(0, p);
};

/** Every byte as often as every other. */
export const evenBytes = (bits: Bits): number => {
  const counts = new Array<number>(256).fill(0);
  const bytes = Math.floor(bits.length / 8);
  for (let at = 0; at < bytes; at++) counts[patternAt(bits, 8 * at, 8)]!++;
  return chiSquaredTail(
    255,
    chiSquared(
      counts,
      counts.map(() => 1 / 256),
      bytes,
    ),
  );
};

const ones = (bits: Bits): number => {
  let sum = 0;
  for (const bit of bits) sum += bit;
  return sum;
};

const longestIn = (bits: Bits): number => {
  let [run, longest] = [0, 0];
  for (const bit of bits) {
    run = bit === 1 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
};

/** The share of all texts of so many bits in which no run of ones is longer: by what the text ends with, bit for bit. */
const shareWithRunsUpTo = (size: number, longest: number): number => {
  // How likely a text without a longer run ends with exactly so many ones.
  let ending = [1, ...new Array<number>(longest).fill(0)];
  for (let bit = 0; bit < size; bit++) {
    const all = ending.reduce((sum, share) => sum + share, 0);
    ending = [all / 2, ...ending.slice(0, -1).map((share) => share / 2)];
  }
  return ending.reduce((sum, share) => sum + share, 0);
};

const chiSquared = (counts: readonly number[], chances: readonly number[], total: number): number =>
  counts.reduce((sum, count, at) => sum + (count - total * chances[at]!) ** 2 / (total * chances[at]!), 0);

const patternAt = (bits: Bits, from: number, length: number): number => {
  let pattern = 0;
  for (let at = from; at < from + length; at++) pattern = 2 * pattern + bits[at % bits.length]!;
  return pattern;
};

/** How often each pattern occurs, the bits closed to a ring. */
const countsOf = (bits: Bits, length: number): readonly number[] => {
  const counts = new Array<number>(2 ** length).fill(0);
  const mask = 2 ** length - 1;
  let pattern = patternAt(bits, 0, length);
  for (let at = 0; at < bits.length; at++) {
    counts[pattern]!++;
    pattern = ((pattern << 1) | bits[(at + length) % bits.length]!) & mask;
  }
  return counts;
};

const psiSquared = (bits: Bits, length: number): number => {
  if (length <= 0) return 0;
  return (2 ** length / bits.length) * countsOf(bits, length).reduce((sum, count) => sum + count * count, 0) - bits.length;
};

const phi = (bits: Bits, length: number): number =>
  countsOf(bits, length).reduce((sum, count) => (count === 0 ? sum : sum + (count / bits.length) * Math.log(count / bits.length)), 0);
