/** Queues that run through their own items. */
import { expect, test } from "vitest";
import { emptyQueue, enqueue, listed, replace, unlink, type Link, type Queue } from "./queues.ts";

interface Numbered extends Link<Numbered> {
  readonly number: number;
}
const numbered = (number: number): Numbered => ({ number, next: null, before: null });

/** A queue of these numbers, and its items. */
const queueOf = (...numbers: readonly number[]) => {
  const queue = emptyQueue<Numbered>();
  const items = numbers.map(numbered);
  for (const item of items) enqueue(queue, item);
  return { queue, items };
};
const forwards = (queue: Queue<Numbered>) => listed(queue).map(({ number }) => number);
const backwards = (queue: Queue<Numbered>) => {
  const numbers: number[] = [];
  for (let item = queue.last; item !== null; item = item.before) numbers.unshift(item.number);
  return numbers;
};

test("a queue lists first what came first, also after it ran empty", () => {
  const { queue, items } = queueOf(1, 2, 3);
  expect(forwards(queue)).toEqual([1, 2, 3]);
  for (const item of items) unlink(queue, item);
  expect(queue).toEqual({ first: null, last: null, length: 0 });
  enqueue(queue, numbered(4));
  expect([queue.length, queue.first?.number, queue.last?.number]).toEqual([1, 4, 4]);
});

test.each([0, 1, 2])("an item leaves from wherever it stands, here from place %i", (place) => {
  const { queue, items } = queueOf(1, 2, 3);
  unlink(queue, items[place]!);
  const left = [1, 2, 3].filter((number) => number !== place + 1);
  expect([queue.length, forwards(queue), backwards(queue)]).toEqual([2, left, left]);
});

test.each([0, 1, 2])("an item takes the place of another one, here place %i", (place) => {
  const { queue, items } = queueOf(1, 2, 3);
  replace(queue, items[place]!, numbered(9));
  const left = [1, 2, 3].map((number) => (number === place + 1 ? 9 : number));
  expect([queue.length, forwards(queue), backwards(queue)]).toEqual([3, left, left]);
});

test("an item that left one queue can enter another and brings nobody along", () => {
  const { queue, items } = queueOf(1, 2);
  const to = emptyQueue<Numbered>();
  unlink(queue, items[0]!);
  enqueue(to, items[0]!);
  expect(forwards(to)).toEqual([1]);
  expect(forwards(queue)).toEqual([2]);
});
