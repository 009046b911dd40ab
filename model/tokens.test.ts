/** Tokens and what becomes of them: `docs/machine.md`, section 15. */
import { describe, expect, test } from "vitest";
import {
  accountId,
  canisterId,
  cycles,
  drive,
  e8s,
  feesOfSystem,
  nanoseconds,
  type Input,
  type Purpose,
  type Reward,
  type TokenGenesis,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { balanced, canister, eventsOfKind as find, round, world } from "./testing.ts";

const [ann, bob] = [accountId("ann"), accountId("bob")];
const a = canisterId("a");

const said: TokenGenesis = {
  accounts: [
    { account: ann, balance: e8s(1_000n) },
    { account: bob, balance: e8s(0n) },
  ],
  permyriad: 3n,
  transferFee: e8s(10n),
  penalties: { topUp: e8s(20n), create: e8s(40n) },
  mintLimit: cycles(1_000n),
  mintWindow: nanoseconds(100n),
};

const led = (inputs: readonly Input[], more: Partial<TokenGenesis> = {}): Trace => {
  const genesis = {
    ...world([canister("a", {}, { balance: cycles(0n) })], { fees: { ...feesOfSystem, creation: cycles(100n) } }),
    tokens: { ...said, ...more },
  };
  const trace = drive(createModel({ freeze: true }), { genesis, inputs }) as Trace;
  expect(balanced(trace)).toBe(true);
  for (const { observation } of trace.steps) {
    const { accounts, pending, burned, minted } = observation.tokens!;
    expect(accounts + pending + burned).toBe(minted);
  }
  return trace;
};

const transfer = (tokens: bigint): Input => ({ kind: "transfer", from: ann, to: bob, tokens: e8s(tokens) });
const pay = (tokens: bigint, purpose: Purpose = { kind: "top-up", canister: a }): Input => ({
  kind: "pay",
  from: ann,
  tokens: e8s(tokens),
  purpose,
});
const notify = (conversion: number): Input => ({ kind: "notify", conversion });
const create = (id: string): Purpose => ({ kind: "create", canister: canisterId(id) });

const lastOf = (trace: Trace) => trace.steps.at(-1)!.observation;

describe("a transfer", () => {
  test("burns its fee once", () => {
    const trace = led([transfer(990n)]);
    expect(find(trace, "tokens-transferred")).toMatchObject([{ tokens: 990n, fee: 10n }]);
    expect(lastOf(trace).tokens).toEqual({ accounts: 990n, pending: 0n, burned: 10n, minted: 1_000n });
  });
  test("is refused when the account does not cover tokens and fee", () => {
    const trace = led([transfer(991n)]);
    expect(find(trace, "transfer-refused")).toMatchObject([{ error: "CN0016" }]);
    expect(lastOf(trace).tokens).toMatchObject({ accounts: 1_000n, burned: 0n });
  });
});

describe("a conversion", () => {
  test("makes as many cycles as an e8 is worth of ten-thousandths, and burns the tokens", () => {
    const trace = led([pay(100n), notify(0)]);
    expect(find(trace, "conversion-settled")).toMatchObject([
      { minted: 300n, outcome: { kind: "topped-up", canister: "a", cycles: 300n, balance: 300n } },
    ]);
    expect(lastOf(trace)).toMatchObject({ tokens: { burned: 110n, pending: 0n }, ledger: { balances: 300n, float: 0n } });
  });
  test("is made once", () => {
    const trace = led([pay(100n), notify(0), notify(0), notify(1)]);
    expect(find(trace, "conversion-refused").map(({ error }) => error)).toEqual(["CN0018", "CN0017"]);
    expect(lastOf(trace).ledger.balances).toBe(300n);
  });
  test("goes by the rate of the moment in which it is made", () => {
    const trace = led([pay(100n), { kind: "set-rate", permyriad: 5n }, notify(0)]);
    expect(lastOf(trace).ledger.balances).toBe(500n);
  });
  test("returns the tokens less a penalty when the canister is not there; its cycles stay for the next one", () => {
    const gone = led([pay(100n, { kind: "top-up", canister: canisterId("x") }), notify(0), pay(110n), notify(1)]);
    expect(find(gone, "conversion-settled")).toMatchObject([
      { minted: 300n, outcome: { kind: "refunded", tokens: 80n, error: "IC0301" } },
      { minted: 30n, outcome: { kind: "topped-up", cycles: 330n } },
    ]);
    expect(lastOf(gone).ledger).toMatchObject({ minted: 330n, float: 0n, balances: 330n });
  });
  test("returns nothing when the penalty takes all", () => {
    expect(find(led([pay(15n, { kind: "top-up", canister: canisterId("x") }), notify(0)]), "conversion-settled")).toMatchObject([
      { outcome: { tokens: 0n } },
    ]);
  });
  test("creates a canister without code, less the fee", () => {
    const trace = led([pay(100n, create("n")), notify(0), { kind: "top-up", canister: canisterId("n"), cycles: cycles(1n) }]);
    expect(find(trace, "conversion-settled")).toMatchObject([{ outcome: { kind: "created", cycles: 300n, balance: 200n } }]);
    expect(find(trace, "topped-up")).toMatchObject([{ canister: "n", balance: 201n }]);
    expect(lastOf(trace).ledger).toMatchObject({ burned: 100n, minted: 301n });
  });
  test("creates none when the id is taken or the cycles do not cover the fee", () => {
    const trace = led([pay(100n, create("a")), pay(33n, create("n")), notify(0), notify(1)]);
    expect(find(trace, "conversion-settled").map(({ outcome }) => outcome)).toEqual([
      { kind: "refunded", tokens: 60n, error: "IC0205" },
      { kind: "refunded", tokens: 0n, error: "IC0403" },
    ]);
  });
  test("is refunded when it would pass the limit of the window, and made when the window has moved on", () => {
    const trace = led([pay(300n), notify(0), pay(34n), notify(1), round(1, 99n), pay(34n), notify(2), round(1, 1n), pay(34n), notify(3)]);
    expect(find(trace, "conversion-settled").map(({ minted, outcome: { kind } }) => [minted, kind])).toEqual([
      [900n, "topped-up"],
      [0n, "refunded"],
      [0n, "refunded"],
      [102n, "topped-up"],
    ]);
  });
  test("is not forgotten by a restart", () => {
    expect(lastOf(led([pay(100n), { kind: "restart" }, notify(0)])).ledger.balances).toBe(300n);
  });
});

test("a reward in XDR is rounded down", () => {
  const reward = (given: Reward): Input => ({ kind: "reward", account: bob, reward: given });
  const trace = led([reward({ unit: "xdr", permyriad: 2n }), reward({ unit: "tokens", tokens: e8s(5n) })]);
  expect(find(trace, "reward-minted").map(({ tokens }) => tokens)).toEqual([66_666_666n, 5n]);
  expect(lastOf(trace).tokens!.minted).toBe(66_667_671n);
});

test("where there are no tokens, nothing is asked of them", () => {
  const trace = drive(createModel(), { genesis: world([]), inputs: [transfer(1n), notify(0)] }) as Trace;
  expect(trace.steps.flatMap(({ observation }) => observation.events)).toEqual([]);
  expect(lastOf(trace).tokens).toBeUndefined();
});
