/**
 * A canister: one flat, mutable record, with its call contexts, and where it stands in the lists of the engine. Most canisters
 * of a large subnet are idle, so what an idle one does not need is not there.
 */
import {
  byId,
  bytes,
  cycles,
  hex,
  percent,
  stableAtFirst,
  usualFreezingThreshold,
  usualReservedLimit,
  type Bytes,
  type CallbackId,
  type CanisterGenesis,
  type CanisterId,
  type CanisterStatus,
  type CodeGenesis,
  type ContextId,
  type Cycles,
  type Hex,
  type Nanoseconds,
  type Parameters,
  type Origin,
  type Percent,
  type Principal,
  type Seconds,
  type Task,
} from "../spec/index.ts";
import type { Changes } from "./changes.ts";
import type { Chunks } from "./chunks.ts";
import { hookOf, type Code, type Hook } from "./code.ts";
import type { Payer } from "./cohorts.ts";
import type { Frost } from "./freezing.ts";
import type { Callback, Mail } from "./messages.ts";
import type { Pages } from "./pages.ts";
import type { WaitingStop } from "./statuses.ts";
import type { Snapshots } from "./snapshots.ts";
import type { CertifiedCanister } from "./root.ts";
import type { Execution } from "./under-way.ts";

export interface Context {
  readonly id: ContextId;
  readonly origin: Origin;
  /** Who made the call; of a task the management canister. */
  readonly caller: Principal;
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

/** A canister as it begins to exist, without its code. */
export type Birth = Omit<CanisterGenesis, keyof CodeGenesis>;

export interface Canister extends Payer, CertifiedCanister {
  /** Its number in canonical order; another one when canisters come or go. */
  index: number;
  readonly id: CanisterId;
  allocation: Percent;
  /** Memory that it takes whether it uses it or not. */
  memoryAllocation: Bytes;
  freezing: Seconds;
  /** The most that it may set aside. */
  reservedLimit: Cycles;
  /** How many times it changed. */
  version: number;
  /** `null` while there were none. */
  changes: Changes | null;
  status: CanisterStatus;
  /** `null` while no request to stop waits with it, which none does unless it is stopping. */
  stops: WaitingStop[] | null;
  /** `null` while it has none. */
  code: Code | null;
  /** `null` until something was written, as are the maps below: most canisters of a large subnet need none of them. */
  pages: Pages | null;
  /** The same pages, as long as nobody else has them; `null` when a snapshot may have them, too. */
  ownPages: Map<number, Hex> | null;
  /** How many of its pages are of the heap. */
  heapSize: number;
  /** How many pages its stable memory has, written or not. */
  stablePages: number;
  /** `null` while it never had one. */
  snapshots: Snapshots | null;
  /** `null` while it keeps none. */
  chunks: Chunks | null;
  /** What the heap, stable memory, its chunks and its snapshots take. @unit bytes */
  usedBytes: number;
  /** Memory for messages that it takes. @unit bytes */
  messageBytes: number;
  /** What is known of its freezing threshold; `null` when that is to be found out. */
  frost: Frost | null;
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
  /** Full rounds that it did not pay yet. */
  executedRounds: number;
  heapDebit: number;
  /** Instructions of installations that rounds have not forgiven yet. */
  installDebit: number;
  /** A message or a task that needs more than a slice; `null` when there is none. */
  execution: Execution | null;
  /** The last rounds in which: it was suspended, completed a message, finished a long execution, had a full round, began with an execution under way. */
  suspendedIn: number;
  completedIn: number;
  restedIn: number;
  fullIn: number;
  longIn: number;
  /** Whether it stands in `engine.active`, in the lists of `engine.sending`, in `engine.settling`, in `engine.stirred`. */
  isActive: boolean;
  isSendingHere: boolean;
  isSendingAway: boolean;
  isSettling: boolean;
  isStirred: boolean;
}

/** A canister as at genesis, which begins to exist at this time. */
export const canisterOf = (born: Birth, index: number, code: Code | null, time: Nanoseconds, parameters: Parameters): Canister => ({
  index,
  id: born.id,
  controllers: controllersOf(born.controllers ?? nobody),
  allocation: born.computeAllocation,
  memoryAllocation: noMemory,
  freezing: born.freezingThreshold,
  reservedLimit: born.reservedLimit ?? usualReservedLimit,
  version: 0,
  changes: null,
  status: "running",
  stops: null,
  code,
  stated: born.balance,
  statedReserve: none,
  chargedAt: time,
  cohort: null,
  rate: null,
  mark: null,
  key: 0,
  place: 0,
  pages: null,
  ownPages: null,
  heapSize: 0,
  stablePages: stableAtFirst(parameters, born.stablePages),
  snapshots: null,
  chunks: null,
  usedBytes: stableAtFirst(parameters, born.stablePages) * parameters.pageSize,
  messageBytes: 0,
  frost: null,
  timer: null,
  certifiedData: noBytes,
  memory: null,
  above: null,
  digest: null,
  tasks: noTasks,
  turn: "timer",
  hook: hookOf(code),
  mail: null,
  contexts: null,
  callbacks: null,
  nextContext: 0,
  nextCallback: 0,
  executedRounds: 0,
  heapDebit: 0,
  installDebit: 0,
  execution: null,
  suspendedIn: 0,
  completedIn: 0,
  restedIn: 0,
  fullIn: 0,
  longIn: 0,
  isActive: false,
  isSendingHere: false,
  isSendingAway: false,
  isSettling: false,
  isStirred: false,
});

/** What it takes of the memory of the subnet, were so many bytes more in use than there are; with a number below 0, fewer. @unit bytes */
export const memoryOf = ({ memoryAllocation, usedBytes }: Canister, more = 0): number => Math.max(memoryAllocation, usedBytes + more);

/** By how much that grows with so many bytes more. @unit bytes */
export const growthOf = (canister: Canister, more: number): number => memoryOf(canister, more) - memoryOf(canister);

/** A canister of which nothing was said but its id and its balance. */
export const emptyCanister = (id: CanisterId, balance: Cycles): Birth => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: usualFreezingThreshold,
  balance,
});

const none = cycles(0n);
const noBytes = hex("");
const noMemory = bytes(0);

const nobody: readonly Principal[] = [];

/** The same controllers, by id, each once. */
export const controllersOf = (named: readonly Principal[]): readonly Principal[] =>
  named.length < 2 ? named : [...new Set(named)].sort(byId);
