/**
 * What walks found out, so that nobody has to find it out again. Each is a fact about the rules as they are; a change that
 * makes one of them false is worth a look, not a new number.
 */
import { describe, expect, test } from "vitest";
import { properties } from "../../properties/index.ts";
import type { Genesis, Trace } from "../../spec/index.ts";
import { modelSystem, traceOf } from "./model-system.ts";
import { walkWorld, type WalkOptions } from "./walk.ts";
import { smallWorld, usualScopes, type Scope } from "./worlds.ts";

const walked = (scope: Partial<Scope>, more: Partial<WalkOptions> = {}) =>
  walkWorld({ world: "scheduler", scope: { ...usualScopes.scheduler, ...scope }, lag: Infinity, laws: 0, ...more }).report;

/** So many rounds in which everybody always has work. */
const saturated = (scope: Partial<Scope>, wanted: string, rounds: number): Trace => {
  const world = smallWorld("scheduler", { ...usualScopes.scheduler, ...scope });
  const chosen = (genesis: Genesis) => genesis.canisters.map(({ computeAllocation }) => computeAllocation).join() === wanted;
  const system = modelSystem({ ...world, geneses: world.geneses.filter(chosen) });
  let situation = system.initial[0]!;
  for (let round = 0; round < rounds; round++) situation = system.step(situation, system.movesOf(situation).at(-1)!).state;
  return traceOf(situation);
};

describe("published", () => {
  test("where allocations are moderate, nobody is ever a whole round behind: the guarantee of the window, proved for the scope", () => {
    expect(walked({ allocations: [0, 20, 40] })).toMatchObject({ stopped: null, verdict: "held", worstLag: { lag: 40 } });
  });
  test("where they are not, a canister can be more than a round behind; the worst comes right after the reset of priorities", () => {
    const { worstLag, stopped } = walked({ allocations: [10, 30, 50, 70, 90], inputs: 1 });
    expect(stopped).toBeNull();
    expect(worstLag).toMatchObject({ lag: 120, moves: 601, allocations: [70, 30, 90] });
  });
  test("so a window of 100 rounds across the reset can be one full round short", () => {
    const law = properties.find(({ id }) => id === "window-guarantee")!;
    const scope = { canisters: 2, cores: 1, allocations: [1, 99], inputs: 2 };
    // Priorities are reset at height 200, when 199 rounds are credited and paid: what is forgotten is not zero.
    expect(law.judge?.(saturated(scope, "1,99", 199)).kind).toBe("holds");
    expect(law.judge?.(saturated(scope, "1,99", 250))).toMatchObject({
      kind: "fails",
      because: "b has an allocation of 99, had work in each of the last 100 rounds, and got 98 full rounds",
    });
  });
  test("credit runs away where an allocation and its share of the rest pass a core, and the reset alone ends it", () => {
    expect(walked({ allocations: [0, 90] }, { priority: 160, lag: null })).toMatchObject({ stopped: null, verdict: "held" });
    expect(walked({ allocations: [0, 90] }, { priority: 159, lag: null })).toMatchObject({
      broken: { invariant: "priorities-within-159" },
    });
  });
});

describe("current", () => {
  const scope = { scheduler: "current", allocations: [0, 80], inputs: 1 } as const;
  test("with messages of one slice, a canister with 80 percent is not a whole round behind, as far as was walked", () => {
    expect(walked({ ...scope, slices: 1 }, { limits: { depth: 11 } }).worstLag?.lag).toBe(80);
  });
  test.each([
    [2, 7, 100],
    [4, 7, 240],
    [6, 10, 400],
  ])("with messages of %i slices it is after %i rounds %i percent of a round behind", (slices, depth, lag) => {
    const { worstLag, broken } = walked({ ...scope, slices }, { limits: { depth } });
    expect(broken).toBeNull();
    expect(worstLag).toMatchObject({ lag, allocations: [0, 0, 80] });
  });
});
