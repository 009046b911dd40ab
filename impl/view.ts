/** The state in the words of the specification, for people who look at where two machines part. It is not kept, it is made. */
import { byId, bytes, cycles, instructions, type CanisterView, type ExecutionView, type StateView } from "../spec/index.ts";
import { balanceOf, chargedAtOf, reservedOf } from "./cohorts.ts";
import { wholeOf } from "./fees.ts";
import { spentBy } from "./budgets.ts";
import { digestsIn } from "./chunks.ts";
import { accumulatedBy } from "./scheduler.ts";
import type { Canister, Engine } from "./state.ts";
import { heldBy } from "./streams.ts";
import { tokenView } from "./tokens.ts";
import type { Execution } from "./under-way.ts";

export const viewOf = (engine: Engine): StateView => ({
  height: engine.height,
  time: engine.time,
  canisters: engine.canisters.map((canister) => canisterView(engine, canister)),
  ingress: [...engine.history.entries.values()]
    .sort((left, right) => byId(left.id, right.id))
    .map(({ id, status }) => [id, status] as const),
  waitingForManagement: engine.waitingManagement.length,
  waitingForRandomness: engine.waitingRandomness.length,
  waitingForConsensus: engine.consensus.waiting.size,
  heapDelta: bytes(engine.heapDelta),
  streams: [...engine.streams.values()]
    .sort((left, right) => byId(left.to, right.to))
    .map((stream) => ({ to: stream.to, begin: stream.begin, messages: heldBy(stream), signals: stream.signals })),
  prices: engine.prices.fees.name,
  tokens: engine.tokens === null ? null : tokenView(engine.tokens),
});

const canisterView = (engine: Engine, canister: Canister): CanisterView => ({
  id: canister.id,
  computeAllocation: canister.allocation,
  memoryAllocation: canister.memoryAllocation,
  status: canister.status,
  stops: canister.stops?.length ?? 0,
  version: canister.version,
  changes: canister.changes?.count ?? 0,
  installDebit: instructions(canister.installDebit),
  snapshots: [...(canister.snapshots?.kept.keys() ?? [])],
  chunks: digestsIn(canister),
  balance: balanceOf(canister),
  reserved: reservedOf(canister),
  chargedAt: chargedAtOf(canister),
  accumulatedPriority: accumulatedBy(engine.scheduler, canister.index),
  executedRounds: canister.executedRounds,
  heapDebit: bytes(canister.heapDebit),
  queryInstructions: instructions(spentBy(engine, canister.id)),
  execution: canister.execution === null ? null : executionView(canister.execution),
  pages: [...(canister.pages ?? [])].sort(([left], [right]) => left - right),
  stablePages: canister.stablePages,
  timer: canister.timer,
  certifiedData: canister.certifiedData,
  installed: canister.code !== null,
  tasks: canister.hook === "ready" ? ["low-memory", ...canister.tasks] : canister.tasks,
  turn: canister.turn,
  source: canister.mail?.turn ?? "local",
  inputs: canister.mail?.inputs ?? 0,
  outputs: canister.mail?.outputs ?? 0,
  contexts: [...(canister.contexts?.values() ?? [])]
    .sort((left, right) => left.id - right.id)
    .map(({ id, origin, status, available }) => ({ id, origin, status, available })),
  callbacks: [...(canister.callbacks?.values() ?? [])]
    .sort((left, right) => left.id - right.id)
    .map(({ id, context, callee, attached, expiry, reserve }) => ({
      id,
      context,
      callee,
      attached,
      deadline: expiry,
      reserve: wholeOf(reserve),
    })),
});

const executionView = ({ since, prepaid, attempt }: Execution): ExecutionView =>
  attempt === null
    ? { status: "aborted", since, prepaid, prices: null, slices: 0, instructions: instructions(0), postponed: cycles(0n) }
    : {
        status: "paused",
        since,
        prepaid,
        prices: attempt.run.start.prices.fees.name,
        slices: attempt.slices,
        instructions: instructions(attempt.done),
        postponed: attempt.postponed,
      };
