/**
 * What the engine holds. Records are mutable and flat, one shape each; canisters are numbered in canonical order of
 * their ids, so that walking by number is walking by id. Besides the state of the specification there are indices: who is
 * active, who has something to send, what comes due, whose digest is out of date; and running counts of all that has a limit.
 * They are what lets a round cost as much as its work.
 */
import {
  byId,
  height,
  loneSubnet,
  type CallbackId,
  type CanisterGenesis,
  type CanisterId,
  type ContextId,
  type Cycles,
  type Draw,
  type Event,
  type Genesis,
  type Height,
  type Hex,
  type LowMemory,
  type Method,
  type MethodName,
  type Nanoseconds,
  type Origin,
  type Percent,
  type Script,
  type Seconds,
  type SubnetId,
  type Task,
} from "../spec/index.ts";
import { seat, type Seated } from "./committee/tape.ts";
import { expiringOf, type Expirable } from "./expiring.ts";
import { pricesOf, type Prices } from "./fees.ts";
import { emptyHistory, type History } from "./history.ts";
import type { Callback, IngressMessage, Mail, Pair, Request } from "./messages.ts";
import { emptyRoot, touch, type Root } from "./root.ts";
import { scheduleOf, type Schedule } from "./schedule.ts";
import { streamTo, type Stream } from "./streams.ts";
import { noTimers, type Timers } from "./timers.ts";
import { usageOf, type Usage } from "./usage.ts";
import type { Watch } from "./watch.ts";
import { weightsOf, type Weight } from "./weights.ts";

export interface Context {
  readonly id: ContextId;
  readonly origin: Origin;
  status: "open" | "responded" | "deleted";
  available: Cycles;
  readonly deadline: Nanoseconds | null;
  /** How many callbacks belong to it. */
  calls: number;
}

/** A task that was given to a canister for this round. */
export type WaitingTask = Exclude<Task, "low-memory">;

export const noTasks: readonly WaitingTask[] = [];

/** Which of tasks and messages is next. */
export type Turn = WaitingTask | "message";

/** Of a canister that has no hook, `none`. */
export type Hook = "none" | "armed" | "ready" | "executed";

/** What runs. */
export interface Code {
  readonly methods: ReadonlyMap<MethodName, Script>;
  readonly onTimer: Script;
  readonly onHeartbeat: Script | null;
  readonly inspect: Script | null;
  readonly lowMemory: LowMemory | null;
}

export interface Canister {
  readonly index: number;
  readonly id: CanisterId;
  readonly allocation: Percent;
  readonly freezing: Seconds;
  /** `null` once it was uninstalled. */
  code: Code | null;
  balance: Cycles;
  /** `null` until something was written, as are the maps below: most canisters of a large subnet need none of them. */
  pages: Map<number, Hex> | null;
  /** The freezing threshold of the pages written so far. */
  threshold: Cycles;
  timer: Nanoseconds | null;
  tasks: readonly WaitingTask[];
  turn: Turn;
  hook: Hook;
  /** `null` while it has nothing to do with anybody. */
  mail: Mail | null;
  contexts: Map<ContextId, Context> | null;
  callbacks: Map<CallbackId, Callback> | null;
  nextContext: ContextId;
  nextCallback: CallbackId;
  /** Whether it stands in `engine.active`, in the lists of `engine.sending`, among the dirty of the root, in `engine.settling`. */
  isActive: boolean;
  isSendingHere: boolean;
  isSendingAway: boolean;
  isDirty: boolean;
  isSettling: boolean;
  /** The pages as the root spells them; `null` when they changed. */
  pagesText: string | null;
}

/** A request to the management canister that waits for a tape. */
export interface WaitingRandomness {
  readonly request: Request;
  readonly asked: Height;
}

/** What the core that runs at the moment may still give to the calls of its canisters. */
export interface Core {
  /** Of the memory for responses. @unit bytes */
  share: number;
  /** Of the callbacks that are left to the subnet. */
  callbacks: number;
}

/** The ledger, kept up to date; callbacks are counted, since each holds the same reserve. */
export interface Totals {
  balances: bigint;
  messages: bigint;
  contexts: bigint;
  callbacks: number;
  burned: bigint;
  lost: bigint;
  sent: bigint;
  received: bigint;
  minted: bigint;
}

export interface Engine {
  readonly genesis: Genesis;
  readonly prices: Prices;
  readonly canisters: readonly Canister[];
  readonly byId: ReadonlyMap<CanisterId, Canister>;
  readonly own: SubnetId;
  readonly routes: ReadonlyMap<CanisterId, SubnetId>;
  /** The subnets to which a route leads. */
  readonly subnets: ReadonlySet<SubnetId>;
  readonly streams: Map<SubnetId, Stream>;
  readonly schedule: Schedule;
  readonly timers: Timers;
  readonly root: Root;
  readonly history: History;
  height: Height;
  time: Nanoseconds;
  /** Until when a request with a guaranteed response that is sent now must have left its output queue. */
  leaveBy: Nanoseconds;
  /** Canisters with a hook that is ready, a task or an input; also some that had one until lately. */
  active: Canister[];
  /** Canisters with outputs, to this subnet and to elsewhere; also some that had one until lately. */
  readonly sending: { here: Canister[]; away: Canister[] };
  /** Canisters and pairs with a queue that ran empty in this round. */
  readonly settling: { canisters: Canister[]; pairs: Pair[] };
  /** Installed canisters with a heartbeat, by id. */
  beating: Canister[];
  /** Canisters that were given tasks in this round. */
  tasked: Canister[];
  /** Accepted ingress messages that no block has brought yet. */
  pool: IngressMessage[];
  waitingRandomness: WaitingRandomness[];
  /** Who makes the tape; `null` when rounds take whatever tape they are given. */
  readonly committee: Seated | null;
  readonly totals: Totals;
  readonly usage: Usage;
  readonly expiring: Watch<Expirable>;
  readonly weights: Watch<Weight>;
  readonly core: Core;
  /** How many messages entered queues: the place of the next one. */
  arrivals: number;
  /** Where events go: the observation under way, or the part of it that belongs to one core. */
  events: Event[];
  draws: Draw[];
}

/** The engine at genesis, or, given how many rounds were planned and paid, ready to take in the rest of a later state. */
export const engineOf = (genesis: Genesis, rounds = 0, paid = new Float64Array(genesis.canisters.length)): Engine => {
  const { parameters, network } = genesis;
  const prices = pricesOf(parameters);
  const installed = codes();
  const canisters = [...genesis.canisters]
    .sort((left, right) => byId(left.id, right.id))
    .map((born, index) => canisterOf(born, index, installed(born), prices));
  const endowed = canisters.reduce((sum, { balance }) => sum + balance, 0n);
  const own = network?.own ?? loneSubnet;
  const routes = network?.routes ?? [];
  const engine: Engine = {
    genesis,
    prices,
    canisters,
    byId: new Map(canisters.map((canister) => [canister.id, canister])),
    own,
    routes: new Map(routes.map(({ canister, subnet }) => [canister, subnet])),
    subnets: new Set(routes.map(({ subnet }) => subnet)),
    streams: new Map(),
    schedule: scheduleOf(
      parameters.cores,
      canisters.map(({ allocation }) => allocation),
      rounds,
      paid,
    ),
    timers: noTimers(),
    root: emptyRoot(canisters.length),
    history: emptyHistory(),
    height: height(0),
    time: genesis.time,
    leaveBy: genesis.time,
    active: [],
    sending: { here: [], away: [] },
    settling: { canisters: [], pairs: [] },
    beating: canisters.filter(({ code }) => code!.onHeartbeat !== null),
    tasked: [],
    pool: [],
    waitingRandomness: [],
    committee: genesis.committee === undefined ? null : seat(genesis.committee),
    totals: { balances: endowed, messages: 0n, contexts: 0n, callbacks: 0, burned: 0n, lost: 0n, sent: 0n, received: 0n, minted: endowed },
    usage: usageOf(),
    expiring: expiringOf(),
    weights: weightsOf(),
    core: { share: 0, callbacks: 0 },
    arrivals: 0,
    events: [],
    draws: [],
  };
  streamTo(engine, own);
  for (const canister of canisters) touch(engine.root, canister);
  return engine;
};

/** Lists a canister that has a hook that is ready, a task or an input now. */
export const activate = (engine: Engine, canister: Canister): void => {
  if (canister.isActive) return;
  canister.isActive = true;
  engine.active.push(canister);
};

/** Gives a canister another balance. What the ledger says of the other side is the caller's affair. */
export const setBalance = (engine: Engine, canister: Canister, balance: Cycles): void => {
  engine.totals.balances += balance - canister.balance;
  canister.balance = balance;
  touch(engine.root, canister);
};

const canisterOf = (
  { id, computeAllocation, freezingThreshold, balance }: CanisterGenesis,
  index: number,
  code: Code,
  prices: Prices,
): Canister => ({
  index,
  id,
  allocation: computeAllocation,
  freezing: freezingThreshold,
  code,
  balance,
  pages: null,
  threshold: prices.threshold(computeAllocation, freezingThreshold, 0),
  timer: null,
  tasks: noTasks,
  turn: "timer",
  hook: code.lowMemory === null ? "none" : "armed",
  mail: null,
  contexts: null,
  callbacks: null,
  nextContext: 0,
  nextCallback: 0,
  isActive: false,
  isSendingHere: false,
  isSendingAway: false,
  isDirty: false,
  isSettling: false,
  pagesText: "",
});

/** The code of each canister; canisters that share one list of methods share its table. */
const codes = (): ((born: CanisterGenesis) => Code) => {
  const tables = new Map<readonly Method[], ReadonlyMap<MethodName, Script>>();
  return ({ methods, onTimer, onHeartbeat = null, inspect = null, lowMemory = null }) => {
    const known = tables.get(methods);
    const table = known ?? new Map(methods.map(({ name, body }) => [name, body]));
    if (known === undefined) tables.set(methods, table);
    return { methods: table, onTimer, onHeartbeat, inspect, lowMemory };
  };
};
