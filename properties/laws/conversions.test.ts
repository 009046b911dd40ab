/** The laws of conversions, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { cycles, nanoseconds, type TokenGenesis, type Trace } from "../../spec/index.ts";
import { judged, moved } from "../testing/judging.ts";
import { edited, followed, setIn, without } from "../testing/stories.ts";
import { greeting, market } from "../testing/tales.ts";
import { bazaar } from "../testing/tales-of-tokens.ts";
import { conversionsSettleOnce, cyclesMintedAsTold } from "./conversions.ts";

const topUp = { kind: "topped-up", canister: "a", cycles: 300n, balance: 1_300n };
const settledAs = (nth: number, change: Readonly<Record<string, unknown>>): Trace => edited(market, "conversion-settled", nth, change);
/** The same market under other terms. */
const under = (terms: Partial<TokenGenesis>): Trace => setIn(market, { ...bazaar, tokens: { ...bazaar.tokens!, ...terms } });

describe("conversions-settle-once", () => {
  test("accepts a market", () => expect(judged(conversionsSettleOnce, market)).toBe("holds"));
  test("passes over a world without tokens", () => expect(judged(conversionsSettleOnce, greeting)).toBe("vacuous"));
  test.each<readonly [string, Trace, string]>([
    [
      "a top-up of whom nobody knows",
      settledAs(0, { outcome: { ...topUp, canister: "ghost", cycles: 200n } }),
      "conversion 0 of 100 at a rate of 2, for a top-up of ghost: expected 80 tokens back, IC0301, got topped-up with 200 cycles to a balance of 1300",
    ],
    [
      "a penalty that is not the one of its purpose",
      settledAs(2, { outcome: { kind: "refunded", tokens: 130n, error: "CN0019" } }),
      "conversion 2 of 150 at a rate of 2, for a create of c: expected 120 tokens back, CN0019, got 130 tokens back, CN0019",
    ],
    [
      "cycles that do not all arrive",
      settledAs(1, { outcome: { ...topUp, cycles: 299n, balance: 1_299n } }),
      "conversion 1 of 150 at a rate of 2, for a top-up of a: expected topped-up with 300 cycles to a balance of 1300, got topped-up with 299 cycles to a balance of 1299",
    ],
    [
      "a creation without its fee",
      settledAs(3, { outcome: { kind: "created", canister: "c", cycles: 300n, balance: 300n } }),
      "conversion 3 of 100 at a rate of 3, for a create of c: expected created with 300 cycles to a balance of 260, got created with 300 cycles to a balance of 300",
    ],
    [
      "the rate of the payment",
      settledAs(3, { minted: 200n, outcome: { kind: "created", canister: "c", cycles: 200n, balance: 160n } }),
      "conversion 3 of 100 at a rate of 3, for a create of c: expected created with 300 cycles to a balance of 260, got created with 200 cycles to a balance of 160",
    ],
    [
      "another canister than the one that was paid for",
      settledAs(1, { outcome: { ...topUp, canister: "b" } }),
      "conversion 1 was paid for a, and b got it",
    ],
    [
      "that one is carried out twice",
      edited(market, "conversion-refused", 0, { kind: "conversion-settled", minted: 300n, outcome: topUp }),
      "conversion 1 is settled, and a notification made the event conversion-settled",
    ],
    [
      "that one is carried out that was never paid",
      edited(market, "conversion-refused", 1, { kind: "conversion-settled", minted: 300n, outcome: topUp }),
      "conversion 9 was never paid, and a notification made the event conversion-settled",
    ],
    [
      "that one that waits is refused",
      settledAs(1, { kind: "conversion-refused", error: "CN0018" }),
      "conversion 1 waits, and was refused with CN0018",
    ],
    ["silence", without(market, "conversion-settled"), "notify made 0 events"],
    [
      "one that nobody asked for",
      followed(market, "rate-set", 0, { kind: "conversion-settled", conversion: 3, minted: 0n, outcome: topUp }),
      "set-rate made the event conversion-settled",
    ],
  ])("condemns %s", (_what, trace, because) => expect(judged(conversionsSettleOnce, trace)).toBe(because));
});

describe("cycles-minted-as-told", () => {
  test("accepts a market", () => expect(judged(cyclesMintedAsTold, market)).toBe("holds"));
  test("passes over a world without tokens", () => expect(judged(cyclesMintedAsTold, greeting)).toBe("vacuous"));
  test.each<readonly [string, Trace, string]>([
    [
      "more than what was lacking",
      settledAs(1, { minted: 300n }),
      "conversion 1 is worth 300 cycles, 200 are held: 300 were minted instead of 100",
    ],
    [
      "one that meets a limit which is not reached",
      under({ mintLimit: cycles(600n) }),
      "300 cycles were minted in the window, and 300 are lacking: the limit is 600, and conversion 2 met it",
    ],
    [
      "one that is carried out beyond the limit",
      under({ mintLimit: cycles(299n) }),
      "200 cycles were minted in the window, then 100: the limit is 299",
    ],
    [
      "that old mintings are forgotten too early",
      under({ mintWindow: nanoseconds(101n) }),
      "300 cycles were minted in the window, then 300: the limit is 500",
    ],
    [
      "cycles that are minted, and not told of",
      moved(market, 10, { minted: 5n, balances: 5n }),
      "1305 cycles were minted, and told are 1300",
    ],
    [
      "what is not kept of what was minted in vain",
      moved(market, 3, { float: -200n, burned: 200n }),
      "the minting canister holds 0 cycles, and by what was told it is 200",
    ],
    [
      "a fee that is nowhere",
      moved(market, 13, { burned: -40n }),
      "1600 cycles came into being or from elsewhere, and 1560 are there or gone",
    ],
  ])("condemns %s", (_what, trace, because) => expect(judged(cyclesMintedAsTold, trace)).toBe(because));
});
