/** What becomes of a conversion, and of a reward, with the numbers of the network: to the last cycle, and to the last e8. */
import { describe, expect, test } from "vitest";
import { accountId, canisterId, cycles, e8s, nanoseconds, type Genesis, type Purpose } from "../../spec/index.ts";
import { canister, network, world } from "../testing/stories.ts";
import { mintedLately, rewarded, settlementOf, type TrackedTokens } from "./tokens.ts";
import { openWorld, type World } from "./world.ts";

const hour = 3_600_000_000_000n;

/** As on the network: 150 quadrillion cycles an hour, half a trillion for a canister. */
const genesis: Genesis = {
  ...world([canister("a", {})], { fees: { ...network.fees, creation: cycles(500_000_000_000n) } }),
  tokens: {
    accounts: [],
    permyriad: 35_000n,
    transferFee: e8s(10_000n),
    penalties: { topUp: e8s(20_000n), create: e8s(40_000n) },
    mintLimit: cycles(150n * 10n ** 15n),
    mintWindow: nanoseconds(hour),
  },
};

const opened = (change: Partial<TrackedTokens> = {}): { readonly world: World; readonly book: TrackedTokens } => {
  const here = openWorld(genesis);
  return { world: here, book: Object.assign(here.tokens!, change) };
};
const converted = (tokens: bigint, kind: Purpose["kind"], id: string, change: Partial<TrackedTokens> = {}) => {
  const { world: here, book } = opened(change);
  return settlementOf(here, book, { sender: accountId("alice"), tokens, purpose: { kind, canister: canisterId(id) }, settled: false });
};

describe("a conversion", () => {
  test.each([
    [100_000_000n, 35_000n, 3_500_000_000_000n],
    [1n, 1n, 1n],
    [123_456_789n, 98_765n, 12_193_209_765_585n],
  ])("of %s e8s at a rate of %s makes %s cycles (facts/cycles.md CYC-7.1)", (tokens, permyriad, made) =>
    expect(converted(tokens, "top-up", "a", { permyriad })).toEqual({
      kind: "topped-up",
      cycles: made,
      balance: 1_000n + made,
      minted: made,
    }),
  );

  test("creates a canister with what is left of its cycles", () => {
    expect(converted(20_000_000n, "create", "c")).toMatchObject({ kind: "created", cycles: 700_000_000_000n, balance: 200_000_000_000n });
    expect(converted(14_285_714n, "create", "c")).toMatchObject({ kind: "refunded", error: "IC0403", tokens: 14_245_714n });
    expect(converted(14_285_715n, "create", "c")).toMatchObject({ kind: "created", balance: 25_000n });
  });

  test("that fails costs a penalty, and never more than was paid", () => {
    expect(converted(20_001n, "top-up", "ghost")).toMatchObject({
      kind: "refunded",
      error: "IC0301",
      tokens: 1n,
      minted: 20_001n * 35_000n,
    });
    expect(converted(39_999n, "create", "a")).toMatchObject({ kind: "refunded", error: "IC0205", tokens: 0n });
  });

  test("uses first what is held, and mints what is lacking", () => {
    expect(converted(3n, "top-up", "a", { float: 100_000n })).toMatchObject({ cycles: 105_000n, minted: 5_000n });
    expect(converted(2n, "top-up", "a", { float: 100_000n })).toMatchObject({ cycles: 70_000n, minted: 0n });
  });

  test("may reach the limit, counting what was minted within the hour, and not go beyond", () => {
    const limit = 150n * 10n ** 15n;
    const mintings = [
      { time: -hour, cycles: limit },
      { time: 1n - hour, cycles: limit - 35_000n },
    ];
    expect(mintedLately(opened({ mintings }).book, 0n)).toBe(limit - 35_000n);
    expect(converted(1n, "top-up", "a", { mintings })).toMatchObject({ kind: "topped-up", minted: 35_000n });
    expect(converted(2n, "top-up", "a", { mintings })).toMatchObject({ kind: "refunded", error: "CN0019", minted: 0n });
    expect(converted(2n, "top-up", "a", { mintings, float: 35_000n })).toMatchObject({ kind: "topped-up", minted: 35_000n });
  });
});

test("a reward is what it is worth, rounded down", () => {
  expect(rewarded({ unit: "xdr", permyriad: 35_000n }, 35_000n)).toBe(100_000_000n);
  expect(rewarded({ unit: "xdr", permyriad: 1n }, 300_000_000n)).toBe(0n);
  expect(rewarded({ unit: "xdr", permyriad: 2n }, 3n)).toBe(66_666_666n);
  expect(rewarded({ unit: "tokens", tokens: e8s(5n) }, 3n)).toBe(5n);
});
