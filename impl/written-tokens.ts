/** Tokens as plain records, and tokens from such records: the sums of what they list are added up again. */
import type { AccountId, E8s } from "../spec/index.ts";
import type { Minting, Payment, Tokens } from "./tokens.ts";

export interface WrittenTokens {
  readonly permyriad: bigint;
  readonly accounts: readonly (readonly [AccountId, E8s])[];
  readonly payments: readonly (readonly [number, Payment])[];
  readonly paid: number;
  readonly float: bigint;
  readonly mintings: readonly Minting[];
  readonly burned: bigint;
  readonly minted: bigint;
}

export const writtenTokens = ({ permyriad, accounts, payments, paid, float, mintings, totals }: Tokens): WrittenTokens => ({
  permyriad,
  accounts: [...accounts],
  payments: [...payments],
  paid,
  float,
  mintings: [...mintings],
  burned: totals.burned,
  minted: totals.minted,
});

/** Into tokens as at genesis. */
export const readTokens = (tokens: Tokens, written: WrittenTokens): void => {
  const { totals, accounts, payments, mintings } = tokens;
  tokens.permyriad = written.permyriad;
  tokens.paid = written.paid;
  tokens.float = written.float;
  Object.assign(totals, { accounts: 0n, burned: written.burned, minted: written.minted });
  for (const [account, balance] of written.accounts) {
    accounts.set(account, balance);
    totals.accounts += balance;
  }
  for (const [conversion, payment] of written.payments) {
    payments.set(conversion, payment);
    totals.pending += payment.tokens;
  }
  for (const minting of written.mintings) {
    mintings.push(minting);
    tokens.counted += minting.cycles;
  }
};
