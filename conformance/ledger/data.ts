/**
 * Double-entry books of a session, as plain data: every cycle that moved, from which account and to which one. An account is
 * a term of the ledger, and where the term is somebody's, his part of it: cycles in messages, contexts and callbacks count
 * as those of the canister to which they would go back, for nobody else has accepted them yet.
 */
import type { AccountId, CanisterId, SubnetId, TokenLedger } from "../../spec/index.ts";
import type { Place } from "../../properties/index.ts";
import type { FlowName } from "./flows.ts";

/** Of `sent` and `received` the owner is the subnet at the other end; of `minted`, `burned` and `lost` there is none. */
export type Owner = CanisterId | SubnetId | typeof mintingCanister | null;

/** The owner of the cycles that were minted for conversions which then failed: no id, for it is on another subnet. */
export const mintingCanister = "minting canister";

export interface Account {
  readonly place: Place;
  readonly owner: Owner;
}

/** Cycles that moved. What leaves one account enters the other, so the sum of all accounts never changes. */
export interface Posting {
  /** The index of the step in the whole trace, and of the event in its observation, from 0; `null` for the genesis. */
  readonly step: number | null;
  readonly event: number | null;
  /** Where it happened; `null` where no canister of this subnet is involved. */
  readonly canister: CanisterId | null;
  readonly flow: FlowName;
  readonly from: Account;
  readonly to: Account;
  /** Negative only in the books of a broken machine. @unit cycles */
  readonly cycles: bigint;
}

/** What a machine says of an account, and what the postings come to, are not the same. */
export interface Disagreement {
  readonly step: number;
  /** A whole term of the ledger, whoever owns the parts of it, or the balance of one owner. */
  readonly of: "term" | "account";
  readonly account: Account;
  /** What the machine says: its ledger, or the balance that an event told last. @unit cycles */
  readonly expected: bigint;
  /** What the postings come to, less what they were too much, or too little, after the step before. @unit cycles */
  readonly derived: bigint;
  /** `derived - expected`. @unit cycles */
  readonly difference: bigint;
  /** Postings of this step on this account that alone would explain it; else all of them. */
  readonly suspects: readonly Suspect[];
}

export interface Suspect {
  readonly event: number;
  readonly flow: FlowName;
  readonly cycles: bigint;
  /** Whether leaving it out, or making it twice, makes just this difference. */
  readonly exact: boolean;
}

/** How often cycles took a flow, and how many in all. */
export interface Entry {
  readonly flow: FlowName;
  readonly count: number;
  readonly cycles: bigint;
}

export interface CanisterBook {
  readonly canister: CanisterId;
  /** The balance after the genesis; 0 for a canister that was created later. */
  readonly opening: bigint;
  readonly in: readonly Entry[];
  readonly out: readonly Entry[];
  readonly closing: bigint;
}

/** A term of the ledger, after the genesis and at the end. Sources are negative: what came from there is elsewhere now. */
export interface Total {
  readonly place: Place;
  readonly opening: bigint;
  readonly closing: bigint;
}

export type TokenFlowName = "genesis" | "reward" | "transfer" | "transfer fee" | "payment" | "converted tokens" | "returned" | "penalty";

export interface TokenEntry {
  readonly flow: TokenFlowName;
  readonly count: number;
  /** @unit e8s */
  readonly tokens: bigint;
}

/** Where tokens are, or were burned; `minted` are all that ever came into being. @unit e8s */
export interface TokenTotal {
  readonly place: keyof TokenLedger;
  readonly opening: bigint;
  readonly closing: bigint;
}

/** What a machine says of tokens, and what the postings come to, are not the same. */
export interface TokenDisagreement {
  readonly step: number;
  readonly place: keyof TokenLedger;
  readonly expected: bigint;
  readonly derived: bigint;
  readonly difference: bigint;
}

export interface TokenBook {
  readonly flows: readonly TokenEntry[];
  /** By id. @unit e8s */
  readonly accounts: readonly { readonly account: AccountId; readonly opening: bigint; readonly closing: bigint }[];
  readonly totals: readonly TokenTotal[];
  readonly disagreements: readonly TokenDisagreement[];
}

export interface SubnetBook {
  /** `null` when there is only one. */
  readonly subnet: SubnetId | null;
  readonly steps: number;
  readonly flows: readonly Entry[];
  /** By id. */
  readonly canisters: readonly CanisterBook[];
  readonly totals: readonly Total[];
  readonly disagreements: readonly Disagreement[];
  readonly postings: readonly Posting[];
  /** `null` where there are no tokens. */
  readonly tokens: TokenBook | null;
}

export interface LedgerReport {
  readonly report: "canon-ledger";
  readonly version: 1;
  readonly machine: string;
  /** Whether the postings come to what the machine says, everywhere and always. */
  readonly balanced: boolean;
  readonly subnets: readonly SubnetBook[];
}
