/** A timeline in words: what was promised, what came of it, and why. */
import { describe, expect, test } from "vitest";
import { bytes, percent } from "../../spec/index.ts";
import { canister, ingress } from "../testing/worlds.ts";
import { absent } from "./notebook.ts";
import type { Cell, Timeline } from "./data.ts";
import { asked, rounds, stopped, timelineFrom, working } from "./testing.ts";
import { findingsOf, roundInWords, summaryOf } from "./words.ts";

/** A timeline of one canister with these cells. */
const withCells = (cells: readonly Cell[]): Timeline => ({
  format: "canon-timeline/1",
  machine: "model",
  scheduler: "current",
  cores: 2,
  span: 1,
  bounds: null,
  total: cells.length,
  rounds: cells.map((_, at) => ({ height: at + 1, skipped: false, checkpoint: false, iterations: 1, turns: [] })),
  canisters: [{ canister: "a" as Timeline["canisters"][number]["canister"], cells }],
});
const waiting: Cell = { ...absent, state: "waits", work: true, allocation: 50, share: 75 };

describe("a summary", () => {
  test("counts rounds with work, and not those that were skipped or suspended against the promise", () => {
    const cells: readonly Cell[] = [
      ...Array.from({ length: 4 }, (): Cell => ({ ...waiting, state: "runs", full: true })),
      ...Array.from({ length: 6 }, () => waiting),
      { ...waiting, state: "suspended" },
      { ...waiting, state: "skipped" },
      { ...waiting, state: "idle", work: false, full: true },
    ];
    const { rounds: all, canisters } = withCells(cells);
    expect(summaryOf(all, canisters[0]!)).toMatchObject({ rounds: 13, work: 11, full: 4, promised: 5, share: 7, waited: 6, suspended: 1 });
  });

  test("names the worst window and its round", () => {
    const window = (full: number): Cell => ({ ...waiting, window: { rounds: 100, full, promised: 50 } });
    const { rounds: all, canisters } = withCells([window(50), window(48), window(47), window(49)]);
    expect(summaryOf(all, canisters[0]!)).toMatchObject({ worst: { height: 3, full: 47, promised: 50 }, broken: 3 });
  });
});

describe("a finding", () => {
  test("says why a canister waited, and only of canisters that reserved something", () => {
    const passed: Cell = {
      ...waiting,
      overtaken: { by: waiting.state as never, because: "age" },
      window: { rounds: 10, full: 2, promised: 5 },
    };
    const [finding, ...more] = findingsOf(withCells([...Array.from({ length: 9 }, () => passed), { ...waiting, window: passed.window }]));
    expect(more).toEqual([]);
    expect(finding?.standing).toBe("behind");
    expect(finding?.text).toMatch(
      /^a had work in 10 rounds; its allocation comes to 5 rounds of these, and it got 0\. It waited in 10 rounds; in 9 of them/,
    );
    expect(findingsOf(withCells([{ ...waiting, allocation: 0 }]))).toEqual([]);
  });

  test("says no more where the promise was kept", async () => {
    const timeline = await timelineFrom(
      [canister("a", { go: working(10) }, { computeAllocation: percent(50) })],
      [...asked("a", "go", 20), ...rounds(2)],
    );
    expect(findingsOf(timeline)).toEqual([
      { standing: "kept", text: "a had work in 2 rounds; its allocation comes to 1 round of these, and it got 2." },
    ]);
  });
});

describe("a round in words", () => {
  test("has a line for each core and each canister", async () => {
    const timeline = await timelineFrom([canister("a", { go: working(250) }), canister("b")], [ingress("i", "a", "go"), ...rounds(3)]);
    expect(roundInWords(timeline, 1)).toEqual([
      "Round 2",
      "core 0: a (slice 2 of 3, 105 instructions)",
      "core 1: nothing",
      "a: runs, full round; priority 0.0; unpaid 2; 2 full in 2, promised 0",
      "b: idle, full round; priority 0.0",
    ]);
  });

  test("says who is stopping", async () => {
    expect(roundInWords(await stopped(), 1)[4]).toMatch(/^b: idle(, full round)?, stopping; /);
  });

  test("says when it was skipped", async () => {
    const timeline = await timelineFrom([canister("a")], rounds(1), { heapDeltaCapacity: bytes(0) });
    expect(roundInWords(timeline, 0)).toEqual([
      "Round 1, skipped: too much heap delta",
      "core 0: nothing",
      "core 1: nothing",
      "a: -; priority 0.0",
    ]);
  });
});
