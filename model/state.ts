/**
 * The state of a subnet, as plain readonly data. Two facts that must agree are one value: a call context that has
 * responded holds no cycles because its type has no place for them.
 */
import {
  type Asked,
  type Bytes,
  type CallbackId,
  type CanisterId,
  type CanisterStatus,
  type Change,
  type Committee,
  type ContextId,
  cycles,
  type Cycles,
  type Event,
  type Height,
  type Hex,
  type IngressId,
  type IngressStatus,
  type Instructions,
  type LowMemory,
  type Method,
  type MethodName,
  type ModuleName,
  type Nanoseconds,
  type NodeNumber,
  type Parameters,
  type Percent,
  type Principal,
  type RefusedCall,
  type Result,
  type Script,
  type Seconds,
  type SentCall,
  type SubnetId,
  type UserId,
} from "../spec/index.ts";
import type { Certificate, TreeParts } from "./certified.ts";
import type { Asking, Spent } from "./asking.ts";
import type { Tokens } from "./token-state.ts";
import type { RoundState } from "./round-state.ts";
import type { Held, Underway } from "./underway.ts";
import type { Request, Ingress, Context, Inbox, ManagementRequest, Source, Turn, Stream, Response } from "./messages.ts";

export * from "./asking.ts";
export * from "./round-state.ts";
export * from "./underway.ts";

export * from "./messages.ts";

export * from "./certified.ts";
export * from "./token-state.ts";

/** What the platform keeps of a call until its response is executed. */
export interface Callback {
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  readonly deadline: Nanoseconds | null;
  /** For the transmission of the response. */
  readonly transmission: Cycles;
  /** For the execution of the callback. */
  readonly execution: Cycles;
  readonly onReply: Script;
  readonly onReject: Script;
  readonly onCleanup: Script;
}

/** What of a canister runs. */
export interface Code {
  readonly methods: ReadonlyMap<MethodName, Method>;
  readonly onTimer: Script;
  readonly onHeartbeat: Script | null;
  readonly inspect: Script | null;
  readonly lowMemory: LowMemory | null;
  readonly onInit: Script;
  readonly onPreUpgrade: Script;
  readonly onPostUpgrade: Script;
  readonly persistentHeap: boolean;
}

export interface Canister {
  readonly id: CanisterId;
  readonly computeAllocation: Percent;
  /** What it takes of the memory, whether it uses it or not. */
  readonly memoryAllocation: Bytes;
  readonly freezingThreshold: Seconds;
  /** `null` when it was taken away. */
  readonly code: Code | null;
  readonly controllers: ReadonlySet<Principal>;
  readonly status: CanisterStatus;
  /** Requests to stop it, not answered yet. */
  readonly stops: readonly Stop[];
  /** How many times it changed. */
  readonly version: number;
  readonly history: History;
  /** What its installations used, as far as rounds have not forgiven it. */
  readonly installDebit: Instructions;
  readonly snapshots: ReadonlyMap<number, Snapshot>;
  readonly nextSnapshot: number;
  /** Pieces of the names of modules, by their digests. */
  readonly chunks: ReadonlyMap<Hex, string>;
  readonly balance: Cycles;
  /** Set aside for memory, and the most that may be. */
  readonly reserved: Cycles;
  readonly reservedLimit: Cycles;
  /** When it was last charged for what it occupies. */
  readonly chargedAt: Nanoseconds;
  readonly pages: ReadonlyMap<number, Hex>;
  /** How many pages its stable memory has. */
  readonly stablePages: number;
  readonly timer: Nanoseconds | null;
  /** What it has certified; empty when nothing. */
  readonly certifiedData: Hex;
  readonly tasks: { readonly timer: boolean; readonly heartbeat: boolean; readonly first: "timer" | "heartbeat" };
  readonly turn: Turn;
  readonly hook: "armed" | "ready" | "executed";
  readonly ingress: readonly Ingress[];
  /** In the order in which they are served. */
  readonly local: readonly Inbox[];
  readonly remote: readonly Inbox[];
  readonly source: Source;
  readonly outputs: ReadonlyMap<CanisterId, readonly (Request | Response)[]>;
  readonly contexts: ReadonlyMap<ContextId, Context>;
  readonly callbacks: ReadonlyMap<CallbackId, Callback>;
  readonly nextContext: ContextId;
  readonly nextCallback: CallbackId;
  /** Published: in units of 1/(cores · canisters) percent; current: in millionths of a percent. Below zero for a canister in debt. */
  readonly accumulatedPriority: bigint;
  /** Full rounds that were not paid yet. */
  readonly executedRounds: number;
  readonly heapDebit: Bytes;
  readonly underway: Underway | null;
}

/** How many changes there were, and the newest of them. */
export interface History {
  readonly total: number;
  readonly changes: readonly Change[];
}

/** What a canister was. */
export interface Snapshot {
  readonly takenAt: Nanoseconds;
  readonly code: Code;
  readonly pages: ReadonlyMap<number, Hex>;
  readonly stablePages: number;
  readonly certifiedData: Hex;
  readonly chunks: ReadonlyMap<Hex, string>;
}

/** A request to stop a canister, and the time of the round that executed it. */
export interface Stop {
  readonly request: ManagementRequest;
  readonly since: Nanoseconds;
}

/** The answer that an execution gave; it leaves when the execution completes. */
export interface Answer {
  readonly result: Result;
  readonly refund: Cycles;
}

/** The one execution that is going on. */
export interface Execution {
  readonly phase:
    | "update"
    | "replicated query"
    | "callback"
    | "cleanup"
    | "task"
    | "installation"
    | "inspection"
    | "query"
    | "composite"
    /** Of a composite query. */
    | "query callback"
    | "query cleanup";
  readonly canister: CanisterId;
  readonly context: ContextId;
  readonly limit: Instructions;
  /** Of this phase. */
  readonly used: Instructions;
  readonly prepaid: Cycles;
  /** What the execution takes for now. */
  readonly time: Nanoseconds;
  /** The bytes that the execution was given; `null` where it was given nothing that it could read. */
  readonly message: Hex | null;
  /** Who made the call that it serves. */
  readonly caller: Principal;
  /** The method that its message asks for, as far as it may know; else no text. */
  readonly method: MethodName;
  /** The code of the response that it executes; 0 for a reply, and where there is none. */
  readonly rejectCode: number;
  readonly refunded: Cycles;
  readonly answer: Answer | null;
  /** Whether an inspection let its message in. */
  readonly accepted: boolean;
  /** Who is called in the place of a callee that was named; `null` where nobody is. */
  readonly routed: CanisterId | null;
  /** What was read last. */
  readonly value: Hex;
  /** What the execution did so far, as it is told when it ends. */
  readonly report: Report;
  /** Of a long execution; `null` for one that was never paused. */
  readonly held: Held | null;
}

/** What an execution did with cycles and calls. */
export interface Report {
  readonly accepted: Cycles;
  readonly burned: Cycles;
  readonly reserved: Cycles;
  readonly calls: readonly SentCall[];
  readonly refusedCalls: readonly RefusedCall[];
}

/** The report of an execution that did nothing. */
export const nothingDone: Report = { accepted: cycles(0n), burned: cycles(0n), reserved: cycles(0n), calls: [], refusedCalls: [] };

/** A node of the committee. */
export interface Node {
  /** The height of the last block that it saw as final; -1 before the genesis. */
  readonly finalised: number;
  /** The heights whose shares it released. */
  readonly released: ReadonlySet<Height>;
  /** The shares that it holds: by height, then by the node that made them, in the order in which they came. */
  readonly shares: ReadonlyMap<Height, ReadonlyMap<NodeNumber, Hex>>;
  readonly tapes: ReadonlyMap<Height, Hex>;
}

/** A request that consensus is to answer. What is attached to it is what its price left. */
export interface Outcall {
  readonly number: number;
  readonly request: Request;
  readonly asked: Asked;
  /** The round that took it up. */
  readonly since: Height;
  /** What a signature is made with. */
  readonly nonce: Hex | null;
}

export interface State {
  readonly parameters: Parameters;
  /** Who makes the tape; `null` where rounds take whatever tape they are given. */
  readonly committee: Committee | null;
  readonly height: Height;
  readonly time: Nanoseconds;
  /** In the order of the genesis, which must have no meaning. */
  readonly canisters: ReadonlyMap<CanisterId, Canister>;
  readonly history: ReadonlyMap<IngressId, IngressStatus>;
  /** Who sent the messages that the history knows. */
  readonly senders: ReadonlyMap<IngressId, UserId>;
  /** Ingress messages that wait for the next block. */
  readonly pool: readonly Ingress[];
  /** Requests that wait for a later tape. */
  readonly waiting: readonly Request[];
  /** Requests that wait for the management canister. */
  readonly management: readonly ManagementRequest[];
  /** Requests that left the layer, and wait for consensus. */
  readonly consensus: readonly Outcall[];
  /** The number of the next of them. */
  readonly nextOutcall: number;
  readonly own: SubnetId;
  /** Where the canisters of other subnets are. */
  readonly routes: ReadonlyMap<CanisterId, SubnetId>;
  readonly streams: ReadonlyMap<SubnetId, Stream>;
  /** What the nodes of the committee know; none when there is no committee. */
  readonly nodes: ReadonlyMap<NodeNumber, Node>;
  readonly burned: Cycles;
  readonly lost: Cycles;
  readonly sent: Cycles;
  readonly received: Cycles;
  readonly minted: Cycles;
  /** `null` in a world without. */
  /** Who answers what is asked of Bitcoin; `null` where nobody does. */
  readonly bitcoin: CanisterId | null;
  /** What a canister comes with where cycles are made from nothing; `null` where they are not. */
  readonly provisional: Cycles | null;
  readonly tokens: Tokens | null;
  /** Since the last checkpoint. */
  readonly heapDelta: Bytes;
  /** What can be installed. */
  readonly modules: ReadonlyMap<ModuleName, Code>;
  /** The ids of canisters that were deleted. */
  readonly retired: ReadonlySet<CanisterId>;
  /** Of the round that is going on. */
  readonly round: RoundState;
  readonly running: Execution | null;
  /** The tree of the state, and the certificate of a reader, while they are made. */
  readonly tree: TreeParts;
  readonly certificate: Certificate;
  /** Of the query that is being answered. */
  readonly asking: Asking;
  /** What canisters used of their budgets for queries; the node alone knows. */
  readonly spent: ReadonlyMap<CanisterId, Spent>;
  /** What the input brought about so far. */
  readonly events: readonly Event[];
}
