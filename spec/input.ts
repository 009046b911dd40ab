/**
 * What goes in through the door. Nothing happens that is not an input: time and tape come with the round.
 * Every input is legal in every state, so any sub-list of a scenario's inputs is a scenario.
 */
import type { CanisterId, IngressId, MethodName } from "./identifiers.ts";
import type { NodeNumber, ShareOrigin } from "./committee.ts";
import type { Cycles, Height, Hex, Nanoseconds } from "./units.ts";

export type Input =
  /** A user submits an ingress message. */
  | { readonly kind: "ingress"; readonly id: IngressId; readonly canister: CanisterId; readonly method: MethodName; readonly payload: Hex }
  /** Consensus finalised a block: one round of execution. */
  | {
      readonly kind: "round";
      /** Time since the round before. @unit nanoseconds */
      readonly elapsed: Nanoseconds;
      /** The random tape of the height of this round: 32 bytes. */
      readonly tape: Hex;
      /**
       * The order in which a machine that runs its cores one after another runs them. It has no meaning: observations
       * are the same for every order. Cores that are not named follow in their own order; a machine with real
       * parallelism ignores it.
       */
      readonly coreOrder?: readonly number[];
    }
  /** Cycles are minted onto a canister. */
  | { readonly kind: "top-up"; readonly canister: CanisterId; readonly cycles: Cycles }
  /** A node of the committee learns that the block of this height is final. The genesis is the block of height 0. */
  | { readonly kind: "finalise"; readonly node: NodeNumber; readonly height: Height }
  /** The network hands a node a share of the tape of a height that, so it says, comes from another node. */
  | { readonly kind: "share"; readonly from: NodeNumber; readonly to: NodeNumber; readonly height: Height; readonly origin: ShareOrigin }
  /** The machine writes its whole state out and reads it back. Nothing may change. */
  | { readonly kind: "restart" };

export type InputKind = Input["kind"];
