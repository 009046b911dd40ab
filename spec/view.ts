/**
 * The state of a machine in the words of the specification, for people: it is shown where subject and reference part.
 * All lists come in canonical order; the canister list by id.
 */
import type { AccountId, CallbackId, CanisterId, ContextId, IngressId, SubnetId } from "./identifiers.ts";
import type { CanisterStatus } from "./management.ts";
import type { Origin, Result, Task } from "./observation.ts";
import type { Bytes, Cycles, E8s, Height, Hex, Instructions, Nanoseconds, Percent } from "./units.ts";

export interface ContextView {
  readonly id: ContextId;
  readonly origin: Origin;
  readonly status: "open" | "responded" | "deleted";
  readonly available: Cycles;
}

export interface CallbackView {
  readonly id: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  readonly deadline: Nanoseconds | null;
  readonly reserve: Cycles;
}

/** An execution that needs more than a slice. */
export interface ExecutionView {
  readonly status: "paused" | "aborted";
  /** The round in which it was first paused. */
  readonly since: Height;
  readonly prepaid: Cycles;
  /** The name of the prices that this attempt goes by; `null` when aborted. */
  readonly prices: string | null;
  /** Of this attempt; 0 when aborted. */
  readonly slices: number;
  readonly instructions: Instructions;
  /** Fees of ingress inducted while it was paused. */
  readonly postponed: Cycles;
}

export interface CanisterView {
  readonly id: CanisterId;
  readonly computeAllocation: Percent;
  readonly memoryAllocation: Bytes;
  readonly status: CanisterStatus;
  /** How many requests to stop wait with the canister. */
  readonly stops: number;
  /** How many times its code, its settings, its status or its memory changed. */
  readonly version: number;
  /** How many changes of its code and of its controllers there were. */
  readonly changes: number;
  /** Instructions of installations that rounds have not forgiven yet. */
  readonly installDebit: Instructions;
  /** The numbers of its snapshots. */
  readonly snapshots: readonly number[];
  /** The digests of the chunks that it keeps. */
  readonly chunks: readonly Hex[];
  readonly balance: Cycles;
  /** Set aside for memory. */
  readonly reserved: Cycles;
  /** When the canister was last charged for what it occupies. */
  readonly chargedAt: Nanoseconds;
  /** Published: in units of 1/(cores · canisters) percent. Current: in millionths of a percent. */
  readonly accumulatedPriority: bigint;
  /** Full rounds that were not paid yet. */
  readonly executedRounds: number;
  readonly heapDebit: Bytes;
  /** Used of its budget for queries in the window of the time now. */
  readonly queryInstructions: Instructions;
  readonly execution: ExecutionView | null;
  readonly pages: readonly (readonly [page: number, content: Hex])[];
  /** How many pages its stable memory has, written or not. */
  readonly stablePages: number;
  readonly timer: Nanoseconds | null;
  readonly certifiedData: Hex;
  readonly installed: boolean;
  /** What waits to run before messages do, in its order. */
  readonly tasks: readonly Task[];
  /** Which of the tasks and the messages has the next turn. */
  readonly turn: "timer" | "heartbeat" | "message";
  /** Which source of inputs has the next turn. */
  readonly source: "local" | "ingress" | "remote";
  readonly inputs: number;
  readonly outputs: number;
  readonly contexts: readonly ContextView[];
  readonly callbacks: readonly CallbackView[];
}

export type IngressStatus =
  | { readonly kind: "received" }
  | { readonly kind: "processing" }
  /** `time`: when it was answered. */
  | { readonly kind: "answered"; readonly result: Result; readonly time: Nanoseconds }
  /** The answer is forgotten. */
  | { readonly kind: "done"; readonly time: Nanoseconds };

export interface StreamView {
  readonly to: SubnetId;
  /** The index of the first message that the stream still holds, and how many it holds. */
  readonly begin: number;
  readonly messages: number;
  /** The index of the first message of the other direction that was not seen yet. */
  readonly signals: number;
}

export interface TokenView {
  readonly permyriad: bigint;
  readonly accounts: readonly (readonly [AccountId, E8s])[];
  /** What was paid and is not settled: its number and the tokens. */
  readonly pending: readonly (readonly [number, E8s])[];
}

export interface StateView {
  readonly height: Height;
  readonly time: Nanoseconds;
  readonly canisters: readonly CanisterView[];
  readonly ingress: readonly (readonly [IngressId, IngressStatus])[];
  readonly waitingForManagement: number;
  readonly waitingForRandomness: number;
  readonly waitingForConsensus: number;
  /** Heap delta since the last checkpoint. */
  readonly heapDelta: Bytes;
  readonly streams: readonly StreamView[];
  /** The name of the prices that hold. */
  readonly prices: string;
  readonly tokens: TokenView | null;
}
