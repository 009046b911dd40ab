/** The walk is exact and shortest: no state is lost to a fingerprint, no path is longer than it must be, no limit is hidden. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exploreRows, type Rows } from "./engine.ts";
import { explore, walkPath, type System } from "./system.ts";
import { newVisited } from "./visited.ts";

/** Two jugs of 3 and 5 litres: the classic small world. Filled, emptied, poured from one into the other. */
interface Jugs {
  readonly small: number;
  readonly large: number;
}
type Pour = "fill small" | "fill large" | "empty small" | "empty large" | "to large" | "to small";

const jugs: System<Jugs, Pour, string> = {
  name: "jugs",
  initial: [{ small: 0, large: 0 }],
  movesOf: () => ["fill small", "fill large", "empty small", "empty large", "to large", "to small"],
  step: ({ small, large }, move) => {
    const [toLarge, toSmall] = [Math.min(small, 5 - large), Math.min(large, 3 - small)];
    const after: Readonly<Record<Pour, Jugs>> = {
      "fill small": { small: 3, large },
      "fill large": { small, large: 5 },
      "empty small": { small: 0, large },
      "empty large": { small, large: 0 },
      "to large": { small: small - toLarge, large: large + toLarge },
      "to small": { small: small + toSmall, large: large - toSmall },
    };
    return { state: after[move], observation: move };
  },
  keyOf: ({ small, large }) => [`small ${small}`, `large ${large}`],
  measure: ({ large }) => large,
};

const never = (litres: number) => ({
  id: `never-${litres}`,
  statement: `The large jug never has ${litres} litres.`,
  check: ({ after }: { readonly after: Jugs }) => (after.large === litres ? `the large jug has ${litres} litres` : undefined),
});

describe("a walk over values", () => {
  test("finds every reachable state, once", () => {
    const { states, transitions, widths, frontier, stopped, broken } = explore({ system: jugs, invariants: [] });
    // One of the two is always empty or full: 24 states are written down, 16 are reached.
    expect({ states, transitions, frontier, stopped, broken }).toEqual({
      states: 16,
      transitions: 96,
      frontier: 0,
      stopped: null,
      broken: null,
    });
    expect(widths.reduce((sum, width) => sum + width, 0)).toBe(16);
  });
  test("tells a shortest way to what must not be", () => {
    const { broken, violation } = explore({ system: jugs, invariants: [never(6), never(4)] });
    expect(broken?.invariant.id).toBe("never-4");
    expect(violation?.because).toBe("the large jug has 4 litres");
    expect(broken?.walked.transitions.map(({ move }) => move)).toEqual([
      "fill large",
      "to small",
      "empty small",
      "to small",
      "fill large",
      "to small",
    ]);
  });
  test("remembers the greatest measure and a shortest way to it", () => {
    const { worst } = explore({ system: jugs, invariants: [] });
    expect(worst?.measure).toBe(5);
    expect(walkPath(jugs, worst!.path).transitions.map(({ move }) => move)).toEqual(["fill large"]);
  });
  test("goes no deeper than it may, and says what it did not leave", () => {
    const { states, widths, frontier, stopped } = explore({ system: jugs, invariants: [], limits: { depth: 1 } });
    expect({ states, widths, frontier, stopped }).toEqual({ states: 3, widths: [1, 2], frontier: 2, stopped: "depth" });
  });
  test("stops where there is no more room, and says so", () => {
    const { states, widths, frontier, stopped } = explore({ system: jugs, invariants: [], limits: { states: 5 } });
    expect({ states, stopped }).toEqual({ states: 5, stopped: "states" });
    expect(frontier).toBeGreaterThan(0);
    expect(widths.reduce((sum, width) => sum + width, 0)).toBe(5);
  });
  test("stops when its time is up", () =>
    expect(explore({ system: jugs, invariants: [], limits: { deadline: 0 } })).toMatchObject({
      states: 1,
      transitions: 0,
      stopped: "time",
      frontier: 1,
    }));
  test("keys of more parts than the first state has are told apart too", () => {
    const counting: System<readonly number[], number, null> = {
      name: "lists",
      initial: [[]],
      movesOf: (list) => (list.length < 6 ? [0, 1] : []),
      step: (list, last) => ({ state: [...list, last], observation: null }),
      keyOf: (list) => ["list", ...list.map(String)],
    };
    expect(explore({ system: counting, invariants: [] }).states).toBe(2 ** 7 - 1);
  });
});

/** A maze of numbers below `size`: from each there is a step up, and a jump. */
const maze = (size: number): Rows => {
  let at = 0;
  return {
    name: "maze",
    width: 1,
    roots: 1,
    begin: (_root, into) => void (into[0] = 0),
    open: (state, rows) => {
      at = rows[state]!;
      return 2;
    },
    move: (move, into) => void (into[0] = move === 0 ? (at + 1) % size : (at * 7 + 3) % size),
  };
};

describe("identity is exact", () => {
  test("a walk with fingerprints of few bits finds as many states as one with all of them", () => {
    const strong = exploreRows(maze(5_000));
    const weak = exploreRows(maze(5_000), { bits: 4 });
    expect(strong.states).toBe(5_000);
    expect(weak.widths).toEqual(strong.widths);
    expect(weak.collisions).toBeGreaterThan(1_000);
  });
  test("a set of rows holds what a set of texts holds", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer()), { maxLength: 200, size: "max" }),
        fc.integer({ min: 1, max: 32 }),
        (rows, bits) => {
          const visited = newVisited({ width: 2, limit: 1_000, bits });
          const texts = new Map<string, number>();
          for (const [one, other] of rows) {
            const row = Int32Array.of(one, other);
            const known = texts.get(`${one} ${other}`);
            expect(visited.find(row)).toBe(known ?? -1);
            expect(visited.add(row)).toBe(known === undefined ? texts.size : -1);
            if (known === undefined) texts.set(`${one} ${other}`, texts.size);
          }
          expect(visited.size()).toBe(texts.size);
        },
      ),
    ));
  test("memory ends a walk as openly as a number of states does", () => {
    const { stopped, states, bytes } = exploreRows(maze(1_000_000), { bytes: 400_000 });
    expect(stopped).toBe("memory");
    expect(states).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(800_000);
  });
});
