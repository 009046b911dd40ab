/** The law of freezing, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles, seconds } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { place } from "../testing/scenes-of-thrift.ts";
import { canister, edited, network, setIn, world } from "../testing/stories.ts";
import { crowd, greeting, mending, payment, poverty } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { frozenStartsNothing } from "./freezing.ts";

/** A page costs 1 a day to keep, a canister must keep enough for so many days. */
const keeping = (days: number, balance = 1_000n) =>
  world([canister("a", {}, { freezingThreshold: seconds(86_400 * days), balance: cycles(balance) }), canister("b", {})], {
    ...network,
    fees: { ...network.fees, gibSecond: cycles(400n) },
  });

describe("frozen-starts-nothing", () => {
  test("accepts the refusal of who cannot pay", () => expect(judged(frozenStartsNothing, poverty)).toBe("holds"));
  test("accepts a canister that keeps enough for its page", () =>
    expect(judged(frozenStartsNothing, setIn(greeting, keeping(882, 1_000n)))).toMatch(/holds|vacuous/));
  test("passes over the rich", () => expect(judged(frozenStartsNothing, greeting)).toBe("vacuous"));
  test("condemns a message that runs without being paid for", () =>
    expect(judged(frozenStartsNothing, edited(greeting, "ingress-inducted", 0, { balance: 109n }))).toMatch(
      /a started a message with a balance of 109/,
    ));
  test("condemns the refusal of who can pay", () =>
    expect(judged(frozenStartsNothing, edited(poverty, "ingress-inducted", 0, { balance: 110n }))).toMatch(
      /a was refused a message with a balance of 110/,
    ));
  test("condemns a completion below the threshold of the memory now in use", () =>
    expect(judged(frozenStartsNothing, setIn(greeting, keeping(900)))).toBe(
      "a completed with a balance of 884 and a freezing threshold of 900 for 1 pages",
    ));
  test("condemns a callback that is not executed", () => {
    const cause = { kind: "response", callback: 0, result: "reply" };
    expect(judged(frozenStartsNothing, edited(poverty, "not-executed", 0, { cause }))).toMatch(/callback of a was not executed/);
  });
  test("condemns a frozen callback that burns cycles", () => {
    const burning = edited(edited(mending, "executed", 0, { wrote: [[0, "01"]] }), "executed", 2, { burned: 1n });
    expect(judged(frozenStartsNothing, setIn(burning, keeping(725)))).toMatch(/holds|vacuous/);
    expect(judged(frozenStartsNothing, setIn(edited(burning, "executed", 2, { balance: 800n }), keeping(725)))).toMatch(
      /a spent 1 and was left with 703, below its freezing threshold of 725/,
    );
  });
  test("judges callbacks that spend nothing by nothing", () => expect(judged(frozenStartsNothing, payment)).toMatch(/holds|vacuous/));
  test("sees the calls of a callback as spending", () => {
    const calling = edited(
      edited(crowd, "executed", 3, {
        calls: [{ callback: 2, callee: "b", method: "m1", bytes: 0, attached: 0n, fee: 7n, reserve: 142n }],
        balance: 90n,
      }),
      "executed",
      0,
      { wrote: [[0, "ff"]] },
    );
    expect(judged(frozenStartsNothing, setIn(calling, keeping(500)))).toMatch(/spent 149/);
  });
});

test("frozen-starts-nothing counts the place of an answer", () => {
  const exact = led(model, place(284n));
  const spent = exact.steps.flatMap(({ observation }) => observation.events).find((event) => event.kind === "executed");
  expect(judged(frozenStartsNothing, exact)).toBe("holds");
  expect(judged(frozenStartsNothing, edited(exact, "executed", 0, { balance: spent!.balance - 1n }))).toBe(
    "a completed with a balance of 19 and a freezing threshold of 20 for 0 pages",
  );
});
