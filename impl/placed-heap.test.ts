/** The heap from which anybody can leave, against a plain list. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { enterHeap, leaveHeap, moveInHeap, type Placed } from "./placed-heap.ts";

const step = fc.record({
  kind: fc.constantFrom("enter", "enter", "leave", "move"),
  who: fc.nat(),
  key: fc.oneof(fc.nat(20), fc.constant(Infinity)),
});

test("a heap has its smallest key on top and everybody in their place, whoever enters, leaves or moves", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const items: Placed[] = [];
      const all: Placed[] = [];
      for (const { kind, who, key } of steps) {
        const one = all[who % Math.max(1, all.length)];
        if (kind === "enter" || one === undefined) {
          const item = { key, place: 0 };
          all.push(item);
          enterHeap(items, item);
        } else if (kind === "leave") {
          all.splice(all.indexOf(one), 1);
          leaveHeap(items, one);
        } else {
          one.key = key;
          moveInHeap(items, one);
        }
        expect(new Set(items)).toEqual(new Set(all));
        items.forEach((item, at) => {
          expect(item.place).toBe(at);
          expect(items[(at - 1) >> 1]?.key ?? -1).toBeLessThanOrEqual(item.key);
        });
      }
    }),
  );
});
