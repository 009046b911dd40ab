/** The law of contexts, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { judged } from "../testing/judging.ts";
import { reunion } from "../testing/scenes-of-snapshots.ts";
import { edited, followed, rejected, removed, repeated, replied, sent, without } from "../testing/stories.ts";
import { alarm, cramp, crowd, fall, farewell, greeting, payment, poverty, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import type { Result } from "../../spec/index.ts";
import { consequenceOf, contextLifecycle, contextsFollowTheMatrix, type Ending } from "./contexts.ts";

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

describe("contexts-follow-the-matrix", () => {
  test.each(Object.entries({ alarm, cramp, crowd, fall, farewell, greeting, payment, poverty }))("accepts the story %s", (_, tale) =>
    expect(judged(contextsFollowTheMatrix, tale)).toBe("holds"),
  );
  test("passes over a round in which nothing runs", () => expect(judged(contextsFollowTheMatrix, quiet)).toBe("vacuous"));
  test("condemns an answer that is not given", () =>
    expect(judged(contextsFollowTheMatrix, without(payment, "answered"))).toMatch(/after b executed, answered was to follow/));
  test("condemns another answer", () =>
    expect(judged(contextsFollowTheMatrix, edited(payment, "answered", 0, { result: rejected("IC0406") }))).toMatch(/result/));
  test("condemns a refund of something else than what is available", () =>
    expect(judged(contextsFollowTheMatrix, edited(payment, "answered", 0, { refund: 100n }))).toMatch(/refund: 100 and 60/));
  test("condemns a context that is given up with open calls", () => {
    const early = followed(payment, "executed", 0, {
      kind: "answered",
      canister: "a",
      context: 0,
      origin: { kind: "ingress", ingress: "x" },
      result: rejected("IC0506"),
      refund: 0n,
    });
    expect(judged(contextsFollowTheMatrix, early)).toBe("after a executed, nothing more was to follow, and answered came");
  });
  test("condemns a context that stays", () =>
    expect(judged(contextsFollowTheMatrix, without(greeting, "context-removed"))).toMatch(/context-removed was to follow/));
  test("condemns a refusal that answers with another error", () =>
    expect(judged(contextsFollowTheMatrix, edited(poverty, "answered", 0, { result: rejected("IC0301") }))).toMatch(
      /result.code: 3 and 2/,
    ));
  test("condemns a refusal that is not answered", () =>
    expect(judged(contextsFollowTheMatrix, without(poverty, "answered"))).toMatch(/after a not-executed, answered was to follow/));
  test("condemns a hook that does not become ready", () =>
    expect(judged(contextsFollowTheMatrix, without(cramp, "hook-ready"))).toMatch(/hook-ready was to follow/));
  test("condemns a hook that does not become ready again when a snapshot was brought back", () => {
    const tale = led(model, reunion);
    expect(judged(contextsFollowTheMatrix, tale)).toBe("holds");
    expect(judged(contextsFollowTheMatrix, without(tale, "hook-ready", 1))).toBe(
      'after b executed, hook-ready was to follow: kind: "answered" and "hook-ready"',
    );
  });
  test("condemns a hook that becomes ready without need", () =>
    expect(judged(contextsFollowTheMatrix, followed(greeting, "executed", 0, { kind: "hook-ready", canister: "a" }))).toMatch(
      /answered was to follow/,
    ));
  test("condemns a context that is not removed after its last response was discarded", () =>
    expect(judged(contextsFollowTheMatrix, without(farewell, "context-removed"))).toMatch(
      /after b response-discarded, context-removed was to follow/,
    ));
  test("condemns an answer to who never asked", () =>
    expect(
      judged(
        contextsFollowTheMatrix,
        edited(greeting, "answered", 0, { origin: { kind: "canister", canister: "b", callback: 0 }, result: replied("2a") }),
      ),
    ).toMatch(/origin/));
});

describe("the matrix of contexts", () => {
  const reply = replied("") as Result;
  const given: readonly Ending["result"][] = [null, "IC0503", reply];
  const cells = given.flatMap((result) =>
    (["open", "responded", "deleted"] as const).flatMap((status) => [0, 1].map((openCalls): Ending => ({ result, status, openCalls }))),
  );
  /** Whether it is answered with what it gave, with the error of the trap, with IC0506, or not; and whether it is removed. */
  const outcomes: Readonly<Record<string, string>> = {
    "nothing, open, 0": "IC0506, removed",
    "nothing, open, 1": "kept",
    "trap, open, 0": "IC0503, removed",
    "trap, open, 1": "kept",
    "reply, open, 0": "reply, removed",
    "reply, open, 1": "reply, kept",
    "nothing, responded, 0": "removed",
    "nothing, responded, 1": "kept",
    "trap, responded, 0": "removed",
    "trap, responded, 1": "kept",
    "nothing, deleted, 0": "removed",
    "nothing, deleted, 1": "kept",
    "trap, deleted, 0": "removed",
    "trap, deleted, 1": "kept",
  };
  const named = ({ result, status, openCalls }: Ending): string =>
    `${result === null ? "nothing" : typeof result === "string" ? "trap" : "reply"}, ${status}, ${openCalls}`;
  // A context that owes nothing gives no reply: the reply traps.
  const possible = cells.filter(({ result, status }) => status === "open" || result !== reply);

  test("has an outcome for each cell", () => expect(possible.map(named).sort()).toEqual(Object.keys(outcomes).sort()));
  test.each(possible.map((cell) => [named(cell), cell] as const))("%s", (name, cell) => {
    const { answer, removed: gone } = consequenceOf(cell);
    const said = answer === null ? [] : [answer.kind === "reply" ? "reply" : answer.error];
    expect([...said, gone ? "removed" : "kept"].join(", ")).toBe(outcomes[name]);
  });
});
