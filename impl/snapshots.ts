/**
 * Snapshots: a canister as it was, kept beside it. Code, contents of pages and chunks never change, so a snapshot is a few references; what it takes of the
 * memory of the subnet is counted, and paid for, as if everything in it were there once more.
 */
import {
  asciiOf,
  cycles,
  infoTell,
  snapshotDelete,
  snapshotLoad,
  snapshotTake,
  type Asked,
  type ErrorCode,
  type Hex,
  type Nanoseconds,
  type Principal,
  type Result,
} from "../spec/index.ts";
import { noteChange } from "./changes.ts";
import { replaceChunks, type Chunks } from "./chunks.ts";
import { hookOf, type Code } from "./code.ts";
import { balanceOf } from "./cohorts.ts";
import { isFunded, isLimited, pay, priceOf, type Price } from "./keeping.ts";
import { change } from "./labels.ts";
import { countKept } from "./limits.ts";
import { countMemory } from "./occupancy.ts";
import { pagesInUse, replaceMemory, sayChanged, sharedPages, type Extent, type Memory, type Wrote } from "./pages.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import type { Canister, Engine } from "./state.ts";
import { listHeartbeat } from "./statuses.ts";

export interface Snapshot extends Memory {
  readonly number: number;
  /** Of the round that took it. */
  readonly time: Nanoseconds;
  readonly code: Code;
  readonly certifiedData: Hex;
  /** `null` when there were none. */
  readonly chunks: Chunks | null;
}

export interface Snapshots {
  /** The number of the next one. */
  next: number;
  /** What all that are kept take of the memory of the subnet. @unit bytes */
  bytes: number;
  /** By number, the first one first. */
  readonly kept: Map<number, Snapshot>;
}

/** Takes a snapshot, and gives the answer to whoever asked for it. */
export const takeSnapshot = (engine: Engine, canister: Canister, replaced: number | null): Result => {
  const bytes = moreBytes(engine, canister, replaced);
  const price = priceOf(engine, canister, engine.prices.snapshot, bytes);
  const error = refusalOfTaking(engine, canister, replaced, price, bytes);
  if (error !== null) return rejectWith(error);
  pay(engine, canister, price);
  const snapshot = keep(engine, canister, replaced);
  countKept(engine, canister, bytesIn(engine, snapshot));
  const { number } = snapshot;
  const [pages, balance] = [pagesInUse(snapshot), balanceOf(canister)];
  engine.events.push({ kind: "snapshot-taken", canister: canister.id, snapshot: number, replaced, pages, ...price, balance });
  return { kind: "reply", payload: asciiOf(String(number)) };
};

/** Brings a snapshot back, and says why not, when it does not. */
export const loadSnapshot = (
  engine: Engine,
  canister: Canister,
  { source, snapshot: number }: Extract<Asked, { method: "load_canister_snapshot" }>,
  by: Principal,
): ErrorCode | null => {
  const origin = engine.byId.get(source);
  if (origin === undefined) return noSuchSource;
  if (!origin.controllers.includes(by)) return notController;
  const snapshot = snapshotOf(origin, number);
  const price: Price = { charged: engine.prices.snapshot, reserved: nothing };
  const error = refusalOfLoading(engine, canister, snapshot, price);
  if (snapshot === undefined || error !== null) return error;
  const { certifiedData, stablePages } = canister;
  const wrote = put(engine, canister, snapshot);
  pay(engine, canister, price);
  countKept(engine, canister, bytesIn(engine, snapshot));
  canister.version++;
  noteChange(engine, canister, "load", by);
  const { id } = canister;
  const { charged } = price;
  const [pages, balance] = [pagesInUse(snapshot), balanceOf(canister)];
  engine.events.push({ kind: "snapshot-loaded", canister: id, source, snapshot: number, charged, wrote, pages, balance });
  sayChanged(engine, canister, { certifiedData, stablePages });
  return null;
};

/**
 * Says why not, when there is none to be deleted.
 * @rule snapshot-delete
 */
export const deleteSnapshot = (engine: Engine, canister: Canister, number: number): ErrorCode | null => {
  const snapshot = snapshotOf(canister, number);
  if (snapshot === undefined) return noneToDelete;
  drop(engine, canister, snapshot);
  engine.events.push({ kind: "snapshot-deleted", canister: canister.id, snapshot: number });
  return null;
};

/** All of them are gone; the number of the next one stays. */
export const dropSnapshots = (engine: Engine, canister: Canister): void => {
  for (const snapshot of canister.snapshots?.kept.values() ?? []) drop(engine, canister, snapshot);
};

/**
 * What their controllers may know of them.
 * @rule info-tell
 */
export const listOf = ({ genesis }: Engine, { snapshots }: Canister): Result => {
  const words = [...(snapshots?.kept.values() ?? [])].map((snapshot) => `${snapshot.number}:${snapshot.time}:${pagesInUse(snapshot)}`);
  const text = words.join(" ");
  return text.length > genesis.parameters.maxPayload ? tooLong : { kind: "reply", payload: asciiOf(text) };
};

const hasNoCode = refusalOf(snapshotTake.when.present);
const noneToReplace = refusalOf(snapshotTake.when.found);
const tooMany = refusalOf(snapshotTake.when.room);
const tooMuchWritten = refusalOf(snapshotTake.when.calm);
const overReserve = refusalOf(snapshotTake.when.limited);
const notFunded = refusalOf(snapshotTake.when.funded);
const noSuchSource = refusalOf(snapshotLoad.when.known);
const notController = refusalOf(snapshotLoad.when.allowed);
const noneToLoad = refusalOf(snapshotLoad.when.found);
const tooMuchLoaded = refusalOf(snapshotLoad.when.calm);
const loadNotFunded = refusalOf(snapshotLoad.when.funded);
const noneToDelete = refusalOf(snapshotDelete.when.found);
const tooLong = rejectWith(refusalOf(infoTell.when.fits));
const nothing = cycles(0n);

const snapshotOf = ({ snapshots }: Canister, number: number): Snapshot | undefined => snapshots?.kept.get(number);

/** What memory and chunks take, of a snapshot or of a canister itself. @unit bytes */
const bytesIn = ({ genesis }: Engine, one: Extent & Pick<Snapshot, "chunks">): number =>
  pagesInUse(one) * genesis.parameters.pageSize + (one.chunks?.size ?? 0) * genesis.parameters.chunkBytes;

/** How many bytes more are in use with a snapshot of a canister, perhaps in place of another one. */
const moreBytes = (engine: Engine, canister: Canister, replaced: number | null): number => {
  const gone = replaced === null ? undefined : snapshotOf(canister, replaced);
  return bytesIn(engine, canister) - (gone === undefined ? 0 : bytesIn(engine, gone));
};

/** @rule snapshot-take */
const refusalOfTaking = (engine: Engine, canister: Canister, replaced: number | null, price: Price, bytes: number): ErrorCode | null => {
  const { snapshotLimit, heapDeltaRateLimit } = engine.genesis.parameters;
  const { code, snapshots, heapDebit } = canister;
  if (code === null) return hasNoCode;
  if (replaced !== null && snapshotOf(canister, replaced) === undefined) return noneToReplace;
  if (replaced === null && (snapshots?.kept.size ?? 0) >= snapshotLimit) return tooMany;
  if (heapDebit >= heapDeltaRateLimit) return tooMuchWritten;
  if (!isLimited(canister, price.reserved)) return overReserve;
  return isFunded(engine, canister, price, bytes) ? null : notFunded;
};

/** @rule snapshot-load */
const refusalOfLoading = (engine: Engine, canister: Canister, snapshot: Snapshot | undefined, price: Price): ErrorCode | null => {
  if (snapshot === undefined) return noneToLoad;
  if (canister.heapDebit >= engine.genesis.parameters.heapDeltaRateLimit) return tooMuchLoaded;
  return isFunded(engine, canister, price, bytesIn(engine, snapshot) - bytesIn(engine, canister)) ? null : loadNotFunded;
};

/** The canister as it is now is kept. */
const keep = (engine: Engine, canister: Canister, replaced: number | null): Snapshot => {
  const { code, heapSize, stablePages, certifiedData, chunks } = canister;
  const snapshots: Snapshots = (canister.snapshots ??= { next: 0, bytes: 0, kept: new Map() });
  if (replaced !== null) drop(engine, canister, snapshots.kept.get(replaced)!);
  const pages = sharedPages(canister);
  const [number, time] = [snapshots.next++, engine.time];
  const snapshot: Snapshot = { number, time, code: code!, pages, heapSize, stablePages, certifiedData, chunks };
  addSnapshot(engine, canister, snapshots, snapshot);
  return snapshot;
};

/** Of a snapshot that was written: it is one of the canister. */
export const addSnapshot = (engine: Engine, canister: Canister, snapshots: Snapshots, snapshot: Snapshot): void => {
  snapshots.kept.set(snapshot.number, snapshot);
  countCopy(engine, canister, snapshots, bytesIn(engine, snapshot));
};

const drop = (engine: Engine, canister: Canister, snapshot: Snapshot): void => {
  const snapshots = canister.snapshots!;
  snapshots.kept.delete(snapshot.number);
  countCopy(engine, canister, snapshots, -bytesIn(engine, snapshot));
};

const countCopy = (engine: Engine, canister: Canister, snapshots: Snapshots, bytes: number): void => {
  snapshots.bytes += bytes;
  countMemory(engine, canister, bytes);
};

/** The canister is as the snapshot says. */
const put = (engine: Engine, canister: Canister, snapshot: Snapshot): Wrote => {
  const { code, certifiedData, chunks } = snapshot;
  canister.code = code;
  canister.hook = hookOf(code);
  listHeartbeat(engine, canister);
  canister.certifiedData = certifiedData;
  change(canister);
  replaceChunks(engine, canister, chunks);
  return replaceMemory(engine, canister, snapshot);
};
