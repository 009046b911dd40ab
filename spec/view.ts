/**
 * The state of a machine in the words of the specification, for people: it is shown where subject and reference part.
 * All lists come in canonical order; the canister list by id.
 */
import type { CallbackId, CanisterId, ContextId, IngressId } from "./identifiers.ts";
import type { Origin, Result } from "./observation.ts";
import type { Cycles, Height, Hex, Nanoseconds } from "./units.ts";

export interface ContextView {
  readonly id: ContextId;
  readonly origin: Origin;
  readonly status: "open" | "responded";
  readonly available: Cycles;
}

export interface CallbackView {
  readonly id: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  readonly reserve: Cycles;
}

export interface CanisterView {
  readonly id: CanisterId;
  readonly balance: Cycles;
  /** In units of 1/(cores · canisters) percent. */
  readonly accumulatedPriority: bigint;
  readonly pages: readonly (readonly [page: number, content: Hex])[];
  readonly timer: Nanoseconds | null;
  readonly inputs: number;
  readonly outputs: number;
  readonly contexts: readonly ContextView[];
  readonly callbacks: readonly CallbackView[];
}

export type IngressStatus =
  { readonly kind: "received" } | { readonly kind: "processing" } | { readonly kind: "answered"; readonly result: Result };

export interface StateView {
  readonly height: Height;
  readonly time: Nanoseconds;
  readonly canisters: readonly CanisterView[];
  readonly ingress: readonly (readonly [IngressId, IngressStatus])[];
  readonly waitingForRandomness: number;
}
