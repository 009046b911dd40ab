/** What a round knows while it goes on; between two rounds there is nothing of it. */
import { hex, type CanisterId, type Draw, type Height, type Hex } from "../spec/index.ts";

/** What cores share: each gets a part of the memory for responses, a copy of the callbacks that are left, and sees a part of the memory in use. */
export interface Shared {
  /** @unit bytes */
  readonly memory: number;
  readonly callbacks: number;
  /** @unit bytes */
  readonly used: number;
}

export interface RoundState {
  readonly seed: Hex;
  readonly draws: number;
  /** What is told of them. */
  readonly drawn: readonly Draw[];
  /** Signed: what is used may pass it. */
  readonly counter: number;
  readonly heapDelta: number;
  /** Executions that stay paused after the round. */
  readonly keeps: number;
  readonly longCores: number;
  readonly suspended: ReadonlySet<CanisterId>;
  /** The canisters that completed a message or a task. */
  readonly completed: ReadonlySet<CanisterId>;
  /** The canisters that finished a long execution, with the round since which it was under way. */
  readonly finished: ReadonlyMap<CanisterId, Height>;
  /** The canisters that had a full round. */
  readonly full: ReadonlySet<CanisterId>;
  /** Of the core that is executing: a copy of the counter, and what it changed. */
  readonly core: { readonly left: number; readonly heapDelta: number };
  readonly ranks: ReadonlyMap<CanisterId, Rank>;
  /** For each core the canisters of the iteration, in their order. */
  readonly turns: readonly (readonly CanisterId[])[];
  /** What every core of the iteration is given of what they share, and what the one that runs has left of it. */
  readonly given: Shared;
  readonly left: Shared;
}

/** What orders the canisters of a round; a missing part counts as equal. */
export interface Rank {
  readonly long: boolean;
  readonly executed: number;
  readonly priority: bigint;
  readonly since: number;
  readonly position: number;
}

export const nothingShared: Shared = { memory: 0, callbacks: 0, used: 0 };

/** Between two rounds there is nothing of a round. */
export const idleRound: RoundState = {
  seed: hex(""),
  draws: 0,
  drawn: [],
  counter: 0,
  heapDelta: 0,
  keeps: 0,
  longCores: 0,
  suspended: new Set(),
  completed: new Set(),
  finished: new Map(),
  full: new Set(),
  core: { left: 0, heapDelta: 0 },
  ranks: new Map(),
  turns: [],
  given: nothingShared,
  left: nothingShared,
};
