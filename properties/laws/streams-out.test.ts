/** The law of what goes out through streams, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, managementCanister, type Scenario } from "../../spec/index.ts";
import { hastened, silenced, streamedAs, streamedInTurn } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { exchange, procession, roundOf, strait, subnet } from "../testing/scenes.ts";
import { callTo, canister, edited, followed, ingress, repeated, reply, setIn, without } from "../testing/stories.ts";
import { crowd, dice, errand, greeting, payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { streamsGoOutInTurns } from "./streams-out.ts";

/** Canisters a and k each call b and c of another subnet. */
const choir: Scenario = {
  genesis: subnet(
    "here",
    ["a", "k"].map((id) => canister(id, { m0: [callTo(), callTo({ callee: canisterId("c") }), callTo(), reply()] })),
    { b: "there", c: "there" },
  ),
  inputs: [ingress("x", "a", "m0"), ingress("y", "k", "m0"), roundOf(0)],
};

describe("streams-go-out-in-turns", () => {
  const asked = led(model, exchange);
  const two = led(model, procession);
  const sung = led(model, choir);

  test.each(Object.entries({ exchange, procession, strait, choir }))("accepts the scene %s", (_, scene) =>
    expect(judged(streamsGoOutInTurns, led(model, scene))).toBe("holds"),
  );
  test("accepts a question to the tape", () => expect(judged(streamsGoOutInTurns, dice)).toBe("holds"));
  test("accepts an errand to nobody", () => expect(judged(streamsGoOutInTurns, errand)).toBe("holds"));
  test("passes over worlds in which nothing is left at the end of a round", () => {
    expect(judged(streamsGoOutInTurns, greeting)).toBe("vacuous");
    expect(judged(streamsGoOutInTurns, payment)).toBe("vacuous");
    expect(judged(streamsGoOutInTurns, crowd)).toBe("vacuous");
  });

  test("condemns a message that stays", () =>
    expect(judged(streamsGoOutInTurns, without(asked, "message-streamed", 0))).toBe(
      'on subnet here: streams go out: expected "the stream to there has at 0 the request of call 0 of a to m1 of b with 0 bytes and 100 cycles", and "round-ended" came',
    ));
  test("condemns an answer that stays", () =>
    expect(judged(streamsGoOutInTurns, without(asked, "message-streamed", 1))).toMatch(
      /expected "the stream to here has at 0 the response of call 0 of a by b: the reply 07 and 60 cycles", and "round-ended" came/,
    ));
  test("condemns a message that goes out twice", () =>
    expect(judged(streamsGoOutInTurns, repeated(asked, "message-streamed", 0))).toMatch(
      /nothing more was expected, and "the stream to there has at 0 the request of call 0 of a .*" came/,
    ));
  test("condemns two messages of a queue in each other's place", () =>
    expect(judged(streamsGoOutInTurns, streamedInTurn(two, 0, 1))).toMatch(
      /expected "the stream to there has at 0 the request of call 0 of a .*", and "the stream to there has at 0 the request of call 1 of a /,
    ));
  test.each([
    ["cycles", { attached: 99n }],
    ["method", { method: "m2" }],
    ["deadline", { deadline: 7n }],
    ["payload", { payload: "00" }],
  ] as const)("condemns a message with another %s", (_, change) =>
    expect(judged(streamsGoOutInTurns, streamedAs(asked, 0, change))).toMatch(/expected "the stream to there has at 0 the request/),
  );
  test.each([
    ["refund", { refund: 61n }],
    ["reply", { result: { kind: "reply", payload: "08" } }],
  ] as const)("condemns an answer with another %s", (_, change) =>
    expect(judged(streamsGoOutInTurns, streamedAs(asked, 1, change))).toMatch(
      /expected ".* by b: the reply 07 and 60 cycles", and "the stream to here has at 0 .*" came/,
    ),
  );
  test("condemns another canister as the first", () =>
    expect(judged(streamsGoOutInTurns, streamedInTurn(sung, 0, 1))).toMatch(
      /expected "the stream to there has at 0 the request of call 0 of k .*", and "the stream to there has at 0 the request of call 0 of a /,
    ));
  test("condemns canisters that do not take turns", () =>
    expect(judged(streamsGoOutInTurns, streamedInTurn(sung, 1, 2))).toMatch(
      /expected "the stream to there has at 1 the request of call 0 of a .*", and "the stream to there has at 1 the request of call 1 of k /,
    ));
  test("condemns queues of a canister that do not take turns", () =>
    expect(judged(streamsGoOutInTurns, streamedInTurn(sung, 2, 4))).toMatch(
      /expected "the stream to there has at 2 the request of call 1 of k to m1 of c .*", and ".* the request of call 2 of k to m1 of b /,
    ));
  test("condemns a message for which there is no place", () =>
    expect(judged(streamsGoOutInTurns, setIn(two, strait.genesis))).toMatch(
      /nothing more was expected, and "the stream to there has at 1 the request of call 1 of a .*" came/,
    ));
  test("condemns a message that goes out while others run", () =>
    expect(judged(streamsGoOutInTurns, hastened(two, ["message-streamed", 2], ["turn-ended", 1]))).toMatch(
      /expected "the stream to here has at 1 the response of call 1 of a .*", and "turn-ended" came/,
    ));

  test("condemns a question that is asked in another round", () =>
    expect(judged(streamsGoOutInTurns, edited(dice, "randomness-asked", 0, { asked: 0 }))).toBe(
      'streams go out: expected "call 0 of a waits for randomness since 1", and "call 0 of a waits for randomness since 0" came',
    ));
  test("condemns a question that is forgotten", () =>
    expect(judged(streamsGoOutInTurns, silenced(dice, ["randomness-asked", 0]))).toMatch(
      /expected "call 0 of a waits for randomness since 1", and "round-ended" came/,
    ));
  test("condemns an errand that fails for another reason", () =>
    expect(judged(streamsGoOutInTurns, edited(errand, "request-bounced", 0, { error: "IC0536" }))).toMatch(
      /expected "call 0 of a comes back with IC0301", and "call 0 of a comes back with IC0536" came/,
    ));
  test.each([
    ["of another method", { method: "rand_raw" as const }, "IC0536"],
    ["with an argument", { method: "raw_rand" as const, payload: { kind: "time" as const } }, "IC0408"],
  ])("accepts that a question %s comes back, and condemns that it waits", (_, question, error) => {
    const asking = canister("a", { m0: [callTo({ callee: managementCanister, ...question }), reply()] });
    const misasked = led(model, { genesis: subnet("here", [asking], {}), inputs: [ingress("x", "a", "m0"), roundOf(0)] });
    expect(judged(streamsGoOutInTurns, misasked)).toBe("holds");
    const waiting = edited(misasked, "request-bounced", 0, { kind: "randomness-asked", canister: "a", callback: 0, asked: 1 });
    expect(judged(streamsGoOutInTurns, waiting)).toMatch(
      new RegExp(`expected "call 0 of a comes back with ${error}", and "call 0 of a waits for randomness since 1" came`),
    );
  });
  test("condemns a message that nobody sent", () =>
    expect(
      judged(streamsGoOutInTurns, followed(greeting, "turn-ended", 0, { kind: "randomness-asked", canister: "a", callback: 0, asked: 1 })),
    ).toBe('streams go out: nothing more was expected, and "call 0 of a waits for randomness since 1" came'));
});
