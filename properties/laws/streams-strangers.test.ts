/** The law of strangers, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { bytes, canisterId, cycles, hex, nanoseconds, type StreamMessage, type Trace } from "../../spec/index.ts";
import { handed } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { sliceOf, strange, strangeAnswer, strangers } from "../testing/scenes.ts";
import { edited, followed, setIn, without } from "../testing/stories.ts";
import { payment, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { strangersSpeakForThemselves } from "./streams-strangers.ts";

const told = (...messages: readonly StreamMessage[]): Trace => led(model, strangers([[sliceOf(messages, { signals: 1 })]]));
const inducted = { kind: "request-inducted", callback: 0, callee: "a" };
const answerInducted = { kind: "response-inducted", caller: "a", callback: 0, result: "reply" };

describe("strangers-speak-for-themselves", () => {
  const posed = told(strange({ caller: canisterId("further") }), strange());

  test("accepts that a request in a foreign name is ignored", () => expect(judged(strangersSpeakForThemselves, posed)).toBe("holds"));
  test("passes over a stranger who tells the truth", () => expect(judged(strangersSpeakForThemselves, visitor)).toBe("vacuous"));
  test("passes over worlds without strangers", () => expect(judged(strangersSpeakForThemselves, payment)).toBe("vacuous"));
  test("passes over an answer that comes late", () =>
    expect(judged(strangersSpeakForThemselves, told(strangeAnswer(1n), strangeAnswer(1n)))).toBe("vacuous"));

  test("condemns a request in a foreign name", () =>
    expect(judged(strangersSpeakForThemselves, edited(posed, "message-refused", 0, { ...inducted, caller: "further" }))).toBe(
      "message 0 of there is not ignored (request-inducted): further is not of there",
    ));
  test("condemns a request in the name of a canister that is here", () => {
    const own = told(strange({ caller: canisterId("a") }));
    expect(judged(strangersSpeakForThemselves, own)).toBe("holds");
    expect(judged(strangersSpeakForThemselves, edited(own, "message-refused", 0, { ...inducted, caller: "a" }))).toMatch(
      /a is not of there/,
    );
  });
  test("condemns a request in a foreign name that is answered", () => {
    const answered = edited(posed, "message-refused", 0, { error: "IC0301" });
    expect(judged(strangersSpeakForThemselves, answered)).toBe(
      "message 0 of there is not ignored (message-refused): further is not of there",
    );
  });
  test("condemns a true request that is ignored", () =>
    expect(
      judged(
        strangersSpeakForThemselves,
        edited(posed, "request-inducted", 0, { kind: "message-refused", from: "there", index: 1, error: null }),
      ),
    ).toBe("message 1 of there is ignored, with 5 cycles"));

  const greedy = told(strangeAnswer(9n), strangeAnswer(3n));
  test("accepts that an answer with more than was attached is ignored", () =>
    expect(judged(strangersSpeakForThemselves, greedy)).toBe("holds"));
  test("condemns an answer with more than was attached", () =>
    expect(judged(strangersSpeakForThemselves, edited(greedy, "message-refused", 0, answerInducted))).toBe(
      "message 0 of there is not ignored (response-inducted): it refunds 9 cycles, and 3 were attached to call 0 of a",
    ));
  test("condemns such an answer on the balance, too", () =>
    expect(
      judged(
        strangersSpeakForThemselves,
        edited(greedy, "message-refused", 0, { kind: "response-late", caller: "a", callback: 0, refund: 9n, balance: 9n }),
      ),
    ).toMatch(/not ignored \(response-late\): it refunds 9 cycles/));
  test("condemns a true answer that is ignored", () =>
    expect(
      judged(
        strangersSpeakForThemselves,
        edited(greedy, "response-inducted", 0, { kind: "message-refused", from: "there", index: 1, error: null }),
      ),
    ).toBe("message 1 of there is ignored, with 3 cycles"));

  test("condemns an answer in a foreign name", () => {
    const posing = told(strangeAnswer(3n, "further"));
    expect(judged(strangersSpeakForThemselves, posing)).toBe("holds");
    expect(judged(strangersSpeakForThemselves, edited(posing, "message-refused", 0, answerInducted))).toMatch(/further is not of there/);
  });
  test("condemns an answer for a canister that is not here", () => {
    const lost = told({ ...strangeAnswer(3n), caller: canisterId("nobody") });
    expect(judged(strangersSpeakForThemselves, lost)).toBe("holds");
    expect(
      judged(
        strangersSpeakForThemselves,
        edited(lost, "message-refused", 0, { kind: "response-late", caller: "nobody", callback: 0, refund: 3n, balance: 3n }),
      ),
    ).toMatch(/nobody is not here/);
  });
  test("condemns an answer that is larger than any may be", () => {
    const large = told({ ...strangeAnswer(3n), result: { kind: "reply", payload: hex("00".repeat(33)) } });
    expect(judged(strangersSpeakForThemselves, large)).toBe("holds");
    expect(judged(strangersSpeakForThemselves, edited(large, "message-refused", 0, answerInducted))).toMatch(/it has 33 bytes/);
    const { genesis } = large.scenario;
    expect(
      judged(strangersSpeakForThemselves, setIn(large, { ...genesis, parameters: { ...genesis.parameters, maxPayload: bytes(33) } })),
    ).toBe("message 0 of there is ignored, with 3 cycles");
  });
  test("condemns an answer with another deadline than that of its call", () => {
    const hurried = told({ ...strangeAnswer(3n), deadline: nanoseconds(9n) });
    expect(judged(strangersSpeakForThemselves, hurried)).toBe("holds");
    expect(judged(strangersSpeakForThemselves, edited(hurried, "message-refused", 0, answerInducted))).toMatch(
      /its deadline is not that of call 0 of a/,
    );
  });
  test("condemns that an answer is ignored to a call that is closed, whatever is on it", () => {
    const answers = [[sliceOf([strangeAnswer(3n)], { signals: 1 })], [sliceOf([strangeAnswer(9n)], { begin: 1, signals: 1 })]];
    const late = led(model, strangers(answers));
    expect(judged(strangersSpeakForThemselves, late)).toBe("vacuous");
    expect(
      judged(
        strangersSpeakForThemselves,
        edited(late, "response-late", 0, { kind: "message-refused", from: "there", index: 1, error: null }),
      ),
    ).toBe("message 1 of there is ignored, with 9 cycles");
  });
  test("condemns an answer to a request that has not left", () => {
    const asked = led(model, strangers([[sliceOf([strangeAnswer(3n)], { signals: 1 })]]));
    const early = handed(without(asked, "message-streamed", 0), 2, { signals: 0 });
    expect(judged(strangersSpeakForThemselves, asked)).toBe("vacuous");
    expect(judged(strangersSpeakForThemselves, early)).toMatch(
      /message 0 of there is not ignored \(response-inducted\): the request of call 0 of a has not left/,
    );
  });
  test("condemns a refund for nobody", () => {
    const refunded = told({ kind: "refund", canister: canisterId("nobody"), cycles: cycles(4n) });
    expect(judged(strangersSpeakForThemselves, refunded)).toBe("holds");
    expect(
      judged(
        strangersSpeakForThemselves,
        edited(refunded, "message-refused", 0, { kind: "refund-inducted", canister: "nobody", cycles: 4n, balance: 4n }),
      ),
    ).toMatch(/not ignored \(refund-inducted\): nobody is not here/);
  });

  const turnedAway = told(strange({ callee: canisterId("nobody") }), strange({ caller: canisterId("further") }));
  test("accepts that a request to nobody is rejected", () => expect(judged(strangersSpeakForThemselves, turnedAway)).toBe("holds"));
  test("condemns a rejected request that gets no answer", () =>
    expect(judged(strangersSpeakForThemselves, without(turnedAway, "message-streamed", 1))).toBe(
      "message 0 of there was refused, and is not answered",
    ));
  test("condemns an ignored request that gets one", () => {
    const reject = turnedAway.steps[2]!.observation.events.find(({ kind }) => kind === "message-streamed")!;
    expect(judged(strangersSpeakForThemselves, followed(turnedAway, "message-refused", 1, reject))).toBe(
      "message 1 of there was ignored, and is answered",
    );
  });
});
