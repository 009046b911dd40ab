/**
 * The notebook of the scheduler: what each canister reserved, holds as priority and owes, what is executed in slices, how
 * much was written, and what follows from it: the order of a round, its long cores, the priorities when it is over. Followed
 * from the events, and the number of chunks, alone, for one subnet. Written from `docs/machine.md` sections 3 and 10 to 12 alone.
 */
import { byId, priorityPercent, sliceOf, type CanisterId, type Event, type Genesis, type Parameters, type Step } from "../../spec/index.ts";
import { settle, whole, type Sums } from "./settlement.ts";
import type { World } from "./world.ts";

export interface Booked {
  readonly id: CanisterId;
  /** @unit percent */
  allocation: number;
  /** Current: in millionths of a percent. Published: in units of 1/(cores · canisters) percent. */
  priority: bigint;
  /** Full rounds that were not paid yet. */
  executed: number;
  /** @unit bytes */
  debit: number;
  /** Of a long execution: the round since which it is under way, and whether it is paused, or was aborted. */
  underway: { readonly since: number; readonly paused: boolean } | null;
}

export interface BookedRound {
  readonly height: number;
  readonly checkpoint: boolean;
  /** The heap delta from which on the round is skipped. @unit bytes */
  readonly limit: number;
  skipped: boolean;
  /** Once the round is planned: its order, those that count as long in all of it, and the cores for them. */
  plan: { readonly order: readonly CanisterId[]; readonly long: ReadonlySet<CanisterId>; readonly longCores: number } | null;
  /** Those that were suspended, and those of them in the first iteration. */
  readonly suspended: Set<CanisterId>;
  readonly charged: Set<CanisterId>;
  readonly completed: Set<CanisterId>;
  readonly full: Set<CanisterId>;
  /** What the end of the round does to priorities, once it is told. */
  sums: Sums | null;
}

export interface Book {
  readonly parameters: Parameters;
  readonly slice: number;
  readonly canisters: Map<CanisterId, Booked>;
  height: number;
  /** Of the subnet, since the last checkpoint. @unit bytes */
  heapDelta: number;
  /** The round that is under way. */
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

/** Notes what an event begins, before anybody looks at it: the plan of the round, or its sums. */
export const prepare = (book: Book, event: Event, { input }: Step): void => {
  if (event.kind === "round-began") {
    book.height = event.height;
    book.round = {
      height: event.height,
      checkpoint: input.kind === "round" && input.checkpoint === true,
      limit: heapLimit(book.parameters, event.height, input.kind === "round" ? input.summary : undefined),
      skipped: false,
      plan: null,
      suspended: new Set(),
      charged: new Set(),
      completed: new Set(),
      full: new Set(),
      sums: null,
    };
  }
  const { round } = book;
  if (round === null) return;
  if (event.kind === "round-skipped") round.skipped = true;
  if (beginsIterations.has(event.kind) || (event.kind === "round-ended" && !round.skipped)) round.plan ??= planned(book, round.height);
  if (event.kind === "priorities-settled") round.sums ??= settle(book, round);
};

const beginsIterations: ReadonlySet<Event["kind"]> = new Set([
  "canister-suspended",
  "turn-began",
  "full-round",
  "priorities-settled",
  "resources-charged",
] as const);

/** Takes note of an event; the world is as it was before it, for of chunks only their number counts. */
export const note = (book: Book, event: Event, world: Pick<World, "canisters">): void => {
  const { canisters, parameters, round } = book;
  const canister = "canister" in event && event.canister !== null ? canisters.get(event.canister) : undefined;
  switch (event.kind) {
    case "canister-suspended":
      round?.suspended.add(event.canister);
      if (parameters.scheduler !== "current" || event.iteration !== 1 || canister === undefined) return;
      round?.charged.add(event.canister);
      canister.priority -= whole;
      return;
    case "executed": {
      const grown = event.wrote.length * parameters.pageSize;
      round?.completed.add(event.canister);
      book.heapDelta += grown;
      if (canister !== undefined) canister.debit += grown;
      return;
    }
    case "snapshot-taken":
    case "snapshot-loaded":
    case "chunk-kept": {
      const moved =
        (event.kind === "chunk-kept" ? 0 : event.pages * parameters.pageSize) + chunksMoved(event, world) * parameters.chunkBytes;
      book.heapDelta += moved;
      if (canister !== undefined) canister.debit += moved;
      return;
    }
    case "not-executed":
      // An execution that cannot pay the prices of now is over.
      if (canister !== undefined) canister.underway = null;
      round?.completed.add(event.canister);
      return;
    case "response-discarded":
    case "callback-refused":
      round?.completed.add(event.canister);
      return;
    case "execution-paused":
      if (canister !== undefined) canister.underway = { since: event.since, paused: true };
      return;
    case "execution-finished":
      if (canister !== undefined) canister.underway = null;
      return;
    case "execution-aborted":
      if (canister?.underway != null) Object.assign(canister, { underway: { ...canister.underway, paused: false }, executed: 0 });
      return;
    case "full-round":
      round?.full.add(event.canister);
      return;
    case "canister-created":
      canisters.set(event.canister, booked(event.canister, event.computeAllocation));
      return;
    case "conversion-settled":
      if (event.outcome.kind === "created") canisters.set(event.outcome.canister, booked(event.outcome.canister, 0));
      return;
    case "canister-deleted":
      canisters.delete(event.canister);
      return;
    case "ran-dry":
      if (canister !== undefined) canister.allocation = 0;
      return;
    case "allocation-set":
    case "settings-updated":
      if (canister !== undefined) canister.allocation = event.computeAllocation;
      return;
    case "round-ended":
      return forgive(book);
    default:
  }
};

/** How many chunks are kept, in a canister or in a snapshot, or brought back. */
const chunksMoved = (
  event: Extract<Event, { readonly kind: "chunk-kept" | "snapshot-taken" | "snapshot-loaded" }>,
  { canisters }: Pick<World, "canisters">,
): number => {
  if (event.kind === "chunk-kept") return 1;
  if (event.kind === "snapshot-taken") return canisters.get(event.canister)?.chunks.size ?? 0;
  return canisters.get(event.source)?.snapshots.get(event.snapshot)?.chunks.size ?? 0;
};

/** The end of a round forgives debits, unless it was skipped; a checkpoint, the heap delta of the subnet. */
const forgive = ({ round, canisters, parameters }: Book): void => {
  if (round !== null && !round.skipped)
    for (const canister of canisters.values()) canister.debit = Math.max(0, canister.debit - parameters.heapDeltaRateLimit);
};

const booked = (id: CanisterId, allocation: number): Booked => ({ id, allocation, priority: 0n, executed: 0, debit: 0, underway: null });

/** Above the reserve, the room for heap delta grows evenly from one checkpoint to the next. @source docs/machine.md section 12 */
export const heapLimit = (
  { heapDeltaCapacity: capacity, heapDeltaReserve: reserve }: Parameters,
  height: number,
  summary: { readonly nextCheckpoint: number; readonly length: number } | undefined,
): number => {
  if (summary === undefined || reserve >= capacity) return capacity;
  const rounds = summary.length + 1;
  const remaining = Math.min(Math.max(0, summary.nextCheckpoint - height), rounds);
  return capacity - Number((BigInt(capacity - reserve) * BigInt(remaining)) / BigInt(rounds));
};

/** The plan of a round that is not skipped: in the published scheduler the first canisters pay at once. */
const planned = (book: Book, height: number): NonNullable<BookedRound["plan"]> => {
  const { parameters, canisters } = book;
  const all = [...canisters.values()];
  if (parameters.scheduler === "current") {
    if (height % parameters.priority.resetInterval === 0) for (const canister of all) canister.priority = 0n;
    return { order: ranked(book), long: new Set(all.filter(isLong).map(({ id }) => id)), longCores: longCores(book) };
  }
  const [cores, count] = [BigInt(parameters.cores), BigInt(all.length)];
  if (count > cores) {
    if (BigInt(height) % (100n * cores * count) === 0n) for (const canister of all) canister.priority = 0n;
    const free = 100n * cores - BigInt(all.reduce((sum, { allocation }) => sum + allocation, 0));
    for (const canister of all) canister.priority += cores * count * BigInt(canister.allocation) + cores * free;
  }
  const order = ranked(book);
  if (count > cores) for (const id of order.slice(0, parameters.cores)) canisters.get(id)!.priority -= 100n * cores * count;
  return { order, long: new Set(), longCores: 0 };
};

const isLong = ({ underway }: Booked): boolean => underway !== null;

/** The order of the scheduler, by what is in the book at this moment. */
export const ranked = ({ parameters, canisters }: Book): readonly CanisterId[] => {
  const current = parameters.scheduler === "current";
  const level = !current && canisters.size <= parameters.cores;
  const key = ({ priority, allocation }: Booked): bigint =>
    level ? 0n : current ? priority + BigInt(allocation) * priorityPercent : priority;
  return [...canisters.values()]
    .sort((left, right) => (current ? precedence(left, right, key) : descending(key(left), key(right))) || byId(left.id, right.id))
    .map(({ id }) => id);
};

const precedence = (left: Booked, right: Booked, key: (canister: Booked) => bigint): number => {
  if (left.underway === null || right.underway === null)
    return Number(isLong(right)) - Number(isLong(left)) || descending(key(left), key(right));
  return (
    Math.max(right.executed, 1) - Math.max(left.executed, 1) ||
    descending(key(left), key(right)) ||
    left.underway.since - right.underway.since
  );
};

const descending = (left: bigint, right: bigint): number => (left > right ? -1 : left < right ? 1 : 0);

/** The cores for long executions: the allocations of their canisters, and their part of the free compute, rounded up. */
const longCores = ({ parameters, canisters }: Book): number => {
  const all = [...canisters.values()];
  const long = all.filter(isLong);
  if (long.length === all.length) return parameters.cores;
  const units = (some: readonly Booked[]): bigint => some.reduce((sum, { allocation }) => sum + BigInt(allocation) * priorityPercent, 0n);
  const free = whole * BigInt(parameters.cores - 1) - units(all);
  const wanted = units(long) + (free * BigInt(long.length)) / BigInt(all.length);
  return Number((wanted + whole - 1n) / whole);
};

/** How many paused executions a round keeps. */
export const keptBy = ({ parameters, round }: Book): number => (round?.checkpoint === true ? 0 : parameters.maxPausedExecutions);

/** What a checkpoint does, when the round that ends in it is over. */
export const close = (book: Book): void => {
  if (book.round?.checkpoint === true) book.heapDelta = 0;
  book.round = null;
};
