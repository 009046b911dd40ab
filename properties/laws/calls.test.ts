/** The laws of calls, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, fromCall, network, repeated, setIn, without, world } from "../testing/stories.ts";
import { crowd, dice, errand, greeting, payment } from "../testing/tales.ts";
import { oneResponsePerCall, requestsInOrder, slotsAreBounded } from "./calls.ts";

describe("one-response-per-call", () => {
  test("accepts a payment", () => expect(judged(oneResponsePerCall, payment)).toBe("holds"));
  test("accepts an errand to nobody", () => expect(judged(oneResponsePerCall, errand)).toBe("holds"));
  test("accepts a call that waits for a tape", () =>
    expect(judged(oneResponsePerCall, { ...dice, steps: dice.steps.slice(0, 2) })).toBe("holds"));
  test("passes over a greeting, which calls nobody", () => expect(judged(oneResponsePerCall, greeting)).toBe("vacuous"));
  test("condemns a request that arrives twice", () =>
    expect(judged(oneResponsePerCall, repeated(payment, "request-inducted"))).toMatch(
      /call 0 of a entered the queue of b, but it was in the input queue of its callee/,
    ));
  test("condemns a call that was never sent", () =>
    expect(judged(oneResponsePerCall, edited(payment, "request-inducted", 0, { callback: 7 }))).toMatch(
      /call 7 of a, which was never sent/,
    ));
  test("condemns a response that arrives twice", () =>
    expect(judged(oneResponsePerCall, repeated(payment, "response-inducted"))).toMatch(
      /came back answered, but it was answered, in the input queue/,
    ));
  test("condemns a callback that runs twice", () =>
    expect(judged(oneResponsePerCall, repeated(payment, "executed", 2))).toMatch(/ran its callback, but it was closed/));
  test("condemns a request that never arrives", () =>
    expect(judged(oneResponsePerCall, { ...payment, steps: without(without(payment, "executed", 1), "request-inducted").steps })).toMatch(
      /call 0 of a/,
    ));
  test("condemns a callee that forgets a call", () => {
    const silent = (["answered", "response-inducted"] as const).reduce(
      (trace, kind) => without(trace, kind),
      without(payment, "executed", 2),
    );
    expect(judged(oneResponsePerCall, silent)).toMatch(/call 0 of a is with b, where no open context/);
  });
});

describe("requests-in-order", () => {
  test("accepts two calls that arrive as they were sent", () => expect(judged(requestsInOrder, crowd)).toBe("holds"));
  test("passes over a single call", () => expect(judged(requestsInOrder, payment)).toBe("vacuous"));
  test("condemns two calls that overtake each other", () => {
    const swapped = edited(edited(crowd, "executed", 1, { cause: fromCall("a", 1) }), "executed", 2, { cause: fromCall("a", 0) });
    expect(judged(requestsInOrder, swapped)).toBe("a to b: call 1 was taken up when call 0 was next");
  });
  test("condemns a call that is passed over", () =>
    expect(judged(requestsInOrder, without(crowd, "executed", 1))).toMatch(/call 1 was taken up when call 0 was next/));
});

describe("slots-are-bounded", () => {
  test("accepts as many calls as a queue holds", () => expect(judged(slotsAreBounded, crowd)).toBe("holds"));
  test("passes over a queue that is never full", () => expect(judged(slotsAreBounded, payment)).toBe("vacuous"));
  test("condemns one call too many", () =>
    expect(judged(slotsAreBounded, setIn(crowd, world(crowd.scenario.genesis.canisters, { ...network, queueCapacity: 1 })))).toBe(
      "a has 2 calls to b open, a queue holds 1",
    ));
});
