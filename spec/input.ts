/**
 * What goes in through the door. Nothing happens that is not an input: time and tape come with the round.
 * Every input is legal in every state, so any sub-list of a scenario's inputs is a scenario.
 */
import type { CanisterGenesis } from "./genesis.ts";
import type { Path } from "./certificate.ts";
import type { AccountId, CanisterId, IngressId, MethodName, UserId } from "./identifiers.ts";
import type { FeeTable } from "./fees.ts";
import type { Purpose, Reward } from "./tokens.ts";
import type { NodeNumber, ShareOrigin } from "./committee.ts";
import type { Slice } from "./stream.ts";
import type { Cycles, E8s, Height, Hex, Nanoseconds, Percent } from "./units.ts";

export type Input =
  /** A user submits an ingress message, to a canister or to the management canister. */
  | {
      readonly kind: "ingress";
      readonly id: IngressId;
      /** Who; `anonymous` without a word. */
      readonly sender?: UserId;
      readonly canister: CanisterId;
      readonly method: MethodName;
      readonly payload: Hex;
      /** The time after which the message may no longer begin; by default as late as it may be. @unit nanoseconds */
      readonly expiry?: Nanoseconds;
    }
  /** A user asks; one node answers, on the state as it is now. */
  | {
      readonly kind: "query";
      /** Who; `anonymous` without a word. */
      readonly sender?: UserId;
      readonly canister: CanisterId;
      readonly method: MethodName;
      readonly payload: Hex;
    }
  /** Consensus finalised a block: one round of execution. */
  | {
      readonly kind: "round";
      /** Time since the round before. @unit nanoseconds */
      readonly elapsed: Nanoseconds;
      /** The random tape of the height of this round: 32 bytes. */
      readonly tape: Hex;
      /** What came from other subnets, by subnet id and, for one subnet, in the order given. */
      readonly slices?: readonly Slice[];
      /** What consensus made of requests that left the layer, in the order of the block. */
      readonly answers?: readonly ConsensusAnswer[];
      /**
       * The order in which a machine that runs its cores one after another runs them. It has no meaning: observations
       * are the same for every order. Cores that are not named follow in their own order; a machine with real
       * parallelism ignores it.
       */
      readonly coreOrder?: readonly number[];
      /** Whether a checkpoint of the state is made at the end of the round. Without a word, none is. */
      readonly checkpoint?: boolean;
      /** Where the round is between two checkpoints; without it, the whole capacity for heap delta is there. */
      readonly summary?: CheckpointSummary;
    }
  /** A canister is created, with its code and a balance that is minted. */
  | { readonly kind: "create-canister"; readonly canister: CanisterGenesis }
  /** A canister is deleted. */
  | { readonly kind: "delete-canister"; readonly canister: CanisterId }
  /** The compute allocation of a canister is set. */
  | { readonly kind: "set-compute-allocation"; readonly canister: CanisterId; readonly computeAllocation: Percent }
  /** Cycles are minted onto a canister. */
  | { readonly kind: "top-up"; readonly canister: CanisterId; readonly cycles: Cycles }
  /** The prices change; what was paid or set aside before is not touched by it. */
  | { readonly kind: "set-fees"; readonly fees: FeeTable }
  /** Tokens change hands. */
  | { readonly kind: "transfer"; readonly from: AccountId; readonly to: AccountId; readonly tokens: E8s }
  /** Tokens are paid for a conversion into cycles. */
  | { readonly kind: "pay"; readonly from: AccountId; readonly tokens: E8s; readonly purpose: Purpose }
  /** Somebody asks that a conversion that was paid be carried out. */
  | { readonly kind: "notify"; readonly conversion: number }
  /** Tokens are minted for a node provider or for a neuron. */
  | { readonly kind: "reward"; readonly account: AccountId; readonly reward: Reward }
  /** What a token is worth changes. @unit ten-thousandths of an XDR */
  | { readonly kind: "set-rate"; readonly permyriad: bigint }
  /** The code of a canister is taken away; what it owes is rejected. */
  | { readonly kind: "uninstall"; readonly canister: CanisterId }
  /** A user reads from the certified state: what it says, and what it does not say, at these paths. */
  | {
      readonly kind: "read-state";
      readonly paths: readonly Path[];
      /** Without a word, the anonymous user. */
      readonly sender?: UserId;
    }
  /** A node of the committee learns that the block of this height is final. The genesis is the block of height 0. */
  | { readonly kind: "finalise"; readonly node: NodeNumber; readonly height: Height }
  /** The network hands a node a share of the tape of a height that, so it says, comes from another node. */
  | { readonly kind: "share"; readonly from: NodeNumber; readonly to: NodeNumber; readonly height: Height; readonly origin: ShareOrigin }
  /** The machine writes its whole state out and reads it back. Nothing may change but what a node keeps for itself: what queries used of their budgets is forgotten. */
  | { readonly kind: "restart" };

/** What came of a request that left the layer. @source facts/messages.md F28, F29, RND-7 */
export interface ConsensusAnswer {
  /** Which: the number of its `consensus-asked`. */
  readonly request: number;
  /** What its caller gets; `null` where consensus gave it up. */
  readonly reply: Hex | null;
}

/** What a block says of checkpoints. @source facts/scheduler.md SCH-4.1, SCH-C42 */
export interface CheckpointSummary {
  /** The height of the next round that ends in a checkpoint. */
  readonly nextCheckpoint: Height;
  /** Rounds between two checkpoints, the second one not counted: 499 for a checkpoint every 500 rounds. */
  readonly length: number;
}

export type InputKind = Input["kind"];
