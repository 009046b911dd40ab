/**
 * Measuring, as little as is needed: subjects take turns, so that what else the machine does falls on all of them, and
 * medians are told with the range in which the middle half of the samples lies.
 */

/** A sample set in one unit: the median, and the quarter points around it. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export const spreadOf = (samples: readonly number[]): Spread => {
  if (samples.length === 0) throw new Error("no samples: nothing was measured");
  const sorted = [...samples].sort((left, right) => left - right);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
};

/** The same samples, each changed in the same way. */
export const scaled = ({ median, lower, upper }: Spread, by: (value: number) => number): Spread => {
  const [one, other] = [by(lower), by(upper)];
  return { median: by(median), lower: Math.min(one, other), upper: Math.max(one, other) };
};

/** Milliseconds that an act takes. */
export const timed = (act: () => void): number => {
  const start = performance.now();
  act();
  return performance.now() - start;
};

/**
 * Runs all acts so many times, taking turns, each time beginning with another one; the first `warming` rounds are not
 * counted. Each act returns its own time, so that it can prepare unseen. Gives the samples of each act.
 */
export const interleaved = (acts: readonly (() => number)[], repetitions: number, warming = 1): readonly (readonly number[])[] => {
  const samples: number[][] = acts.map(() => []);
  for (let repetition = -warming; repetition < repetitions; repetition++)
    for (let turn = 0; turn < acts.length; turn++) {
      const which = (turn + repetition + warming) % acts.length;
      const sample = acts[which]!();
      if (repetition >= 0) samples[which]!.push(sample);
    }
  return samples;
};

/**
 * Sweeps up what the last subject left behind, so that it is not swept up in the time of the next: with `--expose-gc`, as
 * `npm run bench` has it. For long acts alone: an engine that was just swept runs slower at first.
 */
export const collectGarbage = (): void => (globalThis as { gc?: () => void }).gc?.();

/** What is reachable now, in the heap and in the buffers outside of it. Without `--expose-gc` it cannot be told. @unit bytes */
export const heldBytes = (): number => {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("memory can be measured with --expose-gc alone");
  // What the first pass finishes off the second one frees.
  for (let pass = 0; pass < 3; pass++) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
