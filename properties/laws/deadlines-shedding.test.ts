/** The law of shedding, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { exchanged, silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { ballast, heap } from "../testing/scenes.ts";
import { edited, followed, setIn, without } from "../testing/stories.ts";
import { haste, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { theLargestAreShed } from "./deadlines-shedding.ts";

describe("the-largest-are-shed", () => {
  // Left in the queue of a: calls 1, 2 and 3, with 3, 3 and 2 bytes.
  const [roomy, tight, tighter] = [ballast(8), ballast(5), ballast(4)] as const;
  const shed = led(model, tight);
  const more = led(model, tighter);
  /** All of them arrive at once, and wait at b. */
  const arrived = led(model, ballast(4, 4));

  test("accepts that the largest is shed", () => expect(judged(theLargestAreShed, shed)).toBe("holds"));
  test("accepts that the next one is shed, too", () => expect(judged(theLargestAreShed, more)).toBe("holds"));
  test("accepts that requests are shed where they arrived", () => expect(judged(theLargestAreShed, arrived)).toBe("holds"));
  test("passes over messages for which there is just enough memory", () =>
    expect(judged(theLargestAreShed, led(model, roomy))).toBe("vacuous"));
  test("passes over worlds in which nobody is in haste", () => {
    for (const tale of [quiet, payment, haste]) expect(judged(theLargestAreShed, tale)).toBe("vacuous");
  });

  test("condemns that nothing is shed", () =>
    expect(judged(theLargestAreShed, setIn(led(model, roomy), tight.genesis))).toBe(
      'shedding: expected "the request of call 1 of a in the output queue of a is shed", and "round-ended" came',
    ));
  test("condemns that too little is shed", () =>
    expect(judged(theLargestAreShed, setIn(shed, tighter.genesis))).toBe(
      'shedding: expected "the request of call 2 of a in the output queue of a is shed", and "round-ended" came',
    ));
  test("condemns that more is shed than need be", () =>
    expect(judged(theLargestAreShed, setIn(more, tight.genesis))).toBe(
      'shedding: nothing more was expected, and "the request of call 2 of a in the output queue of a is shed" came',
    ));
  test("condemns that a smaller one is shed", () =>
    expect(
      judged(theLargestAreShed, edited(edited(shed, "message-dropped", 0, { callback: 3 }), "request-bounced", 0, { callback: 3 })),
    ).toBe(
      'shedding: expected "the request of call 1 of a in the output queue of a is shed", and "the request of call 3 of a in the output queue of a is shed" came',
    ));
  test("condemns that of two equal ones the second is shed first", () =>
    expect(judged(theLargestAreShed, exchanged(more, ["message-dropped", 0], ["message-dropped", 1]))).toMatch(
      /expected "the request of call 1 of a in the output queue of a is shed", and "the request of call 2 of a /,
    ));
  test("condemns a request that is shed and does not come back", () =>
    expect(judged(theLargestAreShed, without(shed, "request-bounced", 0))).toBe(
      'shedding: expected "call 1 of a comes back with CN0211", and "round-ended" came',
    ));
  test("condemns a request that comes back with another error", () =>
    expect(judged(theLargestAreShed, edited(shed, "request-bounced", 0, { error: "CN0210" }))).toMatch(
      /expected "call 1 of a comes back with CN0211", and "call 1 of a comes back with CN0210" came/,
    ));
  test("condemns a request that comes back and was not shed", () =>
    expect(judged(theLargestAreShed, without(shed, "message-dropped", 0))).toMatch(
      /nothing more was expected, and "call 1 of a comes back with CN0211" came/,
    ));
  test("condemns cycles that are dropped in silence", () =>
    expect(judged(theLargestAreShed, without(arrived, "cycles-dropped", 0))).toMatch(/expected "2 cycles of a are returned"/));
  test("condemns that a request is shed where it is not", () =>
    expect(judged(theLargestAreShed, edited(arrived, "message-dropped", 0, { queue: "output", canister: "a" }))).toMatch(
      /expected "the request of call 1 of a in the input queue of b is shed", and "the request of call 1 of a in the output queue of a is shed" came/,
    ));
  test("condemns that something is shed in the middle of a round", () =>
    expect(
      judged(
        theLargestAreShed,
        followed(led(model, ballast(9)), "turn-ended", 0, {
          kind: "message-dropped",
          reason: "shed",
          message: "request",
          canister: "a",
          queue: "output",
          caller: "a",
          callback: 1,
        }),
      ),
    ).toBe('shedding: nothing more was expected, and "the request of call 1 of a in the output queue of a is shed" came'));
  const heaped = led(model, heap);
  test("accepts that a reply is shed, and its caller told so", () => expect(judged(theLargestAreShed, heaped)).toBe("holds"));
  test("condemns that a reply stays for which there is no memory", () =>
    expect(judged(theLargestAreShed, silenced(heaped, ["message-dropped", 0], ["cycles-dropped", 0]))).toBe(
      'on subnet here: shedding: expected "the response of call 1 of a in the input queue of a is shed", and "round-ended" came',
    ));
  test("condemns that the cycles of a reply are dropped otherwise", () =>
    expect(judged(theLargestAreShed, edited(heaped, "cycles-dropped", 0, { cycles: 1n }))).toMatch(
      /expected "2 cycles of a are returned", and "1 cycles of a are returned" came/,
    ));
  test("condemns queues that are over their memory when the round has no end", () =>
    expect(judged(theLargestAreShed, silenced(shed, ["message-dropped", 0], ["request-bounced", 0], ["round-ended", 0]))).toBe(
      "best-effort messages have 8 bytes at the end of the round, of 5",
    ));
});
