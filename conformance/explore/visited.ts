/**
 * The states that were seen, exactly. A state is a row of words; rows lie one after another in one array, and a table with
 * open addressing finds them by a fingerprint of 64 bits: half of it says where to look, the other half is compared
 * first. A fingerprint that is equal is only a hint: the rows are compared word by word before a state counts as known,
 * so no state is ever lost to a collision.
 */

export interface Visited {
  /** All rows, one after another. It is replaced when it grows: ask again after each `add`. */
  rows(): Int32Array;
  size(): number;
  /** The number of a row that was not seen before; -1 when it is known, -2 when there is no more room for it. */
  add(row: Int32Array): number;
  /** The number of a row that was seen; -1 when it was not. */
  find(row: Int32Array): number;
  /** Fingerprints that were equal while the rows were not. */
  collisions(): number;
  /** What the rows and the table take. @unit bytes */
  bytes(): number;
}

export interface VisitedOptions {
  /** Words of a row. */
  readonly width: number;
  /** Most states. */
  readonly limit: number;
  /** Most bytes that rows and table may take. @unit bytes */
  readonly mostBytes?: number;
  /** Makes fingerprints weak, to show that they are only hints: so many of their bits are kept. For tests. */
  readonly bits?: number;
}

export const newVisited = ({ width, limit, mostBytes = Infinity, bits = 32 }: VisitedOptions): Visited => {
  const kept = bits >= 32 ? -1 : (1 << bits) - 1;
  let capacity = 1 << 12;
  let rows = new Int32Array(width * (capacity >> 1));
  // Slots of the table: the number of a state plus one, and the second half of its fingerprint.
  let slots = new Uint32Array(capacity);
  let tags = new Int32Array(capacity);
  let size = 0;
  let collisions = 0;
  let place = 0;
  let tag = 0;

  const fingerprint = (row: Int32Array, at: number): void => {
    let one = 0x9e3779b9 | 0;
    let other = 0x85ebca6b | 0;
    for (let k = at; k < at + width; k++) {
      const word = row[k]!;
      one = Math.imul(one ^ word, 0xcc9e2d51 | 0);
      one = ((one << 15) | (one >>> 17)) ^ (one >>> 13);
      other = Math.imul(other + word, 0x1b873593) ^ (other >>> 15);
      other = (other << 13) | (other >>> 19);
    }
    one = Math.imul(one ^ (one >>> 16), 0x85ebca6b | 0);
    one = Math.imul(one ^ (one >>> 13), 0xc2b2ae35 | 0);
    other = Math.imul(other ^ (other >>> 15), 0x2c1b3c6d);
    other = Math.imul(other ^ (other >>> 12), 0x297a2d39);
    place = (one ^ (one >>> 16)) & kept;
    tag = (other ^ (other >>> 15)) & kept;
  };

  const sameRow = (state: number, row: Int32Array): boolean => {
    const at = state * width;
    for (let k = 0; k < width; k++) if (rows[at + k] !== row[k]) return false;
    return true;
  };

  /** Leaves `free` at the slot where the row would go; the number of the row, or -1. */
  let free = 0;
  const seek = (row: Int32Array): number => {
    fingerprint(row, 0);
    const mask = capacity - 1;
    for (let slot = place & mask; ; slot = (slot + 1) & mask) {
      const held = slots[slot]!;
      if (held === 0) {
        free = slot;
        return -1;
      }
      if (tags[slot] !== tag) continue;
      if (sameRow(held - 1, row)) return held - 1;
      collisions++;
    }
  };

  const bytesFor = (slotCount: number): number => slotCount * 8 + (slotCount >> 1) * width * 4;

  const grow = (): boolean => {
    const doubled = capacity * 2;
    // While it is copied, the old and the new are both there.
    if (bytesFor(doubled) + bytesFor(capacity) > mostBytes) return false;
    const more = new Int32Array(width * (doubled >> 1));
    more.set(rows);
    rows = more;
    capacity = doubled;
    slots = new Uint32Array(capacity);
    tags = new Int32Array(capacity);
    const mask = capacity - 1;
    for (let state = 0; state < size; state++) {
      fingerprint(rows, state * width);
      let slot = place & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = state + 1;
      tags[slot] = tag;
    }
    return true;
  };

  return {
    rows: () => rows,
    size: () => size,
    add: (row) => {
      if (seek(row) >= 0) return -1;
      if (size >= limit) return -2;
      if (size >= capacity >> 1) {
        if (!grow()) return -2;
        seek(row);
      }
      rows.set(row, size * width);
      slots[free] = size + 1;
      tags[free] = tag;
      return size++;
    },
    find: seek,
    collisions: () => collisions,
    bytes: () => bytesFor(capacity),
  };
};
