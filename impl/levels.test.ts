/** Numbers that rise in stretches, against a plain list of them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atLeast, atMost, levelAt, levelsOf, raise, raiseRange } from "./levels.ts";

const numbers = fc.integer({ min: -1000, max: 1000 });
const move = fc.oneof(
  fc.record({ kind: fc.constant("stretch" as const), from: fc.nat(40), to: fc.nat(40), by: numbers }),
  fc.record({ kind: fc.constant("some" as const), places: fc.uniqueArray(fc.nat(40)), by: numbers }),
);

describe("levels", () => {
  test("are what a list of the numbers says, however they rose", () => {
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 40 }), fc.array(move), numbers, fc.nat(40), fc.nat(40), (plain, moves, line, from, to) => {
        const levels = levelsOf(plain);
        const inside = (place: number) => place < plain.length;
        for (const step of moves) {
          if (step.kind === "stretch") {
            const end = Math.min(step.to, plain.length);
            raiseRange(levels, step.from, end, step.by);
            for (let place = step.from; place < end; place++) plain[place]! += step.by;
          } else {
            const places = step.places.filter(inside);
            raise(
              levels,
              places,
              places.map((place) => step.by + place),
            );
            for (const place of places) plain[place]! += step.by + place;
          }
        }
        expect(plain.map((_, place) => levelAt(levels, place))).toEqual(plain);
        const places = [...plain.keys()];
        expect(atLeast(levels, line)).toEqual(places.filter((place) => plain[place]! >= line));
        expect(atMost(levels, line, from, to)).toEqual(places.filter((place) => place >= from && place < to && plain[place]! <= line));
      }),
    );
  });

  test("stay exact however often they rise together", () => {
    const levels = levelsOf([1, -1, 5]);
    for (let turn = 0; turn < 20; turn++) {
      raiseRange(levels, 0, 3, 2 ** 49 - 1);
      raiseRange(levels, 0, 3, 1 - 2 ** 49);
      raiseRange(levels, 1, 3, turn);
    }
    expect([0, 1, 2].map((place) => levelAt(levels, place))).toEqual([1, 189, 195]);
    expect(atLeast(levels, 190)).toEqual([2]);
    expect(atMost(levels, 1)).toEqual([0]);
  });

  test("of nothing are none", () => {
    expect(atLeast(levelsOf([]), -1)).toEqual([]);
  });
});
