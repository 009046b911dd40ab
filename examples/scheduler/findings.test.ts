/** What the worlds of this folder show, on the reference and on the engine; told in `docs/findings/`. */
import { describe, expect, test } from "vitest";
import { openTimelines } from "../../conformance/index.ts";
import { impl } from "../../impl/index.ts";
import { createModel } from "../../model/index.ts";
import type { Machine, Scenario } from "../../spec/index.ts";
import { longAgainstShort, longestAgainst, newcomersAfter } from "./worlds.ts";

/** Of each round, whether the canister had a full one; it must have had work in all of them. */
const fullRounds = async (machine: Machine, scenario: Scenario, id: string): Promise<readonly boolean[]> => {
  const { record, timelineOf } = await openTimelines();
  const { canisters } = timelineOf(await record(machine, scenario));
  const cells = canisters.find(({ canister }) => canister === id)!.cells;
  expect(cells.every(({ work }) => work)).toBe(true);
  return cells.map(({ full }) => full);
};

const count = (full: readonly boolean[]): number => full.filter(Boolean).length;

/** The fewest and the most full rounds in any so many rounds in a row. */
const inWindows = (full: readonly boolean[], length: number): readonly [number, number] => {
  const counts = full.slice(length - 1).map((_, from) => count(full.slice(from, from + length)));
  return [Math.min(...counts), Math.max(...counts)];
};

const machines: readonly Machine[] = [createModel(), impl];

describe("finding 2: long executions that reserved nothing overtake a reservation", () => {
  test.each(machines)(
    "82 percent get 103 of 600 rounds, where 492 were promised ($name)",
    async (machine) => {
      expect(count(await fullRounds(machine, longAgainstShort(600), "reserved-2"))).toBe(103);
    },
    60_000,
  );
  test.each([
    [2, 2],
    [2, 3],
    [2, 4],
    [2, 5],
    [2, 10],
    [3, 10],
    [5, 10],
    [2, 20],
  ])("calls of %i slices against calls of %i get what the bound says, and not one round more", async (own, most) => {
    const full = (await fullRounds(impl, longestAgainst(own, most, 400), "reserved")).slice(160);
    expect(inWindows(full, most + own - 2)).toEqual([own, own]);
  });
  test("calls of one slice get what was reserved", async () => {
    const full = (await fullRounds(impl, longestAgainst(1, 20, 400), "reserved")).slice(100);
    expect(inWindows(full, 100)[0]).toBeGreaterThanOrEqual(82);
  });
});

describe("finding 3: newcomers come before a reservation that is in debt", () => {
  test.each(machines)(
    "31 percent get nothing in 100 rounds, because another one has too much credit ($name)",
    async (machine) => {
      const full = await fullRounds(machine, newcomersAfter(1_199, 4, 110), "reserved");
      expect(inWindows(full.slice(0, 1_199), 100)[0]).toBeGreaterThanOrEqual(31);
      expect(full.indexOf(true, 1_199)).toBe(1_303);
    },
    60_000,
  );
  test("until the reset, when all begin anew", async () => {
    const full = await fullRounds(impl, newcomersAfter(1_199, 4, 1_400), "reserved");
    expect(inWindows(full.slice(2_400), 100)[0]).toBeGreaterThanOrEqual(31);
  });
  test("without newcomers, or with enough of them earlier, nobody is short", async () => {
    expect(inWindows(await fullRounds(impl, newcomersAfter(1_199, 0, 400), "reserved"), 100)[0]).toBeGreaterThanOrEqual(31);
    expect(inWindows(await fullRounds(impl, newcomersAfter(400, 4, 400), "reserved"), 100)[0]).toBeGreaterThanOrEqual(31);
  });
  test("nor in the current scheduler, where debts beyond a bound decay and credit does too", async () => {
    const { genesis, inputs } = newcomersAfter(1_199, 4, 400);
    const current: Scenario = { genesis: { ...genesis, parameters: { ...genesis.parameters, scheduler: "current" } }, inputs };
    expect(inWindows(await fullRounds(impl, current, "reserved"), 100)[0]).toBeGreaterThanOrEqual(31);
  });
});
