/** Queues that run through their own items. */
import { expect, test } from "vitest";
import { dequeue, emptyQueue, enqueue, listed, type Link } from "./queues.ts";

interface Numbered extends Link<Numbered> {
  readonly number: number;
}
const numbered = (number: number): Numbered => ({ number, next: null });

test("a queue gives first what came first, also after it ran empty", () => {
  const queue = emptyQueue<Numbered>();
  expect(dequeue(queue)).toBeNull();
  for (const number of [1, 2, 3]) enqueue(queue, numbered(number));
  expect(listed(queue).map(({ number }) => number)).toEqual([1, 2, 3]);
  expect([dequeue(queue), dequeue(queue), dequeue(queue), dequeue(queue)].map((item) => item?.number)).toEqual([1, 2, 3, undefined]);
  enqueue(queue, numbered(4));
  expect(queue.length).toBe(1);
  expect(dequeue(queue)?.number).toBe(4);
});

test("an item that left one queue can enter another and brings nobody along", () => {
  const [from, to] = [emptyQueue<Numbered>(), emptyQueue<Numbered>()];
  enqueue(from, numbered(1));
  enqueue(from, numbered(2));
  enqueue(to, dequeue(from)!);
  expect(listed(to)).toHaveLength(1);
  expect(listed(from).map(({ number }) => number)).toEqual([2]);
});
