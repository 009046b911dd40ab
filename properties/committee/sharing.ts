/**
 * A shared secret as plain numbers: the value at 0 of a polynomial of which every node has one value. So many values as
 * the polynomial has coefficients determine it, and one less say nothing of the secret: for every candidate there is a
 * polynomial through it and through them.
 */

/** The order of the groups of BLS12-381: scalars are numbers below it. @source the curve's definition, parameter r */
export const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

export type Point = readonly [at: bigint, value: bigint];

/** The value at `at` of the one polynomial of least degree through these points, which lie at different places. */
export const interpolated = (points: readonly Point[], at: bigint): bigint => {
  const weights = weightsAt(
    points.map(([where]) => where),
    at,
  );
  return points.reduce((sum, [, value], k) => modulo(sum + weights[k]! * value), 0n);
};

/** With which weights the values at these places add up to the value at `at`. */
export const weightsAt = (places: readonly bigint[], at: bigint): readonly bigint[] =>
  places.map((place) => {
    const others = places.filter((other) => other !== place);
    const above = others.reduce((product, other) => modulo(product * (at - other)), 1n);
    const below = others.reduce((product, other) => modulo(product * (place - other)), 1n);
    return modulo(above * inverse(below));
  });

const modulo = (number: bigint): bigint => ((number % order) + order) % order;

/** By the extended algorithm of Euclid. @throws RangeError for 0, which has none. */
const inverse = (number: bigint): bigint => {
  if (number === 0n) throw new RangeError("inverse: expected another number than 0");
  let [dividend, divisor] = [order, number];
  let [before, factor] = [0n, 1n];
  while (divisor !== 1n) {
    const quotient = dividend / divisor;
    [dividend, divisor] = [divisor, dividend - quotient * divisor];
    [before, factor] = [factor, before - quotient * factor];
  }
  return modulo(factor);
};
