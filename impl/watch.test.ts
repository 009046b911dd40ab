/** What is watched comes in its order, once it means something, and what is over does not pile up. */
import { expect, test } from "vitest";
import { firstOf, note, settle, watchOf } from "./watch.ts";
import { popHeap } from "./heap.ts";

interface Item {
  readonly at: number;
  isOver: boolean;
}
const item = (at: number): Item => ({ at, isOver: false });
const watched = () =>
  watchOf<Item>(
    (left, right) => left.at < right.at,
    ({ isOver }) => !isOver,
  );

test("the first is the earliest that still means something", () => {
  const watch = watched();
  const items = [item(5), item(3), item(4)];
  for (const one of items) note(watch, one);
  expect(firstOf(watch)).toBeNull();
  settle(watch);
  items[1]!.isOver = true;
  expect(firstOf(watch)).toBe(items[2]);
  popHeap(watch.heap);
  expect(firstOf(watch)).toBe(items[0]);
  items[0]!.isOver = true;
  expect(firstOf(watch)).toBeNull();
});

test("what is over before anybody looks never enters the heap", () => {
  const watch = watched();
  for (let at = 0; at < 1000; at++) {
    const one = item(at);
    note(watch, one);
    one.isOver = at !== 500;
  }
  settle(watch);
  expect(watch.heap.items).toHaveLength(1);
  expect(watch.fresh).toEqual([]);
});

test("what is over later is thrown out before there is twice as much of it as of the rest", () => {
  const watch = watched();
  for (let at = 0; at < 10_000; at++) {
    const one = item(at);
    note(watch, one);
    settle(watch);
    one.isOver = at >= 30;
  }
  expect(watch.heap.items.length).toBeLessThanOrEqual(65);
  expect(firstOf(watch)?.at).toBe(0);
});
