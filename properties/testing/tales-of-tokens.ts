/**
 * A story of tokens: each transfer burns 10, a top-up that fails 20, a creation that fails 30, and a creation costs 40 cycles. An e8 makes
 * 2 cycles, later 3; and in 100 nanoseconds at most 500 cycles are minted.
 */
import {
  accountId,
  canisterId,
  cycles,
  e8s,
  nanoseconds,
  type Genesis,
  type Purpose,
  type TokenLedger,
  type Trace,
} from "../../spec/index.ts";
import { began, canister, ended, ingress, network, round, story, world, type Told } from "./stories.ts";

const [alice, bob] = [accountId("alice"), accountId("bob")];

export const bazaar: Genesis = {
  ...world([canister("a", {})], { fees: { ...network.fees, creation: cycles(40n) } }),
  tokens: {
    accounts: [{ account: alice, balance: e8s(1_000n) }],
    permyriad: 2n,
    transferFee: e8s(10n),
    penalties: { topUp: e8s(20n), create: e8s(30n) },
    mintLimit: cycles(500n),
    mintWindow: nanoseconds(100n),
  },
};

const pay = (from: typeof alice, tokens: bigint, kind: Purpose["kind"], id: string): Told["input"] => ({
  kind: "pay",
  from,
  tokens: e8s(tokens),
  purpose: { kind, canister: canisterId(id) },
});
const paid = (from: string, conversion: number, tokens: bigint): object => ({
  kind: "conversion-paid",
  from,
  conversion,
  tokens,
  fee: 10n,
});
const settled = (conversion: number, minted: bigint, outcome: object): object => ({
  kind: "conversion-settled",
  conversion,
  minted,
  outcome,
});
const sums = (accounts: bigint, pending: bigint, burned: bigint, minted = 1_000n): Readonly<Record<keyof TokenLedger, bigint>> => ({
  accounts,
  pending,
  burned,
  minted,
});

/** Somebody hands tokens over; conversions fail, top up, meet the limit and create; and a reward is rounded down. */
export const market: Trace = story(bazaar, [
  {
    input: { kind: "transfer", from: alice, to: bob, tokens: e8s(200n) },
    events: [{ kind: "tokens-transferred", from: "alice", to: "bob", tokens: 200n, fee: 10n }],
    tokens: sums(990n, 0n, 10n),
  },
  {
    input: { kind: "transfer", from: bob, to: alice, tokens: e8s(191n) },
    events: [{ kind: "transfer-refused", from: "bob", error: "CN0016" }],
    tokens: sums(990n, 0n, 10n),
  },
  { input: pay(alice, 100n, "top-up", "ghost"), events: [paid("alice", 0, 100n)], tokens: sums(880n, 100n, 20n) },
  {
    // The cycles were minted, and stay where they are.
    input: { kind: "notify", conversion: 0 },
    events: [settled(0, 200n, { kind: "refunded", tokens: 80n, error: "IC0301" })],
    ledger: { float: 200n, minted: 1_200n },
    tokens: sums(960n, 0n, 40n),
  },
  {
    input: pay(alice, 150n, "top-up", "a"),
    events: [paid("alice", 1, 150n)],
    ledger: { float: 200n, minted: 1_200n },
    tokens: sums(800n, 150n, 50n),
  },
  {
    input: { kind: "notify", conversion: 1 },
    events: [settled(1, 100n, { kind: "topped-up", canister: "a", cycles: 300n, balance: 1_300n })],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(800n, 0n, 200n),
  },
  {
    input: { kind: "notify", conversion: 1 },
    events: [{ kind: "conversion-refused", conversion: 1, error: "CN0018" }],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(800n, 0n, 200n),
  },
  {
    input: { kind: "notify", conversion: 9 },
    events: [{ kind: "conversion-refused", conversion: 9, error: "CN0017" }],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(800n, 0n, 200n),
  },
  {
    input: pay(bob, 150n, "create", "c"),
    events: [paid("bob", 2, 150n)],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(640n, 150n, 210n),
  },
  {
    // 300 cycles were minted just now.
    input: { kind: "notify", conversion: 2 },
    events: [settled(2, 0n, { kind: "refunded", tokens: 120n, error: "CN0019" })],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(760n, 0n, 240n),
  },
  {
    input: round(100n),
    events: [began(1, 100n), ended(1, 0, 0)],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(760n, 0n, 240n),
  },
  {
    input: pay(alice, 100n, "create", "c"),
    events: [paid("alice", 3, 100n)],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(650n, 100n, 250n),
  },
  {
    input: { kind: "set-rate", permyriad: 3n },
    events: [{ kind: "rate-set", permyriad: 3n }],
    ledger: { balances: 1_300n, minted: 1_300n },
    tokens: sums(650n, 100n, 250n),
  },
  {
    input: { kind: "notify", conversion: 3 },
    events: [settled(3, 300n, { kind: "created", canister: "c", cycles: 300n, balance: 260n })],
    ledger: { balances: 1_560n, burned: 40n, minted: 1_600n },
    tokens: sums(650n, 0n, 350n),
  },
  {
    input: ingress("x", "c", "m0"),
    events: [{ kind: "ingress-refused", ingress: "x", error: "IC0537" }],
    ledger: { balances: 1_560n, burned: 40n, minted: 1_600n },
    tokens: sums(650n, 0n, 350n),
  },
  {
    input: { kind: "reward", account: bob, reward: { unit: "xdr", permyriad: 7n } },
    events: [{ kind: "reward-minted", account: "bob", tokens: 233_333_333n }],
    ledger: { balances: 1_560n, burned: 40n, minted: 1_600n },
    tokens: sums(233_333_983n, 0n, 350n, 233_334_333n),
  },
]);
