/**
 * How a state of the compiled scheduler world lies in words. First the genesis and the phase of the reset; then the
 * priorities; then queues and executions under way, all in one word where nothing is sliced; last the lags.
 */
import type { Canisters } from "./profiles.ts";

export interface RowOptions {
  readonly count: number;
  readonly slices: number;
  /** Most messages under way to one canister. */
  readonly underWay: number;
  readonly lags: boolean;
  readonly wide: boolean;
  readonly period: number;
  readonly roots: number;
}

export interface RowLayout {
  readonly width: number;
  /** A queue with nothing in it. */
  readonly empty: number;
  lengthOf(queue: number): number;
  /** A message at the end: 0 is short, 1 is long. */
  push(queue: number, kind: number): number;
  /** Without its first message. */
  pop(queue: number): number;
  write(into: Int32Array, root: number, phase: number, canisters: Canisters, queues: Int32Array, lag: Int32Array): void;
  /** Reads a row; its first word is then given by `head`. */
  read(rows: Int32Array, at: number, canisters: Canisters, queues: Int32Array, lag: Int32Array): void;
  head(): number;
}

const word = 2 ** 32;

/** @throws RangeError when something does not fit. */
export const rowLayout = ({ count, slices, underWay, lags, wide, period, roots }: RowOptions): RowLayout => {
  const isSliced = slices > 1;
  // Where all messages are alike, a queue is its length. Else its kinds, the first one lowest, and a one on top of them.
  const bits = isSliced ? underWay + 1 : 32 - Math.clz32(underWay);
  if (roots * period >= 2 ** 31) throw new RangeError(`${roots} geneses with a period of ${period} rounds do not fit a row`);
  if (isSliced ? bits > 12 || slices > 30 : count * bits > 31)
    throw new RangeError(`${count} canisters with up to ${underWay} messages of ${slices} slices do not fit a row`);
  const mask = 2 ** bits - 1;
  const highAt = 1 + count;
  const queuesAt = highAt + (wide ? 1 : 0);
  const lagsAt = queuesAt + (isSliced ? count : 1);
  const width = lagsAt + (lags ? Math.ceil(count / 2) : 0);
  const fit = (value: number, most: number, what: string): number => {
    if (value > most) throw new RangeError(`${what} ${value} does not fit a row: at most ${most}`);
    return value;
  };
  let first = 0;
  return {
    width,
    empty: isSliced ? 1 : 0,
    lengthOf: (queue) => (isSliced ? 31 - Math.clz32(queue) : queue),
    push: (queue, kind) => {
      if (!isSliced) return queue + 1;
      const top = 31 - Math.clz32(queue);
      return queue + (1 << top) + (kind << top);
    },
    pop: (queue) => (isSliced ? queue >>> 1 : queue - 1),
    head: () => first,
    write: (into, root, phase, { priority, underway, age, executed }, queues, lag) => {
      into[0] = root + phase;
      let high = 0;
      let packed = 0;
      for (let at = 0; at < count; at++) {
        const held = priority[at]!;
        into[1 + at] = held;
        if (wide) high |= (Math.floor(held / word) & 0xf) << (4 * at);
        if (isSliced)
          into[queuesAt + at] =
            queues[at]! |
            (underway[at]! << 12) |
            (fit(executed[at]!, 31, "a number of executed rounds") << 17) |
            (fit(age[at]!, 0x3ff, "an age of") << 22);
        else packed |= queues[at]! << (at * bits);
      }
      if (wide) into[highAt] = high;
      if (!isSliced) into[queuesAt] = packed;
      if (!lags) return;
      for (let at = 0; at < count; at += 2)
        into[lagsAt + (at >> 1)] = fit(lag[at]!, 0xffff, "a lag of") | (fit(at + 1 < count ? lag[at + 1]! : 0, 0xffff, "a lag of") << 16);
    },
    read: (rows, from, { priority, underway, age, executed }, queues, lag) => {
      first = rows[from]!;
      for (let at = 0; at < count; at++) {
        const low = rows[from + 1 + at]!;
        // The high part is signed, the low part of a wide number is not.
        priority[at] = wide ? ((rows[from + highAt]! << (28 - 4 * at)) >> 28) * word + (low >>> 0) : low;
        if (isSliced) {
          const held = rows[from + queuesAt + at]!;
          queues[at] = held & mask;
          underway[at] = (held >>> 12) & 31;
          executed[at] = (held >>> 17) & 31;
          age[at] = held >>> 22;
        } else queues[at] = (rows[from + queuesAt]! >>> (at * bits)) & mask;
        if (lags) lag[at] = (rows[from + lagsAt + (at >> 1)]! >>> ((at & 1) * 16)) & 0xffff;
      }
    },
  };
};
