/**
 * The committee of a subnet: the nodes that make its random tape together. A genesis may name one; then every round
 * needs a tape that the committee made, and the making of it is part of the scenario.
 */
import type { ErrorCode } from "./codes.ts";
import { bytes, type Bytes, type Height, type Hex } from "./units.ts";

/** A node, counted from 1. */
export type NodeNumber = number;

export interface Committee {
  /** How many nodes there are. On the network 3f + 1, where f may be faulty. */
  readonly nodes: number;
  /** So many shares make a tape: on the network f + 1. */
  readonly threshold: number;
  /** What determines the secret that was dealt to the nodes, 32 bytes. It stands for the distributed key generation. */
  readonly dealing: Hex;
  /**
   * Whose tape the round of height h executes with: that of h + offset. The code has 0; the published description has 1.
   * @source facts/messages.md J8; seed 003, random tape
   */
  readonly offset: 0 | 1;
}

/** How a share comes to be under way. */
export type ShareOrigin =
  /** Its node released it, as the protocol has it. */
  | { readonly kind: "released" }
  /** Its node is faulty, and gives its true share away before its time. */
  | { readonly kind: "leaked" }
  /** Somebody made it up. */
  | { readonly kind: "forged"; readonly share: Hex };

/** The size of a share: a signature in G1, compressed. @unit bytes */
export const shareSize: Bytes = bytes(48);

/** What becomes of a tape, and of the round that needs it. */
export type CommitteeEvent =
  /** The tape of the round is not that of the committee, or not there yet: nothing was executed. */
  | { readonly kind: "round-refused"; readonly height: Height; readonly error: ErrorCode }
  | { readonly kind: "block-finalised"; readonly node: NodeNumber; readonly height: Height }
  | { readonly kind: "block-refused"; readonly node: NodeNumber; readonly height: Height; readonly error: ErrorCode }
  /** A node made its share of the tape of this height known to everybody. */
  | { readonly kind: "share-released"; readonly node: NodeNumber; readonly height: Height; readonly share: Hex }
  | { readonly kind: "share-admitted"; readonly node: NodeNumber; readonly from: NodeNumber; readonly height: Height }
  | {
      readonly kind: "share-refused";
      readonly node: NodeNumber;
      readonly from: NodeNumber;
      readonly height: Height;
      readonly error: ErrorCode;
    }
  /** A node has the tape of this height, 32 bytes. */
  | { readonly kind: "tape-made"; readonly node: NodeNumber; readonly height: Height; readonly tape: Hex };
