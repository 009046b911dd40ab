/** The laws of prices that change, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { delay, priced, suspense } from "../testing/scenes-of-thrift.ts";
import { edited, executed, followed, fromUser, without } from "../testing/stories.ts";
import { greeting, marathon } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { attemptsPayThePricesOfNow, callbacksAreCovered } from "./repricing.ts";

describe("attempts-pay-the-prices-of-now", () => {
  // The prepayment was 110. It is 130, or 104, when the message begins again.
  const rise = led(model, delay(priced({ execution: cycles(30n) })));
  const fall = led(model, delay(priced({ execution: cycles(4n) })));
  // What is left are 20, or 19.
  const enough = led(model, delay(priced({ execution: cycles(30n) }), 135n));
  const poor = led(model, delay(priced({ execution: cycles(30n) }), 134n));
  const same = led(model, delay(priced({ call: cycles(70n) })));
  const about = (tale: typeof rise): string => judged(attemptsPayThePricesOfNow, tale);

  test("accepts prices that rose, or fell", () => {
    for (const tale of [rise, fall, enough]) expect(about(tale)).toBe("holds");
  });
  test("accepts that who cannot pay gives up", () => expect(about(poor)).toBe("holds"));
  test("passes over what begins again at the same prices", () => {
    for (const tale of [same, marathon, greeting]) expect(about(tale)).toBe("vacuous");
  });

  test("condemns another shortfall", () =>
    expect(about(edited(rise, "prepayment-adjusted", 0, { taken: 19n }))).toMatch(/was to be told otherwise: taken: 19 and 20/));
  test("condemns that what is beyond is kept", () =>
    expect(about(edited(fall, "prepayment-adjusted", 0, { returned: 0n }))).toMatch(/returned: 0 and 6/));
  test("condemns that the balance does not pay", () =>
    expect(about(edited(rise, "prepayment-adjusted", 0, { balance: 885n }))).toMatch(/balance: 885 and 865/));
  test("condemns that nothing is adjusted", () =>
    expect(about(without(rise, "prepayment-adjusted"))).toMatch(/kind: "execution-paused" and "prepayment-adjusted"/));
  test("condemns an adjustment at the same prices", () =>
    expect(
      about(followed(same, "execution-resumed", 0, { kind: "prepayment-adjusted", canister: "a", taken: 1n, returned: 0n, balance: 884n })),
    ).toBe("the prepayment of a was adjusted, and prices are what they were"));
  test("condemns that who can pay gives up", () =>
    expect(
      about(edited(enough, "prepayment-adjusted", 0, { kind: "not-executed", cause: fromUser("x"), error: "IC0207", charged: 0n })),
    ).toMatch(/kind: "not-executed" and "prepayment-adjusted"/));
  test("condemns that who cannot pay goes on", () =>
    expect(about(edited(poor, "not-executed", 0, { kind: "prepayment-adjusted", taken: 20n, returned: 0n, balance: -1n }))).toMatch(
      /kind: "prepayment-adjusted" and "not-executed"/,
    ));
  test("condemns a charge for giving up", () =>
    expect(about(edited(poor, "not-executed", 0, { charged: 10n }))).toMatch(/charged: 10 and 0/));
  test("condemns that a prepayment is not given back", () =>
    expect(about(edited(poor, "not-executed", 0, { balance: 19n }))).toMatch(/balance: 19 and 129/));
  test("condemns that somebody gives up at the same prices", () =>
    expect(
      about(
        followed(same, "execution-resumed", 0, {
          kind: "not-executed",
          canister: "a",
          cause: fromUser("x"),
          error: "IC0207",
          charged: 0n,
          balance: 995n,
        }),
      ),
    ).toBe("a gave up an execution that it had paid for"));
});

describe("callbacks-are-covered", () => {
  // Set aside were 110 for the execution, and 32 for the transmission, all of which it takes.
  const covered = led(model, suspense(priced({ execution: cycles(60n) })));
  const cheaper = led(model, suspense(priced({ execution: cycles(4n) })));
  const refused = led(model, suspense(priced({ tenInstructions: cycles(40n) })));
  const base = led(model, suspense(priced({ execution: cycles(500n) })));
  const same = led(model, suspense(priced({ call: cycles(70n) })));
  const about = (tale: typeof covered): string => judged(callbacksAreCovered, tale);

  test("accepts what a balance adds to what was set aside, or gets of it", () => {
    for (const tale of [covered, cheaper]) expect(about(tale)).toBe("holds");
  });
  test("accepts that what nobody can pay is refused, and costs at most what was set aside", () => {
    for (const tale of [refused, base]) expect(about(tale)).toBe("holds");
  });
  test("passes over callbacks at the prices of their calls", () => {
    for (const tale of [same, greeting]) expect(about(tale)).toBe("vacuous");
  });

  test("condemns that what is covered is refused", () =>
    expect(
      about(
        edited(covered, "executed", 1, {
          kind: "callback-refused",
          callback: 0,
          error: "IC0207",
          released: 50n,
          transmissionFee: 32n,
          charged: 60n,
        }),
      ),
    ).toBe("the response to call 0 of a was refused with 160 for the execution, 110 of it set aside, and 135 on the balance"));
  test("condemns that what nobody can pay is executed", () =>
    expect(
      about(
        edited(refused, "callback-refused", 0, executed("a", 0, { cause: { kind: "response", callback: 0, result: "reply" } }) as never),
      ),
    ).toBe("the response to call 0 of a was executed with 410 for the execution, 110 of it set aside, and 135 on the balance"));
  test.each([
    ["another refund", { refunded: 1n }, /refunded: 1 and 0/],
    ["that what was set aside is kept", { released: 0n }, /released: 0 and 100/],
    ["a response that is transmitted for nothing", { transmissionFee: 0n }, /transmissionFee: 0 and 32/],
    ["that it costs nothing", { charged: 0n }, /charged: 0 and 10/],
    ["another balance", { balance: 0n }, /balance: 0 and 235/],
  ])("condemns %s", (_, change, complaint) => expect(about(edited(refused, "callback-refused", 0, change))).toMatch(complaint));
  test("condemns a base fee beyond what was set aside", () =>
    expect(about(edited(base, "callback-refused", 0, { charged: 500n }))).toMatch(/charged: 500 and 110/));
});
