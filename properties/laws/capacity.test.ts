/** The law of capacity, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { judged } from "../testing/judging.ts";
import { flood, procession, sliceOf, strange, strangers } from "../testing/scenes.ts";
import { edited, sent, setIn, world } from "../testing/stories.ts";
import { crowd, greeting, payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { slotsAreBounded } from "./capacity.ts";

describe("slots-are-bounded", () => {
  const flooded = led(model, flood);

  test("accepts as many calls as a queue holds", () => expect(judged(slotsAreBounded, crowd)).toBe("holds"));
  test("accepts as many calls to another subnet", () => {
    expect(judged(slotsAreBounded, led(model, procession))).toBe("holds");
    expect(judged(slotsAreBounded, flooded)).toBe("holds");
  });
  test("passes over a queue that is never full", () => {
    for (const tale of [greeting, payment]) expect(judged(slotsAreBounded, tale)).toBe("vacuous");
  });
  test("condemns one call too many", () =>
    expect(judged(slotsAreBounded, setIn(crowd, world(crowd.scenario.genesis.canisters, { queueCapacity: 1 })))).toBe(
      "a has 2 calls to b open, a queue holds 1",
    ));
  test("condemns a call that is sent where it is to be refused", () =>
    expect(judged(slotsAreBounded, edited(flooded, "executed", 1, { calls: [sent(2)], refusedCalls: [] }))).toBe(
      "on subnet here: a has 3 calls to b open, a queue holds 2",
    ));
  test("condemns one request of a stranger too many", () => {
    const told = led(model, strangers([[sliceOf([strange(), strange({ callback: 1 })])]]));
    const { genesis } = told.scenario;
    expect(judged(slotsAreBounded, setIn(told, { ...genesis, parameters: { ...genesis.parameters, queueCapacity: 1 } }))).toBe(
      "call 1 of far entered the queue of a, where far had 1 of 1 slots",
    );
  });
});
