/**
 * Everything that a network may set differently, as data: nothing in model or impl branches on a network's name.
 */
import { feesOf2025, feesOf2026, type FeeTable } from "./fees.ts";
import { keyName, type KeyName } from "./identifiers.ts";
import {
  bytes,
  cycles,
  instructions,
  nanoseconds,
  seconds,
  type Bytes,
  type Instructions,
  type Nanoseconds,
  type Seconds,
} from "./units.ts";

/** How far the accumulated priorities of the current scheduler may drift. */
export interface PriorityBounds {
  /** All priorities are zero again every so many rounds. @source facts/scheduler.md SCH-C19 */
  readonly resetInterval: number;
  /** Priority above so many rounds decays. @source facts/scheduler.md SCH-C28 */
  readonly ceiling: number;
  /** Debt of more than so many rounds decays. @source facts/scheduler.md SCH-C28 */
  readonly floor: number;
  /** What is left of the part beyond in the next round. @unit percent */
  readonly decay: number;
}

/** Where memory becomes scarce, and what those who take it have to set aside. @source facts/cycles.md CYC-4.5 */
export interface StorageParameters {
  /** Memory of the subnet above which a canister that grows sets cycles aside. @unit bytes @source facts/cycles.md CYC-C37 */
  readonly threshold: Bytes;
  /** Memory of the subnet. @unit bytes @source facts/cycles.md CYC-C37 */
  readonly capacity: Bytes;
  /** For how long a page is paid for in advance when the memory is full; 0 where nothing is ever set aside. @unit seconds @source facts/cycles.md CYC-C22 */
  readonly period: Seconds;
}

export interface Parameters {
  /** The scheduler's algorithm: as published in 2021, or that of April 2026. @source facts/scheduler.md SCH-G0, SCH-G4 */
  readonly scheduler: "published" | "current";
  /** Cores that execute canisters. Capacity is 100 percent for each; in the current scheduler the last one is not part of it. */
  readonly cores: number;
  /** Most instructions that one core executes in a round, overheads included. @unit instructions */
  readonly roundInstructionLimit: Instructions;
  /** Most instructions of one message, cleanup included. @unit instructions */
  readonly messageInstructionLimit: Instructions;
  /** Most instructions of one message in one go; a message that needs more is paused. Above the message limit, nothing is sliced. @unit instructions */
  readonly sliceInstructionLimit: Instructions;
  /** Executions that stay paused after a round; the others lose their slices. @source facts/scheduler.md SCH-C12 */
  readonly maxPausedExecutions: number;
  /** Counted against the round for each slice that is executed and each message that is taken from a queue; at least 1. @unit instructions */
  readonly messageOverhead: Instructions;
  /** Counted against the core for each canister whose turn used an instruction. @unit instructions @source facts/scheduler.md SCH-C09 */
  readonly canisterOverhead: Instructions;
  /** Counted against the round after each iteration, for each canister of the subnet. @unit instructions @source facts/scheduler.md SCH-C10 */
  readonly finalisationOverhead: Instructions;
  /** Heap delta that ends the turns of a core, and the iterations of a round. @unit bytes @source facts/scheduler.md SCH-C15 */
  readonly heapDeltaIterationLimit: Bytes;
  /** Heap debit that suspends a canister, and what a round forgives of it. @unit bytes @source facts/scheduler.md SCH-C16 */
  readonly heapDeltaRateLimit: Bytes;
  /** Heap delta of the subnet that may come together until a checkpoint. @unit bytes @source facts/scheduler.md SCH-C13 */
  readonly heapDeltaCapacity: Bytes;
  /** Of that, what is there right after a checkpoint; the rest is added evenly. @unit bytes @source facts/scheduler.md SCH-C14 */
  readonly heapDeltaReserve: Bytes;
  /** Share of the capacity that may be allocated. @unit percent @source facts/scheduler.md SCH-C24 */
  readonly allocatable: number;
  /** Of the current scheduler alone. */
  readonly priority: PriorityBounds;
  /** Share of the message limit that a callback leaves for its cleanup, rounded down. @unit percent */
  readonly cleanupReserve: number;
  /** Slots of a queue, for each ordered pair of canisters and each direction; for requests and for responses apart. @source facts/messages.md MSG-CAP01 */
  readonly queueCapacity: number;
  /** Memory for the responses that the subnet guarantees; each guaranteed call takes `maxPayload` of it at either end. @unit bytes @source facts/messages.md MSG-3.2.1, MSG-CAP14 */
  readonly guaranteedResponseMemory: Bytes;
  /** Memory for best-effort messages at the end of a round. @unit bytes @source facts/messages.md E11, MSG-CAP14 */
  readonly bestEffortMemory: Bytes;
  /** Callbacks that the subnet has, and those that every canister may have even when the subnet has no more. @source facts/messages.md MSG-CAP07 */
  readonly callbackLimit: number;
  readonly callbackQuota: number;
  /** Most messages in a stream to another subnet, and in the loopback stream. @source facts/messages.md MSG-CAP11 */
  readonly streamCapacity: number;
  /** How long a request with a guaranteed response may wait in an output queue. @unit nanoseconds @source facts/messages.md MSG-CAP05 */
  readonly requestLifetime: Nanoseconds;
  /** Longest timeout of a best-effort call. @unit nanoseconds @source facts/messages.md MSG-CAP06 */
  readonly bestEffortLifetime: Nanoseconds;
  /** What becomes of the cycles on a best-effort message that is dropped. @source facts/messages.md E8, E11, K11 */
  readonly droppedCycles: "lost" | "returned";
  /** Longest time from submission to expiry of an ingress message. @unit nanoseconds @source facts/messages.md MSG-CAP09 */
  readonly ingressLifetime: Nanoseconds;
  /** How long the ingress history keeps an answer. @unit nanoseconds @source facts/messages.md A11 */
  readonly historyLifetime: Nanoseconds;
  /** Most messages in the ingress history. @source facts/messages.md A8 */
  readonly historyCapacity: number;
  /** Most bytes of replies in the ingress history. @unit bytes @source facts/messages.md MSG-CAP13 */
  readonly historyMemory: Bytes;
  /** Most instructions of an inspection. @unit instructions @source facts/messages.md A4 */
  readonly inspectionInstructionLimit: Instructions;
  /** Most instructions of one query, and of one callback of a query with its cleanup. @unit instructions @source facts/messages.md MSG-6.2 */
  readonly queryInstructionLimit: Instructions;
  /** Instructions of a composite query with all that it calls: when none is left, it is rejected. @unit instructions @source facts/messages.md MSG-6.2 */
  readonly queryTreeInstructionLimit: Instructions;
  /** Counted for each call of a composite query. @unit instructions @source facts/messages.md MSG-6.2 */
  readonly queryCallOverhead: Instructions;
  /** How deep below the query of a user others may run. @source facts/messages.md MSG-6.2, facts/scheduler.md SCH-C40 */
  readonly queryDepth: number;
  /** Instructions that a canister has for queries in a window of time. @unit instructions @source facts/messages.md MSG-6.4 */
  readonly queryBudget: Instructions;
  /** How long a window is. @unit nanoseconds @source facts/messages.md MSG-6.4 */
  readonly queryWindow: Nanoseconds;
  /** Whether a query that is executed in a round may accept and burn cycles. @source facts/messages.md MSG-10.4.17 */
  readonly replicatedQueryAccepts: boolean;
  /** Most bytes of any payload. @unit bytes */
  readonly maxPayload: Bytes;
  /** Pages of a canister's memory: indices are 0 to one less. */
  readonly maxPages: number;
  /** Pages below this one are the heap, which an upgrade may replace; the others are stable memory, as far as it goes. @source facts/messages.md F14 */
  readonly heapPages: number;
  /** Most bytes in a page; a page that was written counts whole. @unit bytes */
  readonly pageSize: Bytes;
  /** Rounds between asking for randomness and the tape that answers; at least 1. @source facts/messages.md J8 */
  readonly tapeLag: number;
  /** How long a request to stop a canister waits for it, at most. @unit nanoseconds @source facts/messages.md F21 */
  readonly stopTimeout: Nanoseconds;
  /** Most instructions of an installation, all that runs in it together. @unit instructions @source facts/scheduler.md SCH-C06 */
  readonly installInstructionLimit: Instructions;
  /** What a round forgives of the install debit of a canister. @unit instructions @source facts/scheduler.md SCH-C17 */
  readonly installRateLimit: Instructions;
  /** How many changes of a canister are kept, the newest. @source facts/messages.md MSG-ST17, MSG-G9 */
  readonly changesKept: number;
  /** Most snapshots of a canister. @source facts/messages.md F32 */
  readonly snapshotLimit: number;
  /** What taking a snapshot, or bringing it back, is charged for. @unit instructions @source facts/cycles.md CYC-C31 */
  readonly snapshotInstructions: Instructions;
  /** The keys with which the subnet signs. @source facts/messages.md F28 */
  readonly keys: readonly KeyName[];
  /** Most requests for signatures with one key, and one method, that wait for consensus. @source facts/messages.md F28 */
  readonly signatureQueue: number;
  /** Most outcalls that wait for consensus. @source facts/messages.md F29 */
  readonly outcallLimit: number;
  /** Most chunks of a canister. @source facts/messages.md F9 */
  readonly chunkLimit: number;
  /** What a chunk takes of memory, whatever its length. @unit bytes @source facts/messages.md F9 */
  readonly chunkBytes: Bytes;
  /** What keeping a chunk is charged for. @unit instructions @source facts/cycles.md CYC-C30 */
  readonly chunkInstructions: Instructions;
  /** Least time between two charges of a canister for what it occupies. @unit nanoseconds @source facts/cycles.md CYC-C21 */
  readonly chargePeriod: Nanoseconds;
  readonly storage: StorageParameters;
  readonly fees: FeeTable;
}

/** A limit that nothing reaches: the greatest whole number of the wire. */
const unlimited = Number.MAX_SAFE_INTEGER;

/**
 * The limits of an application subnet without time slicing, overheads of canisters, or limits of the heap delta.
 * @source facts/scheduler.md SCH-C01, SCH-C02, SCH-C05, SCH-C08, SCH-C30; facts/cycles.md CYC-C27, CYC-C33, CYC-C34
 */
export const publishedParameters: Parameters = {
  scheduler: "published",
  cores: 4,
  roundInstructionLimit: instructions(7_000_000_000),
  messageInstructionLimit: instructions(5_000_000_000),
  sliceInstructionLimit: instructions(5_000_000_000),
  maxPausedExecutions: 4,
  messageOverhead: instructions(2_000_000),
  canisterOverhead: instructions(0),
  finalisationOverhead: instructions(0),
  heapDeltaIterationLimit: bytes(unlimited),
  heapDeltaRateLimit: bytes(unlimited),
  heapDeltaCapacity: bytes(unlimited),
  heapDeltaReserve: bytes(unlimited),
  allocatable: 100,
  priority: { resetInterval: 86_400, ceiling: 5, floor: 20, decay: 80 },
  cleanupReserve: 5,
  queueCapacity: 500,
  guaranteedResponseMemory: bytes(15 * 2 ** 30),
  bestEffortMemory: bytes(5 * 2 ** 30),
  callbackLimit: 1_000_000,
  callbackQuota: 50,
  streamCapacity: 10_000,
  requestLifetime: nanoseconds(300_000_000_000n),
  bestEffortLifetime: nanoseconds(300_000_000_000n),
  droppedCycles: "returned",
  ingressLifetime: nanoseconds(300_000_000_000n),
  historyLifetime: nanoseconds(300_000_000_000n),
  historyCapacity: 600_000,
  historyMemory: bytes(4 * 2 ** 30),
  inspectionInstructionLimit: instructions(200_000_000),
  queryInstructionLimit: instructions(5_000_000_000),
  queryTreeInstructionLimit: instructions(5_000_000_000),
  queryCallOverhead: instructions(50_000_000),
  queryDepth: 6,
  queryBudget: instructions(unlimited),
  queryWindow: nanoseconds(60_000_000_000n),
  replicatedQueryAccepts: false,
  maxPayload: bytes(2_097_152),
  maxPages: 1_048_576,
  heapPages: 524_288,
  pageSize: bytes(4_096),
  tapeLag: 1,
  stopTimeout: nanoseconds(300_000_000_000n),
  installInstructionLimit: instructions(300_000_000_000),
  installRateLimit: instructions(2_000_000_000),
  changesKept: 20,
  snapshotLimit: 10,
  snapshotInstructions: instructions(2_000_000_000),
  keys: [keyName("key-1")],
  signatureQueue: 20,
  outcallLimit: 3_000,
  chunkLimit: 100,
  chunkBytes: bytes(2 ** 20),
  chunkInstructions: instructions(200_000_000),
  chargePeriod: nanoseconds(10_000_000_000n),
  storage: { threshold: bytes(450 * 2 ** 30), capacity: bytes(700 * 2 ** 30), period: seconds(300_000_000) },
  fees: feesOf2025,
};

/**
 * The limits of an application subnet of 2026.
 * @source facts/scheduler.md section 5, SCH-C01 to SCH-C28
 */
export const currentParameters: Parameters = {
  ...publishedParameters,
  scheduler: "current",
  roundInstructionLimit: instructions(4_000_000_000),
  messageInstructionLimit: instructions(40_000_000_000),
  sliceInstructionLimit: instructions(2_000_000_000),
  canisterOverhead: instructions(8_000_000),
  finalisationOverhead: instructions(12_000),
  heapDeltaIterationLimit: bytes(200_000_000),
  heapDeltaRateLimit: bytes(78_643_200),
  heapDeltaCapacity: bytes(140 * 2 ** 30),
  heapDeltaReserve: bytes(32 * 2 ** 30),
  allocatable: 50,
  replicatedQueryAccepts: true,
  storage: { threshold: bytes(750 * 2 ** 30), capacity: bytes(2048 * 2 ** 30), period: seconds(300_000_000) },
  fees: feesOf2026,
};

/** Most instructions that a message executes in one go. @source facts/scheduler.md SCH-K1, SCH-3.2 */
export const sliceOf = ({ sliceInstructionLimit, messageInstructionLimit }: Parameters): Instructions =>
  instructions(Math.min(sliceInstructionLimit, messageInstructionLimit));

/** Most pages of stable memory. */
export const stableRoomOf = ({ maxPages, heapPages }: Pick<Parameters, "maxPages" | "heapPages">): number =>
  Math.max(0, maxPages - heapPages);

/** How many pages of stable memory a canister begins with that says so many: no more than there are. */
export const stableAtFirst = (parameters: Pick<Parameters, "maxPages" | "heapPages">, said = 0): number =>
  Math.min(said, stableRoomOf(parameters));

/** The compute allocations of a subnet stay below this. @unit percent @source facts/scheduler.md SCH-C24, SCH-C26, SCH-E4 */
export const allocatableOf = ({ scheduler, cores, allocatable }: Parameters): number =>
  Math.floor((100 * (scheduler === "published" ? cores : cores - 1) * allocatable) / 100);

/** What a canister may set aside for its memory where its genesis names no other limit. @unit cycles @source facts/cycles.md CYC-C23 */
export const usualReservedLimit = cycles(5_000_000_000_000n);

/** How long a canister must be able to pay for its idle life where nobody said otherwise. @unit seconds @source facts/messages.md MSG-ST05 */
export const usualFreezingThreshold = seconds(2_592_000);

/** How many controllers a canister may have. @source facts/messages.md F1 */
export const mostControllers = 10;

/** One percent of a round in the current scheduler. @unit accumulated priority @source facts/scheduler.md SCH-C27 */
export const priorityPercent = 1_000_000n;
