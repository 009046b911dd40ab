/**
 * The special functions behind every test of chance, from the Cephes library, and the few distributions that are made
 * of them. The library is compiled when it is first asked for, so whoever computes a tail waits for `ready` once.
 */
import * as cephes from "cephes";

/** Resolves when the functions of this file may be called. */
export const ready = (): Promise<void> => cephes.compiled;

/** The complement of the error function. */
export const erfc = (x: number): number => cephes.erfc(x);

/** The upper tail of the incomplete gamma function, regularised. */
export const gammaTail = (shape: number, x: number): number => (x <= 0 ? 1 : cephes.igamc(shape, x));

/** How likely a chi-squared variable is at least this. */
export const chiSquaredTail = (degrees: number, statistic: number): number => gammaTail(degrees / 2, statistic / 2);

/** How likely a standard normal variable is at most this. */
export const normal = (x: number): number => cephes.ndtr(x);

/** How likely at least so many of so many trials succeed. */
export const binomialTail = (successes: number, trials: number, chance: number): number => {
  if (successes <= 0) return 1;
  return successes > trials ? 0 : cephes.incbet(successes, trials - successes + 1, chance);
};

/** The interval of Clopper and Pearson: at least this confident, for every chance of success. */
export const binomialInterval = (successes: number, trials: number, confidence: number): readonly [low: number, high: number] => {
  const miss = (1 - confidence) / 2;
  return [
    successes === 0 ? 0 : cephes.incbi(successes, trials - successes + 1, miss),
    successes === trials ? 1 : 1 - cephes.incbi(trials - successes, successes + 1, miss),
  ];
};
