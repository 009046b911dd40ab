/**
 * The whole state as plain records: what the specification calls state, with the genesis, since nobody else remembers it. No
 * index, count or digest is among it. Senders stand in the order in which they are served, so that queues filled again in
 * this order give it again; tasks never outlive their round.
 */
import {
  byId,
  type Bytes,
  type CallbackId,
  type CanisterGenesis,
  type CanisterId,
  type CanisterStatus,
  type ContextId,
  type Cycles,
  type FeeTable,
  type Genesis,
  type Height,
  type Hex,
  type IngressId,
  type IngressStatus,
  type Nanoseconds,
  type Script,
  type StreamMessage,
  type SubnetId,
  type UserId,
} from "../spec/index.ts";
import type { Callback, Pair, PooledIngress, Source } from "./messages.ts";
import type { Changes } from "./changes.ts";
import { genesisOf, type Hook } from "./code.ts";
import { noCycles, type Start } from "./frame.ts";
import { balanceOf, chargedAtOf, reservedOf } from "./cohorts.ts";
import type { Reserve } from "./fees.ts";
import { listed } from "./queues.ts";
import type { Job, TaskJob } from "./run.ts";
import type { Canister, Context, Engine, Turn } from "./state.ts";
import { accumulatedBy } from "./scheduler.ts";
import { messagesOf, type Stream } from "./streams.ts";
import { writtenCommittee, type WrittenCommittee } from "./written-committee.ts";
import { writtenConsensus, type WrittenConsensus } from "./written-consensus.ts";
import {
  writtenIngress,
  writtenManagementRequest,
  writtenMessage,
  writtenRequest,
  type WrittenIngress,
  type WrittenManagementRequest,
  type WrittenMessage,
  type WrittenRequest,
} from "./written-messages.ts";
import { writtenSnapshots, type WrittenSnapshots } from "./written-snapshots.ts";
import { writtenTokens, type WrittenTokens } from "./written-tokens.ts";
import type { Attempt, Execution } from "./under-way.ts";

/** The queue for a peer, in one direction. */
export interface WrittenQueue {
  readonly peer: CanisterId;
  readonly messages: readonly WrittenMessage[];
}

export interface WrittenMail {
  readonly ingress: readonly WrittenIngress[];
  readonly inputs: readonly WrittenQueue[];
  readonly outputs: readonly WrittenQueue[];
  readonly turn: Source;
}

export interface WrittenCallback {
  readonly id: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  readonly reserve: Reserve;
  readonly expiry: Nanoseconds | null;
  readonly onReply: Script;
  readonly onReject: Script;
  readonly onCleanup: Script;
}

export interface WrittenExecution {
  readonly job: WrittenMessage | (WrittenIngress & { readonly kind: "ingress" }) | TaskJob;
  readonly since: Height;
  readonly prepaid: Cycles;
  readonly attempt: {
    readonly start: Omit<Start, "prices"> & { readonly fees: FeeTable };
    readonly slices: number;
    readonly done: number;
    readonly postponed: Cycles;
  } | null;
}

export interface WrittenCanister {
  readonly id: CanisterId;
  readonly balance: Cycles;
  readonly reserved: Cycles;
  readonly memoryAllocation: Bytes;
  readonly chargedAt: Nanoseconds;
  readonly status: CanisterStatus;
  readonly version: number;
  readonly changes: Changes | null;
  readonly installDebit: number;
  readonly stops: readonly { readonly request: WrittenManagementRequest; readonly since: Nanoseconds }[];
  readonly installed: boolean;
  readonly pages: readonly (readonly [number, Hex])[];
  readonly snapshots: WrittenSnapshots | null;
  readonly chunks: readonly (readonly [Hex, string])[];
  readonly timer: Nanoseconds | null;
  readonly certifiedData: Hex;
  readonly turn: Turn;
  readonly hook: Hook;
  readonly priority: bigint;
  readonly executedRounds: number;
  readonly heapDebit: number;
  readonly execution: WrittenExecution | null;
  readonly mail: WrittenMail | null;
  readonly contexts: readonly Omit<Context, "calls">[];
  readonly callbacks: readonly WrittenCallback[];
  readonly nextContext: ContextId;
  readonly nextCallback: CallbackId;
}

export interface WrittenStream {
  readonly to: SubnetId;
  readonly begin: number;
  readonly messages: readonly StreamMessage[];
  readonly signals: number;
}

export interface WrittenState {
  readonly genesis: Genesis;
  readonly height: Height;
  readonly time: Nanoseconds;
  readonly heapDelta: number;
  readonly retired: readonly CanisterId[];
  readonly nextNumber: number;
  readonly totals: Readonly<Record<"burned" | "lost" | "sent" | "received" | "minted", bigint>>;
  readonly canisters: readonly WrittenCanister[];
  readonly streams: readonly WrittenStream[];
  readonly history: readonly (readonly [IngressId, UserId, IngressStatus])[];
  readonly pool: readonly PooledIngress[];
  readonly waitingManagement: readonly { readonly request: WrittenManagementRequest; readonly sent: Height }[];
  readonly waitingRandomness: readonly { readonly request: WrittenRequest; readonly asked: Height }[];
  readonly consensus: WrittenConsensus;
  readonly committee: WrittenCommittee | null;
  readonly tokens: WrittenTokens | null;
}

export const writtenState = (engine: Engine): WrittenState => {
  const { genesis, prices } = engine;
  const { burned, lost, sent, received, minted } = engine.totals;
  return {
    genesis: { ...genesis, parameters: { ...genesis.parameters, fees: prices.fees }, canisters: engine.canisters.map(bornAgain) },
    height: engine.height,
    time: engine.time,
    heapDelta: engine.heapDelta,
    retired: [...engine.retired],
    nextNumber: engine.nextNumber,
    totals: { burned, lost, sent, received, minted },
    canisters: engine.canisters.map((canister) => writtenCanister(engine, canister)),
    streams: [...engine.streams.values()].map(writtenStream),
    history: [...engine.history.entries.values()].map(({ id, sender, status }) => [id, sender, status]),
    pool: [...engine.pool],
    waitingManagement: engine.waitingManagement.map(({ request, sent }) => ({ request: writtenManagementRequest(request), sent })),
    waitingRandomness: engine.waitingRandomness.map(({ request, asked }) => ({ request: writtenRequest(request), asked })),
    consensus: writtenConsensus(engine.consensus),
    committee: engine.committee === null ? null : writtenCommittee(engine.committee),
    tokens: engine.tokens === null ? null : writtenTokens(engine.tokens),
  };
};

/** What a canister would have to be born with to become what it is: its settings, its code, and the size of its stable memory. */
const bornAgain = ({ id, allocation, freezing, controllers, reservedLimit, code, stablePages }: Canister): CanisterGenesis => ({
  id,
  computeAllocation: allocation,
  freezingThreshold: freezing,
  balance: noCycles,
  controllers,
  reservedLimit,
  stablePages,
  ...genesisOf(code),
});

const writtenCanister = ({ scheduler }: Engine, canister: Canister): WrittenCanister => ({
  id: canister.id,
  balance: balanceOf(canister),
  reserved: reservedOf(canister),
  memoryAllocation: canister.memoryAllocation,
  chargedAt: chargedAtOf(canister),
  status: canister.status,
  version: canister.version,
  changes: canister.changes,
  installDebit: canister.installDebit,
  stops: (canister.stops ?? []).map(({ request, since }) => ({ request: writtenManagementRequest(request), since })),
  installed: canister.code !== null,
  pages: [...(canister.pages ?? [])],
  snapshots: canister.snapshots === null ? null : writtenSnapshots(canister.snapshots),
  chunks: [...(canister.chunks ?? [])],
  timer: canister.timer,
  certifiedData: canister.certifiedData,
  turn: canister.turn,
  hook: canister.hook,
  priority: accumulatedBy(scheduler, canister.index),
  executedRounds: canister.executedRounds,
  heapDebit: canister.heapDebit,
  execution: canister.execution === null ? null : writtenExecution(canister.execution),
  mail: writtenMail(canister),
  contexts: [...(canister.contexts?.values() ?? [])].map(({ calls: _, ...context }) => context),
  callbacks: [...(canister.callbacks?.values() ?? [])].map(writtenCallback),
  nextContext: canister.nextContext,
  nextCallback: canister.nextCallback,
});

const writtenExecution = ({ job, since, prepaid, attempt }: Execution): WrittenExecution => ({
  job: writtenJob(job),
  since,
  prepaid,
  attempt: attempt === null ? null : writtenAttempt(attempt),
});

const writtenAttempt = ({ run, slices, done, postponed }: Attempt): WrittenExecution["attempt"] => {
  const { prices, ...start } = run.start;
  return { start: { ...start, fees: prices.fees }, slices, done, postponed };
};

const writtenJob = (job: Job): WrittenExecution["job"] => {
  switch (job.kind) {
    case "ingress":
      return { kind: "ingress", ...writtenIngress(job) };
    case "request":
    case "response":
      return writtenMessage(job);
    case "timer":
    case "heartbeat":
    case "low-memory":
      return job;
    default: {
      const never: never = job;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

const writtenMail = ({ mail }: Canister): WrittenMail | null => {
  if (mail === null) return null;
  const senders = [...listed(mail.local), ...listed(mail.remote)];
  const sending = [...mail.pairs.values()].filter(({ outputs }) => outputs.length > 0).sort((left, right) => byId(left.peer, right.peer));
  const told =
    (side: "inputs" | "outputs") =>
    (pair: Pair): WrittenQueue => ({ peer: pair.peer, messages: listed(pair[side]).map(writtenMessage) });
  return {
    ingress: listed(mail.ingress).map(writtenIngress),
    inputs: senders.map(told("inputs")),
    outputs: sending.map(told("outputs")),
    turn: mail.turn,
  };
};

const writtenCallback = ({ id, context, callee, attached, reserve, expiry, onReply, onReject, onCleanup }: Callback): WrittenCallback => ({
  id,
  context,
  callee,
  attached,
  reserve,
  expiry,
  onReply,
  onReject,
  onCleanup,
});

const writtenStream = (stream: Stream): WrittenStream => ({
  to: stream.to,
  begin: stream.begin,
  messages: messagesOf(stream),
  signals: stream.signals,
});
