/** The laws of budgets for queries, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { instructions, type Event, type Step, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { setIn } from "../testing/stories.ts";
import { inquiry, parlour, quiet } from "../testing/tales.ts";
import { floodsEndWithTheirWindow, queriesKeepToTheirBudget } from "./budgets.ts";

/** The inquiry in which one step is told as another one. */
const told = (at: number, as: number): Trace => ({
  ...inquiry,
  steps: inquiry.steps.map((step, k): Step => {
    if (k !== at) return step;
    const untyped: unknown = inquiry.steps[as]!.observation.events.map((event) => event);
    return { ...step, observation: { ...step.observation, events: untyped as readonly Event[] } };
  }),
});

describe("queries-keep-to-their-budget", () => {
  test("accepts a canister that turns users away until the window is over", () =>
    expect(judged(queriesKeepToTheirBudget, inquiry)).toBe("holds"));
  test("passes over who asks nothing", () => expect(judged(queriesKeepToTheirBudget, quiet)).toBe("vacuous"));
  test("condemns an answer without a budget", () =>
    expect(judged(queriesKeepToTheirBudget, told(2, 1))).toBe(
      "a, whose queries used 18 of 15 instructions in this window, took another one",
    ));
  test("condemns a refusal with a budget", () =>
    expect(judged(queriesKeepToTheirBudget, told(1, 2))).toBe(
      "a, whose queries used 9 of 15 instructions in this window, refused another one",
    ));
  test("condemns a budget that does not come back with the window", () =>
    expect(judged(queriesKeepToTheirBudget, told(6, 2))).toMatch(/used 0 of 15 .* refused another one/));
  test("condemns a budget that does not come back with a restart", () =>
    expect(judged(queriesKeepToTheirBudget, told(11, 9))).toMatch(/used 0 of 15 .* refused another one/));
  test("condemns a refusal where there is plenty", () =>
    expect(judged(queriesKeepToTheirBudget, setIn(inquiry, parlour({ queryBudget: instructions(100) })))).toMatch(/refused another one/));
});

describe("floods-end-with-their-window", () => {
  test("accepts an answer in the next window", () => expect(judged(floodsEndWithTheirWindow, inquiry)).toBe("holds"));
  test("passes over who asks nothing", () => expect(judged(floodsEndWithTheirWindow, quiet)).toBe("vacuous"));
  test("condemns an answer in the same window", () =>
    expect(judged(floodsEndWithTheirWindow, told(4, 0))).toBe("a was flooded, and answered in the same window"));
  test("condemns a refusal of the first question in the next one", () =>
    expect(judged(floodsEndWithTheirWindow, told(6, 2))).toBe("a was flooded in window 0, and its first question of window 1 was refused"));
});
