/**
 * Who is next, among things of which most are over before anybody asks. A deadline is noted when a message is sent, and almost
 * every message is gone long before its deadline. So what is noted waits in a list; only what still means something when
 * the list is looked at enters the heap, and the heap throws out what has lost its meaning before it has twice as many
 * items as it needs.
 */
import { heapOf, popHeap, pushHeap, type Heap } from "./heap.ts";

export interface Watch<T> {
  fresh: T[];
  heap: Heap<T>;
  /** With so many items the stale ones are thrown out. */
  crowd: number;
  /** Whether an item still means something. */
  readonly isLive: (item: T) => boolean;
}

/** `before` is a total order, or it does not matter which of two items comes first. */
export const watchOf = <T>(before: (left: T, right: T) => boolean, isLive: (item: T) => boolean): Watch<T> => ({
  fresh: [],
  heap: heapOf<T>([], before),
  crowd: smallestCrowd,
  isLive,
});

export const note = <T>(watch: Watch<T>, item: T): void => void watch.fresh.push(item);

/** Brings what was noted into the heap. To be called before `firstOf`, and at least once a round. */
export const settle = <T>(watch: Watch<T>): void => {
  const { fresh, isLive } = watch;
  if (fresh.length === 0) return;
  for (const item of fresh) {
    if (!isLive(item)) continue;
    if (watch.heap.items.length >= watch.crowd) forgetStale(watch);
    pushHeap(watch.heap, item);
  }
  watch.fresh = [];
};

/** The first item that still means something; it stays. `null` when there is none. */
export const firstOf = <T>({ heap, isLive }: Watch<T>): T | null => {
  while (heap.items.length > 0) {
    const first = heap.items[0]!;
    if (isLive(first)) return first;
    popHeap(heap);
  }
  return null;
};

const smallestCrowd = 64;

const forgetStale = <T>(watch: Watch<T>): void => {
  const { heap, isLive } = watch;
  watch.heap = heapOf(heap.items.filter(isLive), heap.before);
  watch.crowd = Math.max(smallestCrowd, 2 * watch.heap.items.length);
};
