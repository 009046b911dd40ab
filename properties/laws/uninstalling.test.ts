/** The law of uninstalling, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, executed, followed, fromCall, rejected, without } from "../testing/stories.ts";
import { chosen, farewell, payment } from "../testing/tales.ts";
import { uninstallingAnswersEverybody } from "./uninstalling.ts";

describe("uninstalling-answers-everybody", () => {
  test("accepts a farewell", () => expect(judged(uninstallingAnswersEverybody, farewell)).toBe("holds"));
  test("passes over worlds in which all code stays", () => expect(judged(uninstallingAnswersEverybody, payment)).toBe("vacuous"));
  test("condemns a call that is not rejected", () =>
    expect(judged(uninstallingAnswersEverybody, without(farewell, "answered"))).toMatch(/told otherwise: 1\(context-deleted\)/));
  test("condemns a reject with another error", () =>
    expect(judged(uninstallingAnswersEverybody, edited(farewell, "answered", 0, { result: rejected("IC0506") }))).toMatch(
      /result.code: 5 and 4/,
    ));
  test("condemns cycles that are kept", () =>
    expect(judged(uninstallingAnswersEverybody, edited(farewell, "answered", 0, { refund: 0n }))).toMatch(/refund: 0 and 60/));
  test("condemns a context that is not deleted", () =>
    expect(judged(uninstallingAnswersEverybody, without(farewell, "context-deleted"))).toMatch(/nothing and/));
  test("condemns a refusal of what can be done", () =>
    expect(
      judged(uninstallingAnswersEverybody, edited(farewell, "uninstalled", 0, { kind: "uninstall-refused", error: "IC0301" })),
    ).toMatch(/kind: "uninstall-refused" and "uninstalled"/));
  test("condemns a message that runs without code", () =>
    expect(
      judged(uninstallingAnswersEverybody, followed(farewell, "randomness-answered", 0, executed("b", 1, { cause: fromCall("a", 1) }))),
    ).toBe("b has no code, and ran a message"));
  test("condemns another error for a call to who has no code", () =>
    expect(
      judged(
        uninstallingAnswersEverybody,
        followed(farewell, "randomness-answered", 0, {
          kind: "not-executed",
          canister: "b",
          cause: fromCall("a", 1),
          error: "IC0536",
          charged: 0n,
          balance: 879n,
        }),
      ),
    ).toBe("b has no code, and a call to it was refused with IC0536"));
  test("condemns tasks without code", () =>
    expect(judged(uninstallingAnswersEverybody, followed(farewell, "randomness-answered", 0, chosen("b", "timer")))).toBe(
      "b has no code, and began with a timer",
    ));
  test("condemns a reserve that does not come home", () =>
    expect(judged(uninstallingAnswersEverybody, edited(farewell, "response-discarded", 0, { released: 0n, balance: 879n }))).toBe(
      "of the reserve of call 0 of b, 142, 32 is accounted for",
    ));
  test("condemns a response that is discarded where code could run", () =>
    expect(
      judged(
        uninstallingAnswersEverybody,
        followed(payment, "response-inducted", 0, {
          kind: "response-discarded",
          canister: "a",
          callback: 0,
          refunded: 60n,
          released: 141n,
          transmissionFee: 1n,
          balance: 0n,
        }),
      ),
    ).toBe("the response to call 0 of a was discarded, and its context is open"));
});
