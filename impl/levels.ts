/**
 * Numbers in a row, of which whole stretches rise together, and of which one asks who stands above or below a line. A tree
 * keeps for each stretch its highest and its lowest number, and how far the stretch rose as a whole; so a stretch rises in the
 * logarithm of the row, and those beyond a line are found without looking at the others.
 *
 * All numbers are whole and stay below 2^53. What rose as a whole is written into the numbers themselves before it could pass that.
 */

export interface Levels {
  readonly count: number;
  /** How many leaves the tree has, a power of two; leaf k is the node `leaves + k`, the parent of node p is p / 2. */
  readonly leaves: number;
  /** Of the numbers below a node, with what these rose below its ancestors. */
  readonly highest: Float64Array;
  readonly lowest: Float64Array;
  /** How far everything below an inner node rose as a whole. */
  readonly rise: Float64Array;
  /** No stretch rose by more than this since the rises were written into the numbers. */
  risen: number;
}

export const levelsOf = (numbers: ArrayLike<number>): Levels => {
  const count = numbers.length;
  let leaves = 1;
  while (leaves < count) leaves *= 2;
  const highest = new Float64Array(2 * leaves).fill(-Infinity);
  const lowest = new Float64Array(2 * leaves).fill(Infinity);
  for (let place = 0; place < count; place++) highest[leaves + place] = lowest[leaves + place] = numbers[place]!;
  const levels: Levels = { count, leaves, highest, lowest, rise: new Float64Array(leaves), risen: 0 };
  pullAll(levels);
  return levels;
};

export const levelAt = ({ leaves, highest, rise }: Levels, place: number): number => {
  let node = leaves + place;
  let level = highest[node]!;
  while ((node >>= 1) > 0) level += rise[node]!;
  return level;
};

/** The numbers at these places, each named once, rise by so much each. */
export const raise = (levels: Levels, places: readonly number[], by: readonly number[]): void => {
  const { leaves, highest, lowest } = levels;
  const few = places.length * 8 < levels.count; // beyond, one walk over the tree costs less than a climb for each
  places.forEach((place, at) => {
    const leaf = leaves + place;
    highest[leaf]! += by[at]!;
    lowest[leaf]! += by[at]!;
    if (few) for (let node = leaf >> 1; node > 0; node >>= 1) pull(levels, node);
  });
  if (!few) pullAll(levels);
};

/** The numbers from one place to before another rise by so much. */
export const raiseRange = (levels: Levels, from: number, to: number, by: number): void => {
  if (from >= to || by === 0) return;
  levels.risen += Math.abs(by);
  if (levels.risen > highestRise) writeRises(levels);
  raiseBelow(levels, 1, 0, levels.leaves, from, to, by);
};

/** The places, from one to before another, whose number is at least `line`. */
export const atLeast = (levels: Levels, line: number, from = 0, to = levels.count): readonly number[] =>
  beyond(levels.highest, 1, levels, line, from, to);

/** The places, from one to before another, whose number is at most `line`. */
export const atMost = (levels: Levels, line: number, from = 0, to = levels.count): readonly number[] =>
  beyond(levels.lowest, -1, levels, line, from, to);

const highestRise = 2 ** 50;

const pull = ({ highest, lowest, rise }: Levels, node: number): void => {
  const left = 2 * node;
  const right = left + 1;
  highest[node] = (highest[left]! > highest[right]! ? highest[left]! : highest[right]!) + rise[node]!;
  lowest[node] = (lowest[left]! < lowest[right]! ? lowest[left]! : lowest[right]!) + rise[node]!;
};

const pullAll = (levels: Levels): void => {
  for (let node = levels.leaves - 1; node > 0; node--) pull(levels, node);
};

const raiseBelow = (levels: Levels, node: number, begin: number, end: number, from: number, to: number, by: number): void => {
  if (to <= begin || end <= from) return;
  const { highest, lowest, rise, leaves } = levels;
  if (from <= begin && end <= to) {
    highest[node]! += by;
    lowest[node]! += by;
    if (node < leaves) rise[node]! += by;
    return;
  }
  const middle = (begin + end) / 2;
  raiseBelow(levels, 2 * node, begin, middle, from, to, by);
  raiseBelow(levels, 2 * node + 1, middle, end, from, to, by);
  pull(levels, node);
};

/** `sign` is 1 where the numbers above the line are asked for, -1 for those below. */
const beyond = (extremes: Float64Array, sign: 1 | -1, { leaves, rise }: Levels, line: number, from: number, to: number): number[] => {
  const found: number[] = [];
  const look = (node: number, begin: number, end: number, risen: number): void => {
    if (to <= begin || end <= from || sign * (extremes[node]! + risen - line) < 0) return;
    if (node >= leaves) return void found.push(begin);
    const middle = (begin + end) / 2;
    look(2 * node, begin, middle, risen + rise[node]!);
    look(2 * node + 1, middle, end, risen + rise[node]!);
  };
  look(1, 0, leaves, 0);
  return found;
};

const writeRises = (levels: Levels): void => {
  const { leaves, highest, lowest, rise } = levels;
  for (let node = 1; node < leaves; node++) {
    for (const child of [2 * node, 2 * node + 1]) {
      if (child < leaves) rise[child]! += rise[node]!;
      else highest[child] = lowest[child] = highest[child]! + rise[node]!;
    }
    rise[node] = 0;
  }
  // A leaf that stands for nothing is above or below no line.
  for (let leaf = leaves + levels.count; leaf < 2 * leaves; leaf++) {
    highest[leaf] = -Infinity;
    lowest[leaf] = Infinity;
  }
  pullAll(levels);
  levels.risen = 0;
};
