/** Limits of the heap delta: the clauses of `spec/rules/limits.ts`, one line each. */
import {
  bytes,
  canisterSuspend,
  checkpoint,
  debitDecay,
  priorityPercent,
  roundGate,
  suspensionCharge,
  type Bytes,
  type CanisterId,
  type CheckpointSummary,
  instructions,
} from "../../spec/index.ts";
import { canisterOf, draftOf } from "../reading.ts";
import type { State } from "../state.ts";
import { transition } from "../transition.ts";

export const passGate = transition(roundGate)<{ summary: CheckpointSummary | undefined }>({
  when: {
    room: (before, { summary }) => before.heapDelta < heapLimitOf(before, summary),
  },
  then: {},
});

export const suspend = transition(canisterSuspend)<{ canister: CanisterId }>({
  when: {
    indebted: (before, { canister }) => canisterOf(before, canister).heapDebit >= before.parameters.heapDeltaRateLimit,
    awake: (before, { canister }) => !before.round.suspended.has(canister),
  },
  then: {
    suspend: (after, _before, { canister }) => void after.round.suspended.add(canister),
  },
});

export const chargeSuspended = transition(suspensionCharge)<{ canister: CanisterId; iteration: number }>({
  when: {
    first: (_before, { iteration }) => iteration === 1,
  },
  then: {
    pay: (after, _before, { canister }) => void (draftOf(after, canister).accumulatedPriority -= 100n * priorityPercent),
  },
});

export const decayDebits = transition(debitDecay)<Record<never, never>>({
  when: {},
  then: {
    decay: (after, { canisters, parameters }) => {
      for (const [id, { heapDebit }] of canisters)
        if (heapDebit > 0) draftOf(after, id).heapDebit = bytes(Math.max(0, heapDebit - parameters.heapDeltaRateLimit));
    },
    install: (after, { canisters, parameters }) => {
      for (const [id, { installDebit }] of canisters)
        if (installDebit > 0) draftOf(after, id).installDebit = instructions(Math.max(0, installDebit - parameters.installRateLimit));
    },
  },
});

export const makeCheckpoint = transition(checkpoint)<Record<never, never>>({
  when: {},
  then: {
    delta: (after) => void (after.heapDelta = bytes(0)),
    keep: (after) => void (after.round.keeps = 0),
  },
});

/** What the heap delta must stay below for a round to execute. @source facts/scheduler.md SCH-4.1 */
export const heapLimitOf = ({ parameters, height: now }: Pick<State, "parameters" | "height">, summary?: CheckpointSummary): Bytes => {
  const { heapDeltaCapacity: capacity, heapDeltaReserve: reserve } = parameters;
  if (summary === undefined || reserve >= capacity) return capacity;
  const rounds = summary.length + 1;
  const remaining = Math.min(Math.max(0, summary.nextCheckpoint - now), rounds);
  return bytes(capacity - Number((BigInt(capacity - reserve) * BigInt(remaining)) / BigInt(rounds)));
};
