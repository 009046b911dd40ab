/**
 * The notebook of the scheduler: what each canister reserved, holds as priority and owes, what is executed in slices, and how
 * much was written, followed from the events alone. A trace of several subnets is read subnet by subnet.
 */
import { sliceOf, type CanisterId, type Event, type Genesis, type Parameters, type Step } from "../../spec/index.ts";

export interface Attempt {
  readonly slices: number;
  readonly instructions: number;
}

export interface Booked {
  readonly id: CanisterId;
  allocation: number;
  /** In millionths of a percent; of the current scheduler alone. */
  priority: bigint;
  executed: number;
  debit: number;
  /** Of a long execution: the round since which it is under way, and its attempt, `null` when it is aborted. */
  underway: { readonly since: number; readonly attempt: Attempt | null } | null;
}

export interface BookedRound {
  readonly height: number;
  readonly checkpoint: boolean;
  readonly skipped: boolean;
  readonly suspended: Set<CanisterId>;
  readonly completed: Set<CanisterId>;
  /** Long executions that were finished. */
  readonly finished: Set<CanisterId>;
  readonly full: Set<CanisterId>;
  iterations: number;
  /** Heap delta by iteration, and the instructions of each turn. */
  heapDelta: number;
}

export interface Book {
  readonly parameters: Parameters;
  readonly slice: number;
  readonly canisters: Map<CanisterId, Booked>;
  height: number;
  /** Of the subnet, since the last checkpoint. */
  heapDelta: number;
  round: BookedRound | null;
}

export const openBook = ({ parameters, canisters }: Genesis): Book => ({
  parameters,
  slice: sliceOf(parameters),
  canisters: new Map(canisters.map(({ id, computeAllocation }) => [id, booked(id, computeAllocation)])),
  height: 0,
  heapDelta: 0,
  round: null,
});

/** Takes note of an event. What the end of a round does to priorities is up to the law that judges it. */
export const note = (book: Book, event: Event, { input }: Step): void => {
  const { canisters, parameters, round } = book;
  const grow = (id: CanisterId, pages: number): void => {
    const grown = pages * parameters.pageSize;
    book.heapDelta += grown;
    if (round !== null) round.heapDelta += grown;
    const canister = canisters.get(id);
    if (canister !== undefined) canister.debit += grown;
  };
  switch (event.kind) {
    case "round-began": {
      const checkpoint = input.kind === "round" && input.checkpoint === true;
      book.height = event.height;
      book.round = {
        height: event.height,
        checkpoint,
        skipped: false,
        suspended: new Set(),
        completed: new Set(),
        finished: new Set(),
        full: new Set(),
        iterations: 0,
        heapDelta: 0,
      };
      return;
    }
    case "round-skipped":
      if (round !== null) book.round = { ...round, skipped: true };
      return;
    case "turn-began":
      if (round !== null) round.iterations = Math.max(round.iterations, event.iteration);
      return;
    case "canister-suspended":
      round?.suspended.add(event.canister);
      return;
    case "executed":
      round?.completed.add(event.canister);
      return grow(event.canister, event.wrote.length);
    case "not-executed":
    case "response-discarded":
      round?.completed.add(event.canister);
      return;
    case "execution-paused":
      return underway(book, event.canister, { since: event.since, attempt: { slices: event.slices, instructions: event.instructions } });
    case "execution-finished":
      round?.finished.add(event.canister);
      return underway(book, event.canister, null);
    case "execution-aborted": {
      const canister = canisters.get(event.canister);
      if (canister?.underway != null) Object.assign(canister, { underway: { ...canister.underway, attempt: null }, executed: 0 });
      return;
    }
    case "full-round":
      round?.full.add(event.canister);
      return;
    case "canister-created":
      canisters.set(event.canister, booked(event.canister, event.computeAllocation));
      return;
    case "canister-deleted":
      canisters.delete(event.canister);
      return;
    case "allocation-set": {
      const canister = canisters.get(event.canister);
      if (canister !== undefined) canister.allocation = event.computeAllocation;
      return;
    }
    case "round-ended":
      return forgive(book);
    default:
  }
};

/** The end of a round forgives debits, unless it was skipped; a checkpoint, the heap delta of the subnet. */
const forgive = (book: Book): void => {
  const { round, canisters, parameters } = book;
  if (round === null) return;
  if (!round.skipped)
    for (const canister of canisters.values()) canister.debit = Math.max(0, canister.debit - parameters.heapDeltaRateLimit);
  if (round.checkpoint) book.heapDelta = 0;
};

const underway = ({ canisters }: Book, id: CanisterId, under: Booked["underway"]): void => {
  const canister = canisters.get(id);
  if (canister !== undefined) canister.underway = under;
};

const booked = (id: CanisterId, allocation: number): Booked => ({ id, allocation, priority: 0n, executed: 0, debit: 0, underway: null });
