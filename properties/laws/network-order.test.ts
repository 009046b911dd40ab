/** The law of the order between two canisters, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { exchanged } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { exchange, jam, procession, strait } from "../testing/scenes.ts";
import { edited, fromCall, repeated, sent, without } from "../testing/stories.ts";
import { crowd, payment, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { pairsKeepTheirOrder } from "./network-order.ts";

describe("pairs-keep-their-order", () => {
  const two = led(model, procession);
  // It is late when the second request is looked at: b takes up the first one alone.
  const jammed = led(model, jam());

  test("accepts two calls on one subnet", () => expect(judged(pairsKeepTheirOrder, crowd)).toBe("holds"));
  test("accepts two calls to another subnet", () => expect(judged(pairsKeepTheirOrder, two)).toBe("holds"));
  test("passes over single calls", () => {
    expect(judged(pairsKeepTheirOrder, payment)).toBe("vacuous");
    expect(judged(pairsKeepTheirOrder, led(model, exchange))).toBe("vacuous");
  });
  test("passes over calls of which one alone is taken up", () => {
    expect(judged(pairsKeepTheirOrder, led(model, strait))).toBe("vacuous");
    expect(judged(pairsKeepTheirOrder, jammed)).toBe("vacuous");
  });
  test("passes over what strangers ask", () => expect(judged(pairsKeepTheirOrder, visitor)).toBe("vacuous"));

  test("accepts that a call is left out", () => expect(judged(pairsKeepTheirOrder, without(two, "executed", 1))).toBe("vacuous"));
  test("condemns two calls in each other's place", () =>
    expect(judged(pairsKeepTheirOrder, exchanged(crowd, ["executed", 1], ["executed", 2]))).toBe(
      "a to b: call 0 is taken up after call 1",
    ));
  test("condemns two calls that overtake each other between subnets", () =>
    expect(judged(pairsKeepTheirOrder, exchanged(two, ["executed", 1], ["executed", 2]))).toBe("a to b: call 0 is taken up after call 1"));
  test("condemns a call that is taken up twice", () =>
    expect(judged(pairsKeepTheirOrder, repeated(two, "executed", 2))).toBe("a to b: call 1 is taken up twice"));
  test("condemns a call that is taken up a second time after another one", () =>
    expect(judged(pairsKeepTheirOrder, edited(repeated(two, "executed", 2), "executed", 3, { cause: fromCall("a", 0) }))).toBe(
      "a to b: call 0 is taken up after call 1",
    ));
  test("condemns a refused call that was taken up before", () => {
    const refused = { kind: "not-executed", canister: "b", cause: fromCall("a", 0), error: "IC0207", charged: 0n, balance: 0n };
    expect(judged(pairsKeepTheirOrder, edited(two, "executed", 2, refused))).toBe("a to b: call 0 is taken up twice");
  });
  test("condemns a call that was never sent", () =>
    expect(judged(pairsKeepTheirOrder, edited(two, "executed", 1, { cause: fromCall("a", 7) }))).toBe(
      "a to b: call 7 is taken up, and was never sent",
    ));
  test("condemns a call that was sent to somebody else", () =>
    expect(judged(pairsKeepTheirOrder, edited(two, "executed", 0, { calls: [sent(0, { callee: "c" }), sent(1)] }))).toBe(
      "a to b: call 0 is taken up, and was never sent",
    ));
  test("condemns two calls of one number", () =>
    expect(judged(pairsKeepTheirOrder, edited(two, "executed", 0, { calls: [sent(0), sent(0)] }))).toBe(
      "a gives the number 0 to two calls",
    ));
  test("condemns numbers that fall", () =>
    expect(judged(pairsKeepTheirOrder, edited(two, "executed", 0, { calls: [sent(1), sent(0)] }))).toBe(
      "a gives the number 0 after a larger one",
    ));
});
