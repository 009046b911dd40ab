/** The law of stable memory, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Event, Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { confinement, expanse, remorse, squander, turnover } from "../testing/scenes-of-stable.ts";
import { edited, followed, repeated, replied, setIn, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { stableMemoryHasASize } from "./stable.ts";

const tales = {
  expanse: led(model, expanse),
  remorse: led(model, remorse),
  confinement: led(model, confinement),
  turnover: led(model, turnover),
  squander: led(model, squander),
};

const told = (trace: Trace): string => judged(stableMemoryHasASize, trace);
const resized = (canister: string, stablePages: number): object => ({ kind: "stable-resized", canister, stablePages });

/** The number, among all executions of a tale, of the first for which this holds. */
const nth = (tale: Trace, is: (event: Event & { readonly kind: "executed" }) => boolean): number =>
  tale.steps.flatMap(({ observation }) => observation.events.filter((event) => event.kind === "executed")).findIndex(is);

const spoilt = nth(tales.expanse, ({ trap }) => trap === "IC0503");
const dreamt = nth(tales.expanse, ({ cause }) => cause.kind === "update" && cause.method === "dream");

describe("stable-memory-has-a-size", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(told(tale)).toBe("holds"));
  test("passes over worlds in which nobody asks for more", () => expect(told(payment)).toBe("vacuous"));

  test("condemns growth of which nothing is told", () => {
    expect(told(without(tales.expanse, "stable-resized"))).toBe(
      "the stable memory of a was to have 2 pages in place of 1, and nothing was told of it",
    );
    expect(told(without(tales.remorse, "stable-resized"))).toMatch(/was to have 1 pages in place of 0/);
  });
  test("condemns that it is told twice, of another canister, or when nobody grew", () => {
    expect(told(repeated(tales.expanse, "stable-resized"))).toMatch(/told to have 2 pages, and nothing had just changed it$/);
    expect(told(edited(tales.turnover, "stable-resized", 0, { canister: "c" }))).toMatch(
      /memory of c was told to have 2 pages, and nothing/,
    );
    expect(told(followed(tales.expanse, "turn-began", 0, resized("a", 3)))).toMatch(/told to have 3 pages, and nothing/);
  });
  test("condemns another size, one of before, and one beyond the room", () => {
    expect(told(edited(tales.expanse, "stable-resized", 0, { stablePages: 3 }))).toMatch(/told to have 3 pages, and was to have 2$/);
    expect(told(edited(tales.expanse, "stable-resized", 0, { stablePages: 1 }))).toMatch(/told to have 1 pages, which it had before$/);
    expect(told(edited(tales.expanse, "stable-resized", 1, { stablePages: 4 }))).toMatch(/told to have 4 pages, and there is room for 3$/);
  });
  test("condemns growth where the subnet has no room", () => {
    const { storage } = tales.expanse.scenario.genesis.parameters;
    const { genesis } = tales.confinement.scenario;
    const wide = { ...genesis, parameters: { ...genesis.parameters, storage } };
    const grown = led(model, { ...confinement, genesis: wide });
    expect(told(setIn(grown, genesis))).toMatch(/told to have 3 pages, and was to have 2$/);
  });
  test("condemns a trap that leaves it larger", () =>
    expect(told(followed(tales.expanse, "executed", spoilt, resized("a", 2)))).toMatch(/told to have 2 pages, and was to have 1$/));
  test("condemns a query in a round that leaves it larger", () => {
    const tale = without(tales.expanse, "stable-resized", 1);
    expect(told(tale)).toMatch(/was to have 3 pages in place of 2/);
    expect(told(followed(tales.expanse, "executed", dreamt, resized("a", 2)))).toMatch(/told to have 2 pages, and was to have 3$/);
  });
  test("condemns a page that lies beyond", () => {
    const reached = nth(tales.expanse, ({ wrote }) => wrote.length > 0);
    expect(told(edited(tales.expanse, "executed", reached, { wrote: [[3, "01"]] }))).toBe(
      "a has page 3, and 2 pages of stable memory behind 1 of the heap",
    );
    expect(told(edited(tales.turnover, "installation-ran", 0, { wrote: [[4, "01"]] }))).toMatch(/b has page 4, and 2 pages/);
  });
  test("condemns who says another size", () => {
    expect(told(edited(tales.expanse, "answered", 0, { result: replied("0000000000000000") }))).toBe(
      'a said "0000000000000000" of the size of its stable memory, which is "0000000000000001"',
    );
    expect(told(edited(tales.expanse, "query-answered", 0, { result: replied("02") }))).toMatch(/a said "02" of the size/);
  });
  test("condemns that it outlives its code, where it is not upgraded", () => {
    expect(told(without(tales.turnover, "stable-resized", 1))).toMatch(/memory of b was to have 0 pages in place of 2, and nothing/);
    expect(told(edited(tales.turnover, "stable-resized", 3, { stablePages: 1 }))).toMatch(/told to have 1 pages, and was to have 2$/);
  });
  test("condemns an installation that traps, or an upgrade, and changes it", () => {
    expect(told(followed(tales.turnover, "installation-ran", 1, resized("b", 1)))).toMatch(/told to have 1 pages, and was to have 2$/);
    expect(told(followed(tales.turnover, "installation-ran", 3, resized("b", 0)))).toMatch(/told to have 0 pages, and was to have 1$/);
  });
  test("condemns a snapshot that does not bring its size back", () =>
    expect(told(without(tales.turnover, "stable-resized", 2))).toMatch(/was to have 1 pages in place of 0, and nothing was told/));
});
