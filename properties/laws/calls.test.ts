/** The laws of calls, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { judged } from "../testing/judging.ts";
import { sliceOf, strange, strangers } from "../testing/scenes.ts";
import { edited, followed, fromCall, repeated, without } from "../testing/stories.ts";
import { crowd, dice, errand, farewell, greeting, haste, payment, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { oneResponsePerCall, requestsInOrder } from "./calls.ts";

describe("one-response-per-call", () => {
  test("accepts a payment", () => expect(judged(oneResponsePerCall, payment)).toBe("holds"));
  test("accepts an errand to nobody", () => expect(judged(oneResponsePerCall, errand)).toBe("holds"));
  test("accepts a call that waits for a tape", () =>
    expect(judged(oneResponsePerCall, { ...dice, steps: dice.steps.slice(0, 2) })).toBe("holds"));
  test("passes over a greeting, which calls nobody", () => expect(judged(oneResponsePerCall, greeting)).toBe("vacuous"));
  test("condemns a request that arrives twice", () =>
    expect(judged(oneResponsePerCall, repeated(payment, "request-inducted"))).toMatch(
      /call 0 of a entered the queue of b, but it was not on its way there/,
    ));
  test("condemns a call that was never sent", () =>
    expect(judged(oneResponsePerCall, edited(payment, "request-inducted", 0, { callback: 7 }))).toMatch(
      /call 7 of a entered the queue of b, but it was not on its way there/,
    ));
  test("condemns a response that arrives twice", () =>
    expect(judged(oneResponsePerCall, repeated(payment, "response-inducted"))).toMatch(/came back answered, but no answer was on its way/));
  test("condemns a callback that runs twice", () =>
    expect(judged(oneResponsePerCall, repeated(payment, "executed", 2))).toMatch(/ran its callback, but it was closed/));
  test("accepts a request whose callee loses its code", () => expect(judged(oneResponsePerCall, farewell)).toBe("holds"));
  test("accepts a call that expires", () => expect(judged(oneResponsePerCall, haste)).toBe("holds"));
  test("condemns a call that never expires", () =>
    expect(judged(oneResponsePerCall, { ...haste, steps: without(haste, "callback-expired").steps.slice(0, 3) })).toMatch(
      /call 0 of a got a late response, but it was answered before/,
    ));
  test("condemns a call that is open after its deadline", () => {
    const silent = (["callback-expired", "randomness-answered", "response-late"] as const).reduce(
      (trace, kind) => without(trace, kind),
      without(haste, "executed", 1),
    );
    expect(judged(oneResponsePerCall, silent)).toBe("call 0 of a is not answered at 6, and its deadline was 3");
  });
  test("condemns a call that expires after it was answered", () =>
    expect(
      judged(oneResponsePerCall, followed(farewell, "response-inducted", 0, { kind: "callback-expired", caller: "a", callback: 0 })),
    ).toBe("call 0 of a expired, but it was answered before"));
  test("condemns a callee that forgets a call", () => {
    const silent = (["answered", "response-inducted"] as const).reduce(
      (trace, kind) => without(trace, kind),
      without(payment, "executed", 2),
    );
    expect(judged(oneResponsePerCall, silent)).toMatch(
      /call 0 of a to b is open, but neither it nor an answer is on its way, and no open context/,
    );
  });
});

describe("requests-in-order", () => {
  test("accepts two calls that arrive as they were sent", () => expect(judged(requestsInOrder, crowd)).toBe("holds"));
  test("passes over a single call", () => expect(judged(requestsInOrder, payment)).toBe("vacuous"));
  test("accepts what comes from another subnet", () => expect(judged(requestsInOrder, visitor)).toBe("vacuous"));
  test("accepts that a stranger whose request lies here is refused another of the same number", () => {
    const twice = led(model, strangers([[sliceOf([strange(), strange()])], [sliceOf([strange()], { begin: 2 })]], { queueCapacity: 1 }));
    expect(judged(requestsInOrder, twice)).toBe("holds");
  });
  test("condemns two calls that overtake each other", () => {
    const swapped = edited(edited(crowd, "executed", 1, { cause: fromCall("a", 1) }), "executed", 2, { cause: fromCall("a", 0) });
    expect(judged(requestsInOrder, swapped)).toBe("a to b: call 1 was taken up when call 0 was next");
  });
  test("condemns a call that is passed over", () =>
    expect(judged(requestsInOrder, without(crowd, "executed", 1))).toMatch(/call 1 was taken up when call 0 was next/));
});
