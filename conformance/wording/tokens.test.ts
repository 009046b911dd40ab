/** Tokens, prices and what is set aside, in the words that people read. */
import { describe, expect, test } from "vitest";
import {
  accountId,
  bytes,
  canisterId,
  cycles,
  e8s,
  feesOfSystem,
  nanoseconds,
  type Event,
  type Input,
  type TokenGenesis,
} from "../../spec/index.ts";
import { canister, genesisOf } from "../testing/worlds.ts";
import { eventInWords } from "./events.ts";
import { genesisInWords } from "./genesis.ts";
import { inputInWords } from "./inputs.ts";

const [a, b] = [canisterId("a"), canisterId("b")];

describe("tokens in words", () => {
  const [alice, bob] = [accountId("alice"), accountId("bob")];
  const tokens: TokenGenesis = {
    accounts: [{ account: alice, balance: e8s(100_000_000n) }],
    permyriad: 35_000n,
    transferFee: e8s(10_000n),
    penalties: { topUp: e8s(20_000n), create: e8s(30_000n) },
    mintLimit: cycles(1_000n),
    mintWindow: nanoseconds(60n),
  };

  test("are told with the genesis, and so is what memory costs in advance", () => {
    const { storage } = genesisOf([]).parameters;
    const genesis = genesisOf([canister("a", {}, { reservedLimit: cycles(7n) })], { storage: { ...storage, threshold: bytes(5) } });
    expect(genesisInWords({ ...genesis, tokens })).toEqual([
      expect.stringMatching(/, storage threshold 5(, |$)/),
      "tokens: alice has 100_000_000 e8s; one is worth 35_000 ten-thousandths of an XDR; transfer fee 10_000; penalty 20_000 for a top-up, 30_000 for a creation; at most 1_000 cycles in 60 ns",
      "a: balance 1_000_000_000_000, sets at most 7 aside",
    ]);
  });

  test.each<readonly [string, Input]>([
    ["alice hands 5_000 e8s to bob", { kind: "transfer", from: alice, to: bob, tokens: e8s(5_000n) }],
    ["alice pays 7 e8s for a top-up of a", { kind: "pay", from: alice, tokens: e8s(7n), purpose: { kind: "top-up", canister: a } }],
    ["alice pays 7 e8s for the creation of b", { kind: "pay", from: alice, tokens: e8s(7n), purpose: { kind: "create", canister: b } }],
    ["somebody asks for conversion 0", { kind: "notify", conversion: 0 }],
    ["a reward for bob: 9 e8s", { kind: "reward", account: bob, reward: { unit: "tokens", tokens: e8s(9n) } }],
    [
      "a reward for bob: what 1_000 ten-thousandths of an XDR are worth",
      { kind: "reward", account: bob, reward: { unit: "xdr", permyriad: 1_000n } },
    ],
    ["a token is worth 40_000 ten-thousandths of an XDR", { kind: "set-rate", permyriad: 40_000n }],
    [
      "new prices: SYSTEM, subnetSize 13, referenceSubnetSize 13, ingressScaled apart, creation 5, signature 10_000_000_000",
      { kind: "set-fees", fees: { ...feesOfSystem, creation: cycles(5n), schedule: "normal" } },
    ],
  ])("%s", (words, input) => expect(inputInWords(input)).toBe(words));

  test.each<readonly [string, Event]>([
    [
      "conversion-settled, conversion 0, minted 50, outcome a topped-up with 50 cycles, balance 60",
      {
        kind: "conversion-settled",
        conversion: 0,
        minted: cycles(50n),
        outcome: { kind: "topped-up", canister: a, cycles: cycles(50n), balance: cycles(60n) },
      },
    ],
    [
      "conversion-settled, conversion 1, outcome 3 e8s back, CN0019",
      { kind: "conversion-settled", conversion: 1, minted: cycles(0n), outcome: { kind: "refunded", tokens: e8s(3n), error: "CN0019" } },
    ],
    [
      "conversion-paid, from alice, conversion 0, tokens 7, fee 1",
      { kind: "conversion-paid", from: alice, conversion: 0, tokens: e8s(7n), fee: e8s(1n) },
    ],
    ["transfer-refused, from bob, error CN0016", { kind: "transfer-refused", from: bob, error: "CN0016" }],
  ])("%s", (words, event) => expect(eventInWords(event)).toBe(words));
});
