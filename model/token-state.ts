/** Tokens, and what makes cycles of them: the part of the state that worlds without tokens do not have. */
import { cycles, e8s, type AccountId, type Cycles, type E8s, type Nanoseconds, type Purpose, type TokenGenesis } from "../spec/index.ts";

/** What was paid to be turned into cycles. */
export interface Paid {
  readonly from: AccountId;
  readonly tokens: E8s;
  readonly purpose: Purpose;
  readonly settled: boolean;
}

/** Tokens, and what makes cycles of them. */
export interface Tokens {
  readonly accounts: ReadonlyMap<AccountId, E8s>;
  readonly permyriad: bigint;
  /** By number. */
  readonly conversions: readonly Paid[];
  readonly minted: E8s;
  readonly burned: E8s;
  /** Cycles that the minting canister holds. */
  readonly float: Cycles;
  /** Cycles that were minted, and when. */
  readonly mintings: readonly { readonly time: Nanoseconds; readonly cycles: Cycles }[];
  readonly said: TokenGenesis;
}

/** The tokens of a genesis. */
export const bootTokens = (said: TokenGenesis): Tokens => ({
  accounts: new Map(said.accounts.map(({ account, balance }) => [account, balance])),
  permyriad: said.permyriad,
  conversions: [],
  minted: e8s(said.accounts.reduce((sum, { balance }) => sum + balance, 0n)),
  burned: e8s(0n),
  float: cycles(0n),
  mintings: [],
  said,
});
