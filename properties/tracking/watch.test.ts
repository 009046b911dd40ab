/** A trace of several subnets, judged subnet by subnet: who failed is named, and so is the step of the whole trace. */
import { describe, expect, test } from "vitest";
import { subnetId, type Genesis, type Scenario, type Step, type Trace } from "../../spec/index.ts";
import { greeting, quiet, payment } from "../testing/tales.ts";
import { edited } from "../testing/stories.ts";
import { cyclesConserved } from "../laws/conservation.ts";
import { clockAdvances, everyInputIsObserved } from "../laws/clock.ts";
import { splitBySubnet, subnetTraces } from "./subnets.ts";
import { judgeTogether } from "./watch.ts";

const named = (genesis: Genesis, own: string): Genesis => ({ ...genesis, network: { own: subnetId(own), routes: [] } });

/** Two stories side by side: first a step of one, then a step of the other. */
const sideBySide = (one: Trace, other: Trace): Trace => {
  const steps: Step[] = [];
  for (let at = 0; at < Math.max(one.steps.length, other.steps.length); at++) {
    steps.push(...one.steps.slice(at, at + 1), ...other.steps.slice(at, at + 1).map((step): Step => ({ ...step, subnet: 1 })));
  }
  const scenario: Scenario = {
    genesis: named(one.scenario.genesis, "east"),
    others: [named(other.scenario.genesis, "west")],
    inputs: steps.map(({ input, subnet }) => (subnet === undefined ? input : { ...input, subnet })),
  };
  return { machine: "story", scenario, steps };
};

describe("a trace of two subnets", () => {
  const both = sideBySide(greeting, payment);
  const wrong = sideBySide(greeting, edited(payment, "round-began", 0, { height: 2 }));

  test("is two traces, each with its own genesis and inputs", () => {
    expect(subnetTraces(both).map(({ steps }) => steps)).toEqual([greeting.steps, payment.steps]);
    expect(subnetTraces(both).map(({ scenario }) => scenario.inputs)).toEqual([greeting.scenario.inputs, payment.scenario.inputs]);
    expect(subnetTraces(both).map(({ scenario }) => scenario.genesis.network?.own)).toEqual(["east", "west"]);
  });

  test("leads back to its own steps", () =>
    expect(splitBySubnet(both).map(({ at }) => at)).toEqual([
      [0, 2],
      [1, 3],
    ]));

  test("holds where it holds on one and says nothing on the other", () =>
    expect(cyclesConserved.judge(sideBySide(quiet, payment))).toEqual({ kind: "holds" }));

  test("is vacuous where it says nothing on both", () => expect(cyclesConserved.judge(sideBySide(quiet, quiet)).kind).toBe("vacuous"));

  test("fails where it fails on one, which is named with the step of the whole", () =>
    expect(clockAdvances.judge(wrong)).toEqual({
      kind: "fails",
      at: 3,
      because: "on subnet west: the round after height 0 began at height 2",
    }));

  test("is judged by several laws in one walk", () =>
    expect(judgeTogether(wrong, [cyclesConserved, clockAdvances]).map(({ kind }) => kind)).toEqual(["holds", "fails"]));

  test("misses a step that a machine did not make", () =>
    expect(everyInputIsObserved.judge({ ...both, steps: both.steps.slice(0, 3) })).toMatchObject({
      because: expect.stringMatching(/on subnet west: 2 inputs were given, and 1 observed/) as string,
    }));
});
