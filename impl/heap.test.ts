/** The heap gives what sorting gives, whatever is pushed and popped in between. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { heapOf, popHeap, pushHeap } from "./heap.ts";

const smaller = (left: number, right: number): boolean => left < right;
const ascending = (left: number, right: number): number => left - right;

test("a heap gives its items in order, those that it was made of and those that came later", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { size: "medium" }), fc.array(fc.integer(), { size: "medium" }), (first, later) => {
      const heap = heapOf([...first], smaller);
      for (const item of later) pushHeap(heap, item);
      const popped: number[] = [];
      while (heap.items.length > 0) popped.push(popHeap(heap));
      expect(popped).toEqual([...first, ...later].sort(ascending));
    }),
  );
});

test("a heap stays one while items come and go", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(50)), { size: "medium" }), (steps) => {
      const heap = heapOf<number>([], smaller);
      const items: number[] = [];
      for (const step of steps) {
        if (step !== null) {
          pushHeap(heap, step);
          items.push(step);
        } else if (items.length > 0) {
          items.sort(ascending);
          expect(popHeap(heap)).toBe(items.shift());
        }
      }
    }),
  );
});
