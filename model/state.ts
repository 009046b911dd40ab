/**
 * The state of a subnet, as plain readonly data. Two facts that must agree are one value: a call context that has
 * responded holds no cycles because its type has no place for them.
 */
import type { Draft } from "immer";
import {
  byId,
  bytes,
  cycles,
  height,
  type Bytes,
  type CallbackId,
  type CanisterGenesis,
  type CanisterId,
  type Committee,
  type ContextId,
  type Cycles,
  type ErrorCode,
  type Event,
  type Genesis,
  type Height,
  type Hex,
  type IngressId,
  type IngressStatus,
  type Instructions,
  type MethodName,
  type Nanoseconds,
  type NodeNumber,
  type Origin,
  type Parameters,
  type Percent,
  type Result,
  type Script,
  type Seconds,
  type SentCall,
} from "../spec/index.ts";
import { idleRound, type RoundState } from "./round-state.ts";
import type { Held, Underway } from "./underway.ts";

export * from "./round-state.ts";
export * from "./underway.ts";

/** A request under way from the caller to the callee. */
export interface Request {
  readonly kind: "request";
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly attached: Cycles;
  /** The height of the round that executed its sending. */
  readonly sent: Height;
}

/** A response under way back to the caller. */
export interface Response {
  readonly kind: "response";
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly result: Result;
  readonly refund: Cycles;
}

/** An ingress message that was inducted. */
export interface Ingress {
  readonly kind: "ingress";
  readonly ingress: IngressId;
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
}

export type Message = Ingress | Request | Response;

export type Context =
  | { readonly status: "open"; readonly origin: Origin; readonly available: Cycles }
  | { readonly status: "responded"; readonly origin: Origin };

/** What the platform keeps of a call until its response is executed. */
export interface Callback {
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  /** For the transmission of the response. */
  readonly transmission: Cycles;
  /** For the execution of the callback. */
  readonly execution: Cycles;
  readonly onReply: Script;
  readonly onReject: Script;
  readonly onCleanup: Script;
}

export interface Canister {
  readonly id: CanisterId;
  readonly computeAllocation: Percent;
  readonly freezingThreshold: Seconds;
  readonly methods: ReadonlyMap<MethodName, Script>;
  readonly onTimer: Script;
  readonly balance: Cycles;
  readonly pages: ReadonlyMap<number, Hex>;
  readonly timer: Nanoseconds | null;
  /** Whether a timer task waits. */
  readonly task: boolean;
  readonly inputs: readonly Message[];
  readonly outputs: readonly (Request | Response)[];
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

/** The answer that an execution gave; it leaves when the execution completes. */
export interface Answer {
  readonly result: Result;
  readonly refund: Cycles;
}

/** The one execution that is going on. */
export interface Execution {
  readonly phase: "update" | "callback" | "cleanup" | "task";
  readonly canister: CanisterId;
  readonly context: ContextId;
  readonly limit: Instructions;
  /** Of this phase. */
  readonly used: Instructions;
  readonly prepaid: Cycles;
  /** The bytes that the execution was given. */
  readonly message: Hex;
  readonly refunded: Cycles;
  readonly answer: Answer | null;
  /** What the execution did so far, as it is told when it ends. */
  readonly report: Report;
  /** Of a long execution; `null` for one that was never paused. */
  readonly held: Held | null;
}

/** What an execution did with cycles and calls. */
export interface Report {
  readonly accepted: Cycles;
  readonly burned: Cycles;
  readonly calls: readonly SentCall[];
}

/** The report of an execution that did nothing. */
export const nothingDone: Report = { accepted: cycles(0n), burned: cycles(0n), calls: [] };

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

export interface State {
  readonly parameters: Parameters;
  /** Who makes the tape; `null` where rounds take whatever tape they are given. */
  readonly committee: Committee | null;
  readonly height: Height;
  readonly time: Nanoseconds;
  /** In the order of the genesis, which must have no meaning. */
  readonly canisters: ReadonlyMap<CanisterId, Canister>;
  readonly history: ReadonlyMap<IngressId, IngressStatus>;
  /** Ingress messages that wait for the next block. */
  readonly pool: readonly Ingress[];
  /** Requests that wait for a later tape. */
  readonly waiting: readonly Request[];
  /** What the nodes of the committee know; none when there is no committee. */
  readonly nodes: ReadonlyMap<NodeNumber, Node>;
  readonly burned: Cycles;
  readonly minted: Cycles;
  /** Since the last checkpoint. */
  readonly heapDelta: Bytes;
  /** The ids of canisters that were deleted. */
  readonly retired: ReadonlySet<CanisterId>;
  /** Of the round that is going on. */
  readonly round: RoundState;
  readonly running: Execution | null;
  /** What the input brought about so far. */
  readonly events: readonly Event[];
}

/** The state at genesis. */
export const bootState = (genesis: Genesis): State => ({
  parameters: genesis.parameters,
  committee: genesis.committee ?? null,
  height: height(0),
  time: genesis.time,
  canisters: new Map(genesis.canisters.map((given) => [given.id, bootCanister(given)])),
  history: new Map(),
  pool: [],
  waiting: [],
  nodes: new Map(
    Array.from({ length: genesis.committee?.nodes ?? 0 }, (_, k): [NodeNumber, Node] => [
      k + 1,
      { finalised: -1, released: new Set(), shares: new Map(), tapes: new Map() },
    ]),
  ),
  burned: cycles(0n),
  minted: cycles(genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n)),
  heapDelta: bytes(0),
  retired: new Set(),
  round: idleRound,
  running: null,
  events: [],
});

/** A canister that just came into being. */
export const bootCanister = ({ id, computeAllocation, freezingThreshold, balance, methods, onTimer }: CanisterGenesis): Canister => ({
  id,
  computeAllocation,
  freezingThreshold,
  balance,
  onTimer,
  methods: new Map(methods.map(({ name, body }) => [name, body])),
  pages: new Map(),
  timer: null,
  task: false,
  inputs: [],
  outputs: [],
  contexts: new Map(),
  callbacks: new Map(),
  nextContext: 0,
  nextCallback: 0,
  accumulatedPriority: 0n,
  executedRounds: 0,
  heapDebit: bytes(0),
  underway: null,
});

/** @throws Error when there is no such canister: the caller had to know. */
export const canisterOf = (state: State, id: CanisterId): Canister => known(state.canisters.get(id), `canister ${id}`);

/** The same, to be written. */
export const draftOf = (after: Draft<State>, id: CanisterId): Draft<Canister> => known(after.canisters.get(id), `canister ${id}`);

/** The execution that is going on. */
export const runningOf = (state: State): Execution => known(state.running, "a running execution");

export const contextOf = (canister: Canister, id: ContextId): Context =>
  known(canister.contexts.get(id), `context ${id} of ${canister.id}`);

/** What an execution in this context may accept. */
export const availableOf = (context: Context): Cycles => (context.status === "open" ? context.available : cycles(0n));

/** All canisters by id. */
export const inOrder = (state: State): readonly Canister[] => [...state.canisters.values()].sort((left, right) => byId(left.id, right.id));

/** The calls of a context whose response was not executed yet. */
export const openCalls = (canister: Canister, context: ContextId): number =>
  [...canister.callbacks.values()].filter((callback) => callback.context === context).length;

/** Whether a canister has something to execute. */
export const hasWork = ({ underway, task, inputs }: Canister): boolean => underway !== null || task || inputs.length > 0;

/** Whether a canister may take a turn in this round. */
export const isActive = ({ round: { suspended, finished } }: State, canister: Canister): boolean =>
  !suspended.has(canister.id) && hasWork(canister) && (canister.underway !== null || !finished.has(canister.id));

/** The same state, with more to tell. */
export const tell = (state: State, ...events: readonly Event[]): State => ({ ...state, events: [...state.events, ...events] });

/** @throws Error naming what was expected to be there. */
export const known = <T>(value: T | null | undefined, name: string): T => {
  if (value === null || value === undefined) throw new Error(`expected ${name}, found nothing`);
  return value;
};

/** A refusal that has no error code cannot be answered with one. */
export const errorOf = (error: ErrorCode | null): ErrorCode => known(error, "an error code for the refusal");

/** @throws Error where there is no committee: only its nodes ask. */
export const committeeOf = (state: State): Committee => known(state.committee, "a committee");
