/** The laws of conservation, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { judged, moved } from "../testing/judging.ts";
import { edited } from "../testing/stories.ts";
import { dice, farewell, greeting, haste, payment, quiet, visitor } from "../testing/tales.ts";
import { balancesFollowFlows } from "./balances.ts";
import { cyclesAreWhereTheyLie, cyclesConserved } from "./conservation.ts";

describe("cycles-conserved", () => {
  test("accepts a payment, whose every cycle can be followed", () => expect(judged(cyclesConserved, payment)).toBe("holds"));
  test("accepts cycles that go to another subnet and come from there", () => expect(judged(cyclesConserved, visitor)).toBe("holds"));
  test("accepts cycles that come back late", () => expect(judged(cyclesConserved, haste)).toBe("holds"));
  test("condemns cycles that were received and are not told", () =>
    expect(judged(cyclesConserved, moved(visitor, 0, { received: -100n, minted: 100n }))).toMatch(
      /received changed by 0, but the events declare 100/,
    ));
  test("condemns cycles that are lost where none were dropped", () =>
    expect(judged(cyclesConserved, moved(payment, 1, { lost: 60n, balances: -60n }))).toMatch(/balances changed by -107/));
  test("passes over a round in which nothing moves", () => expect(judged(cyclesConserved, quiet)).toBe("vacuous"));
  test("condemns cycles from nowhere", () =>
    expect(judged(cyclesConserved, moved(payment, 1, { balances: 1n }))).toMatch(/^1 cycles came from nowhere/));
  test("condemns cycles that are lost", () =>
    expect(judged(cyclesConserved, moved(payment, 1, { messages: 0n, balances: -60n }))).toMatch(/^60 cycles are lost/));
  test("names the flow that was not made", () =>
    expect(judged(cyclesConserved, moved(payment, 1, { balances: -60n, messages: 60n }))).toBe(
      'balances changed by -107, but the events declare -47: -60, as if "refund of the response" (messages to balances) was not made',
    ));
  test("names the flow that was made twice", () =>
    expect(judged(cyclesConserved, moved(payment, 1, { balances: 40n, contexts: -40n }))).toMatch(
      /\+40, as if "accepted" \(contexts to balances\) was made twice/,
    ));
  test("says so when no flow explains the difference", () =>
    expect(judged(cyclesConserved, moved(payment, 1, { balances: 3n, burned: -3n }))).toMatch(/no declared flow of that size/));
});

describe("balances-follow-flows", () => {
  test("accepts a payment", () => expect(judged(balancesFollowFlows, payment)).toBe("holds"));
  test("passes over a round in which no balance changes", () => expect(judged(balancesFollowFlows, quiet)).toBe("vacuous"));
  test("condemns a balance that its events do not explain", () =>
    expect(judged(balancesFollowFlows, edited(greeting, "executed", 0, { balance: 983n }))).toBe(
      "a had 994, its executed moves -12, but the balance after it is 983 instead of 982",
    ));
  test("condemns a ledger that is not the sum of the balances", () =>
    expect(judged(balancesFollowFlows, moved(greeting, 1, { balances: 1n }))).toMatch(/982 together, the ledger says 983/));
  test("condemns a negative balance", () => {
    const spent = edited(edited(greeting, "ingress-inducted", 0, { fee: 1_001n, balance: -1n }), "executed", 0, { balance: -13n });
    expect(judged(balancesFollowFlows, spent)).toMatch(/negative/);
  });
});

describe("cycles-are-where-they-lie", () => {
  test("accepts cycles in a callback that waits", () => expect(judged(cyclesAreWhereTheyLie, dice)).toBe("holds"));
  test("accepts cycles in a context and in an answer", () => expect(judged(cyclesAreWhereTheyLie, farewell)).toBe("holds"));
  test("passes over worlds in which nothing is on its way", () => expect(judged(cyclesAreWhereTheyLie, greeting)).toBe("vacuous"));
  test("condemns cycles that are on no message", () =>
    expect(judged(cyclesAreWhereTheyLie, moved(dice, 1, { messages: 1n }))).toBe("the ledger has 1 cycles in messages, but 0 lie there"));
  test("condemns cycles that are available nowhere", () =>
    expect(judged(cyclesAreWhereTheyLie, moved(farewell, 2, { contexts: 60n, messages: -60n }))).toBe(
      "the ledger has 0 cycles in messages, but 60 lie there",
    ));
  test("condemns a reserve that nobody holds", () =>
    expect(judged(cyclesAreWhereTheyLie, moved(dice, 2, { callbacks: 142n }))).toBe(
      "the ledger has 142 cycles in callbacks, but 0 lie there",
    ));
});
