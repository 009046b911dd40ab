/** The law of timeouts, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, nanoseconds, subnetId } from "../../spec/index.ts";
import { silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { ballast, farJam, heap, jam, sliceOf, strangeAnswer, strangers } from "../testing/scenes.ts";
import { edited, followed, rejected, repeated, sent, setIn, without } from "../testing/stories.ts";
import { crowd, farewell, haste, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { timeoutsAreKept } from "./deadlines-promises.ts";

describe("timeouts-are-kept", () => {
  const jammed = led(model, jam());

  test("accepts haste", () => expect(judged(timeoutsAreKept, haste)).toBe("holds"));
  test("accepts a jam in which calls expire", () => expect(judged(timeoutsAreKept, jammed)).toBe("holds"));
  test("accepts a second answer that is late", () =>
    expect(judged(timeoutsAreKept, led(model, strangers([[sliceOf([strangeAnswer(1n), strangeAnswer(1n)], { signals: 1 })]])))).toBe(
      "holds",
    ));
  test("passes over calls that are answered in time", () => {
    for (const tale of [quiet, payment, crowd, farewell]) expect(judged(timeoutsAreKept, tale)).toBe("vacuous");
  });
  test("passes over a reply that is shed before its time is over", () => {
    expect(judged(timeoutsAreKept, led(model, heap))).toBe("vacuous");
    expect(judged(timeoutsAreKept, led(model, ballast(4)))).toBe("vacuous");
  });

  test("condemns a call whose deadline has passed when it is made", () =>
    expect(judged(timeoutsAreKept, edited(haste, "executed", 0, { calls: [sent(0, { deadline: 0n })] }))).toBe(
      "call 0 of a has the deadline 0, of an execution that began at 1",
    ));
  test("condemns a call with more time than there may be", () => {
    const { genesis } = haste.scenario;
    const short = { ...genesis, parameters: { ...genesis.parameters, bestEffortLifetime: nanoseconds(1n) } };
    expect(judged(timeoutsAreKept, setIn(haste, short))).toBe("call 0 of a has the deadline 3, of an execution that began at 1");
  });
  test("condemns a call that is not answered in time", () => {
    const silent = silenced(haste, ["callback-expired", 0], ["randomness-answered", 0], ["response-late", 0], ["executed", 1]);
    expect(judged(timeoutsAreKept, silent)).toBe("call 0 of a was to be answered by 3, and is not at 6");
  });
  test("condemns one of several calls that is not answered in time", () =>
    expect(judged(timeoutsAreKept, without(jammed, "callback-expired", 1))).toBe("call 1 of a was to be answered by 4, and is not at 11"));
  test("condemns a call of another subnet that is not answered in time", () => {
    const far = led(model, { ...farJam(), inputs: [...farJam().inputs.slice(0, 2), ...jam().inputs.slice(3, 4)] });
    expect(judged(timeoutsAreKept, far)).toBe("holds");
    expect(judged(timeoutsAreKept, silenced(far, ["callback-expired", 0], ["executed", 1]))).toBe(
      "on subnet here: call 0 of a was to be answered by 4, and is not at 10",
    );
  });
  test("condemns a call that expires while it has time", () =>
    expect(judged(timeoutsAreKept, edited(haste, "round-began", 1, { time: 3n }))).toBe("call 0 of a expired at 3, and has time until 3"));
  test("condemns a guaranteed call that expires", () =>
    expect(judged(timeoutsAreKept, followed(payment, "executed", 0, { kind: "callback-expired", caller: "a", callback: 0 }))).toBe(
      "call 0 of a expired, and has no deadline",
    ));
  test("condemns a call that expires though nobody made it", () =>
    expect(judged(timeoutsAreKept, edited(haste, "callback-expired", 0, { callback: 7 }))).toBe(
      "call 7 of a expired, and has no deadline",
    ));
  test("condemns a call that expires twice", () =>
    expect(judged(timeoutsAreKept, repeated(haste, "callback-expired"))).toBe("call 0 of a expired, and was answered already"));
  test("condemns a call that expires and has come back", () =>
    expect(judged(timeoutsAreKept, followed(jammed, "request-bounced", 0, { kind: "callback-expired", caller: "a", callback: 3 }))).toBe(
      "call 3 of a expired, and was answered already",
    ));
  test("condemns a late answer that runs code", () =>
    expect(
      judged(timeoutsAreKept, edited(jammed, "response-late", 0, { kind: "response-inducted", caller: "a", callback: 0, result: "reply" })),
    ).toBe("a second response to call 0 of a enters its queue"));
  test("accepts that an answer of somebody else is late while its caller waits", () => {
    const { genesis, inputs } = strangers([[sliceOf([strangeAnswer(1n, "farther")], { signals: 1 })]]);
    const routes = [...genesis.network!.routes, { canister: canisterId("farther"), subnet: subnetId("there") }];
    expect(judged(timeoutsAreKept, led(model, { genesis: { ...genesis, network: { ...genesis.network!, routes } }, inputs }))).toBe(
      "holds",
    );
  });
  test("condemns an answer that is called late while its caller waits", () =>
    expect(
      judged(
        timeoutsAreKept,
        edited(payment, "response-inducted", 0, { kind: "response-late", caller: "a", callback: 0, refund: 60n, balance: 795n }),
      ),
    ).toBe("call 0 of a still waits for the response that is said to be late"));
  test("condemns a callback that runs without an answer", () =>
    expect(judged(timeoutsAreKept, without(payment, "response-inducted"))).toBe("call 0 of a ran a callback without a response"));
  test("condemns a callback that runs twice", () =>
    expect(judged(timeoutsAreKept, repeated(haste, "executed", 1))).toBe("call 0 of a ran a callback without a response"));
  test("condemns a canister that answers with reject code 6", () =>
    expect(judged(timeoutsAreKept, edited(farewell, "answered", 0, { result: { ...rejected("IC0601"), code: 6 } }))).toBe(
      "b answers with reject code 6",
    ));
  test("condemns a guaranteed call that is rejected with code 6", () => {
    // Whoever answers says that it is another one.
    const timedOut = edited(farewell, "answered", 0, { result: { kind: "reject", code: 5, error: "IC0601" } });
    expect(judged(timeoutsAreKept, timedOut)).toBe("a guaranteed call of a was rejected with code 6");
  });
});
