/** The laws of determinism, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import type { Property } from "../property.ts";
import type { Relation } from "../case.ts";
import type { Scenario, Trace } from "../../spec/index.ts";
import { compared } from "../testing/judging.ts";
import { edited, story } from "../testing/stories.ts";
import { greeting, payment, quiet } from "../testing/tales.ts";
import { coreOrderIsInvisible, insertionOrderIsInvisible, rerunAgrees, restartIsInvisible } from "./determinism.ts";

/** What a machine tells of a scenario that is this trace, but for restarts. */
const tells =
  (trace: Trace) =>
  (scenario: Scenario): Trace => {
    const steps = [...trace.steps];
    const told = scenario.inputs.map((input) =>
      input.kind === "restart" ? { input, events: [{ kind: "restarted" }] } : { input, events: steps.shift()?.observation.events ?? [] },
    );
    return story(scenario.genesis, told);
  };

const other = edited(payment, "executed", 1, { instructions: 3 });
const twoCores = edited(payment, "turn-began", 1, { core: 1 });

/** A law, how its two worlds are related, and a trace that says something of it. */
const laws: readonly (readonly [Property, Relation, Trace])[] = [
  [rerunAgrees, { kind: "rerun" }, payment],
  [restartIsInvisible, { kind: "restarted", before: [1] }, payment],
  [insertionOrderIsInvisible, { kind: "reordered", keys: [2, 1] }, payment],
  [coreOrderIsInvisible, { kind: "cores-permuted", coreOrder: [1, 0] }, twoCores],
];

describe.each(laws)("$id", (law, relation, trace) => {
  const about = (told: Trace, second: Trace = told): string => {
    let worlds = 0;
    return compared(law, { scenario: told.scenario, relation }, (scenario) => tells(worlds++ === 0 ? told : second)(scenario));
  };
  test("accepts two worlds that are the same", () => expect(about(trace)).toBe("holds"));
  test("passes over worlds in which nothing is executed", () => expect(about(quiet)).toBe("vacuous"));
  test("passes over worlds that are related in another way", () =>
    expect(compared(law, { scenario: trace.scenario, relation: { kind: "none" } }, tells(trace))).toBe("vacuous"));
  test("condemns a difference, and says where it is", () =>
    expect(about(trace, other)).toMatch(/the two worlds part in events\.\d+\(.*\)\./));
  test("condemns a world that ends early", () =>
    expect(about(trace, { ...trace, steps: trace.steps.slice(0, 1) })).toMatch(/the two worlds part in/));
});

test("a restart before no input is no restart", () => {
  const tried = { scenario: payment.scenario, relation: { kind: "restarted", before: [9] } } as const;
  expect(compared(restartIsInvisible, tried, tells(payment))).toBe("vacuous");
});

test("the order of a single canister is no order", () => {
  const tried = { scenario: greeting.scenario, relation: { kind: "reordered", keys: [1] } } as const;
  expect(compared(insertionOrderIsInvisible, tried, tells(greeting))).toBe("vacuous");
});

test("cores that are not used say nothing of their order", () => {
  const tried = { scenario: payment.scenario, relation: { kind: "cores-permuted", coreOrder: [0] } } as const;
  expect(compared(coreOrderIsInvisible, tried, tells(payment))).toBe("vacuous");
});
