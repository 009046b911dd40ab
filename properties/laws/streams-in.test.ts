/** The law of what comes in through streams, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { bytes, canisterId, cycles, subnetId } from "../../spec/index.ts";
import { exchanged, handed, hastened, silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { exchange, farJam, fork, jam, procession, sliceOf, strange, strangeAnswer, strangers } from "../testing/scenes.ts";
import { edited, followed, repeated, setIn, without } from "../testing/stories.ts";
import { payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { streamsComeIn } from "./streams-in.ts";

const nobody = canisterId("nobody");

describe("streams-come-in", () => {
  const asked = led(model, exchange);
  const two = led(model, procession);
  const jammed = led(model, jam());

  test.each(Object.entries({ exchange, procession, fork, jam: jam(), farJam: farJam() }))("accepts the scene %s", (_, scene) =>
    expect(judged(streamsComeIn, led(model, scene))).toBe("holds"),
  );
  test("passes over worlds in which nothing comes in", () => {
    expect(judged(streamsComeIn, payment)).toBe("vacuous");
    expect(judged(streamsComeIn, quiet)).toBe("vacuous");
  });

  test("condemns a slice of which nothing is told", () =>
    expect(judged(streamsComeIn, silenced(asked, ["request-inducted", 0], ["slice-taken", 0]))).toBe(
      'on subnet there: streams come in: expected "the request of call 0 of a enters the queue of b", and "turn-began" came',
    ));
  test("condemns a message that is lost", () =>
    expect(judged(streamsComeIn, without(two, "request-inducted", 1))).toMatch(
      /expected "the request of call 1 of a enters the queue of b", and "the stream of here was seen up to 2" came/,
    ));
  test("condemns a message that enters twice", () =>
    expect(judged(streamsComeIn, repeated(two, "request-inducted", 1))).toMatch(
      /expected "the stream of here was seen up to 2", and "the request of call 1 of a enters the queue of b" came/,
    ));
  test("condemns messages that overtake each other", () =>
    expect(judged(streamsComeIn, exchanged(two, ["response-inducted", 0], ["response-inducted", 1]))).toMatch(
      /expected "the reply to call 0 of a enters its queue", and "the reply to call 1 of a enters its queue" came/,
    ));
  test("condemns a reply that comes in as a reject", () =>
    expect(judged(streamsComeIn, edited(asked, "response-inducted", 0, { result: "reject" }))).toMatch(
      /expected "the reply to call 0 of a enters its queue", and "the reject to call 0 of a enters its queue" came/,
    ));
  test("condemns a stream that is not cut", () =>
    expect(judged(streamsComeIn, without(asked, "stream-collected", 0))).toMatch(/expected "the stream to there begins at 1"/));
  test("condemns a message that is seen and not signalled", () =>
    expect(judged(streamsComeIn, without(asked, "slice-taken", 1))).toMatch(/expected "the stream of there was seen up to 1"/));
  test("condemns subnets in another order", () => {
    const forked = led(model, fork);
    expect(judged(streamsComeIn, exchanged(forked, ["response-inducted", 0], ["response-inducted", 1]))).toMatch(
      /expected "the reply to call 0 of a enters its queue", and "the reply to call 1 of a enters its queue" came/,
    );
  });
  test("condemns messages that come in behind what runs", () =>
    expect(judged(streamsComeIn, hastened(asked, ["turn-began", 1], ["request-inducted", 0]))).toMatch(
      /expected "the request of call 0 of a enters the queue of b", and "turn-began" came/,
    ));
  test("condemns a message that comes in before the rest of what is late", () =>
    expect(judged(streamsComeIn, hastened(jammed, ["response-late", 0], ["callback-expired", 0]))).toMatch(
      /expected "the stream to subnet begins at 4", and "the response to call 0 of a is late, with 1 cycles" came/,
    ));
  test("condemns the loopback stream when it stays", () =>
    expect(judged(streamsComeIn, without(jammed, "stream-collected", 0))).toMatch(/expected "the stream to subnet begins at 2"/));
  test("condemns a slice that nobody handed over", () =>
    expect(judged(streamsComeIn, followed(quiet, "round-began", 0, { kind: "slice-taken", from: "there", signals: 1 }))).toBe(
      'streams come in: nothing more was expected, and "the stream of there was seen up to 1" came',
    ));
});

describe("streams-come-in, of strangers", () => {
  const told = (...slices: Parameters<typeof sliceOf>[]) => led(model, strangers([slices.map((slice) => sliceOf(...slice))]));
  const taken = told([[strange(), strange({ caller: canisterId("further") }), strangeAnswer(2n)], { signals: 1 }]);

  test("accepts what is ignored", () => expect(judged(streamsComeIn, taken)).toBe("holds"));
  test.each([
    ["a gap", told([[strange()], { begin: 1 }]), "CN0013"],
    ["signals for what was never sent", told([[strange()], { signals: 2 }]), "CN0014"],
    ["a subnet that nobody knows", told([[strange()], { from: subnetId("nowhere") }]), "CN0012"],
    ["this subnet itself", told([[strange()], { from: subnetId("here") }]), "CN0012"],
  ] as const)("accepts that a slice with %s is refused, and condemns another error", (_, refused, error) => {
    expect(judged(streamsComeIn, refused)).toBe("holds");
    expect(judged(streamsComeIn, edited(refused, "slice-refused", 0, { error: "CN0001" }))).toMatch(
      new RegExp(`expected "a slice of \\w+ is refused with ${error}", and "a slice of \\w+ is refused with CN0001" came`),
    );
  });
  test("condemns a slice with a gap that is let in", () =>
    expect(judged(streamsComeIn, handed(taken, 2, { begin: 1 }))).toMatch(/expected "a slice of there is refused with CN0013"/));
  test("condemns a slice that is refused without reason", () => {
    const refused = told([[strange()], { begin: 1 }]);
    expect(judged(streamsComeIn, handed(refused, 2, { begin: 0 }))).toMatch(
      /expected "the request of call 0 of far enters the queue of a", and "a slice of there is refused with CN0013" came/,
    );
  });

  const turnedAway = told([[strange({ callee: nobody })]]);
  const crowded = told([[0, 1, 2].map((callback) => strange({ callback }))]);
  const cramped = led(model, strangers([[sliceOf([strange()])]], { guaranteedResponseMemory: bytes(63) }));
  test.each([
    ["to nobody", turnedAway, "IC0301"],
    ["without a slot", crowded, "IC0201"],
    ["without memory for its response", cramped, "IC0507"],
  ] as const)("accepts that a request %s is rejected, and condemns another error", (_, refused, error) => {
    expect(judged(streamsComeIn, refused)).toBe("holds");
    expect(judged(streamsComeIn, edited(refused, "message-refused", 0, { error: "IC0503" }))).toMatch(
      new RegExp(`expected "message \\d of there is refused with ${error}", and "message \\d of there is refused with IC0503" came`),
    );
  });
  test("condemns a request that is let in without a slot", () => {
    const { genesis } = crowded.scenario;
    const wide = led(model, { ...crowded.scenario, genesis: { ...genesis, parameters: { ...genesis.parameters, queueCapacity: 3 } } });
    expect(judged(streamsComeIn, setIn(wide, genesis))).toMatch(
      /expected "message 2 of there is refused with IC0201", and "the request of call 2 of far enters the queue of a" came/,
    );
  });
  test("condemns a reject that keeps the cycles", () => {
    const { message } = turnedAway.steps[2]!.observation.events.find((event) => event.kind === "message-streamed")!;
    expect(judged(streamsComeIn, edited(turnedAway, "message-streamed", 1, { message: { ...message, refund: 0n } }))).toMatch(
      /expected "the stream to there has at 1 the response of call 0 of far by nobody: reject 03 IC0301 and 5 cycles"/,
    );
  });
  test("condemns a reject that is never sent", () =>
    expect(judged(streamsComeIn, without(turnedAway, "message-streamed", 1))).toMatch(
      /expected "the stream to there has at 1 .*", and "the stream of there was seen up to 1" came/,
    ));

  test("condemns a request in a foreign name that is let in", () =>
    expect(
      judged(streamsComeIn, edited(taken, "message-refused", 0, { kind: "request-inducted", caller: "further", callback: 0, callee: "a" })),
    ).toMatch(/expected "message 1 of there is ignored", and "the request of call 0 of further enters the queue of a" came/));
  test("condemns a second answer that is let in", () => {
    const twice = told([[strangeAnswer(0n), strangeAnswer(1n)], { signals: 1 }]);
    expect(judged(streamsComeIn, twice)).toBe("holds");
    expect(
      judged(streamsComeIn, edited(twice, "response-late", 0, { kind: "response-inducted", caller: "a", callback: 0, result: "reply" })),
    ).toMatch(/expected "the response to call 0 of a is late, with 1 cycles", and "the reply to call 0 of a enters its queue" came/);
  });
  test("condemns an answer with more than was attached that is let in", () => {
    const generous = told([[strangeAnswer(9n)], { signals: 1 }]);
    expect(judged(streamsComeIn, generous)).toBe("holds");
    expect(
      judged(
        streamsComeIn,
        edited(generous, "message-refused", 0, { kind: "response-late", caller: "a", callback: 0, refund: 9n, balance: 0n }),
      ),
    ).toMatch(/expected "message 0 of there is ignored", and "the response to call 0 of a is late, with 9 cycles" came/);
  });
  test("condemns cycles that are refunded to nobody", () => {
    const refunded = told([[{ kind: "refund", canister: canisterId("a"), cycles: cycles(4n) }]]);
    expect(judged(streamsComeIn, refunded)).toBe("holds");
    expect(judged(streamsComeIn, edited(refunded, "refund-inducted", 0, { canister: "b" }))).toMatch(
      /expected "4 cycles are refunded to a", and "4 cycles are refunded to b" came/,
    );
  });
});
