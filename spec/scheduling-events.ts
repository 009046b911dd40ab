/**
 * What the scheduler tells: executions of more than one slice, canisters that rest, rounds that are skipped, priorities, and
 * canisters that come, go and change what they reserve.
 */
import type { ErrorCode } from "./codes.ts";
import type { CanisterId } from "./identifiers.ts";
import type { Cause } from "./observation.ts";
import type { Bytes, Cycles, Height, Instructions, Percent } from "./units.ts";

/** What happened to an execution of more than one slice, and to its canister. */
export type SlicingEvent =
  /** A slice ended and the execution did not. `slices` and `instructions` count from the start of this attempt. */
  | {
      readonly kind: "execution-paused";
      readonly canister: CanisterId;
      readonly cause: Cause;
      readonly slices: number;
      readonly instructions: Instructions;
      /** Held for the execution, taken from the balance; 0 for a response, whose callback goes on holding it. */
      readonly prepaid: Cycles;
      /** The round in which the execution was first paused. */
      readonly since: Height;
      readonly balance: Cycles;
    }
  /** A slice begins of an execution that was paused, or, with `afresh`, of one that was aborted. */
  | { readonly kind: "execution-resumed"; readonly canister: CanisterId; readonly afresh: boolean }
  /** Follows `executed` where the execution had been paused. `postponed` left the balance for ingress inducted meanwhile. */
  | {
      readonly kind: "execution-finished";
      readonly canister: CanisterId;
      readonly slices: number;
      readonly since: Height;
      readonly postponed: Cycles;
    }
  /** The slices of this attempt, so many instructions, count for nothing. `postponed` left the balance for ingress inducted meanwhile. */
  | {
      readonly kind: "execution-aborted";
      readonly canister: CanisterId;
      readonly slices: number;
      readonly instructions: Instructions;
      readonly postponed: Cycles;
      readonly balance: Cycles;
    };

/** What the scheduler and the limits did. Accumulated priority is in millionths of a percent. */
export type SchedulingEvent =
  /** The heap delta of the subnet has reached its limit: nothing is executed in this round. */
  | { readonly kind: "round-skipped"; readonly height: Height; readonly heapDelta: Bytes; readonly limit: Bytes }
  /** The heap debit of the canister is too high: it takes no more turns in this round. */
  | { readonly kind: "canister-suspended"; readonly iteration: number; readonly canister: CanisterId; readonly heapDebit: Bytes }
  /**
   * In the current scheduler, at the end of the round: the canister had a full round. `unpaid`: executed rounds that it
   * still owes; `priority`: its accumulated priority when the round is over.
   */
  | { readonly kind: "full-round"; readonly canister: CanisterId; readonly unpaid: number; readonly priority: bigint }
  /** In the current scheduler, at the end of the round: what all canisters paid, got by allocation, lost by decay and got of the rest. */
  | {
      readonly kind: "priorities-settled";
      readonly charged: bigint;
      readonly granted: bigint;
      /** Negative where more priority than debt decayed. */
      readonly decayed: bigint;
      readonly shared: bigint;
      /** The sum of all accumulated priorities. */
      readonly total: bigint;
    };

/** Canisters come, go, and change what they reserve. */
export type MembershipEvent =
  | {
      readonly kind: "canister-created";
      readonly canister: CanisterId;
      readonly computeAllocation: Percent;
      readonly balance: Cycles;
    }
  | { readonly kind: "canister-create-refused"; readonly canister: CanisterId; readonly error: ErrorCode }
  /** `burned`: what was its balance. */
  | { readonly kind: "canister-deleted"; readonly canister: CanisterId; readonly burned: Cycles }
  | { readonly kind: "canister-delete-refused"; readonly canister: CanisterId; readonly error: ErrorCode }
  | { readonly kind: "allocation-set"; readonly canister: CanisterId; readonly computeAllocation: Percent }
  | { readonly kind: "allocation-refused"; readonly canister: CanisterId; readonly error: ErrorCode };
