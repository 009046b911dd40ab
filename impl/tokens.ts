/**
 * Tokens: who holds them, what one is worth, and what waits to be turned into cycles. What the ledger says of them is kept up to date;
 * of past mintings only those are remembered that still count against the limit.
 */
import {
  byId,
  conversionPay,
  e8s,
  tokensTransfer,
  type AccountId,
  type E8s,
  type Input,
  type Nanoseconds,
  type Purpose,
  type TokenGenesis,
  type TokenLedger,
  type TokenView,
} from "../spec/index.ts";
import { refusalOf } from "./refusals.ts";
import type { Engine } from "./state.ts";

/** Paid for a conversion that is not settled. */
export interface Payment {
  readonly from: AccountId;
  readonly tokens: E8s;
  readonly purpose: Purpose;
}

/** Cycles that came into being at this time. */
export interface Minting {
  readonly time: Nanoseconds;
  readonly cycles: bigint;
}

export interface Tokens {
  readonly terms: TokenGenesis;
  /** What a token is worth. @unit ten-thousandths of an XDR */
  permyriad: bigint;
  readonly accounts: Map<AccountId, E8s>;
  /** Conversions that are not settled, by number. */
  readonly payments: Map<number, Payment>;
  /** How many conversions there were: the number of the next one. */
  paid: number;
  /** Cycles that the minting canister holds. */
  float: bigint;
  /** The mintings that count, oldest first; also some that did until lately. */
  readonly mintings: Minting[];
  /** All cycles of these. */
  counted: bigint;
  /** The ledger: on all accounts, paid and not settled, gone, come into being. @unit e8s */
  readonly totals: { accounts: bigint; pending: bigint; burned: bigint; minted: bigint };
}

/** As at genesis. */
export const tokensOf = (terms: TokenGenesis): Tokens => {
  const endowed = terms.accounts.reduce((sum, { balance }) => sum + balance, 0n);
  return {
    terms,
    permyriad: terms.permyriad,
    accounts: new Map(terms.accounts.map(({ account, balance }) => [account, balance])),
    payments: new Map(),
    paid: 0,
    float: 0n,
    mintings: [],
    counted: 0n,
    totals: { accounts: endowed, pending: 0n, burned: 0n, minted: endowed },
  };
};

const notTransferable = refusalOf(tokensTransfer.when.funded);
const notPayable = refusalOf(conversionPay.when.funded);

/** @rule tokens-transfer */
export const transfer = (engine: Engine, { from, to, tokens: sent }: Extract<Input, { kind: "transfer" }>): void => {
  const { tokens, events } = engine;
  if (tokens === null) return;
  if (!withdraw(tokens, from, sent)) return void events.push({ kind: "transfer-refused", from, error: notTransferable });
  deposit(tokens, to, sent);
  events.push({ kind: "tokens-transferred", from, to, tokens: sent, fee: tokens.terms.transferFee });
};

/** @rule conversion-pay */
export const pay = (engine: Engine, { from, tokens: sent, purpose }: Extract<Input, { kind: "pay" }>): void => {
  const { tokens, events } = engine;
  if (tokens === null) return;
  if (!withdraw(tokens, from, sent)) return void events.push({ kind: "transfer-refused", from, error: notPayable });
  const conversion = tokens.paid++;
  tokens.payments.set(conversion, { from, tokens: sent, purpose });
  tokens.totals.pending += sent;
  events.push({ kind: "conversion-paid", from, conversion, tokens: sent, fee: tokens.terms.transferFee });
};

/** @rule reward-mint */
export const mintReward = ({ tokens, events }: Engine, { account, reward }: Extract<Input, { kind: "reward" }>): void => {
  if (tokens === null) return;
  const minted = reward.unit === "tokens" ? reward.tokens : e8s((reward.permyriad * e8sOfToken) / tokens.permyriad);
  tokens.totals.minted += minted;
  deposit(tokens, account, minted);
  events.push({ kind: "reward-minted", account, tokens: minted });
};

/** @rule rate-set */
export const setRate = ({ tokens, events }: Engine, { permyriad }: Extract<Input, { kind: "set-rate" }>): void => {
  if (tokens === null) return;
  tokens.permyriad = permyriad;
  events.push({ kind: "rate-set", permyriad });
};

/** An account has more tokens; that they come from somewhere is the caller's affair. */
export const deposit = ({ accounts, totals }: Tokens, account: AccountId, more: E8s): void => {
  accounts.set(account, e8s(heldBy(accounts, account) + more));
  totals.accounts += more;
};

export const tokenLedger = ({ totals: { accounts, pending, burned, minted } }: Tokens): TokenLedger => ({
  accounts: e8s(accounts),
  pending: e8s(pending),
  burned: e8s(burned),
  minted: e8s(minted),
});

export const tokenView = ({ permyriad, accounts, payments }: Tokens): TokenView => ({
  permyriad,
  accounts: [...accounts].sort(([left], [right]) => byId(left, right)),
  pending: [...payments].map(([conversion, { tokens }]) => [conversion, tokens]),
});

const e8sOfToken = 10n ** 8n;

const heldBy = (accounts: Tokens["accounts"], account: AccountId): bigint => accounts.get(account) ?? 0n;

/** Takes tokens from an account, with the fee, which is burned; says whether they were there. */
const withdraw = ({ accounts, totals, terms: { transferFee } }: Tokens, account: AccountId, tokens: E8s): boolean => {
  const held = heldBy(accounts, account);
  const taken = tokens + transferFee;
  if (held < taken) return false;
  accounts.set(account, e8s(held - taken));
  totals.accounts -= taken;
  totals.burned += transferFee;
  return true;
};
