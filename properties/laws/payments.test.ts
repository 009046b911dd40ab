/** The law of the cycles on best-effort calls, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Event, Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { alms } from "../testing/scenes-of-decisions.ts";
import { ballast, exchange, farJam, heap, jam, sliceOf, strange, strangers } from "../testing/scenes.ts";
import { edited, followed, repeated, without } from "../testing/stories.ts";
import { payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { bestEffortPaymentsAddUp } from "./payments.ts";

const eventsOf = ({ steps }: Trace): readonly Event[] => steps.flatMap(({ observation }) => observation.events);
/** Among all executions, that of the callback of a call that something happened to: the first of this kind. */
const callbackAfter = (trace: Trace, kind: "callback-expired" | "request-bounced"): number => {
  const first = eventsOf(trace).find((event) => event.kind === kind)!;
  const executed = eventsOf(trace).filter((event) => event.kind === "executed");
  return executed.findIndex(({ cause }) => cause.kind === "response" && "callback" in first && cause.callback === first.callback);
};

describe("best-effort-payments-add-up", () => {
  const near = led(model, jam());
  const far = led(model, farJam());
  const lost = led(model, jam({ droppedCycles: "lost" }));
  const shed = led(model, ballast(4, 4));

  test.each(Object.entries({ near, far, lost, shed }))("accepts messages that are dropped: %s", (_, tale) =>
    expect(judged(bestEffortPaymentsAddUp, tale)).toBe("holds"),
  );
  test("accepts a gift that the platform makes when nobody waits for its answer any more", () => {
    const tale = led(model, alms);
    expect(eventsOf(tale).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["callback-expired", "cycles-deposited", "response-late"]),
    );
    expect(judged(bestEffortPaymentsAddUp, tale)).toBe("holds");
    expect(judged(bestEffortPaymentsAddUp, without(tale, "management-answered"))).toBe(
      "of 5 cycles on call 0 of chief 0 were accepted, and 0 came back too late",
    );
  });
  test("accepts cycles on messages that are shed where they would be answered", () =>
    expect(judged(bestEffortPaymentsAddUp, led(model, heap))).not.toMatch(/call/));
  test("passes over worlds in which nothing is dropped, and over those of strangers", () => {
    const ignored = led(model, strangers([[sliceOf([strange()])]]));
    for (const tale of [quiet, payment, led(model, exchange), ignored]) expect(judged(bestEffortPaymentsAddUp, tale)).toBe("vacuous");
  });
  test("passes over a request that comes back with its cycles", () =>
    expect(judged(bestEffortPaymentsAddUp, led(model, ballast(4)))).toBe("vacuous"));

  test("condemns a message that is dropped, and of its cycles nothing is told", () =>
    expect(judged(bestEffortPaymentsAddUp, without(near, "cycles-dropped"))).toBe(
      "of 2 cycles on call 1 of a 0 were accepted, and 0 were dropped",
    ));
  test.each([1n, 3n])("condemns that of two cycles %i are dropped", (cycles) =>
    expect(judged(bestEffortPaymentsAddUp, edited(near, "cycles-dropped", 0, { cycles }))).toBe(
      `of 2 cycles on call 1 of a 0 were accepted, and ${cycles} were dropped`,
    ),
  );
  test("condemns cycles that were accepted and are dropped", () => {
    const generous = eventsOf(near).findIndex(
      (event) => event.kind === "executed" && event.cause.kind === "update" && event.canister === "b",
    );
    const nth = eventsOf(near)
      .slice(0, generous)
      .filter(({ kind }) => kind === "executed").length;
    expect(judged(bestEffortPaymentsAddUp, edited(near, "executed", nth, { accepted: 1n }))).toMatch(
      /^of 1 cycles on call 0 of a 1 were accepted, and 1 (came back|were)/,
    );
  });
  test("condemns a response that comes too late twice", () =>
    expect(judged(bestEffortPaymentsAddUp, repeated(near, "response-late"))).toBe(
      "the cycles of call 0 of a came back too late, and then they came back too late",
    ));
  test("condemns a response that is too late and brings more", () =>
    expect(judged(bestEffortPaymentsAddUp, edited(near, "response-late", 0, { refund: 2n }))).toBe(
      "of 1 cycles on call 0 of a 0 were accepted, and 2 came back too late",
    ));
  test("condemns a reject that brings cycles in place of a response that is missing", () =>
    expect(judged(bestEffortPaymentsAddUp, edited(near, "executed", callbackAfter(near, "callback-expired"), { refunded: 1n }))).toMatch(
      /^a reject in place of the response to call \d of a brings 1 cycles$/,
    ));
  test("condemns a request that comes back with less than was on it", () =>
    expect(judged(bestEffortPaymentsAddUp, edited(near, "executed", callbackAfter(near, "request-bounced"), { refunded: 0n }))).toMatch(
      /^of \d cycles on call \d of a 0 were accepted, and 0 came back in its response$/,
    ));
  test("condemns a message that is dropped twice", () =>
    expect(judged(bestEffortPaymentsAddUp, repeated(near, "message-dropped"))).toMatch(
      /^of 2 cycles on call 1 of a 0 were accepted, and 0/,
    ));
  test("condemns a refund that arrives twice", () =>
    expect(judged(bestEffortPaymentsAddUp, repeated(far, "refund-inducted"))).toMatch(
      /^2 cycles more were refunded to a than were on their way$/,
    ));
  test("condemns a refund of more than was sent", () =>
    expect(judged(bestEffortPaymentsAddUp, edited(far, "refund-inducted", 0, { cycles: 3n }))).toBe(
      "1 cycles more were refunded to a than were on their way",
    ));
  test("condemns cycles that are accepted after they were dropped", () => {
    const late = eventsOf(near)
      .filter((event) => event.kind === "executed")
      .at(-1)!;
    const after = followed(near, "round-ended", 5, {
      ...late,
      canister: "b",
      cause: { kind: "update", origin: { kind: "canister", canister: "a", callback: 1 }, method: "m1", attached: 2n },
      calls: [],
      accepted: 2n,
    });
    expect(judged(bestEffortPaymentsAddUp, after)).toBe("2 cycles of call 1 of a are accepted, and they were dropped");
  });
});
