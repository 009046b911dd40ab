/**
 * The special functions behind every test of chance, from the Cephes library, and the few distributions that are made
 * of them. The library is compiled when it is first asked for, so whoever computes a tail waits for `ready` once.
 */
// @ts-expect-error The package brings types, but does not name them in its exports; what is used of it is typed below.
import * as untyped from "cephes";

interface Cephes {
  readonly compiled: Promise<void>;
  erfc(x: number): number;
  /** The distribution function of the standard normal distribution. */
  ndtr(x: number): number;
  /** The upper incomplete gamma function, regularised. */
  igamc(shape: number, x: number): number;
  /** The incomplete beta function, regularised, and its inverse. */
  incbet(a: number, b: number, x: number): number;
  incbi(a: number, b: number, y: number): number;
}

const cephes = untyped as Cephes;

/** Resolves when the functions of this file may be called. */
export const ready = (): Promise<void> => cephes.compiled;

/** The complement of the error function. */
export const erfc = (x: number): number => orNothing(() => cephes.erfc(x));

/** The upper tail of the incomplete gamma function, regularised. */
export const gammaTail = (shape: number, x: number): number => (x <= 0 ? 1 : orNothing(() => cephes.igamc(shape, x)));

/** How likely a chi-squared variable is at least this. */
export const chiSquaredTail = (degrees: number, statistic: number): number => gammaTail(degrees / 2, statistic / 2);

/** How likely a standard normal variable is at most this. */
export const normal = (x: number): number => orNothing(() => cephes.ndtr(x));

/** How likely at least so many of so many trials succeed. */
export const binomialTail = (successes: number, trials: number, chance: number): number => {
  if (successes <= 0) return 1;
  return successes > trials ? 0 : orNothing(() => cephes.incbet(successes, trials - successes + 1, chance));
};

/** The interval of Clopper and Pearson: at least this confident, for every chance of success. */
export const binomialInterval = (successes: number, trials: number, confidence: number): readonly [low: number, high: number] => {
  const miss = (1 - confidence) / 2;
  return [
    successes === 0 ? 0 : orNothing(() => cephes.incbi(successes, trials - successes + 1, miss)),
    successes === trials ? 1 : 1 - orNothing(() => cephes.incbi(trials - successes, successes + 1, miss)),
  ];
};

/** A tail; the library throws where it is too small for a double, and that is as good as nothing. */
const orNothing = (tail: () => number): number => {
  try {
    return tail();
  } catch (reason) {
    if (reason instanceof Error && reason.message.includes("underflow")) return 0;
    throw reason;
  }
};
