/** The law of streams, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId } from "../../spec/index.ts";
import { exchanged, handed, streamedAs } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { exchange, jam, procession, sliceOf, strait, strange, strangers } from "../testing/scenes.ts";
import { edited, followed, setIn } from "../testing/stories.ts";
import { payment, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { streamsKeepTheirIndexes } from "./streams.ts";

describe("streams-keep-their-indexes", () => {
  const asked = led(model, exchange);
  const two = led(model, procession);

  test("accepts a call to another subnet", () => expect(judged(streamsKeepTheirIndexes, asked)).toBe("holds"));
  test("accepts a message that waits for a place", () => expect(judged(streamsKeepTheirIndexes, led(model, strait))).toBe("holds"));
  test("accepts a loopback stream that was full", () => expect(judged(streamsKeepTheirIndexes, led(model, jam()))).toBe("holds"));
  test("accepts a reject to what came in", () =>
    expect(
      judged(streamsKeepTheirIndexes, led(model, strangers([[sliceOf([strange({ callee: canisterId("nobody") })], { signals: 1 })]]))),
    ).toBe("holds"));
  test("passes over worlds in which nothing leaves its subnet", () => expect(judged(streamsKeepTheirIndexes, payment)).toBe("vacuous"));
  test("passes over a message that nobody has seen yet", () =>
    expect(judged(streamsKeepTheirIndexes, { ...asked, steps: asked.steps.slice(0, 2) })).toBe("vacuous"));

  test("condemns an index that is left out", () =>
    expect(judged(streamsKeepTheirIndexes, edited(two, "message-streamed", 1, { index: 2 }))).toBe(
      "on subnet here: message 2 enters the stream to there, whose next is 1",
    ));
  test("condemns an index that is given twice", () =>
    expect(judged(streamsKeepTheirIndexes, edited(two, "message-streamed", 1, { index: 0 }))).toMatch(
      /message 0 enters the stream to there, whose next is 1/,
    ));
  test("condemns two messages in each other's place", () =>
    expect(judged(streamsKeepTheirIndexes, exchanged(two, ["message-streamed", 0], ["message-streamed", 1]))).toMatch(
      /message 1 enters the stream to there, whose next is 0/,
    ));
  test("condemns a message that goes where its receiver is not", () =>
    expect(judged(streamsKeepTheirIndexes, streamedAs(asked, 0, { callee: "c" }))).toBe(
      "on subnet here: message 0 enters the stream to there, and its receiver is on no subnet",
    ));
  test("condemns an answer that stays at home", () =>
    expect(judged(streamsKeepTheirIndexes, edited(asked, "message-streamed", 1, { to: "there" }))).toMatch(
      /enters the stream to there, and its receiver is on here/,
    ));
  test("condemns one message more than a stream holds", () => {
    // The same world as that of the procession, but for its streams.
    expect(judged(streamsKeepTheirIndexes, setIn(two, strait.genesis))).toBe(
      "on subnet here: message 1 enters the stream to there, which holds 1 of 1 messages already",
    );
  });

  test("condemns a stream that is cut further than the other side has said", () =>
    expect(judged(streamsKeepTheirIndexes, handed(two, 3, { signals: 1 }))).toBe(
      "on subnet here: the stream to there is cut to 2, and the other side has said 1",
    ));
  test("condemns a stream that is not cut as far", () =>
    expect(judged(streamsKeepTheirIndexes, edited(two, "stream-collected", 0, { begin: 1 }))).toMatch(
      /the stream to there is cut to 1, and the other side has said 2/,
    ));
  test("condemns a stream that is cut behind its end", () =>
    expect(judged(streamsKeepTheirIndexes, edited(asked, "stream-collected", 0, { begin: 2 }))).toMatch(
      /the stream to there is cut to 2, behind its end 1/,
    ));
  test("condemns a stream that is cut again", () =>
    expect(
      judged(streamsKeepTheirIndexes, followed(asked, "stream-collected", 0, { kind: "stream-collected", to: "there", begin: 1 })),
    ).toMatch(/the stream to there is cut to 1, and began at 1/));

  test("condemns signals that say less than what was seen", () =>
    expect(judged(streamsKeepTheirIndexes, edited(two, "slice-taken", 0, { signals: 1 }))).toBe(
      "on subnet there: the stream of here is said to be seen up to 1, and what came ends at 2",
    ));
  test("condemns signals that say more than what came", () =>
    expect(judged(streamsKeepTheirIndexes, edited(visitor, "slice-taken", 0, { signals: 2 }))).toBe(
      "the stream of there is said to be seen up to 2, and what came ends at 1",
    ));
  test("condemns signals that fall", () =>
    expect(judged(streamsKeepTheirIndexes, followed(two, "slice-taken", 0, { kind: "slice-taken", from: "here", signals: 2 }))).toMatch(
      /signals for here fall from 2 to 2/,
    ));
});
