/** Limits of the heap delta: a canister that changed too much is suspended, a subnet that did executes nothing. */
import * as fc from "fast-check";
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { orKept } from "../arbitraries/coded.ts";
import { heapWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import type { Book } from "../tracking/schedule.ts";
import type { Complaint } from "../tracking/watch.ts";
import { mayGoOn } from "../tracking/counters.ts";
import type { World } from "../tracking/world.ts";
import { bookedLaw } from "./booked.ts";
import { isOfConsensus } from "../tracking/consensus.ts";
import { afterIterations } from "./phases.ts";

export const heapDebitSuspends = bookedLaw({
  id: "heap-debit-suspends",
  statement:
    "At the start of each iteration exactly those canisters are suspended, once a round, whose heap debit has reached the limit: a debit grows by the pages that executions changed, and by those of snapshots that are taken or brought back, with their chunks, and by chunks that are kept, and each round that is not skipped forgives a limit of it; a suspended canister has no turn.",
  source: "facts/scheduler.md SCH-P9, SCH-2.4.5, SCH-4.3, SCH-7.11",
  cites: ["canister-suspend", "debit-decay", "core-spend", "restart", "canister-create", "snapshot-take", "snapshot-load", "chunk-keep"],
  needs: ["heap-limits"],
  otherwise: "no canister was suspended",
  cases: (vocabulary) => orKept(heapWorlds(vocabulary), vocabulary, { damped: true }).map(alone),
  read: () => {
    let suspended = false;
    let latest: CanisterId | null = null;
    let iterating = false;
    return {
      interested: () => suspended,
      onEvent: (event, book, world) => {
        if (event.kind === "round-began" || event.kind === "turn-ended") latest = null;
        if (event.kind === "round-began") iterating = true;
        if (event.kind === "round-skipped") iterating = false;
        if (event.kind === "canister-suspended") {
          suspended = true;
          const before = latest;
          latest = event.canister;
          return missuspended(event, before, book, world);
        }
        if (event.kind === "turn-began")
          return (
            (isFirst(world) ? overlooked(book, world) : undefined) ??
            (world.canisters.get(event.canister)?.suspended === true ? `${event.canister} had a turn while it was suspended` : undefined)
          );
        if (!iterating || !afterIterations(event, world)) return undefined;
        iterating = false;
        return world.round !== null && mayGoOn(world, world.round) ? overlooked(book, world) : undefined;
      },
    };
  },
});

/** Whether the turn that begins is the first of its iteration. */
const isFirst = ({ round }: World): boolean => round?.iterations.at(-1)?.turns.length === 0;

const missuspended = (
  { canister: id, iteration, heapDebit }: Extract<Event, { readonly kind: "canister-suspended" }>,
  before: CanisterId | null,
  { canisters, parameters: { heapDeltaRateLimit: limit } }: Book,
  world: World,
): Complaint => {
  const canister = canisters.get(id);
  const begins = (world.round?.iterations.length ?? 0) + 1;
  if (canister === undefined) return `${id}, which does not exist, was suspended`;
  if (canister.debit !== heapDebit) return `${id} was suspended with a heap debit of ${heapDebit}, and it is ${canister.debit}`;
  if (heapDebit < limit) return `${id} was suspended with a heap debit of ${heapDebit}, and the limit is ${limit}`;
  if (world.canisters.get(id)?.suspended === true) return `${id} was suspended twice in a round`;
  if (before !== null && byId(before, id) >= 0) return `${id} was suspended after ${before}`;
  if (iteration !== begins) return `${id} was suspended in iteration ${iteration}, and it is iteration ${begins} that begins`;
  return world.round?.turn == null && world.round !== null && mayGoOn(world, world.round)
    ? undefined
    : `${id} was suspended when no iteration began`;
};

const overlooked = ({ canisters, parameters: { heapDeltaRateLimit: limit } }: Book, { canisters: tracked }: World): Complaint => {
  for (const { id, debit } of canisters.values())
    if (debit >= limit && tracked.get(id)?.suspended === false)
      return `${id} has a heap debit of ${debit}, the limit is ${limit}, and it is not suspended`;
  return undefined;
};

export const heapDeltaGatesRounds = bookedLaw({
  id: "heap-delta-gates-rounds",
  statement:
    "A round executes exactly when the heap delta since the last checkpoint is below its limit, which grows evenly from the reserve right after a checkpoint to the capacity at the next; a round that is skipped runs nothing, chooses no tasks, answers no randomness, executes nothing for the management canister, stops and suspends nobody and settles nothing; a checkpoint makes the heap delta zero.",
  source: "facts/scheduler.md SCH-P16, SCH-R3, SCH-4.1, SCH-E9, SCH-7.13, SCH-7.14",
  cites: [
    "round-gate",
    "checkpoint",
    "iteration-end",
    "core-spend",
    "debit-decay",
    "restart",
    "snapshot-take",
    "snapshot-load",
    "chunk-keep",
  ],
  needs: ["heap-limits"],
  otherwise: "no round was skipped",
  cases: (vocabulary) => {
    const gated = heapWorlds(vocabulary, true);
    return fc.oneof(gated, orKept(gated, vocabulary, { gated: true })).map(alone);
  },
  read: () => {
    let skipped = false;
    /** The heap delta when the round began. */
    let before = 0;
    return {
      interested: () => skipped,
      onEvent: (event, { round, heapDelta, height }, world) => {
        if (round === null) return undefined;
        if (event.kind === "round-began") before = heapDelta;
        const words = `with a heap delta of ${before} and a limit of ${round.limit}`;
        if (event.kind === "round-skipped") {
          skipped = true;
          if (before < round.limit) return `round ${height} was skipped ${words}`;
          const { heapDelta: told, limit, height: of } = event;
          return told === before && limit === round.limit && of === height
            ? undefined
            : `round ${height} was skipped ${words}, and it is told that round ${of} was, with ${told} and ${limit}`;
        }
        if (!round.skipped)
          return before >= round.limit && executing.has(event.kind) && !isOfConsensus(event, world)
            ? `round ${height} executed ${words}`
            : undefined;
        if (event.kind === "round-ended") return idle(event);
        return executing.has(event.kind) ? `round ${height} was skipped, and ${event.kind} was told` : undefined;
      },
    };
  },
});

const executing: ReadonlySet<Event["kind"]> = new Set([
  "turn-began",
  "tasks-chosen",
  "tasks-dropped",
  "randomness-answered",
  "canister-suspended",
  "canister-stopping",
  "canister-started",
  "canister-stopped",
  "cycles-deposited",
  "cycles-provided",
  "installation-ran",
  "settings-updated",
  "memory-reserved",
  "snapshot-taken",
  "snapshot-loaded",
  "snapshot-deleted",
  "consensus-asked",
  "chunk-kept",
  "chunks-cleared",
  "canister-created",
  "management-answered",
  "full-round",
  "priorities-settled",
  "ingress-forgotten",
  "ingress-pruned",
  "round-ended",
] as const);

const idle = ({ iterations, instructions }: Extract<Event, { readonly kind: "round-ended" }>): Complaint =>
  iterations === 0 && instructions === 0
    ? undefined
    : `a round was skipped, and had ${iterations} iterations with ${instructions} instructions`;
