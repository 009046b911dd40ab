/** The law of refusals, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import type { Scenario, Trace } from "../../spec/index.ts";
import { alone } from "../case.ts";
import { compared, moved } from "../testing/judging.ts";
import { edited } from "../testing/stories.ts";
import { doorkeeper, greeting } from "../testing/tales.ts";
import { refusalsChangeNothing } from "./refusals.ts";

/** A machine that tells the story of the doorkeeper, and, where nobody is refused, the same story with this change. */
const telling =
  (change: (trace: Trace) => Trace) =>
  (scenario: Scenario): Trace =>
    scenario.inputs.length === doorkeeper.steps.length
      ? doorkeeper
      : { ...change(doorkeeper), scenario, steps: change(doorkeeper).steps.filter((_, at) => at !== 1) };

const judgedWith = (change: (trace: Trace) => Trace): string =>
  compared(refusalsChangeNothing, alone(doorkeeper.scenario), telling(change));

describe("refusals-change-nothing", () => {
  test("accepts a doorkeeper", () => expect(judgedWith((trace) => trace)).toBe("holds"));
  test("passes over worlds in which nobody is refused", () =>
    expect(compared(refusalsChangeNothing, alone(greeting.scenario), () => greeting)).toBe("vacuous"));
  test("condemns an inspection that costs something", () =>
    expect(judgedWith((trace) => moved(edited(trace, "executed", 0, { balance: 984n }), 2, { balances: 1n, burned: -1n }))).toMatch(
      /without inspections, this is another: .*balance: 983 and 984/,
    ));
  test("condemns an inspection that leaves something", () =>
    expect(judgedWith((trace) => edited(trace, "executed", 0, { wrote: [[0, "01"]] }))).toMatch(/this is another: .*wrote/));
  test("leads the second world without inspections", () => {
    const asked: Scenario[] = [];
    compared(refusalsChangeNothing, alone(doorkeeper.scenario), (scenario) => {
      asked.push(scenario);
      return telling((trace) => trace)(scenario);
    });
    expect(asked[1]?.genesis.canisters.map((canister) => "inspect" in canister)).toEqual([false]);
    expect(asked[1]?.inputs).toEqual([doorkeeper.scenario.inputs[0], doorkeeper.scenario.inputs[2]]);
  });
});
