/**
 * What the engine holds. Records are mutable and flat, one shape each; canisters are numbered in canonical order of
 * their ids, so that walking by number is walking by id. Besides the state of the specification there are three kinds of
 * index: who is active, who has something to send, and whose digest is out of date. They are what lets a round
 * cost as much as its work.
 */
import {
  byId,
  height,
  type CallbackId,
  type CanisterId,
  type ContextId,
  type Cycles,
  type Draw,
  type Event,
  type Genesis,
  type Height,
  type Hex,
  type IngressId,
  type IngressStatus,
  type Method,
  type MethodName,
  type Nanoseconds,
  type Origin,
  type Percent,
  type Result,
  type Script,
  type Seconds,
} from "../spec/index.ts";
import { seat, type Seated } from "./committee/tape.ts";
import { pricesOf, type Prices } from "./fees.ts";
import { emptyQueue, enqueue, type Queue } from "./queues.ts";
import { emptyRoot, touch, type Root } from "./root.ts";
import { scheduleOf, type Schedule } from "./schedule.ts";
import { noTimers, type Timers } from "./timers.ts";

export interface IngressMessage {
  readonly kind: "ingress";
  readonly origin: Extract<Origin, { kind: "ingress" }>;
  readonly method: MethodName;
  readonly payload: Hex;
  next: Message | null;
}

export interface Request {
  readonly kind: "request";
  readonly origin: Extract<Origin, { kind: "canister" }>;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly attached: Cycles;
  next: Message | null;
}

export interface Response {
  readonly kind: "response";
  /** The canister that made the call. */
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly result: Result;
  readonly refund: Cycles;
  next: Message | null;
}

export type Message = IngressMessage | Request | Response;

export interface Context {
  readonly id: ContextId;
  readonly origin: Origin;
  status: "open" | "responded";
  available: Cycles;
  /** How many callbacks belong to it. */
  calls: number;
}

export interface Callback {
  readonly id: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  readonly onReply: Script;
  readonly onReject: Script;
  readonly onCleanup: Script;
}

export interface Canister {
  readonly index: number;
  readonly id: CanisterId;
  readonly allocation: Percent;
  readonly freezing: Seconds;
  readonly methods: ReadonlyMap<MethodName, Script>;
  readonly onTimer: Script;
  balance: Cycles;
  /** `null` until something was written, as are the three maps below: most canisters of a large subnet need none of them. */
  pages: Map<number, Hex> | null;
  /** The freezing threshold of the pages written so far. */
  threshold: Cycles;
  timer: Nanoseconds | null;
  task: boolean;
  readonly inputs: Queue<Message>;
  readonly outputs: Queue<Message>;
  contexts: Map<ContextId, Context> | null;
  callbacks: Map<CallbackId, Callback> | null;
  /** By callee, how many callbacks wait for it. */
  openTo: Map<CanisterId, number> | null;
  nextContext: ContextId;
  nextCallback: CallbackId;
  /** Whether it stands in `engine.active`, in `engine.sending`, among the dirty of the root. */
  isActive: boolean;
  isSending: boolean;
  isDirty: boolean;
  /** The pages as the root spells them; `null` when they changed. */
  pagesText: string | null;
}

/** A message of the ingress history. */
export interface IngressEntry {
  readonly index: number;
  readonly id: IngressId;
  status: IngressStatus;
  isDirty: boolean;
}

/** An accepted ingress message that no block has brought yet. */
export interface WaitingIngress {
  readonly entry: IngressEntry;
  readonly canister: Canister;
  readonly message: IngressMessage;
}

/** A request to the management canister that waits for a tape. */
export interface WaitingRandomness {
  readonly request: Request;
  readonly asked: Height;
}

export interface Engine {
  readonly genesis: Genesis;
  readonly prices: Prices;
  readonly canisters: readonly Canister[];
  readonly byId: ReadonlyMap<CanisterId, Canister>;
  readonly schedule: Schedule;
  readonly timers: Timers;
  readonly root: Root;
  /** In the order in which messages were submitted. */
  readonly history: Map<IngressId, IngressEntry>;
  height: Height;
  time: Nanoseconds;
  /** Canisters with a task or an input; also some that had one until lately. */
  active: Canister[];
  /** Canisters with something in their output queue. */
  sending: Canister[];
  waitingIngress: WaitingIngress[];
  waitingRandomness: WaitingRandomness[];
  /** Who makes the tape; `null` when rounds take whatever tape they are given. */
  readonly committee: Seated | null;
  /** The ledger, kept up to date; callbacks are counted, since each holds the same reserve. */
  readonly totals: { balances: bigint; messages: bigint; contexts: bigint; callbacks: number; burned: bigint; minted: bigint };
  /** Where events go: the observation under way, or the part of it that belongs to one core. */
  events: Event[];
  draws: Draw[];
}

/** The engine at genesis, or, given how many rounds were planned and paid, ready to take in the rest of a later state. */
export const engineOf = (genesis: Genesis, rounds = 0, paid = new Float64Array(genesis.canisters.length)): Engine => {
  const { parameters } = genesis;
  const prices = pricesOf(parameters);
  const exported = methodTables();
  const canisters = [...genesis.canisters]
    .sort((left, right) => byId(left.id, right.id))
    .map(({ id, computeAllocation, freezingThreshold, balance, methods, onTimer }, index): Canister => ({
      index,
      id,
      allocation: computeAllocation,
      freezing: freezingThreshold,
      methods: exported(methods),
      onTimer,
      balance,
      pages: null,
      threshold: prices.threshold(computeAllocation, freezingThreshold, 0),
      timer: null,
      task: false,
      inputs: emptyQueue(),
      outputs: emptyQueue(),
      contexts: null,
      callbacks: null,
      openTo: null,
      nextContext: 0,
      nextCallback: 0,
      isActive: false,
      isSending: false,
      isDirty: false,
      pagesText: "",
    }));
  const endowed = canisters.reduce((sum, { balance }) => sum + balance, 0n);
  const engine: Engine = {
    genesis,
    prices,
    canisters,
    byId: new Map(canisters.map((canister) => [canister.id, canister])),
    schedule: scheduleOf(
      parameters.cores,
      canisters.map(({ allocation }) => allocation),
      rounds,
      paid,
    ),
    timers: noTimers(),
    root: emptyRoot(canisters.length),
    history: new Map(),
    height: height(0),
    time: genesis.time,
    active: [],
    sending: [],
    waitingIngress: [],
    waitingRandomness: [],
    committee: genesis.committee === undefined ? null : seat(genesis.committee),
    totals: { balances: endowed, messages: 0n, contexts: 0n, callbacks: 0, burned: 0n, minted: endowed },
    events: [],
    draws: [],
  };
  for (const canister of canisters) touch(engine.root, canister);
  return engine;
};

/** Puts a message at the end of a canister's input queue. */
export const receive = (engine: Engine, canister: Canister, message: Message): void => {
  enqueue(canister.inputs, message);
  activate(engine, canister);
};

/** Puts a message at the end of a canister's output queue. */
export const send = (engine: Engine, canister: Canister, message: Message): void => {
  enqueue(canister.outputs, message);
  if (canister.isSending) return;
  canister.isSending = true;
  engine.sending.push(canister);
};

/** Lists a canister that has a task or an input now. */
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

/** The method tables of canisters that share one list of methods are one table. */
const methodTables = (): ((methods: readonly Method[]) => ReadonlyMap<MethodName, Script>) => {
  const tables = new Map<readonly Method[], ReadonlyMap<MethodName, Script>>();
  return (methods) => {
    const known = tables.get(methods);
    if (known !== undefined) return known;
    const table = new Map(methods.map(({ name, body }) => [name, body]));
    tables.set(methods, table);
    return table;
  };
};
