/** The law of contexts, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, followed, rejected, removed, repeated, sent, without } from "../testing/stories.ts";
import { alarm, crowd, greeting, payment, quiet } from "../testing/tales.ts";
import { contextLifecycle } from "./contexts.ts";

describe("context-lifecycle", () => {
  test("accepts a payment", () => expect(judged(contextLifecycle, payment)).toBe("holds"));
  test("accepts a context that answered, and waits for its callbacks", () => expect(judged(contextLifecycle, crowd)).toBe("holds"));
  test("accepts the context of a task", () => expect(judged(contextLifecycle, alarm)).toBe("holds"));
  test("passes over a round in which nothing runs", () => expect(judged(contextLifecycle, quiet)).toBe("vacuous"));
  test("condemns a number that is left out", () =>
    expect(judged(contextLifecycle, edited(greeting, "executed", 0, { context: 1 }))).toBe("a gave a context the number 1, the next is 0"));
  test("condemns a callback whose number is left out", () =>
    expect(judged(contextLifecycle, edited(payment, "executed", 0, { calls: [sent(1)] }))).toMatch(
      /gave a callback the number 1, the next is 0/,
    ));
  test("condemns a callback in another context", () =>
    expect(judged(contextLifecycle, edited(payment, "executed", 2, { context: 1 }))).toMatch(
      /ran in context 1, but was made in context 0/,
    ));
  test("condemns a second answer", () =>
    expect(judged(contextLifecycle, repeated(greeting, "answered"))).toMatch(/context 0 of a was answered again/));
  test("condemns a context that is given up too early", () => {
    const early = followed(payment, "executed", 0, {
      kind: "answered",
      canister: "a",
      context: 0,
      origin: { kind: "ingress", ingress: "x" },
      result: rejected("IC0506"),
      refund: 0n,
    });
    expect(judged(contextLifecycle, early)).toMatch(/given up with 1 open calls/);
  });
  test("condemns a context that is removed too early", () =>
    expect(judged(contextLifecycle, followed(payment, "executed", 0, removed("a", 0)))).toMatch(/removed before it was answered/));
  test("condemns a context that is removed with open calls", () =>
    expect(judged(contextLifecycle, followed(crowd, "ingress-answered", 0, removed("a", 0)))).toMatch(/removed with 2 open calls/));
  test("condemns a context that is never removed", () =>
    expect(judged(contextLifecycle, without(greeting, "context-removed"))).toMatch(/responded with no open calls, and was not removed/));
  test("condemns a context that nobody gives up", () => {
    const silent = (["answered", "ingress-answered", "context-removed"] as const).reduce((trace, kind) => without(trace, kind), greeting);
    expect(judged(contextLifecycle, silent)).toMatch(/open with no open calls, and was not given up/);
  });
  test("condemns a wrong count of what is left", () =>
    expect(judged(contextLifecycle, edited(greeting, "context-removed", 0, { remaining: 1 }))).toMatch(/a has 1 contexts/));
});
