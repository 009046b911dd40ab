/** The law of queues, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { instructions } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, followed, network, setIn, without, world } from "../testing/stories.ts";
import { alarm, crowd, dice, greeting, payment } from "../testing/tales.ts";
import { messagesEnterInOrder } from "./queues.ts";

describe("messages-enter-in-order", () => {
  test("accepts a payment", () => expect(judged(messagesEnterInOrder, payment)).toBe("holds"));
  test("accepts randomness before anything runs", () => expect(judged(messagesEnterInOrder, dice)).toBe("holds"));
  test("passes over a greeting, which sends nothing", () => expect(judged(messagesEnterInOrder, greeting)).toBe("vacuous"));
  test("condemns requests that overtake each other", () => {
    const swapped = edited(edited(crowd, "request-inducted", 0, { callback: 1 }), "request-inducted", 1, { callback: 0 });
    expect(judged(messagesEnterInOrder, swapped)).toMatch(/the request of call 1 of a overtook another message in the output queue of a/);
  });
  test("condemns a message that stays behind", () =>
    expect(judged(messagesEnterInOrder, without(crowd, "request-inducted", 1))).toMatch(/call 1 of a still lies in the output queue of a/));
  test("condemns messages that move when the round is used up", () => {
    const short = world(payment.scenario.genesis.canisters, { ...network, roundInstructionLimit: instructions(104) });
    expect(judged(messagesEnterInOrder, setIn(payment, short))).toMatch(/moved when the instructions of the round were used up/);
  });
  test("condemns a message that moves in the middle of a turn", () => {
    const early = followed(without(payment, "request-inducted"), "executed", 0, {
      kind: "request-inducted",
      caller: "a",
      callback: 0,
      callee: "b",
    });
    expect(judged(messagesEnterInOrder, early)).toMatch(/moved during the turn of a/);
  });
  test("condemns a block that comes after the timers", () => {
    const late = followed(
      followed(without(payment, "ingress-inducted"), "round-began", 0, { kind: "timer-due", canister: "a" }),
      "timer-due",
      0,
      { kind: "ingress-inducted", ingress: "x", canister: "a", fee: 5n, balance: 995n },
    );
    expect(judged(messagesEnterInOrder, late)).toBe("ingress-inducted came after timers had begun");
  });
  test("condemns timers out of order", () => {
    const swapped = followed(followed(alarm, "timer-due", 0, { kind: "timer-due", canister: "b" }), "timer-due", 1, {
      kind: "timer-due",
      canister: "a",
    });
    expect(judged(messagesEnterInOrder, swapped)).toMatch(/the timer of a came due after that of b/);
  });
});
