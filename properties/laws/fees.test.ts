/** The laws of fees, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles, feesOfSystem } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { delay, priced, suspense } from "../testing/scenes-of-thrift.ts";
import { edited, network, setIn, world } from "../testing/stories.ts";
import { crowd, greeting, payment, poverty, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { chargeWithinBounds, feesFollowTheTable } from "./fees.ts";

describe("charge-within-bounds", () => {
  test("accepts a charge of what was used", () => expect(judged(chargeWithinBounds, payment)).toBe("holds"));
  test("accepts a charge of one more, which rounding can take", () =>
    expect(judged(chargeWithinBounds, edited(greeting, "executed", 0, { charged: 13n }))).toBe("holds"));
  test("passes over a round in which nothing is executed", () => expect(judged(chargeWithinBounds, quiet)).toBe("vacuous"));
  test("condemns a charge of one too little", () =>
    expect(judged(chargeWithinBounds, edited(greeting, "executed", 0, { charged: 11n }))).toMatch(
      /cost 12, but was charged 11: expected 12 to 13/,
    ));
  test("condemns a charge of two too much", () =>
    expect(judged(chargeWithinBounds, edited(greeting, "executed", 0, { charged: 14n }))).toMatch(/charged 14/));
  test("condemns a charge beyond the prepayment", () =>
    expect(judged(chargeWithinBounds, edited(greeting, "executed", 0, { prepaid: 11n }))).toMatch(/of a prepayment of 11/));
  test("condemns a charge for what could not be paid", () =>
    expect(judged(chargeWithinBounds, edited(poverty, "not-executed", 0, { charged: 1n }))).toMatch(/could not pay/));
  test("condemns a missing method that is free", () =>
    expect(judged(chargeWithinBounds, edited(poverty, "not-executed", 0, { error: "IC0536", charged: 0n }))).toMatch(/does not have/));
});

describe("fees-follow-the-table", () => {
  test("accepts a payment", () => expect(judged(feesFollowTheTable, payment)).toBe("holds"));
  test("passes over a network in which nothing costs anything", () => {
    const free = edited(edited(greeting, "executed", 0, { prepaid: 0n, charged: 0n }), "ingress-inducted", 0, { fee: 0n });
    expect(judged(feesFollowTheTable, setIn(free, world(greeting.scenario.genesis.canisters, { ...network, fees: feesOfSystem })))).toBe(
      "vacuous",
    );
  });
  test("condemns another prepayment", () =>
    expect(judged(feesFollowTheTable, edited(greeting, "executed", 0, { prepaid: 111n }))).toMatch(
      /prepayment of an execution of a is 111, but the fee table gives 110/,
    ));
  test("condemns another charge", () =>
    expect(judged(feesFollowTheTable, edited(greeting, "executed", 0, { charged: 13n }))).toMatch(/charge of an execution/));
  test("condemns another reception fee", () =>
    expect(judged(feesFollowTheTable, edited(greeting, "ingress-inducted", 0, { fee: 5n }))).toMatch(
      /reception fee of x is 5, but the fee table gives 6/,
    ));
  test("condemns another call fee", () =>
    expect(
      judged(feesFollowTheTable, edited(payment, "executed", 0, { calls: [{ callback: 0, bytes: 1, fee: 7n, reserve: 142n }] })),
    ).toMatch(/fee of call 0 of a with 1 bytes is 7/));
  test("condemns another reserve", () =>
    expect(
      judged(feesFollowTheTable, edited(crowd, "executed", 0, { calls: [{ callback: 0, bytes: 0, fee: 7n, reserve: 141n }] })),
    ).toMatch(/reserve of call 0/));
  test("condemns a response that is transmitted for nothing", () =>
    expect(judged(feesFollowTheTable, edited(payment, "executed", 2, { transmissionFee: 0n }))).toMatch(
      /transmission of 1 bytes to a is 0/,
    ));
  test("condemns another reserve for the transmission", () =>
    expect(judged(feesFollowTheTable, edited(payment, "executed", 2, { transmissionReserve: 31n }))).toMatch(
      /transmission of a response is 31/,
    ));
  test("condemns a refund without a response", () =>
    expect(judged(feesFollowTheTable, edited(greeting, "executed", 0, { refunded: 1n }))).toMatch(/without a response/));
});

describe("where prices change", () => {
  const dearer = led(model, delay(priced({ execution: cycles(30n) })));
  const refused = led(model, suspense(priced({ tenInstructions: cycles(40n) })));

  test("an attempt goes by those of its start", () => {
    for (const law of [chargeWithinBounds, feesFollowTheTable]) expect(judged(law, dearer)).toBe("holds");
  });
  test("an attempt that is charged what it would have cost before is condemned", () => {
    const cheap = edited(dearer, "executed", 0, { charged: 100n });
    expect(judged(chargeWithinBounds, cheap)).toMatch(/was charged 100: expected 120 to 121/);
    expect(judged(feesFollowTheTable, cheap)).toMatch(/is 100, but the fee table gives 120/);
  });
  test("a response that is refused costs the price of nothing", () => {
    expect(judged(feesFollowTheTable, refused)).toBe("holds");
    expect(judged(feesFollowTheTable, edited(refused, "callback-refused", 0, { charged: 0n }))).toMatch(
      /the charge of callback 0 of a, which was refused, is 0, but the fee table gives 10/,
    );
  });
});
