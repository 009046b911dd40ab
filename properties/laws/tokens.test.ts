/** The laws of tokens, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import type { TokenLedger, Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, followed, observed, setIn, without } from "../testing/stories.ts";
import { greeting, market } from "../testing/tales.ts";
import { bazaar } from "../testing/tales-of-tokens.ts";
import { rewardsAreRoundedDown, tokensConserved, transfersBurnTheirFee } from "./tokens.ts";

/** The same trace in which, from one step on, some sums are moved by so much. */
const shifted = (trace: Trace, from: number, terms: Partial<Record<keyof TokenLedger, bigint>>): Trace =>
  trace.steps.reduce((told, { observation: { tokens } }, at): Trace => {
    if (at < from || tokens === undefined) return told;
    const sums: Record<string, bigint> = { ...tokens };
    for (const [term, by] of Object.entries(terms)) sums[term] = (sums[term] ?? 0n) + by;
    return observed(told, at, { tokens: sums as unknown as TokenLedger });
  }, trace);

describe("tokens-conserved", () => {
  test("accepts a market", () => expect(judged(tokensConserved, market)).toBe("holds"));
  test("passes over a world without tokens", () => expect(judged(tokensConserved, greeting)).toBe("vacuous"));
  test("condemns tokens that are lost", () =>
    expect(judged(tokensConserved, shifted(market, 2, { pending: -1n }))).toBe(
      "accounts 880 + pending 99 + burned 20 = 999, but 1000 were minted",
    ));
  test("condemns a fee that is kept by nobody and burned by nobody", () =>
    expect(judged(tokensConserved, shifted(market, 0, { accounts: 10n, burned: -10n }))).toBe(
      "1000 tokens are on accounts, and by what was told it is 990",
    ));
  test("condemns a conversion that burns tokens and leaves them pending", () =>
    expect(judged(tokensConserved, shifted(market, 5, { pending: 150n, burned: -150n }))).toBe(
      "150 tokens are pending, and by what was told it is 0",
    ));
  test("condemns tokens that come of cycles", () => {
    const minted = followed(market, "conversion-settled", 1, { kind: "reward-minted", account: "bob", tokens: 5n });
    expect(judged(tokensConserved, shifted(minted, 5, { accounts: 5n, minted: 5n }))).toBe("notify minted 5 tokens");
  });
  test("condemns silence about tokens", () => {
    const { tokens: _, ...silent } = market.steps[0]!.observation;
    const steps = market.steps.map((step, at) => (at === 0 ? { ...step, observation: silent } : step));
    expect(judged(tokensConserved, { ...market, steps })).toBe("tokens are not told of");
  });
  test("condemns tokens where there are none", () => {
    const { tokens: _, ...world } = bazaar;
    expect(judged(tokensConserved, setIn(market, world))).toBe("there are no tokens, and tokens-transferred is told");
  });
  test("condemns that somebody pays what it does not hold", () => {
    const overdrawn = edited(market, "transfer-refused", 0, {
      kind: "tokens-transferred",
      from: "bob",
      to: "alice",
      tokens: 191n,
      fee: 10n,
    });
    expect(judged(tokensConserved, shifted(overdrawn, 1, { accounts: -10n, burned: 10n }))).toBe("bob holds -1 tokens");
  });
});

describe("transfers-burn-their-fee", () => {
  test("accepts a market", () => expect(judged(transfersBurnTheirFee, market)).toBe("holds"));
  test("passes over a world without tokens", () => expect(judged(transfersBurnTheirFee, greeting)).toBe("vacuous"));
  test("condemns a transfer without a fee", () =>
    expect(judged(transfersBurnTheirFee, edited(market, "tokens-transferred", 0, { fee: 0n }))).toBe(
      "alice holds 1000, and hands over 200 for a fee of 10: told are 200 of alice to bob for a fee of 0",
    ));
  test("condemns that the fee may be missing", () =>
    expect(
      judged(
        transfersBurnTheirFee,
        edited(market, "transfer-refused", 0, { kind: "tokens-transferred", to: "alice", tokens: 191n, fee: 10n }),
      ),
    ).toBe("bob holds 200, and hands over 191 for a fee of 10: expected that it is refused with CN0016, got tokens-transferred"));
  test("condemns that who can pay is refused", () =>
    expect(judged(transfersBurnTheirFee, edited(market, "conversion-paid", 0, { kind: "transfer-refused", error: "CN0016" }))).toBe(
      "alice holds 790, and pays 100 for a fee of 10: expected that it is done, got transfer-refused",
    ));
  test("condemns a number that was given before", () =>
    expect(judged(transfersBurnTheirFee, edited(market, "conversion-paid", 1, { conversion: 0 }))).toBe("payment 1 has the number 0"));
  test("condemns silence", () =>
    expect(judged(transfersBurnTheirFee, without(market, "tokens-transferred"))).toBe("transfer made 0 events"));
});

describe("rewards-are-rounded-down", () => {
  test("accepts a market", () => expect(judged(rewardsAreRoundedDown, market)).toBe("holds"));
  test("passes over a world without tokens", () => expect(judged(rewardsAreRoundedDown, greeting)).toBe("vacuous"));
  test("condemns a reward that is rounded up", () =>
    expect(judged(rewardsAreRoundedDown, edited(market, "reward-minted", 0, { tokens: 233_333_334n }))).toBe(
      "a reward of 7, where a token is worth 3, minted 233333334 instead of 233333333",
    ));
  test("condemns a reward at the rate before", () =>
    expect(judged(rewardsAreRoundedDown, edited(market, "rate-set", 0, { permyriad: 2n }))).toBe(
      "the rate was set to 3, and rate-set told",
    ));
  test("condemns a reward for somebody else", () =>
    expect(judged(rewardsAreRoundedDown, edited(market, "reward-minted", 0, { account: "alice" }))).toBe("alice got the reward of bob"));
});
