/**
 * First in, first out. A message is in one queue at a time, so the queue runs through the messages themselves: the link
 * to the next one is a field of the message. Both ends are reached in constant time, a canister that never hears of
 * anybody costs three words, and moving a message from an output queue to an input queue allocates nothing.
 */

/** What can stand in a queue of its own kind. */
export interface Link<T> {
  next: T | null;
}

export interface Queue<T extends Link<T>> {
  first: T | null;
  last: T | null;
  length: number;
}

export const emptyQueue = <T extends Link<T>>(): Queue<T> => ({ first: null, last: null, length: 0 });

/** Puts an item that is in no queue at the end of this one. */
export const enqueue = <T extends Link<T>>(queue: Queue<T>, item: T): void => {
  if (queue.last === null) queue.first = item;
  else queue.last.next = item;
  queue.last = item;
  queue.length++;
};

/** Takes the first item; `null` when there is none. */
export const dequeue = <T extends Link<T>>(queue: Queue<T>): T | null => {
  const item = queue.first;
  if (item === null) return null;
  queue.first = item.next;
  if (queue.first === null) queue.last = null;
  queue.length--;
  item.next = null;
  return item;
};

/** The items, first to last, in an array of their own. */
export const listed = <T extends Link<T>>(queue: Queue<T>): T[] => {
  const items: T[] = [];
  for (let item = queue.first; item !== null; item = item.next) items.push(item);
  return items;
};
