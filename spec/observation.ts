/**
 * What comes out through the door, for each input: the events in their order, the ledger, the use of the tape, and
 * the root of the state. It tells all that the layer did with messages and cycles, and nothing about how.
 */
import type { CertificationEvent } from "./certificate.ts";
import type { ManagementMethod } from "./arguments.ts";
import type { ErrorCode, RejectCode } from "./codes.ts";
import type { CommitteeEvent } from "./committee.ts";
import type { CallbackId, CanisterId, ContextId, IngressId, MethodName, SubnetId } from "./identifiers.ts";
import type { ManagementEvent } from "./management.ts";
import type { QueryEvent } from "./queries.ts";
import type { Ledger } from "./ledger.ts";
import type { MembershipEvent, SchedulingEvent, SlicingEvent } from "./scheduling-events.ts";
import type { StreamMessage } from "./stream.ts";
import type { TokenEvent, TokenLedger } from "./tokens.ts";
import type { Bytes, Cycles, Height, Hex, Instructions, Nanoseconds } from "./units.ts";

/** Where an answer goes. */
export type Origin =
  | { readonly kind: "ingress"; readonly ingress: IngressId }
  | { readonly kind: "canister"; readonly canister: CanisterId; readonly callback: CallbackId }
  /** A task of the platform: nobody waits for an answer. */
  | { readonly kind: "system" };

export type Result =
  { readonly kind: "reply"; readonly payload: Hex } | { readonly kind: "reject"; readonly code: RejectCode; readonly error: ErrorCode };

/** What an execution was started by. */
export type Cause =
  /** A call through consensus: ingress or request, to an update or a query. */
  | { readonly kind: "update"; readonly origin: Origin; readonly method: MethodName; readonly attached: Cycles }
  /** The response to a call of this canister. */
  | { readonly kind: "response"; readonly callback: CallbackId; readonly result: "reply" | "reject" }
  | { readonly kind: Task };

/** What the platform runs on a canister without being asked. */
export type Task = "timer" | "heartbeat" | "low-memory";

/** A call that an execution sent. */
export interface SentCall {
  readonly callback: CallbackId;
  readonly callee: CanisterId;
  readonly method: MethodName;
  /** Of the payload. */
  readonly bytes: Bytes;
  readonly attached: Cycles;
  /** When a best-effort call is answered at the latest; `null` for a guaranteed response. */
  readonly deadline: Nanoseconds | null;
  /** Call fee and transmission of the request, burned. */
  readonly fee: Cycles;
  /** Held by the callback, for the transmission of the response and the execution of the callback. */
  readonly reserve: Cycles;
}

/** A call that could not be sent. */
export interface RefusedCall {
  readonly callee: CanisterId;
  readonly error: ErrorCode;
}

export interface Executed {
  readonly kind: "executed";
  readonly canister: CanisterId;
  readonly cause: Cause;
  readonly context: ContextId;
  /** `null` when the execution completed, else the error of its trap. */
  readonly trap: ErrorCode | null;
  /** Whether a cleanup ran after a trapped callback, and how it ended. */
  readonly cleanup: "none" | "completed" | "trapped";
  /** Instructions used, cleanup included, overhead not. */
  readonly instructions: Instructions;
  /** Cycles set aside for the execution: from the balance, or, for a response, from the callback. */
  readonly prepaid: Cycles;
  /** Of those, burned for the execution; the rest went to the balance. */
  readonly charged: Cycles;
  /** For a response: cycles that it brought back, credited to the balance; else 0. */
  readonly refunded: Cycles;
  /** For a response: cycles that the callback held for its transmission; else 0. */
  readonly transmissionReserve: Cycles;
  /** For a response: of those, burned for its transmission; the rest went to the balance. */
  readonly transmissionFee: Cycles;
  readonly accepted: Cycles;
  readonly burned: Cycles;
  /** In the order sent. */
  readonly calls: readonly SentCall[];
  /** Of the balance, set aside for pages that the execution wrote for the first time. */
  readonly reserved: Cycles;
  /** Calls that could not be sent, which the canister learned at once, in their order. */
  readonly refusedCalls: readonly RefusedCall[];
  /** Pages whose content is another than before, by page. */
  readonly wrote: readonly (readonly [page: number, content: Hex])[];
  /** The global timer after the execution. */
  readonly timer: Nanoseconds | null;
  /** The balance after the execution. */
  readonly balance: Cycles;
}

export type Event =
  | SlicingEvent
  | SchedulingEvent
  | MembershipEvent
  | CertificationEvent
  | ManagementEvent
  | CommitteeEvent
  | QueryEvent
  | TokenEvent
  | { readonly kind: "ingress-received"; readonly ingress: IngressId }
  /** At the door: nothing is kept of the message. */
  | { readonly kind: "ingress-refused"; readonly ingress: IngressId; readonly error: ErrorCode }
  /** `canister`: who pays for it, the receiver or the canister that it names to the management canister; `null`, with 0 cycles, when nobody does. */
  | {
      readonly kind: "ingress-inducted";
      readonly ingress: IngressId;
      readonly canister: CanisterId | null;
      readonly fee: Cycles;
      readonly balance: Cycles;
      /** What it asks of the management canister; not said of a message to a canister. */
      readonly asked?: ManagementMethod;
    }
  /** An ingress message that nobody began to execute is too old. Its answer follows. */
  | { readonly kind: "ingress-expired"; readonly ingress: IngressId }
  /** The ingress history no longer knows the answer, only that there was one. */
  | { readonly kind: "ingress-forgotten"; readonly ingress: IngressId }
  /** The ingress history no longer knows the message. */
  | { readonly kind: "ingress-pruned"; readonly ingress: IngressId }
  /** The ingress history holds the answer. */
  | { readonly kind: "ingress-answered"; readonly ingress: IngressId; readonly result: Result }
  | { readonly kind: "topped-up"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles }
  | { readonly kind: "top-up-refused"; readonly canister: CanisterId; readonly error: ErrorCode }
  | { readonly kind: "round-began"; readonly height: Height; readonly time: Nanoseconds }
  /** So many canisters were charged for what they occupy. `memory`, `messages` and `compute`: what all of them paid. */
  | {
      readonly kind: "resources-charged";
      readonly canisters: number;
      readonly memory: Cycles;
      readonly messages: Cycles;
      readonly compute: Cycles;
    }
  /** A canister could not pay: it has no code and no compute allocation from now on. `burned`: what was left of its balance and of what it had set aside. */
  | { readonly kind: "ran-dry"; readonly canister: CanisterId; readonly burned: Cycles }
  /** A request of this subnet is in the queue of its callee. */
  | { readonly kind: "request-inducted"; readonly caller: CanisterId; readonly callback: CallbackId; readonly callee: CanisterId }
  /** A message is in the stream to a subnet, at this index. */
  | { readonly kind: "message-streamed"; readonly to: SubnetId; readonly index: number; readonly message: StreamMessage }
  /** The messages of the stream to a subnet before this index are gone: the other side has seen them. */
  | { readonly kind: "stream-collected"; readonly to: SubnetId; readonly begin: number }
  /** The messages of the stream of a subnet before this index have been seen here. */
  | { readonly kind: "slice-taken"; readonly from: SubnetId; readonly signals: number }
  | { readonly kind: "slice-refused"; readonly from: SubnetId; readonly error: ErrorCode }
  /** A message of a stream was not let in; `error` is that of the reject that goes back, `null` when nothing does. */
  | { readonly kind: "message-refused"; readonly from: SubnetId; readonly index: number; readonly error: ErrorCode | null }
  /** Cycles that had been on a dropped message of another subnet are on the balance. */
  | { readonly kind: "refund-inducted"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles }
  /** A request came back: a reject is in the queue of its caller, with all attached cycles. */
  | { readonly kind: "request-bounced"; readonly caller: CanisterId; readonly callback: CallbackId; readonly error: ErrorCode }
  /** A request for randomness waits for a later tape. */
  | { readonly kind: "randomness-asked"; readonly canister: CanisterId; readonly callback: CallbackId; readonly asked: Height }
  /** 32 bytes are in the queue of the canister. */
  | { readonly kind: "randomness-answered"; readonly canister: CanisterId; readonly callback: CallbackId }
  /** A response is in the queue of the canister that made the call. */
  | { readonly kind: "response-inducted"; readonly caller: CanisterId; readonly callback: CallbackId; readonly result: "reply" | "reject" }
  /** Nobody waits for this response any more; its refund is on the balance of the caller. */
  | {
      readonly kind: "response-late";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly refund: Cycles;
      readonly balance: Cycles;
    }
  /** A best-effort call was not answered in time: a reject is in the queue of its caller. */
  | { readonly kind: "callback-expired"; readonly caller: CanisterId; readonly callback: CallbackId }
  /** A best-effort message is no more: too old, or there was no room for it, or its caller is gone. */
  | {
      readonly kind: "message-dropped";
      readonly reason: "expired" | "shed" | "orphaned";
      readonly message: "request" | "response";
      /** The canister in whose queue it was, and which of its queues. */
      readonly canister: CanisterId;
      readonly queue: "input" | "output";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
    }
  /** What became of the cycles on a dropped message that had some. */
  | {
      readonly kind: "cycles-dropped";
      readonly owner: CanisterId;
      readonly cycles: Cycles;
      readonly fate: "lost" | "returned" | "streamed";
    }
  /** At the start of a round: a canister with a due timer or a heartbeat begins with its tasks, this one first, or with messages. */
  | { readonly kind: "tasks-chosen"; readonly canister: CanisterId; readonly turn: "timer" | "heartbeat" | "message" }
  /** At the end of a round: tasks that got no core are gone. */
  | { readonly kind: "tasks-dropped"; readonly canister: CanisterId }
  /** The stable memory of a canister has another size than before its execution, its installation, or the snapshot that was brought back. */
  | { readonly kind: "stable-resized"; readonly canister: CanisterId; readonly stablePages: number }
  /** The hook of a canister waits: its heap is nearly full. */
  | { readonly kind: "hook-ready"; readonly canister: CanisterId }
  | { readonly kind: "turn-began"; readonly iteration: number; readonly core: number; readonly canister: CanisterId }
  /** `drained`: no input is left. `instructions`: what the turn took from its core, overheads included. */
  | {
      readonly kind: "turn-ended";
      readonly iteration: number;
      readonly core: number;
      readonly canister: CanisterId;
      readonly instructions: Instructions;
      readonly drained: boolean;
    }
  | Executed
  /** A message left its queue and was not executed; `charged` was burned for the attempt. */
  | {
      readonly kind: "not-executed";
      readonly canister: CanisterId;
      readonly cause: Cause;
      readonly error: ErrorCode;
      readonly charged: Cycles;
      readonly balance: Cycles;
    }
  /** A call context, or a call that never got one (`null`), was answered; `refund` goes with the response. */
  | {
      readonly kind: "answered";
      readonly canister: CanisterId;
      readonly context: ContextId | null;
      readonly origin: Origin;
      readonly result: Result;
      readonly refund: Cycles;
    }
  /** A response for a call context that was deleted: nothing was executed. */
  | {
      readonly kind: "response-discarded";
      readonly canister: CanisterId;
      readonly callback: CallbackId;
      readonly refunded: Cycles;
      /** Of the reserve of the callback, what went to the balance and what was burned for the transmission. */
      readonly released: Cycles;
      readonly transmissionFee: Cycles;
      readonly balance: Cycles;
    }
  /** A response is not executed: the balance does not cover what the execution costs now. `charged`: the base fee, burned. */
  | {
      readonly kind: "callback-refused";
      readonly canister: CanisterId;
      readonly callback: CallbackId;
      readonly error: ErrorCode;
      readonly refunded: Cycles;
      /** Of the reserve of the callback, what went to the balance, and what was burned for the transmission and the attempt. */
      readonly released: Cycles;
      readonly transmissionFee: Cycles;
      readonly charged: Cycles;
      readonly balance: Cycles;
    }
  /** The prices of this name hold from now on. */
  | { readonly kind: "fees-set"; readonly name: string }
  /** The prepayment of an execution that starts again is that of the prices of now. Either is 0. */
  | {
      readonly kind: "prepayment-adjusted";
      readonly canister: CanisterId;
      readonly taken: Cycles;
      readonly returned: Cycles;
      readonly balance: Cycles;
    }
  | { readonly kind: "uninstalled"; readonly canister: CanisterId }
  | { readonly kind: "uninstall-refused"; readonly canister: CanisterId; readonly error: ErrorCode }
  /** A call context will never run again; callbacks of it are still open. */
  | { readonly kind: "context-deleted"; readonly canister: CanisterId; readonly context: ContextId }
  /** A call context is no more; the canister has this many left. */
  | { readonly kind: "context-removed"; readonly canister: CanisterId; readonly context: ContextId; readonly remaining: number }
  /** `instructions`: the sum over the iterations of the most that one core used. */
  | { readonly kind: "round-ended"; readonly height: Height; readonly iterations: number; readonly instructions: Instructions }
  | { readonly kind: "restarted" };

export type EventKind = Event["kind"];

/** 32 bytes taken from the generator of a round. */
export interface Draw {
  /** The height whose tape seeded the generator. */
  readonly tape: Height;
  /** The number of the draw in its round, from 0. */
  readonly index: number;
  /** The bytes for a canister that asked for randomness; or the id or the nonce of a signature. */
  readonly purpose: "randomness" | "id" | "nonce";
  /** The height of the round that executed the request. */
  readonly asked: Height;
  readonly canister: CanisterId;
  readonly callback: CallbackId;
  readonly bytes: Hex;
}

export interface Observation {
  readonly events: readonly Event[];
  readonly ledger: Ledger;
  /** In a world with tokens alone. */
  readonly tokens?: TokenLedger;
  readonly draws: readonly Draw[];
  /** Of the certified state, see `docs/machine.md` section 7; `null` from a machine that does not compute it. */
  readonly stateRoot: Hex | null;
}
