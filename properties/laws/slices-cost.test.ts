/** The law of slices that cost nothing, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, cycles, type Move, type Scenario, type Trace } from "../../spec/index.ts";
import { twinOf, type Relation } from "../case.ts";
import { compared } from "../testing/judging.ts";
import { edited } from "../testing/stories.ts";
import { marathon, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { slicesCostNothing } from "./slices-cost.ts";

const unsliced = { kind: "unsliced" } as const;
const { scenario } = marathon;

/** How the law judges a scenario whose first world is told otherwise. */
const about = (told: (trace: Trace) => Trace = (trace) => trace, tried: Scenario = scenario, relation: Relation = unsliced): string =>
  compared(slicesCostNothing, { scenario: tried, relation }, (one) => (one === tried ? told(led(model, one)) : led(model, one)));

test("a world without slices has as many cores as it had, or as many as it is said to have", () => {
  const coresOf = (relation: Relation): number => twinOf({ scenario, relation }).genesis.parameters.cores;
  expect([unsliced, { ...unsliced, cores: 3 }, { ...unsliced, cores: 0 }].map(coresOf)).toEqual([1, 3, 1]);
});

describe("slices-cost-nothing", () => {
  test("accepts a message that is aborted and begins again", () => expect(about()).toBe("holds"));
  test("accepts it beside more cores", () => expect(about(undefined, scenario, { ...unsliced, cores: 4 })).toBe("holds"));
  test("accepts cycles that come while it is paused", () => {
    const topUp: Move = { kind: "top-up", canister: canisterId("a"), cycles: cycles(77n) };
    const [first, ...rest] = scenario.inputs;
    expect(about(undefined, { ...scenario, inputs: [first!, rest[0]!, topUp, ...rest.slice(1)] })).toBe("holds");
  });
  test("passes over worlds without slices", () => expect(about(undefined, quiet.scenario)).toBe("vacuous"));
  test("passes over worlds in which something is left to do", () =>
    expect(about(undefined, { ...scenario, inputs: scenario.inputs.slice(0, -1) })).toBe("vacuous"));
  test("passes over worlds that are related in another way", () => expect(about(undefined, scenario, { kind: "rerun" })).toBe("vacuous"));

  test("condemns an abort that costs something", () =>
    expect(about((trace) => edited(trace, "executed", 1, { balance: 869n }))).toMatch(/part in a\.balance: 869 and 879$/));
  test.each([
    ["another charge", { charged: 99n }, /part in a\.messages\.0\.charged: 99 and 100$/],
    ["instructions that are counted twice", { instructions: 170 }, /part in a\.messages\.0\.instructions: 170 and 90$/],
    ["an execution that fails", { trap: "IC0522" }, /part in a\.messages\.0\.trap/],
  ])("condemns %s", (_, change, because) => expect(about((trace) => edited(trace, "executed", 0, change))).toMatch(because));
});
