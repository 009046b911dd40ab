/**
 * What an onlooker knows. A trace tells enough to follow every queue, balance, page, context and call without knowing how a machine works
 * inside; this is the notebook of a law, private to one walk along the trace of one subnet. Cycles are whole numbers: a broken machine may declare anything.
 */
import {
  byId,
  loneSubnet,
  stableAtFirst,
  type CallbackId,
  type CanisterGenesis,
  type CanisterId,
  type CanisterStatus,
  type ContextId,
  type Event,
  type Executed,
  type Genesis,
  type Hex,
  type IngressId,
  type Parameters,
  type SubnetId,
} from "../../spec/index.ts";
import type { UsedBudget } from "./budgets.ts";
import { seatNodes, type TrackedNode } from "./committee.ts";
import type { TrackedOutcall } from "./consensus.ts";
import type { TrackedExecution } from "./executions.ts";
import type { Foreseen } from "./foresight.ts";
import type { TrackedIngress } from "./ingress.ts";
import type { ForeseenInstallation } from "./installations.ts";
import { runsHook, type TrackedAsking, type TrackedStop } from "./management.ts";
import type { TrackedCall, TrackedContext, TrackedMessage, TrackedRequest } from "./messages.ts";
import type { TrackedHistory } from "./histories.ts";
import { countInputs, emptyQueues, type TrackedQueues } from "./queues.ts";
import type { TrackedSnapshot } from "./snapshots.ts";
import type { Arrival, Incoming, TrackedStream } from "./streams.ts";
import { openTokens, type TrackedTokens } from "./tokens.ts";

export type Turn = "timer" | "heartbeat" | "message";

export interface TrackedCanister {
  readonly id: CanisterId;
  /** Its code and its settings, as they are now. */
  genesis: CanisterGenesis;
  installed: boolean;
  status: CanisterStatus;
  /** The requests to stop that wait with it, in their order. */
  readonly stops: TrackedStop[];
  balance: bigint;
  /** What it takes, whether it uses it or not. @unit bytes */
  memoryAllocation: number;
  /** How often it changed, and how. */
  version: number;
  readonly history: TrackedHistory;
  /** Of installations, what rounds have not forgiven yet. @unit instructions */
  installDebit: number;
  /** Of pages that changed, what rounds have not forgiven yet. @unit bytes */
  heapDebit: number;
  /** What is kept of it, by number, and the number of the next one. */
  snapshots: Map<number, TrackedSnapshot>;
  nextSnapshot: number;
  /** Each under its digest. */
  readonly chunks: Map<Hex, string>;
  /** Set aside for its memory. @unit cycles */
  reserved: bigint;
  /** When it was last charged for what it occupies. */
  chargedAt: bigint;
  readonly pages: Map<number, Hex>;
  /** The size of its stable memory. */
  stablePages: number;
  timer: bigint | null;
  certifiedData: string;
  /** The tasks that wait, in their order. */
  readonly tasks: ("timer" | "heartbeat")[];
  hook: "none" | "armed" | "ready" | "executed";
  turn: Turn;
  readonly queues: TrackedQueues;
  readonly contexts: Map<ContextId, TrackedContext>;
  /** All calls that it ever made, and those of them that are not closed. */
  readonly calls: Map<CallbackId, TrackedCall>;
  readonly openCalls: Set<TrackedCall>;
  nextContext: ContextId;
  nextCallback: CallbackId;
  /** What is executed in slices. */
  execution: TrackedExecution | null;
  /** In this round: whether it takes no more turns, and whether it finished a long execution. */
  suspended: boolean;
  rested: boolean;
}

export interface TrackedTurn {
  readonly core: number;
  readonly canister: CanisterId;
  messages: number;
  /** What its messages used, overheads included; and without them. */
  instructions: number;
  used: number;
  /** @unit bytes */
  heapDelta: number;
  drained: boolean;
}

export interface TrackedIteration {
  readonly number: number;
  /** The counter of the round when it began. */
  readonly counter: number;
  /** What it costs to end it. @unit instructions */
  readonly finalisation: number;
  /** The canisters that were active when it began, in canonical order. */
  readonly active: readonly CanisterId[];
  readonly turns: TrackedTurn[];
  /** What each core has left of its share of the memory for responses, and of its copy of the callbacks that are left. */
  readonly shares: number[];
  readonly callbacks: number[];
  /** The memory of all canisters, as each core sees it. @unit bytes */
  readonly used: number[];
}

export interface TrackedRound {
  readonly height: number;
  /** Whether the heap delta of the subnet let nothing be executed. */
  skipped: boolean;
  /** Whether it executes nothing more for the management canister. */
  managed: boolean;
  readonly iterations: TrackedIteration[];
  /** The turn that is under way. */
  turn: TrackedTurn | null;
  ended: boolean;
  /** The slices that nothing was told of yet, and what is left of the one that is coming in. */
  readonly incoming: Incoming[];
  readonly arriving: Arrival[];
}

export type NotExecuted = Extract<Event, { readonly kind: "not-executed" }>;
export type Discarded = Extract<Event, { readonly kind: "response-discarded" }>;
export type Unpaid = Extract<Event, { readonly kind: "callback-refused" }>;

export interface World {
  readonly genesis: Genesis;
  /** Those of the genesis, with the prices of now. */
  parameters: Parameters;
  /** The subnet, the one on which each canister of another subnet is, and those to which a route leads. */
  readonly own: SubnetId;
  readonly routes: ReadonlyMap<CanisterId, SubnetId>;
  readonly subnets: ReadonlySet<SubnetId>;
  /** In canonical order. */
  readonly canisters: Map<CanisterId, TrackedCanister>;
  readonly had: Set<CanisterId>;
  height: number;
  time: bigint;
  /** The ingress history, and of it what waits for the next block. */
  readonly ingress: Map<IngressId, TrackedIngress>;
  readonly pool: IngressId[];
  /** What canisters used of their budgets for queries. */
  readonly budgets: Map<CanisterId, UsedBudget>;
  /** Requests that wait for a tape. */
  readonly waiting: TrackedRequest[];
  /** Requests that wait for the management canister. */
  readonly management: TrackedAsking[];
  /** Requests that wait for consensus, by number, and the number of the next one. */
  readonly consensus: Map<number, TrackedOutcall>;
  nextOutcall: number;
  readonly streams: Map<SubnetId, TrackedStream>;
  /** The round that is under way, or the last one. */
  round: TrackedRound | null;
  /** The message that was taken last: what follows may be its answer. */
  latest: Executed | NotExecuted | Discarded | Unpaid | null;
  /** Of that: the message as it lay in its queue, when it came from a canister. */
  taken: TrackedMessage | null;
  /** What the execution that is told at this moment must do; `null` where an onlooker cannot know, or nothing is executed. */
  foreseen: Foreseen | null;
  /** The same of an installation that is told at this moment. */
  installing: ForeseenInstallation | null;
  /** The canister that lost its code just now, as long as it is told what becomes of its contexts. */
  withdrawing: CanisterId | null;
  /** The message of a stream that the event that is told at this moment is about. */
  arrival: Arrival | null;
  /** The event before the one that is told at this moment, in the same observation. */
  previous: Event | null;
  /** The nodes of the committee; none where there is none. */
  readonly nodes: ReadonlyMap<number, TrackedNode>;
  readonly tokens: TrackedTokens | null;
}

export const openWorld = (genesis: Genesis): World => {
  const routes = new Map((genesis.network?.routes ?? []).map(({ canister, subnet }) => [canister, subnet]));
  return {
    genesis,
    parameters: genesis.parameters,
    own: genesis.network?.own ?? loneSubnet,
    routes,
    subnets: new Set(routes.values()),
    canisters: new Map(genesis.canisters.toSorted((one, other) => byId(one.id, other.id)).map((one) => [one.id, tracked(one, genesis)])),
    had: new Set(genesis.canisters.map(({ id }) => id)),
    height: 0,
    time: genesis.time,
    ingress: new Map(),
    pool: [],
    budgets: new Map(),
    waiting: [],
    management: [],
    consensus: new Map(),
    nextOutcall: 0,
    streams: new Map(),
    round: null,
    latest: null,
    taken: null,
    foreseen: null,
    installing: null,
    withdrawing: null,
    arrival: null,
    previous: null,
    nodes: seatNodes(genesis),
    tokens: openTokens(genesis),
  };
};

/** A canister as it is created, at this time. */
export const tracked = (genesis: CanisterGenesis, { parameters, time }: Pick<World, "parameters" | "time">): TrackedCanister => ({
  id: genesis.id,
  genesis,
  installed: true,
  status: "running",
  stops: [],
  version: 0,
  history: { total: 0, kept: [] },
  installDebit: 0,
  heapDebit: 0,
  snapshots: new Map(),
  nextSnapshot: 0,
  chunks: new Map(),
  balance: genesis.balance,
  memoryAllocation: 0,
  reserved: 0n,
  chargedAt: time,
  pages: new Map(),
  stablePages: stableAtFirst(parameters, genesis.stablePages),
  timer: null,
  certifiedData: "",
  tasks: [],
  hook: genesis.lowMemory === undefined ? "none" : "armed",
  turn: "timer",
  queues: emptyQueues(),
  contexts: new Map(),
  calls: new Map(),
  openCalls: new Set(),
  nextContext: 0,
  nextCallback: 0,
  execution: null,
  suspended: false,
  rested: false,
});

/** The canisters stay in canonical order. */
export const enter = (canisters: World["canisters"], canister: TrackedCanister): void => {
  const others: readonly (readonly [CanisterId, TrackedCanister])[] = [...canisters];
  canisters.clear();
  for (const [id, each] of [...others, [canister.id, canister] as const].sort(([left], [right]) => byId(left, right)))
    canisters.set(id, each);
};

/** Whether a canister has something to execute. */
export const isActive = (canister: TrackedCanister): boolean => !canister.suspended && couldRun(canister);

/** Whether it would have, were it not suspended. */
export const couldRun = (canister: TrackedCanister): boolean => {
  const { tasks, queues, execution, rested } = canister;
  return execution !== null || (!rested && (runsHook(canister) || tasks.length > 0 || queues.ingress.length > 0 || queues.inputs.size > 0));
};

/** Whether a canister has no message, and nothing that reserves a place for one. */
export const isQuiet = ({ queues, openCalls, contexts, execution }: TrackedCanister): boolean =>
  countInputs(queues) === 0 &&
  execution === null &&
  queues.outputs.size === 0 &&
  openCalls.size === 0 &&
  ![...contexts.values()].some(({ status, origin }) => status === "open" && origin.kind === "canister");

/** Whether the inputs of a peer count as local: it is on this subnet, or the management canister, or nowhere. */
export const isLocal = ({ routes }: World, peer: CanisterId): boolean => !routes.has(peer);

/** The subnet on which a canister is; `undefined` when it is nowhere. */
export const subnetOf = ({ canisters, routes, own }: World, id: CanisterId): SubnetId | undefined =>
  canisters.has(id) ? own : routes.get(id);

/** The subnet from which a canister can have sent something: one to which no route leads was here, if it no longer is. */
export const senderSubnetOf = ({ routes, own }: World, id: CanisterId): SubnetId => routes.get(id) ?? own;

/** A call of a canister of this subnet, when there is one. */
export const callOf = (world: World, caller: CanisterId, callback: CallbackId): TrackedCall | undefined =>
  world.canisters.get(caller)?.calls.get(callback);
