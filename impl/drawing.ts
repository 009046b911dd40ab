/** Drawing from a seed: what drawn worlds are made of. */

export interface Draw {
  /** A whole number from 0 to one less. */
  below(count: number): number;
  of<T>(items: readonly T[]): T;
  chance(share: number, among: number): boolean;
  list<T>(least: number, most: number, make: () => T): T[];
}

/** A generator of 32 bits that is good enough to mix worlds, and the same everywhere. */
export const drawFrom = (seed: number): Draw => {
  let state = seed;
  const below = (count: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
  return {
    below,
    of: (items) => items[below(items.length)]!,
    chance: (share, among) => below(among) < share,
    list: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make),
  };
};
