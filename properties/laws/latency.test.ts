/** The law of the time that calls take, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Trace } from "../../spec/index.ts";
import { silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { exchange, farJam, fork, jam, procession, strait } from "../testing/scenes.ts";
import { edited, fromCall, setIn, without } from "../testing/stories.ts";
import { dice, payment, quiet, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { callsTakeTheirTime } from "./latency.ts";

/** The same steps in another order. */
const inOrder = (trace: Trace, ...order: readonly number[]): Trace => ({
  ...trace,
  scenario: { ...trace.scenario, inputs: order.map((at) => trace.scenario.inputs[at]!) },
  steps: order.map((at) => trace.steps[at]!),
});

describe("calls-take-their-time", () => {
  const asked = led(model, exchange);

  test.each(Object.entries({ exchange, procession, strait, fork, farJam: farJam() }))("accepts the scene %s", (_, scene) =>
    expect(judged(callsTakeTheirTime, led(model, scene))).toBe("holds"),
  );
  test("passes over a call that has not come back", () =>
    expect(judged(callsTakeTheirTime, { ...asked, steps: asked.steps.slice(0, 3) })).toBe("vacuous"));
  test("passes over calls that stay at home", () => {
    expect(judged(callsTakeTheirTime, payment)).toBe("vacuous");
    expect(judged(callsTakeTheirTime, led(model, jam()))).toBe("vacuous");
    expect(judged(callsTakeTheirTime, quiet)).toBe("vacuous");
  });
  test("passes over strangers", () => expect(judged(callsTakeTheirTime, visitor)).toBe("vacuous"));
  test("passes over a question to the tape", () => expect(judged(callsTakeTheirTime, dice)).toBe("vacuous"));

  test("condemns a call that is delivered before it was sent", () =>
    expect(judged(callsTakeTheirTime, inOrder(asked, 0, 2, 1, 3, 4))).toBe("call 0 of a is delivered before it could be"));
  test("condemns an answer that is delivered before the call was", () =>
    expect(judged(callsTakeTheirTime, inOrder(asked, 0, 1, 3, 2, 4))).toBe("call 0 of a is answered before it could be"));
  test("condemns a call that nobody sent", () =>
    expect(judged(callsTakeTheirTime, edited(asked, "executed", 0, { calls: [] }))).toBe("call 0 of a is delivered before it could be"));
  test("condemns a call that is taken up without having been delivered", () =>
    expect(judged(callsTakeTheirTime, without(asked, "request-inducted", 0))).toBe("b takes up call 0 of a, which no stream brought"));
  test("condemns another call than the one that was delivered", () => {
    const one = led(model, strait);
    expect(judged(callsTakeTheirTime, edited(one, "executed", 1, { cause: fromCall("a", 1) }))).toBe(
      "b takes up call 1 of a, which no stream brought",
    );
  });
  test("condemns an answer that no stream brought", () =>
    expect(judged(callsTakeTheirTime, without(asked, "response-inducted", 0))).toBe("call 0 of a has an answer that no stream brought"));

  test.each([
    ["too late", 0],
    ["too early", 2],
  ])("condemns randomness that comes %s", (_, tapeLag) => {
    const { genesis } = dice.scenario;
    expect(judged(callsTakeTheirTime, setIn(dice, { ...genesis, parameters: { ...genesis.parameters, tapeLag } }))).toBe(
      `call 0 of a gets randomness 1 rounds after it was sent, not ${tapeLag}`,
    );
  });
  test("condemns randomness that comes in the very round", () => {
    const hasty = silenced(dice, ["round-began", 1]);
    expect(judged(callsTakeTheirTime, hasty)).toBe("call 0 of a gets randomness 0 rounds after it was sent, not 1");
  });
});
