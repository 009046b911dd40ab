/** The laws between subnets, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, cycles, type Scenario } from "../../spec/index.ts";
import { exchange, farJam, fork, jam, procession, roundOf, sliceOf, strange, strangers } from "../testing/scenes.ts";
import { begunWith, eventAt, handed, streamedAs, streamedAt, streamedInTurn } from "../testing/doctoring.ts";
import { judged, moved } from "../testing/judging.ts";
import { edited, without } from "../testing/stories.ts";
import { payment, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { cyclesCrossSubnets, streamsArriveWhole } from "./network.ts";

const asked = led(model, exchange);
const two = led(model, procession);
const [first, second] = [streamedAt(two, 0), streamedAt(two, 1)];

/** The same, and then the network hands both requests over a second time. */
const again: Scenario = {
  ...procession,
  inputs: [...procession.inputs.slice(0, 3), { ...roundOf(1), deliveries: [{ from: 0, count: 1, again: 9 }] }],
};

describe("streams-arrive-whole", () => {
  test.each(Object.entries({ exchange, procession, fork, farJam: farJam() }))("accepts the scene %s", (_, scene) =>
    expect(judged(streamsArriveWhole, led(model, scene))).toBe("holds"),
  );
  test("accepts what the network hands over a second time", () => {
    const twice = led(model, again);
    expect(twice.steps[3]!.input).toMatchObject({ slices: [{ begin: 0, messages: [first, second] }] });
    expect(judged(streamsArriveWhole, twice)).toBe("holds");
  });
  test("accepts whatever strangers say", () => expect(["holds", "vacuous"]).toContain(judged(streamsArriveWhole, visitor)));
  test("passes over the loopback stream", () => expect(judged(streamsArriveWhole, led(model, jam()))).toBe("vacuous"));
  test("passes over what nobody has seen yet", () =>
    expect(judged(streamsArriveWhole, { ...asked, steps: asked.steps.slice(0, 2) })).toBe("vacuous"));

  test("condemns a message that changes on its way", () =>
    expect(judged(streamsArriveWhole, streamedAs(asked, 0, { attached: 99n }))).toBe(
      "from here to there: message 0 is not what was sent: attached: 99 and 100",
    ));
  test("condemns an answer that changes on its way", () =>
    expect(judged(streamsArriveWhole, streamedAs(asked, 1, { result: { kind: "reply", payload: "08" } }))).toBe(
      'from there to here: message 0 is not what was sent: result.payload: "08" and "07"',
    ));
  test("condemns two messages that overtake each other", () =>
    expect(judged(streamsArriveWhole, streamedInTurn(two, 0, 1))).toMatch(/message 0 is not what was sent: callback: 1 and 0/));
  test("condemns a message that was never sent", () =>
    expect(judged(streamsArriveWhole, without(asked, "message-streamed", 0))).toBe(
      "from here to there: message 0 is seen, and was never sent",
    ));
  test("condemns an index that is left out by who sends", () =>
    expect(judged(streamsArriveWhole, edited(two, "message-streamed", 1, { index: 2 }))).toBe(
      "from here to there: message 2 is sent, and the next is 1",
    ));
  test("condemns a message that is passed over", () =>
    expect(judged(streamsArriveWhole, without(two, "request-inducted", 0))).toBe(
      "from here to there: message 1 is seen, and the next is 0",
    ));
  test("condemns a message that is seen a second time", () => {
    const seen = eventAt(two, ["request-inducted", 0]);
    // Nobody told that it was seen, so the onlooker of that subnet lets it in again.
    const forgetful = without(led(model, again), "slice-taken", 0);
    expect(judged(streamsArriveWhole, begunWith(forgetful, 3, seen))).toBe("from here to there: message 0 is seen, and the next is 2");
  });
  test("condemns signals for more than was seen", () =>
    expect(judged(streamsArriveWhole, edited(two, "slice-taken", 0, { signals: 3 }))).toBe(
      "from here to there: 3 messages are said to be seen, and 2 were",
    ));
  test("condemns signals for less than was seen", () =>
    expect(judged(streamsArriveWhole, edited(two, "slice-taken", 0, { signals: 1 }))).toBe(
      "from here to there: 1 messages are said to be seen, and 2 were",
    ));
  test("condemns a stream that is cut before it was seen", () => {
    const early = led(model, { ...procession, inputs: [...procession.inputs.slice(0, 2), roundOf(0, [1])] });
    expect(judged(streamsArriveWhole, begunWith(early, 2, { kind: "stream-collected", to: "there", begin: 2 }))).toBe(
      "from here to there: the stream is cut to 2, and 0 messages were seen",
    );
  });
});

describe("cycles-cross-subnets", () => {
  test.each(Object.entries({ exchange, procession, farJam: farJam(), lost: farJam({ droppedCycles: "lost" }) }))(
    "accepts the scene %s",
    (_, scene) => expect(judged(cyclesCrossSubnets, led(model, scene))).toBe("holds"),
  );
  test("accepts what strangers bring", () => expect(judged(cyclesCrossSubnets, visitor)).toBe("holds"));
  test("accepts what strangers bring in a foreign name, and is lost", () =>
    expect(judged(cyclesCrossSubnets, led(model, strangers([[sliceOf([strange({ caller: canisterId("further") })])]])))).toBe("holds"));
  test("passes over a payment at home", () => expect(judged(cyclesCrossSubnets, payment)).toBe("vacuous"));
  test("passes over calls without cycles", () => expect(judged(cyclesCrossSubnets, led(model, fork))).toBe("vacuous"));

  test("condemns cycles that were sent and are not counted", () =>
    expect(judged(cyclesCrossSubnets, moved(asked, 1, { sent: -1n }))).toBe(
      "here says that it sent 99 cycles, and 100 were on its messages",
    ));
  test("condemns cycles that were received and are not counted", () =>
    expect(judged(cyclesCrossSubnets, moved(asked, 2, { received: -100n, minted: 100n }))).toBe(
      "there says that it received 0 cycles, and 100 were on what it has seen",
    ));
  test("condemns cycles from nowhere", () =>
    expect(judged(cyclesCrossSubnets, moved(asked, 2, { balances: 1n }))).toMatch(
      /^all subnets have 2001 cycles, 60 of them under way, and 2000 were minted$/,
    ));
  test("condemns cycles that are gone", () =>
    expect(judged(cyclesCrossSubnets, moved(asked, 3, { balances: -60n }))).toBe(
      "all subnets have 1940 cycles, 0 of them under way, and 2000 were minted",
    ));
  test("condemns cycles that become more on their way", () => {
    const more = { ...first, attached: cycles(9n) };
    expect(judged(cyclesCrossSubnets, moved(handed(two, 2, { messages: [more, second] }), 2, { received: 6n }))).toBe(
      "from here to there: 2 cycles more were seen than were sent",
    );
  });
  test("condemns cycles that become less on their way", () => {
    const less = { ...first, attached: cycles(1n) };
    expect(judged(cyclesCrossSubnets, handed(two, 2, { messages: [less, second] }))).toBe(
      "there says that it received 7 cycles, and 5 were on what it has seen",
    );
  });
  test("condemns a message that takes cycles along and leaves them here", () =>
    expect(judged(cyclesCrossSubnets, streamedAs(moved(asked, 1, { sent: 1n }), 0, { attached: 101n }))).toMatch(
      /^all subnets have 2001 cycles, 101 of them under way, and 2000 were minted$/,
    ));
});
