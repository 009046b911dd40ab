/**
 * First in, first out, with a way out from the middle. An item is in one queue at a time, so the queue runs through the
 * items themselves: the links to both neighbours are fields of the item. Both ends and every item are reached in
 * constant time, and moving a message from an output queue to an input queue allocates nothing.
 */

/** What can stand in a queue of its own kind. */
export interface Link<T> {
  next: T | null;
  before: T | null;
}

export interface Queue<T extends Link<T>> {
  first: T | null;
  last: T | null;
  length: number;
}

export const emptyQueue = <T extends Link<T>>(): Queue<T> => ({ first: null, last: null, length: 0 });

/** Puts an item that is in no queue at the end of this one. */
export const enqueue = <T extends Link<T>>(queue: Queue<T>, item: T): void => {
  item.before = queue.last;
  if (queue.last === null) queue.first = item;
  else queue.last.next = item;
  queue.last = item;
  queue.length++;
};

/** Takes an item of this queue out of it, wherever it stands. */
export const unlink = <T extends Link<T>>(queue: Queue<T>, item: T): void => {
  if (item.before === null) queue.first = item.next;
  else item.before.next = item.next;
  if (item.next === null) queue.last = item.before;
  else item.next.before = item.before;
  item.next = null;
  item.before = null;
  queue.length--;
};

/** Puts an item that is in no queue in the place of one of this queue. */
export const replace = <T extends Link<T>>(queue: Queue<T>, item: T, by: T): void => {
  by.before = item.before;
  by.next = item.next;
  if (by.before === null) queue.first = by;
  else by.before.next = by;
  if (by.next === null) queue.last = by;
  else by.next.before = by;
  item.next = null;
  item.before = null;
};

/** The items, first to last, in an array of their own. */
export const listed = <T extends Link<T>>(queue: Queue<T>): T[] => {
  const items: T[] = [];
  for (let item = queue.first; item !== null; item = item.next) items.push(item);
  return items;
};
