/**
 * Messages between subnets. A subnet keeps one stream for each subnet that it writes to, itself included: an indexed list
 * of messages, which stay until the other side says by its signals that it has seen them. What travels is a slice: some
 * messages of a stream from an index on, and the signals for the stream of the other direction.
 */
import type { CallbackId, CanisterId, MethodName, SubnetId } from "./identifiers.ts";
import type { Result } from "./observation.ts";
import type { Cycles, Hex, Nanoseconds } from "./units.ts";

/** A message on its way; `deadline` is `null` where the response is guaranteed. */
export type StreamMessage =
  | {
      readonly kind: "request";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly callee: CanisterId;
      readonly method: MethodName;
      readonly payload: Hex;
      readonly attached: Cycles;
      readonly deadline: Nanoseconds | null;
    }
  | {
      readonly kind: "response";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly respondent: CanisterId;
      readonly result: Result;
      readonly refund: Cycles;
      readonly deadline: Nanoseconds | null;
    }
  /** Cycles of a best-effort message that was dropped, on their way back to whom they belong. */
  | { readonly kind: "refund"; readonly canister: CanisterId; readonly cycles: Cycles };

/** A part of the stream that another subnet keeps for this one. */
export interface Slice {
  readonly from: SubnetId;
  /** The index of the first message. */
  readonly begin: number;
  readonly messages: readonly StreamMessage[];
  /** The index of the first message of the stream of this subnet that the other one has not seen. */
  readonly signals: number;
}

/** Where the canisters of other subnets are. */
export interface Route {
  readonly canister: CanisterId;
  readonly subnet: SubnetId;
}

/** The place of a subnet among others. */
export interface Network {
  readonly own: SubnetId;
  /** In any order: the order has no meaning. Its own canisters need no route. */
  readonly routes: readonly Route[];
}
