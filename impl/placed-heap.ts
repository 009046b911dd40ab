/**
 * A binary heap whose items know their places, so that any of them can leave it, or move when its key changed. The smallest key is
 * on top; of equal ones it does not matter which.
 */

export interface Placed {
  key: number;
  place: number;
}

export const enterHeap = <T extends Placed>(items: T[], item: T): void => {
  item.place = items.length;
  items.push(item);
  rise(items, item);
};

export const leaveHeap = <T extends Placed>(items: T[], item: T): void => {
  const last = items.pop()!;
  if (last === item) return;
  last.place = item.place;
  items[last.place] = last;
  moveInHeap(items, last);
};

/** The key of this item is another one than it was. */
export const moveInHeap = <T extends Placed>(items: T[], item: T): void => {
  rise(items, item);
  sink(items, item);
};

const rise = <T extends Placed>(items: T[], item: T): void => {
  let { place } = item;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (items[parent]!.key <= item.key) break;
    put(items, items[parent]!, place);
    place = parent;
  }
  put(items, item, place);
};

const sink = <T extends Placed>(items: T[], item: T): void => {
  let { place } = item;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= items.length) break;
    if (child + 1 < items.length && items[child + 1]!.key < items[child]!.key) child++;
    if (items[child]!.key >= item.key) break;
    put(items, items[child]!, place);
    place = child;
  }
  put(items, item, place);
};

const put = <T extends Placed>(items: T[], item: T, place: number): void => {
  items[place] = item;
  item.place = place;
};
