/**
 * Tokens (ICP): what they are converted into cycles with. A token is 10^8 e8s; a trillion cycles cost one XDR; the rate
 * says how many ten-thousandths of an XDR a token is worth, so that one e8 makes exactly that many cycles.
 * @source facts/cycles.md section 7; seed 000, the token economics
 */
import type { ErrorCode } from "./codes.ts";
import type { AccountId, CanisterId } from "./identifiers.ts";
import type { Cycles, E8s, Nanoseconds } from "./units.ts";

export interface TokenGenesis {
  readonly accounts: readonly { readonly account: AccountId; readonly balance: E8s }[];
  /** What a token is worth, in ten-thousandths of an XDR; at least 1. @source facts/cycles.md CYC-7.1 */
  readonly permyriad: bigint;
  /** Burned for each transfer. @unit e8s @source facts/cycles.md CYC-7.5 */
  readonly transferFee: E8s;
  /** Kept, and burned, when a conversion fails. @unit e8s @source facts/cycles.md CYC-7.2 */
  readonly penalties: { readonly topUp: E8s; readonly create: E8s };
  /** Most cycles that are minted in a window of this length. @source facts/cycles.md CYC-7.3 */
  readonly mintLimit: Cycles;
  /** @unit nanoseconds */
  readonly mintWindow: Nanoseconds;
}

/** What a conversion is for. */
export type Purpose =
  { readonly kind: "top-up"; readonly canister: CanisterId } | { readonly kind: "create"; readonly canister: CanisterId };

/** A reward: in XDR, which the rate of the day turns into tokens, or in tokens. */
export type Reward = { readonly unit: "xdr"; readonly permyriad: bigint } | { readonly unit: "tokens"; readonly tokens: E8s };

/** How a conversion ended. */
export type Conversion =
  /** The tokens are burned; the canister has the cycles, a created one less the fee of its creation. */
  | { readonly kind: "topped-up" | "created"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles }
  /** The tokens, less the penalty, are back on the account that paid. */
  | { readonly kind: "refunded"; readonly tokens: E8s; readonly error: ErrorCode };

/** Where all tokens are: `accounts + pending + burned = minted`. */
export interface TokenLedger {
  readonly accounts: E8s;
  /** Paid for conversions that are not settled. */
  readonly pending: E8s;
  /** Gone for good, since genesis. */
  readonly burned: E8s;
  /** Come into being, genesis included. */
  readonly minted: E8s;
}

/** What happened to tokens. */
export type TokenEvent =
  | {
      readonly kind: "tokens-transferred";
      readonly from: AccountId;
      readonly to: AccountId;
      readonly tokens: E8s;
      /** Burned. */
      readonly fee: E8s;
    }
  /** The minting canister holds the tokens for a conversion, which has this number. */
  | {
      readonly kind: "conversion-paid";
      readonly from: AccountId;
      readonly conversion: number;
      readonly tokens: E8s;
      /** Burned. */
      readonly fee: E8s;
    }
  | { readonly kind: "transfer-refused"; readonly from: AccountId; readonly error: ErrorCode }
  /** `minted`: cycles that came into being for it. */
  | { readonly kind: "conversion-settled"; readonly conversion: number; readonly minted: Cycles; readonly outcome: Conversion }
  | { readonly kind: "conversion-refused"; readonly conversion: number; readonly error: ErrorCode }
  | { readonly kind: "reward-minted"; readonly account: AccountId; readonly tokens: E8s }
  | { readonly kind: "rate-set"; readonly permyriad: bigint };
