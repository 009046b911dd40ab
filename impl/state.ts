/**
 * What the engine holds. Records are mutable and flat, one shape each; canisters are numbered in canonical order of
 * their ids, so that walking by number is walking by id. Besides the state of the specification there are indices: who is
 * active, who has something to send, what comes due, whose digest is out of date; and running counts of all that has a limit.
 * They are what lets a round cost as much as its work.
 */
import {
  byId,
  cycles,
  height,
  hex,
  sliceOf,
  loneSubnet,
  type CanisterId,
  type Cycles,
  type Draw,
  type Event,
  type Genesis,
  type Height,
  type ModuleName,
  type Nanoseconds,
  type SubnetId,
} from "../spec/index.ts";
import { noAnswers, usualRoom, type Answers } from "./answers.ts";
import { nothingSpent, type Spent } from "./budgets.ts";
import { canisterOf, memoryOf, type Canister } from "./canister.ts";
import { codes, type Code } from "./code.ts";
import { balanceOf, noCohorts, reservedOf, type Cohorts } from "./cohorts.ts";
import { seat, type Seated } from "./committee/tape.ts";
import { noConsensus, type Consensus } from "./consensus.ts";
import { expiringOf, type Expirable } from "./expiring.ts";
import { pricesOf, type Prices } from "./fees.ts";
import { generatorOf, type Generator } from "./generator.ts";
import { emptyHistory, type History } from "./history.ts";
import type { WaitingManagement } from "./management.ts";
import { enter } from "./labels.ts";
import type { Pair, PooledIngress } from "./messages.ts";
import type { WaitingRandomness } from "./randomness.ts";
import { emptyRoot, type Root } from "./root.ts";
import { schedulerOf, type Scheduler } from "./scheduler.ts";
import { streamTo, type Stream } from "./streams.ts";
import { noTimers, type Timers } from "./timers.ts";
import { tokensOf, type Tokens } from "./tokens.ts";
import { usageOf, type Usage } from "./usage.ts";
import type { Watch } from "./watch.ts";
import { weightsOf, type Weight } from "./weights.ts";

export { noTasks, type Canister, type Context, type Turn, type WaitingTask } from "./canister.ts";

/** The core that runs at the moment. */
export interface Core {
  /** Of its counter. @unit instructions */
  left: number;
  /** What its executions changed in this iteration. @unit bytes */
  heapDelta: number;
  /** Whether one of them used an instruction. */
  isBusy: boolean;
  /** What it may still give to calls: of the memory for responses. @unit bytes */
  share: number;
  /** Of the callbacks that are left to the subnet. */
  callbacks: number;
  /** What it sees of the memory of all canisters. @unit bytes */
  storage: number;
}

/** The ledger, kept up to date, with how many callbacks there are. */
export interface Totals {
  balances: bigint;
  reserved: bigint;
  messages: bigint;
  contexts: bigint;
  callbacks: number;
  /** Held by callbacks. */
  reserves: bigint;
  /** Prepaid by executions under way, and on the messages that these hold. */
  executions: bigint;
  burned: bigint;
  lost: bigint;
  sent: bigint;
  received: bigint;
  minted: bigint;
}

export interface Engine {
  readonly genesis: Genesis;
  /** Those that hold. Who keeps something that depends on them hears of a change from `setFees`. */
  prices: Prices;
  /** Most instructions of one message in one go. */
  readonly slice: number;
  /** What can be installed. */
  readonly modules: ReadonlyMap<ModuleName, Code>;
  canisters: readonly Canister[];
  readonly byId: Map<CanisterId, Canister>;
  /** Ids of canisters that are gone. */
  readonly retired: Set<CanisterId>;
  /** That of the next canister that a canister makes, if its id is free. */
  nextNumber: number;
  readonly own: SubnetId;
  readonly routes: ReadonlyMap<CanisterId, SubnetId>;
  /** The subnets to which a route leads. */
  readonly subnets: ReadonlySet<SubnetId>;
  readonly streams: Map<SubnetId, Stream>;
  /** Made anew when canisters come or go, or an allocation changes. */
  scheduler: Scheduler;
  readonly timers: Timers;
  readonly root: Root;
  readonly history: History;
  height: Height;
  time: Nanoseconds;
  /** Until when a request with a guaranteed response that is sent now must have left its output queue. */
  leaveBy: Nanoseconds;
  /** Canisters with an execution under way, a hook that is ready, a task or an input; also some that had one until lately. */
  active: Canister[];
  /** Canisters with outputs, to this subnet and to elsewhere; also some that had one until lately. */
  readonly sending: { here: Canister[]; away: Canister[] };
  /** Canisters and pairs with a queue that ran empty in this round. */
  readonly settling: { canisters: Canister[]; pairs: Pair[] };
  /** Running canisters with code and a heartbeat. */
  readonly beating: Set<Canister>;
  readonly stopping: Set<Canister>;
  readonly underWay: Set<Canister>;
  /** Canisters with a heap debit. */
  indebted: Canister[];
  /** Canisters with an install debit. */
  installed: Canister[];
  /** Heap delta since the last checkpoint. @unit bytes */
  heapDelta: number;
  /** Canisters that had a full round in this round. */
  full: Canister[];
  /** Canisters that were given tasks in this round. */
  tasked: Canister[];
  /** Who is charged together for what they occupy. */
  readonly cohorts: Cohorts;
  /** Canisters of which something changed since charges were due that tells what they pay, for how long they can, or whether they do. */
  stirred: Canister[];
  /** Nobody who is to be charged now was charged before this time. */
  chargedSince: Nanoseconds;
  /** Accepted ingress messages that no block has brought yet. */
  pool: PooledIngress[];
  waitingManagement: WaitingManagement[];
  waitingRandomness: WaitingRandomness[];
  readonly consensus: Consensus;
  /** That of the last round. */
  generator: Generator;
  /** Who makes the tape; `null` when rounds take whatever tape they are given. */
  readonly committee: Seated | null;
  /** `null` in a world without them. */
  readonly tokens: Tokens | null;
  readonly totals: Totals;
  readonly usage: Usage;
  readonly expiring: Watch<Expirable>;
  readonly weights: Watch<Weight>;
  readonly core: Core;
  /** Grows with every input that may change the state, which queries and reads of it never do. */
  revision: number;
  /** What queries used of budgets, and what they were answered: this node knows it and nobody else, and a restart forgets it. */
  readonly spent: Spent;
  readonly answers: Answers;
  /** How many messages entered queues: the place of the next one. */
  arrivals: number;
  /** Where events go: the observation under way, or the part of it that belongs to one core. */
  events: Event[];
  draws: Draw[];
}

/** The engine at genesis, or, given the accumulated priorities by id, ready to take in the rest of a later state. */
export const engineOf = (genesis: Genesis, priorities?: readonly bigint[], room = usualRoom): Engine => {
  const { parameters, network } = genesis;
  const prices = pricesOf(parameters);
  const codeOf = codes();
  const canisters = [...genesis.canisters]
    .sort((left, right) => byId(left.id, right.id))
    .map((born, index) => canisterOf(born, index, codeOf(born), genesis.time, parameters));
  const endowed = canisters.reduce((sum, { stated }) => sum + stated, 0n);
  const own = network?.own ?? loneSubnet;
  const routes = network?.routes ?? [];
  const engine: Engine = {
    genesis,
    prices,
    slice: sliceOf(parameters),
    modules: new Map((genesis.modules ?? []).map((module) => [module.name, codeOf(module)])),
    canisters,
    byId: new Map(canisters.map((canister) => [canister.id, canister])),
    retired: new Set(),
    nextNumber: 0,
    own,
    routes: new Map(routes.map(({ canister, subnet }) => [canister, subnet])),
    subnets: new Set(routes.map(({ subnet }) => subnet)),
    streams: new Map(),
    scheduler: schedulerOf(
      parameters,
      canisters.map(({ allocation }) => allocation),
      priorities ?? canisters.map(() => 0n),
    ),
    timers: noTimers(),
    root: emptyRoot(),
    history: emptyHistory(),
    height: height(0),
    time: genesis.time,
    leaveBy: genesis.time,
    active: [],
    sending: { here: [], away: [] },
    settling: { canisters: [], pairs: [] },
    beating: new Set(canisters.filter(({ code }) => code!.onHeartbeat !== null)),
    stopping: new Set(),
    underWay: new Set(),
    indebted: [],
    installed: [],
    heapDelta: 0,
    full: [],
    tasked: [],
    cohorts: noCohorts(),
    stirred: [],
    chargedSince: genesis.time,
    pool: [],
    waitingManagement: [],
    waitingRandomness: [],
    consensus: noConsensus(),
    generator: generatorOf(hex("")),
    committee: genesis.committee === undefined ? null : seat(genesis.committee),
    tokens: genesis.tokens === undefined ? null : tokensOf(genesis.tokens),
    totals: {
      balances: endowed,
      reserved: 0n,
      messages: 0n,
      contexts: 0n,
      callbacks: 0,
      reserves: 0n,
      executions: 0n,
      burned: 0n,
      lost: 0n,
      sent: 0n,
      received: 0n,
      minted: endowed,
    },
    usage: usageOf(canisters.reduce((sum, canister) => sum + memoryOf(canister), 0)),
    expiring: expiringOf(),
    weights: weightsOf(),
    core: { left: 0, heapDelta: 0, isBusy: false, share: 0, callbacks: 0, storage: 0 },
    revision: 0,
    spent: nothingSpent(),
    answers: noAnswers(room),
    arrivals: 0,
    events: [],
    draws: [],
  };
  streamTo(engine, own);
  for (const canister of canisters) {
    enter(engine.root.canisters, canister);
    stir(engine, canister);
  }
  return engine;
};

/** Lists a canister that has an execution under way, a hook that is ready, a task or an input now. */
export const activate = (engine: Engine, canister: Canister): void => {
  if (canister.isActive) return;
  canister.isActive = true;
  engine.active.push(canister);
};

/** Gives a canister another balance. What the ledger says of the other side is the caller's affair. */
export const setBalance = (engine: Engine, canister: Canister, balance: Cycles): void => {
  engine.totals.balances += balance - balanceOf(canister);
  canister.stated = balance;
  stir(engine, canister);
};

/** Sets other cycles of a canister aside. What the ledger says of the other side is the caller's affair. */
export const setReserved = (engine: Engine, canister: Canister, reserved: Cycles): void => {
  engine.totals.reserved += reserved - reservedOf(canister);
  canister.statedReserve = reserved;
  stir(engine, canister);
};

/** Burns the balance of a canister and what it set aside, and says how much that was. */
export const burnAll = (engine: Engine, canister: Canister): Cycles => {
  const burned = cycles(balanceOf(canister) + reservedOf(canister));
  setBalance(engine, canister, nothing);
  setReserved(engine, canister, nothing);
  engine.totals.burned += burned;
  return burned;
};

const nothing = cycles(0n);

/** What this canister pays for what it occupies changed, or how long it can pay, or whether it is to pay now. */
export const stir = (engine: Engine, canister: Canister): void => {
  if (canister.isStirred) return;
  canister.isStirred = true;
  engine.stirred.push(canister);
  if (canister.cohort === null && canister.chargedAt < engine.chargedSince) engine.chargedSince = canister.chargedAt;
};
