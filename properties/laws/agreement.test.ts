/** Agreement, and the comparison under it: what is accepted, what is passed over, what is condemned, and in which words. */
import { describe, expect, test } from "vitest";
import { hex } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, observed, without } from "../testing/stories.ts";
import { greeting, payment, untold } from "../testing/tales.ts";
import { agreesWithReference } from "./agreement.ts";
import { firstDifference } from "./comparison.ts";

describe("agrees-with-reference", () => {
  const root = observed(greeting, 0, { stateRoot: hex("00") });
  test("accepts the same observations", () => expect(judged(agreesWithReference, payment, payment)).toBe("holds"));
  test("accepts a machine that computes no root", () => expect(judged(agreesWithReference, greeting, root)).toBe("holds"));
  test("passes over a world without inputs", () => expect(judged(agreesWithReference, untold, untold)).toBe("vacuous"));
  test("condemns another figure, and names the field", () =>
    expect(judged(agreesWithReference, edited(payment, "executed", 0, { charged: 12n }), payment)).toBe(
      "story and story part in events.3(executed).charged: 12 and 11",
    ));
  test("condemns an event that is missing", () =>
    expect(judged(agreesWithReference, without(greeting, "context-removed"), greeting)).toMatch(/part in events\.6\(turn-ended\)\.kind/));
  test("condemns another root", () =>
    expect(judged(agreesWithReference, root, observed(greeting, 0, { stateRoot: hex("01") }))).toMatch(/part in stateRoot: "00" and "01"/));
});

describe("the first difference", () => {
  test("of equal values is none", () => expect(firstDifference({ a: [1n, { b: "x" }] }, { a: [1n, { b: "x" }] })).toBeNull());
  test("names the way to it", () =>
    expect(firstDifference({ a: [{ kind: "k", b: 1n }] }, { a: [{ kind: "k", b: 2n }] })).toBe("a.0(k).b: 1 and 2"));
  test("sees what one side lacks", () => expect(firstDifference({ a: [1] }, { a: [1, 2] })).toBe("a.1: nothing and 2"));
  test("sees a field that only one side has", () => expect(firstDifference({}, { a: 1 })).toBe("a: nothing and 1"));
  test("of two bare values is the whole", () => expect(firstDifference(1, 2)).toBe("the whole: 1 and 2"));
});
