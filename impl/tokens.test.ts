/** Tokens: transfers, rewards, and conversions in all of their outcomes. */
import { describe, expect, test } from "vitest";
import {
  accountId,
  canisterId,
  cycles,
  e8s,
  nanoseconds,
  type Genesis,
  type Input,
  type Observation,
  type Purpose,
  type Reward,
  type TokenGenesis,
} from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { call, ingress, networked, round, smallParameters, smallWorld } from "./small-world.ts";

/** A token, in e8s, is worth 7 cycles each; ann has 1000 of them, a transfer burns 3, and 100 cycles are made in 10 nanoseconds. */
const terms: TokenGenesis = {
  accounts: [{ account: accountId("ann"), balance: e8s(1_000n) }],
  permyriad: 7n,
  transferFee: e8s(3n),
  penalties: { topUp: e8s(2n), create: e8s(20n) },
  mintLimit: cycles(100n),
  mintWindow: nanoseconds(10n),
};

const world = (said: Partial<TokenGenesis> = {}, creation = 0n): Genesis => ({
  ...networked(smallWorld({ a: {} }, { fees: { ...smallParameters.fees, creation: cycles(creation) } }), "s0", { far: "s1" }),
  tokens: { ...terms, ...said },
});
const rich: Partial<TokenGenesis> = { mintLimit: cycles(10_000n) };

const transfer = (from: string, to: string, tokens: bigint): Input => ({
  kind: "transfer",
  from: accountId(from),
  to: accountId(to),
  tokens: e8s(tokens),
});
const pay = (tokens: bigint, kind: Purpose["kind"], canister: string, from = "ann"): Input => ({
  kind: "pay",
  from: accountId(from),
  tokens: e8s(tokens),
  purpose: { kind, canister: canisterId(canister) },
});
const notify = (conversion: number): Input => ({ kind: "notify", conversion });
const reward = (account: string, said: Reward): Input => ({ kind: "reward", account: accountId(account), reward: said });
const rate = (permyriad: bigint): Input => ({ kind: "set-rate", permyriad });

/** What comes of it when these tokens are paid for this and it is asked for. The number is that of the conversion. */
const converted = (session: EngineSession, tokens: bigint, kind: Purpose["kind"], canister: string): Observation => {
  const [paid] = session.apply(pay(tokens, kind, canister)).events;
  if (paid?.kind !== "conversion-paid") throw new Error("nothing was paid");
  return session.apply(notify(paid.conversion));
};
const accounts = (session: EngineSession) => session.view().tokens!.accounts;

describe("tokens", () => {
  test("change hands, and each transfer burns a fee", () => {
    const session = boot(world());
    const { events, tokens } = session.apply(transfer("ann", "bob", 400n));
    expect(events).toEqual([{ kind: "tokens-transferred", from: "ann", to: "bob", tokens: 400n, fee: 3n }]);
    expect(tokens).toEqual({ accounts: 997n, pending: 0n, burned: 3n, minted: 1_000n });
    session.apply(transfer("ann", "ann", 100n));
    expect(accounts(session)).toEqual([
      ["ann", 594n],
      ["bob", 400n],
    ]);
  });

  test("do so to the last one, and stay where they do not cover the fee", () => {
    const session = boot(world());
    for (const input of [transfer("ann", "bob", 998n), transfer("bob", "ann", 0n), pay(998n, "top-up", "a"), pay(1n, "top-up", "a", "bob")])
      expect(session.apply(input).events).toMatchObject([{ kind: "transfer-refused", error: "CN0016" }]);
    expect(session.apply(transfer("ann", "bob", 997n)).events).toMatchObject([{ kind: "tokens-transferred" }]);
    expect(session.apply(transfer("ann", "bob", 0n)).events).toMatchObject([{ from: "ann", error: "CN0016" }]);
  });

  test("are minted as rewards, in XDR at the rate of the moment, rounded down", () => {
    const session = boot(world());
    const rewarded = (said: Reward) => session.apply(reward("cleo", said)).events;
    expect(rewarded({ unit: "tokens", tokens: e8s(5n) })).toEqual([{ kind: "reward-minted", account: "cleo", tokens: 5n }]);
    expect(rewarded({ unit: "xdr", permyriad: 1n })).toMatchObject([{ tokens: 14_285_714n }]);
    expect(session.apply(rate(30_000n)).events).toEqual([{ kind: "rate-set", permyriad: 30_000n }]);
    expect(rewarded({ unit: "xdr", permyriad: 1n })).toMatchObject([{ tokens: 3_333n }]);
    expect(session.apply(rate(1n)).tokens).toMatchObject({ accounts: 14_290_052n, minted: 14_290_052n, burned: 0n });
  });

  test("do not exist in a world without them, where nothing of this has an event", () => {
    const session = boot(smallWorld({ a: {} }));
    const told = { unit: "tokens", tokens: e8s(1n) } as const;
    for (const input of [transfer("ann", "bob", 0n), pay(0n, "top-up", "a"), notify(0), reward("ann", told), rate(9n)]) {
      const { events, ledger, ...rest } = session.apply(input);
      expect([events, ledger.float, "tokens" in rest]).toEqual([[], 0n, false]);
    }
    expect(session.view().tokens).toBeNull();
  });
});

describe("a conversion", () => {
  test("holds the tokens until it is carried out, and then burns them: all of their cycles arrive", () => {
    const session = boot(world());
    const paid = session.apply(pay(14n, "top-up", "a"));
    expect(paid.events).toEqual([{ kind: "conversion-paid", from: "ann", conversion: 0, tokens: 14n, fee: 3n }]);
    expect(paid.tokens).toEqual({ accounts: 983n, pending: 14n, burned: 3n, minted: 1_000n });
    expect(session.view().tokens!.pending).toEqual([[0, 14n]]);
    const { events, ledger, tokens } = session.apply(notify(0));
    const outcome = { kind: "topped-up", canister: "a", cycles: 98n, balance: 100_098n };
    expect(events).toEqual([{ kind: "conversion-settled", conversion: 0, minted: 98n, outcome }]);
    expect(tokens).toEqual({ accounts: 983n, pending: 0n, burned: 17n, minted: 1_000n });
    expect([ledger.balances, ledger.minted, ledger.float]).toEqual([100_098n, 100_098n, 0n]);
  });

  // facts/cycles.md CYC-7.1
  test.each([
    [100_000_000n, 35_000n, 3_500_000_000_000n],
    [1n, 1n, 1n],
    [123_456_789n, 98_765n, 12_193_209_765_585n],
  ])("of %d e8s at %d ten-thousandths of an XDR makes %d cycles", (tokens, permyriad, worth) => {
    const accounts = [{ account: accountId("ann"), balance: e8s(10n ** 9n) }];
    const session = boot(world({ accounts, permyriad, mintLimit: cycles(10n ** 14n) }));
    expect(converted(session, tokens, "top-up", "a").events).toMatchObject([{ minted: worth, outcome: { cycles: worth } }]);
  });

  test("is carried out once, whoever asks, and only when it was paid", () => {
    const session = boot(world());
    expect(session.apply(notify(0)).events).toEqual([{ kind: "conversion-refused", conversion: 0, error: "CN0017" }]);
    converted(session, 1n, "top-up", "a");
    expect(session.apply(notify(0)).events).toEqual([{ kind: "conversion-refused", conversion: 0, error: "CN0018" }]);
    converted(session, 1n, "top-up", "nobody");
    expect(session.apply(notify(1)).events).toMatchObject([{ error: "CN0018" }]);
    for (const number of [2, -1, 0.5]) expect(session.apply(notify(number)).events).toMatchObject([{ error: "CN0017" }]);
  });

  test("goes by the rate of the moment in which it is carried out", () => {
    const session = boot(world());
    session.apply(pay(2n, "top-up", "a"));
    session.apply(rate(50n));
    expect(session.apply(notify(0)).events).toMatchObject([{ minted: 100n, outcome: { cycles: 100n } }]);
  });

  test("creates a canister that is empty, pays for its creation, and can be topped up", () => {
    const session = boot(world(rich, 200n));
    const { events, ledger } = converted(session, 100n, "create", "b");
    expect(events).toMatchObject([{ minted: 700n, outcome: { kind: "created", canister: "b", cycles: 700n, balance: 500n } }]);
    expect([ledger.balances, ledger.minted, ledger.burned]).toEqual([100_500n, 100_700n, 200n]);
    expect(session.view().canisters[1]).toMatchObject({ id: "b", balance: 500n, installed: false, computeAllocation: 0, chargedAt: 1000n });
    expect(session.apply(ingress("i", "b")).events).toMatchObject([{ error: "IC0537" }]);
    expect(converted(session, 1n, "top-up", "b").events).toMatchObject([{ outcome: { kind: "topped-up", balance: 507n } }]);
    const restarted = session.apply({ kind: "restart" });
    expect(session.apply(round(0n)).stateRoot).toBe(restarted.stateRoot);
  });

  test("may create a canister with nothing, and none for less than the fee", () => {
    const session = boot(world(rich, 70n));
    expect(converted(session, 10n, "create", "b").events).toMatchObject([{ outcome: { kind: "created", cycles: 70n, balance: 0n } }]);
    expect(converted(session, 9n, "create", "c").events).toMatchObject([{ outcome: { kind: "refunded", error: "IC0403" } }]);
  });

  test.each(["a", "far", "aaaaa-aa", "gone"])("creates none with the id %s, which is or was somebody's", (id) => {
    const session = boot(world(rich, 200n));
    session.apply({ kind: "create-canister", canister: smallWorld({ gone: {} }).canisters[0]! });
    session.apply({ kind: "delete-canister", canister: canisterId("gone") });
    expect(converted(session, 1n, "create", id).events).toMatchObject([{ outcome: { kind: "refunded", error: "IC0205" } }]);
  });

  test("that fails gives the tokens back, less the penalty of its purpose, at most all of them", () => {
    const session = boot(world(rich, 10_000n));
    const failed = (tokens: bigint, kind: Purpose["kind"]) => converted(session, tokens, kind, "nobody");
    expect(failed(50n, "top-up").events).toMatchObject([{ outcome: { kind: "refunded", tokens: 48n, error: "IC0301" } }]);
    expect(failed(1n, "top-up").events).toMatchObject([{ outcome: { kind: "refunded", tokens: 0n } }]);
    const { events, tokens } = failed(50n, "create");
    expect(events).toMatchObject([{ outcome: { kind: "refunded", tokens: 30n, error: "IC0403" } }]);
    expect(tokens).toEqual({ accounts: 1_000n - 9n - 2n - 1n - 20n, pending: 0n, burned: 32n, minted: 1_000n });
    expect(accounts(session)).toEqual([["ann", 968n]]);
  });

  test("that fails leaves its cycles with the minting canister, which uses them first", () => {
    const session = boot(world());
    const { events, ledger } = converted(session, 10n, "top-up", "nobody");
    expect(events).toMatchObject([{ minted: 70n, outcome: { kind: "refunded" } }]);
    expect([ledger.float, ledger.minted]).toEqual([70n, 100_070n]);
    expect(converted(session, 4n, "top-up", "a")).toMatchObject({ events: [{ minted: 0n }], ledger: { float: 42n, minted: 100_070n } });
    expect(converted(session, 8n, "top-up", "a")).toMatchObject({ events: [{ minted: 14n }], ledger: { float: 0n, balances: 100_084n } });
  });
});

describe("no more cycles than the limit", () => {
  test("are minted in a window, which goes on with time; what is beyond fails and mints nothing", () => {
    const session = boot(world());
    const mint = (tokens: bigint) => {
      const [event] = converted(session, tokens, "top-up", "a").events;
      return event?.kind === "conversion-settled" ? [event.minted, event.outcome.kind === "refunded" ? event.outcome.error : null] : [];
    };
    expect(mint(8n)).toEqual([56n, null]); // at 1000
    session.apply(round(4n));
    expect(mint(7n)).toEqual([0n, "CN0019"]);
    expect(mint(6n)).toEqual([42n, null]); // at 1004
    session.apply(round(5n));
    expect(mint(1n)).toEqual([0n, "CN0019"]); // 98 were made since 999, and 7 more are too many
    session.apply(round(1n));
    expect(mint(8n)).toEqual([56n, null]); // at 1010, when the first is over
    session.apply({ kind: "restart" });
    expect(mint(1n)).toEqual([0n, "CN0019"]);
    session.apply(round(4n));
    expect(mint(6n)).toEqual([42n, null]);
  });

  test("are minted, but as many as the limit; what the minting canister has does not count", () => {
    const session = boot(world({ permyriad: 50n }));
    expect(converted(session, 2n, "top-up", "nobody").events).toMatchObject([{ minted: 100n }]);
    expect(converted(session, 2n, "top-up", "a").events).toMatchObject([{ minted: 0n, outcome: { kind: "topped-up", cycles: 100n } }]);
    expect(converted(session, 1n, "top-up", "a")).toMatchObject({
      events: [{ minted: 0n, outcome: { error: "CN0019" } }],
      ledger: { float: 0n },
    });
  });

  test("are minted at any moment, where the window has no length", () => {
    const session = boot(world({ mintWindow: nanoseconds(0n) }));
    for (const _ of [1, 2, 3]) expect(converted(session, 14n, "top-up", "a").events).toMatchObject([{ minted: 98n }]);
    expect(converted(session, 15n, "top-up", "a").events).toMatchObject([{ outcome: { error: "CN0019" } }]);
  });
});

test("a canister that a conversion creates finds what was sent to its id on the way", () => {
  const genesis = { ...smallWorld({ a: { go: [call("b")] } }), tokens: { ...terms, ...rich } };
  const session = boot(genesis);
  session.apply(ingress("i", "a"));
  converted(session, 1n, "create", "b");
  expect(session.apply(round()).events).toMatchObject(
    expect.arrayContaining([{ kind: "request-inducted", caller: "a", callee: "b", callback: 0 }]),
  );
});

test("a restart keeps accounts, payments, the rate, the float and what counts against the limit", () => {
  const inputs = [
    transfer("ann", "bob", 30n),
    pay(4n, "top-up", "nobody"),
    pay(5n, "top-up", "a", "bob"),
    rate(9n),
    notify(0),
    round(3n),
    pay(2n, "create", "b"),
    notify(1),
    notify(2),
    pay(9n, "top-up", "b"),
    notify(3),
    notify(3),
  ];
  const outcomes = [false, true].map((restarts) => {
    const session = boot(world());
    return inputs.map((input) => {
      if (restarts) session.apply({ kind: "restart" });
      return [session.apply(input), session.view()];
    });
  });
  expect(outcomes[1]).toEqual(outcomes[0]);
});
