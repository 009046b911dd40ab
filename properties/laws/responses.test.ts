/** The laws of responses, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, fromCall, rejected, replied, without } from "../testing/stories.ts";
import { crowd, errand, greeting, payment, poverty, quiet } from "../testing/tales.ts";
import { answersReachOrigins, refundWithinAttached } from "./responses.ts";

describe("refund-within-attached", () => {
  test("accepts what was accepted and what came back", () => expect(judged(refundWithinAttached, payment)).toBe("holds"));
  test("passes over calls with nothing attached", () => expect(judged(refundWithinAttached, crowd)).toBe("vacuous"));
  test("condemns a refund of too much", () =>
    expect(judged(refundWithinAttached, edited(payment, "answered", 0, { refund: 61n }))).toBe(
      "the answer to call 0 of a refunds 61, but 100 were attached and 40 accepted",
    ));
  test("condemns an acceptance of more than was attached", () =>
    expect(judged(refundWithinAttached, edited(payment, "executed", 1, { accepted: 101n }))).toMatch(/b accepted 101 of the 100/));
  test("condemns cycles that change on the way", () =>
    expect(judged(refundWithinAttached, edited(payment, "executed", 1, { cause: fromCall("a", 0, 99n) }))).toMatch(
      /sent with 100 cycles and arrived with 99/,
    ));
  test("condemns a credit that is not the refund", () =>
    expect(judged(refundWithinAttached, edited(payment, "executed", 2, { refunded: 59n }))).toMatch(
      /refunded 60, but a was credited with 59/,
    ));
  test("condemns a bounce that keeps what was attached", () =>
    expect(judged(refundWithinAttached, edited(errand, "executed", 1, { refunded: 0n }))).toMatch(/refunded 9/));
  test("condemns an acceptance in a callback, where nothing is available", () =>
    expect(judged(refundWithinAttached, edited(payment, "executed", 2, { accepted: 1n }))).toMatch(
      /a accepted 1 in context 0, where 0 were available/,
    ));
});

describe("answers-reach-origins", () => {
  test("accepts a payment", () => expect(judged(answersReachOrigins, payment)).toBe("holds"));
  test("accepts a refusal", () => expect(judged(answersReachOrigins, poverty)).toBe("holds"));
  test("passes over a round without answers", () => expect(judged(answersReachOrigins, quiet)).toBe("vacuous"));
  test("condemns an answer to somebody else", () =>
    expect(judged(answersReachOrigins, edited(payment, "answered", 0, { origin: { kind: "canister", canister: "b", callback: 0 } }))).toBe(
      "the answer to call 0 of a went to call 0 of b",
    ));
  test("condemns a refusal that goes to somebody else", () =>
    expect(judged(answersReachOrigins, edited(poverty, "answered", 0, { origin: { kind: "ingress", ingress: "y" } }))).toMatch(
      /refusal of ingress x went to ingress y/,
    ));
  test("condemns an answer that is not written down", () =>
    expect(judged(answersReachOrigins, without(greeting, "ingress-answered"))).toMatch(/not written to the ingress history/));
  test("condemns an entry that is another answer", () =>
    expect(judged(answersReachOrigins, edited(greeting, "ingress-answered", 0, { result: replied("2b") }))).toMatch(
      /holds another answer for x/,
    ));
  test("condemns an entry that nobody gave", () =>
    expect(judged(answersReachOrigins, without(greeting, "answered"))).toMatch(/x was answered in a turn, but nobody answered it/));
  test("condemns a reply that arrives as a reject", () =>
    expect(judged(answersReachOrigins, edited(payment, "response-inducted", 0, { result: "reject" }))).toMatch(
      /answered with a reply, which arrived as a reject/,
    ));
  test("condemns a reject that is executed as a reply", () =>
    expect(judged(answersReachOrigins, edited(payment, "answered", 0, { result: rejected("IC0406") }))).toMatch(
      /answered with a reject, which arrived as a reply/,
    ));
  test("condemns an answer in a context of another message", () =>
    expect(judged(answersReachOrigins, edited(greeting, "answered", 0, { context: 3 }))).toMatch(/in context 3/));
});
