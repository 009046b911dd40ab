/** The books of tokens, and of cycles that become of them, set aside or priced anew: names, sums, and a lie in one place. */
import { describe, expect, test } from "vitest";
import { e8s, type Trace } from "../../spec/index.ts";
import { ledgerOf } from "./books.ts";
import type { SubnetBook } from "./data.ts";
import { pageOf } from "./page.ts";
import { converted, dearer, retold, scarce, traced } from "./testing.ts";
import { summaryOf, tokenDisagreementInWords } from "./words.ts";

const bookOf = (trace: Trace): SubnetBook => ledgerOf(trace).subnets[0]!;
const entriesOf = ({ flows }: SubnetBook) => Object.fromEntries(flows.map(({ flow, cycles: moved }) => [flow, moved]));

describe("the books of tokens", () => {
  const honest = traced(converted);
  const { tokens } = bookOf(honest);

  test("name what moved, and how much of it", () => {
    expect(tokens?.flows.map(({ flow, count, tokens: moved }) => [flow, count, moved])).toEqual([
      ["genesis", 1, 10_000n],
      ["reward", 1, 350_000_000n],
      ["transfer", 1, 1_000n],
      ["transfer fee", 5, 50n],
      ["payment", 4, 451n],
      ["converted tokens", 2, 350n],
      ["returned", 1, 80n],
      ["penalty", 1, 20n],
    ]);
  });

  test("say what each account holds, and come to what was minted", () => {
    expect(tokens?.accounts).toEqual([
      { account: "alice", opening: 10_000n, closing: 8_789n },
      { account: "bob", opening: 0n, closing: 350_000_790n },
    ]);
    expect(tokens?.totals.map(({ place, closing }) => [place, closing])).toEqual([
      ["accounts", 350_009_579n],
      ["pending", 1n],
      ["burned", 420n],
      ["minted", 350_010_000n],
    ]);
  });

  test("meet those of cycles where tokens become cycles: what was minted in vain is used first", () => {
    expect(entriesOf(bookOf(honest))).toMatchObject({ "minted for tokens": 700n, converted: 400n, "creation fee converted": 300n });
    expect(bookOf(honest).canisters.map(({ canister, closing }) => [canister, closing])).toEqual([
      ["alpha", 1_000_000_000_300n],
      ["gamma", 100n],
    ]);
    expect(summaryOf(ledgerOf(honest))).toMatch(/^balanced: /);
  });

  test("find a lie in its step, with its size", () => {
    const lying = retold(honest, "tokens-transferred", ({ fee }) => ({ fee: e8s(fee - 1n) }));
    expect(bookOf(lying).tokens?.disagreements.map(tokenDisagreementInWords)).toEqual([
      "input 1: tokens, accounts: the machine says 9_990, the postings come to 9_991: difference +1",
      "input 1: tokens, burned: the machine says 10, the postings come to 9: difference -1",
    ]);
    expect(summaryOf(ledgerOf(lying))).toContain("NOT BALANCED: ");
  });

  test("stand in the page, under those of cycles", () => {
    const page = pageOf(ledgerOf(honest), "tokens");
    expect(page).toContain("<h2>Tokens</h2>");
    expect(page).toContain("350_009_579");
    expect(pageOf(ledgerOf(traced(scarce)), "memory")).not.toContain("<h2>Tokens</h2>");
  });
});

describe("the books of what costs otherwise than before", () => {
  test("what was set aside pays for memory first, and for messages; what is left of it is burned with the canister", () => {
    // Each of two cores sees 32 of 512 bytes in use by its own: 27,000 seconds are paid ahead. Eleven of them are charged, for two pages,
    // of which one is on a canister that is then deleted, and for a response of 64 bytes.
    expect(entriesOf(bookOf(traced(scarce)))).toMatchObject({
      "set aside": 1_728_000n,
      "memory set aside for": 704n,
      "message memory set aside for": 704n,
      "set aside, deleted": 864_000n - 352n,
    });
  });

  test("who cannot pay new prices has its prepayment back, and its caller pays for the attempt alone", () => {
    const flows = entriesOf(bookOf(traced(dearer)));
    expect(flows).toMatchObject({
      "prepayment returned": 5_000_200n,
      "request returned": 500n,
      "callback refused": 5_000_200n,
      refunded: 500n,
    });
  });
});
