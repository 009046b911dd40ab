/** The words of the command line: numbers, times and seeds, each refused with what was expected and what came. */

/** Most runs that can be asked for. */
const mostRuns = 1_000_000_000;

export const wholeNumber = (text: string): number => {
  const count = Number(text);
  if (!/^[0-9]+$/.test(text) || count < 1 || count > mostRuns)
    throw new RangeError(`expected a whole number from 1 to ${mostRuns}, got "${text}"`);
  return count;
};

/** A seed: any whole number of 32 bits. */
export const seed = (text: string): number => {
  const count = Number(text);
  if (!/^-?[0-9]+$/.test(text) || count < -(2 ** 31) || count >= 2 ** 31)
    throw new RangeError(`expected a whole number from -2^31 to 2^31 - 1, got "${text}"`);
  return count;
};

/** Percentages, from a text as `0,30,60`; each once, ascending. */
export const percentages = (text: string): readonly number[] => {
  const listed = text.split(",").map(Number);
  if (!/^[0-9]{1,3}(,[0-9]{1,3})*$/.test(text) || listed.some((share) => share > 100))
    throw new RangeError(`expected percentages from 0 to 100 as 0,30,60, got "${text}"`);
  return [...new Set(listed)].sort((left, right) => left - right);
};

/** A whole number, zero too. */
export const natural = (text: string): number => (/^0+$/.test(text) ? 0 : wholeNumber(text));

const milliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** A time in milliseconds, from a text as `500ms`, `30s`, `5m` or `1h`; a number alone is in seconds. */
export const duration = (text: string): number => {
  const [, count, unit] = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const time = Number(count) * milliseconds[(unit ?? "s") as keyof typeof milliseconds];
  if (count === undefined || !(time > 0) || time > 30 * 24 * 3_600_000)
    throw new RangeError(`expected a time as 30s, 5m or 1h, up to 30 days, got "${text}"`);
  return time;
};

/** A share of the clauses: the `index`-th of `count`, from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** A share, from a text as `0/2`. */
export const shard = (text: string): Shard => {
  const [, index, count] = /^([0-9]+)\/([0-9]+)$/.exec(text) ?? [];
  if (Number(count) <= 64 && Number(index) < Number(count)) return { index: Number(index), count: Number(count) };
  throw new RangeError(`expected a share as 0/2, of at most 64, got "${text}"`);
};

export const timeInWords = (time: number): string =>
  time < 1_000 ? `${Math.round(time)} ms` : time < 120_000 ? `${(time / 1_000).toFixed(1)} s` : `${(time / 60_000).toFixed(1)} min`;

/** A share as a percentage, never rounded to all or to nothing. */
export const shareInWords = (part: number, whole: number): string => {
  if (whole === 0) return "-";
  if (part === 0 || part === whole) return `${(100 * part) / whole} %`;
  return `${Math.min(99.9, Math.max(0.1, (100 * part) / whole)).toFixed(1)} %`;
};
