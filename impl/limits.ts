/**
 * Limits of what may be written: of the subnet until its next checkpoint, and of each canister in the rounds. Only canisters
 * that owe something are looked at.
 */
import { bytes, type CheckpointSummary, type Parameters } from "../spec/index.ts";
import { charge } from "./priorities.ts";
import type { Canister, Engine } from "./state.ts";

/** What the heap delta of the subnet must stay below in this round. @unit bytes */
export const heapLimit = (
  { heapDeltaCapacity, heapDeltaReserve }: Parameters,
  height: number,
  summary: CheckpointSummary | undefined,
): number => {
  if (summary === undefined || heapDeltaReserve >= heapDeltaCapacity) return heapDeltaCapacity;
  const rounds = summary.length + 1;
  const ahead = Math.min(Math.max(0, summary.nextCheckpoint - height), rounds);
  const kept = (BigInt(heapDeltaCapacity - heapDeltaReserve) * BigInt(ahead)) / BigInt(rounds);
  return heapDeltaCapacity - Number(kept);
};

/**
 * Whether the round may execute something.
 * @rule round-gate
 */
export const hasHeapRoom = (engine: Engine, summary: CheckpointSummary | undefined): boolean => {
  const { heapDelta, height, genesis, events } = engine;
  const limit = heapLimit(genesis.parameters, height, summary);
  if (heapDelta < limit) return true;
  events.push({ kind: "round-skipped", height, heapDelta: bytes(heapDelta), limit: bytes(limit) });
  return false;
};

/** An execution changed so many pages: on the core that runs, and of this canister. */
export const countChanges = (engine: Engine, canister: Canister, pages: number): void => {
  const bytes = pages * engine.genesis.parameters.pageSize;
  engine.core.heapDelta += bytes;
  owe(engine, canister, bytes);
};

/** So many bytes were written for this canister, by nobody's execution. */
export const countKept = (engine: Engine, canister: Canister, bytes: number): void => {
  engine.heapDelta += bytes;
  owe(engine, canister, bytes);
};

/**
 * At the start of an iteration: who owes too much takes no more turns in this round.
 * @rule canister-suspend
 * @rule suspension-charge
 */
export const suspend = (engine: Engine, iteration: number): void => {
  const { indebted, height, genesis, events, scheduler } = engine;
  if (indebted.length === 0) return;
  const limit = genesis.parameters.heapDeltaRateLimit;
  const suspended = indebted
    .filter(({ heapDebit, suspendedIn }) => heapDebit >= limit && suspendedIn !== height)
    .sort((left, right) => left.index - right.index);
  for (const canister of suspended) {
    canister.suspendedIn = height;
    events.push({ kind: "canister-suspended", iteration, canister: canister.id, heapDebit: bytes(canister.heapDebit) });
  }
  if (iteration > 1 || scheduler.kind === "published") return;
  charge(
    scheduler,
    suspended.map(({ index }) => index),
    suspended.map(() => 1),
  );
};

/**
 * Forgives what a round forgives.
 * @rule debit-decay
 */
export const forgiveDebits = (engine: Engine): void => {
  const { heapDeltaRateLimit, installRateLimit } = engine.genesis.parameters;
  for (const canister of engine.indebted) canister.heapDebit = Math.max(0, canister.heapDebit - heapDeltaRateLimit);
  engine.indebted = engine.indebted.filter(({ heapDebit }) => heapDebit > 0);
  for (const canister of engine.installed) canister.installDebit = Math.max(0, canister.installDebit - installRateLimit);
  engine.installed = engine.installed.filter(({ installDebit }) => installDebit > 0);
};

const owe = ({ indebted }: Engine, canister: Canister, bytes: number): void => {
  if (bytes === 0) return;
  if (canister.heapDebit === 0) indebted.push(canister);
  canister.heapDebit += bytes;
};
