/** The laws of ingress, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import {
  began,
  canister,
  edited,
  ended,
  followed,
  ingress,
  rejected,
  repeated,
  replied,
  reply,
  round,
  story,
  without,
  world,
} from "../testing/stories.ts";
import { greeting, poverty, quiet } from "../testing/tales.ts";
import { answersOnce, ingressIsScreened } from "./ingress.ts";

const refused = (id: string, error: string): object => ({ kind: "ingress-refused", ingress: id, error });
const home = world([canister("a", { m0: [reply()] })]);
const sentTo = (to: string, payload: string, event: object) => story(home, [{ input: ingress("x", to, "m0", payload), events: [event] }]);

describe("ingress-is-screened", () => {
  test("accepts who may enter", () => expect(judged(ingressIsScreened, greeting)).toBe("holds"));
  test("accepts the refusal of a payload that is too large", () =>
    expect(judged(ingressIsScreened, sentTo("a", "00".repeat(33), refused("x", "CN0002")))).toBe("holds"));
  test("accepts the refusal of a canister that does not exist", () =>
    expect(judged(ingressIsScreened, sentTo("nobody", "", refused("x", "IC0301")))).toBe("holds"));
  test("passes over a round without messages", () => expect(judged(ingressIsScreened, quiet)).toBe("vacuous"));
  test("condemns a payload that is too large", () =>
    expect(judged(ingressIsScreened, sentTo("a", "00".repeat(33), { kind: "ingress-received", ingress: "x" }))).toMatch(
      /expected CN0002, got that it is received/,
    ));
  test("condemns a refusal without a reason", () =>
    expect(judged(ingressIsScreened, sentTo("a", "", refused("x", "IC0207")))).toMatch(/expected that it is received, got IC0207/));
  test("condemns a message that is received twice", () => {
    const received = { kind: "ingress-received", ingress: "x" };
    const twice = story(home, [
      { input: ingress("x", "a", "m0"), events: [received] },
      { input: ingress("x", "a", "m0"), events: [received] },
    ]);
    expect(judged(ingressIsScreened, twice)).toMatch(/expected CN0001/);
  });
  test("condemns a message that stays outside of its block", () =>
    expect(judged(ingressIsScreened, without(greeting, "ingress-inducted"))).toMatch(/x still waits/));
  test("condemns a block out of order", () => {
    const received = (id: string): object => ({ kind: "ingress-received", ingress: id });
    const inducted = (id: string): object => ({ kind: "ingress-inducted", ingress: id, canister: "a", fee: 5n, balance: 995n });
    const swapped = story(home, [
      { input: ingress("x", "a", "m0"), events: [received("x")] },
      { input: ingress("y", "a", "m0"), events: [received("y")] },
      { input: round(), events: [began(1, 1n), inducted("y"), inducted("x"), ended(1, 0, 0)] },
    ]);
    expect(judged(ingressIsScreened, swapped)).toMatch(/y is in the block before x/);
  });
  test("condemns a message that is turned away although it is paid", () => {
    const turned = story(home, [
      { input: ingress("x", "a", "m0"), events: [{ kind: "ingress-received", ingress: "x" }] },
      { input: round(), events: [began(1, 1n), { kind: "ingress-answered", ingress: "x", result: rejected("IC0207") }, ended(1, 0, 0)] },
    ]);
    expect(judged(ingressIsScreened, turned)).toMatch(/has 995 more than it needs/);
  });
});

describe("answers-once", () => {
  test("accepts a greeting", () => expect(judged(answersOnce, greeting)).toBe("holds"));
  test("accepts a refusal", () => expect(judged(answersOnce, poverty)).toBe("holds"));
  test("passes over a round without answers", () => expect(judged(answersOnce, quiet)).toBe("vacuous"));
  test("condemns a second answer", () =>
    expect(judged(answersOnce, repeated(greeting, "ingress-answered"))).toMatch(/x was answered when it was answered/));
  test("condemns the answer to a message that nobody sent", () =>
    expect(judged(answersOnce, followed(quiet, "round-began", 0, { kind: "ingress-answered", ingress: "z", result: replied("") }))).toMatch(
      /z was answered when it was unknown/,
    ));
  test("condemns a second execution", () =>
    expect(judged(answersOnce, edited(without(greeting, "ingress-received"), "ingress-answered", 0, {}))).toMatch(
      /x entered a queue when it was unknown/,
    ));
  test("condemns a message that is forgotten", () => {
    const forgotten = ["answered", "ingress-answered", "context-removed"] as const;
    expect(
      judged(
        answersOnce,
        forgotten.reduce((trace, kind) => without(trace, kind), greeting),
      ),
    ).toMatch(/x is neither answered/);
  });
});
