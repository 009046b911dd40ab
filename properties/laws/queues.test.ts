/** The law of queues, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { bytes, instructions } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, followed, network, setIn, without, world } from "../testing/stories.ts";
import { inducted } from "../testing/tales-of-one.ts";
import { crowd, dice, greeting, oblivion, payment, pulse } from "../testing/tales.ts";
import { messagesEnterInOrder } from "./queues.ts";

describe("messages-enter-in-order", () => {
  test("accepts a payment", () => expect(judged(messagesEnterInOrder, payment)).toBe("holds"));
  test("accepts randomness before anything runs", () => expect(judged(messagesEnterInOrder, dice)).toBe("holds"));
  test("passes over a greeting, which sends nothing", () => expect(judged(messagesEnterInOrder, greeting)).toBe("vacuous"));
  test("condemns requests that overtake each other", () => {
    const swapped = edited(edited(crowd, "request-inducted", 0, { callback: 1 }), "request-inducted", 1, { callback: 0 });
    expect(judged(messagesEnterInOrder, swapped)).toMatch(
      /the request of call 1 of a moved, and the request of call 0 of a in the output queue of a was first/,
    );
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
  test("condemns a request that finds no slot", () => {
    const narrow = world(crowd.scenario.genesis.canisters, { ...network, queueCapacity: 1 });
    expect(judged(messagesEnterInOrder, setIn(crowd, narrow))).toBe("the request of call 1 of a moved, and no message could");
  });
  test("condemns a request without memory for its response", () => {
    const narrow = world(crowd.scenario.genesis.canisters, { ...network, guaranteedResponseMemory: bytes(95) });
    expect(judged(messagesEnterInOrder, setIn(crowd, narrow))).toMatch(/the request of call \d of a moved, and no message could/);
  });
  test("condemns a block that comes after the tasks were chosen", () =>
    expect(judged(messagesEnterInOrder, followed(pulse, "tasks-chosen", 0, inducted("y", "a", 5n, 995n)))).toBe(
      "ingress-inducted came after the choice of tasks had begun",
    ));
  test("condemns what is pruned before it is forgotten", () =>
    expect(judged(messagesEnterInOrder, followed(oblivion, "ingress-pruned", 0, { kind: "ingress-forgotten", ingress: "x" }))).toBe(
      "ingress-forgotten came after pruning had begun",
    ));
});
