/**
 * A binary heap: who is first, without sorting the rest. Scheduler and timers ask only for the first few of very many,
 * and each question costs the logarithm of the many. `before` must be a total order, so that what comes out does not
 * depend on the order in which it went in.
 */

export interface Heap<T> {
  /** Every item stands before both of its children, at twice its place plus one and plus two. */
  items: T[];
  readonly before: (left: T, right: T) => boolean;
}

/** A heap of these items, in any order; it keeps the array. */
export const heapOf = <T>(items: T[], before: (left: T, right: T) => boolean): Heap<T> => {
  const heap: Heap<T> = { items, before };
  for (let place = (items.length >> 1) - 1; place >= 0; place--) sink(heap, place);
  return heap;
};

export const pushHeap = <T>(heap: Heap<T>, item: T): void => {
  const { items, before } = heap;
  let place = items.length;
  items.push(item);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!before(item, items[parent]!)) break;
    items[place] = items[parent]!;
    place = parent;
  }
  items[place] = item;
};

/** Takes the first item; the heap must not be empty. */
export const popHeap = <T>(heap: Heap<T>): T => {
  const { items } = heap;
  const first = items[0]!;
  const last = items.pop()!;
  if (items.length > 0) {
    items[0] = last;
    sink(heap, 0);
  }
  return first;
};

const sink = <T>({ items, before }: Heap<T>, from: number): void => {
  const item = items[from]!;
  let place = from;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= items.length) break;
    if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
    if (!before(items[child]!, item)) break;
    items[place] = items[child]!;
    place = child;
  }
  items[place] = item;
};
