/**
 * Snapshots: a canister as it was, kept beside it. Code and contents of pages never change, so a snapshot is a few references; what it takes of the
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
  type CanisterId,
  type Cycles,
  type ErrorCode,
  type Hex,
  type Nanoseconds,
  type Result,
} from "../spec/index.ts";
import { pagesTaken } from "./canister.ts";
import { noteChange } from "./changes.ts";
import { hookOf, type Code } from "./code.ts";
import { balanceOf, reservedOf } from "./cohorts.ts";
import { lessReserved } from "./freezing.ts";
import { change } from "./labels.ts";
import { countCopies } from "./limits.ts";
import { countPages } from "./occupancy.ts";
import { replacePages, sharedPages, type Pages } from "./pages.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { setBalance, setReserved, type Canister, type Engine } from "./state.ts";
import { listHeartbeat } from "./statuses.ts";

export interface Snapshot {
  readonly number: number;
  /** Of the round that took it. */
  readonly time: Nanoseconds;
  readonly code: Code;
  /** `null` when there were none. */
  readonly pages: Pages | null;
  readonly certifiedData: Hex;
}

export interface Snapshots {
  /** The number of the next one. */
  next: number;
  /** In all that are kept. */
  pages: number;
  /** By number, the first one first. */
  readonly kept: Map<number, Snapshot>;
}

/** Takes a snapshot, and gives the answer to whoever asked for it. */
export const takeSnapshot = (engine: Engine, canister: Canister, replaced: number | null): Result => {
  const price = priceOf(engine, canister, replaced);
  const error = refusalOfTaking(engine, canister, replaced, price);
  if (error !== null) return rejectWith(error);
  const snapshot = keep(engine, canister, replaced);
  const { charged, reserved } = price;
  setBalance(engine, canister, cycles(balanceOf(canister) - charged - reserved));
  if (reserved > 0n) setReserved(engine, canister, cycles(reservedOf(canister) + reserved));
  engine.totals.burned += charged;
  const pages = sizeOf(snapshot);
  countCopies(engine, canister, pages);
  const { number } = snapshot;
  const balance = balanceOf(canister);
  engine.events.push({ kind: "snapshot-taken", canister: canister.id, snapshot: number, replaced, pages, charged, reserved, balance });
  return { kind: "reply", payload: asciiOf(String(number)) };
};

/** Brings a snapshot back, and says why not, when it does not. */
export const loadSnapshot = (
  engine: Engine,
  canister: Canister,
  { source, snapshot: number }: Extract<Asked, { method: "load_canister_snapshot" }>,
  by: CanisterId,
): ErrorCode | null => {
  const origin = engine.byId.get(source);
  if (origin === undefined) return noSuchSource;
  if (!origin.controllers.includes(by)) return notController;
  const snapshot = snapshotOf(origin, number);
  const error = refusalOfLoading(engine, canister, snapshot);
  if (snapshot === undefined || error !== null) return error;
  const { certifiedData } = canister;
  const wrote = put(engine, canister, snapshot);
  const charged = engine.prices.snapshot;
  setBalance(engine, canister, cycles(balanceOf(canister) - charged));
  engine.totals.burned += charged;
  const pages = sizeOf(snapshot);
  countCopies(engine, canister, pages);
  canister.version++;
  noteChange(engine, canister, "load", by);
  const { id } = canister;
  const balance = balanceOf(canister);
  engine.events.push({ kind: "snapshot-loaded", canister: id, source, snapshot: number, charged, wrote, pages, balance });
  if (canister.certifiedData !== certifiedData) engine.events.push({ kind: "data-certified", canister: id, data: canister.certifiedData });
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
  const words = [...(snapshots?.kept.values() ?? [])].map((snapshot) => `${snapshot.number}:${snapshot.time}:${sizeOf(snapshot)}`);
  const text = words.join(" ");
  return text.length > genesis.parameters.maxPayload ? tooLong : { kind: "reply", payload: asciiOf(text) };
};

/** What a snapshot takes from the balance: what is burned, and what is set aside. */
interface Price {
  readonly charged: Cycles;
  readonly reserved: Cycles;
}

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

const sizeOf = ({ pages }: Snapshot): number => pages?.size ?? 0;

/** How many pages more there are with a snapshot of a canister, perhaps in place of another one. */
const morePages = (canister: Canister, replaced: number | null): number => {
  const gone = replaced === null ? undefined : snapshotOf(canister, replaced);
  return (canister.pages?.size ?? 0) - (gone === undefined ? 0 : sizeOf(gone));
};

const priceOf = ({ prices, usage, genesis }: Engine, canister: Canister, replaced: number | null): Price => {
  const { cores, pageSize } = genesis.parameters;
  const more = morePages(canister, replaced);
  const reserved = more > 0 ? prices.aside(Math.floor((usage.pages * pageSize) / cores), more * pageSize) : nothing;
  return { charged: prices.snapshot, reserved };
};

/** @rule snapshot-take */
const refusalOfTaking = (engine: Engine, canister: Canister, replaced: number | null, { charged, reserved }: Price): ErrorCode | null => {
  const { snapshotLimit, heapDeltaRateLimit } = engine.genesis.parameters;
  const { code, snapshots, heapDebit, reservedLimit } = canister;
  if (code === null) return hasNoCode;
  if (replaced !== null && snapshotOf(canister, replaced) === undefined) return noneToReplace;
  if (replaced === null && (snapshots?.kept.size ?? 0) >= snapshotLimit) return tooMany;
  if (heapDebit >= heapDeltaRateLimit) return tooMuchWritten;
  const aside = cycles(reservedOf(canister) + reserved);
  if (reserved > 0n && aside > reservedLimit) return overReserve;
  const least = thresholdWith(engine, canister, morePages(canister, replaced), aside);
  return balanceOf(canister) - charged - reserved < least ? notFunded : null;
};

/** @rule snapshot-load */
const refusalOfLoading = (engine: Engine, canister: Canister, snapshot: Snapshot | undefined): ErrorCode | null => {
  if (snapshot === undefined) return noneToLoad;
  if (canister.heapDebit >= engine.genesis.parameters.heapDeltaRateLimit) return tooMuchLoaded;
  const more = sizeOf(snapshot) - (canister.pages?.size ?? 0);
  const least = thresholdWith(engine, canister, more, reservedOf(canister));
  return balanceOf(canister) - engine.prices.snapshot < least ? loadNotFunded : null;
};

/** The freezing threshold that the canister would have with so many pages more, and so much set aside. */
const thresholdWith = ({ prices }: Engine, canister: Canister, pages: number, reserved: Cycles): Cycles => {
  const standingDay = prices.standingDay(pagesTaken(canister) + pages, canister.allocation);
  return lessReserved(prices.frozen(standingDay, canister.messageBytes, canister.freezing), reserved);
};

/** The canister as it is now is kept. */
const keep = (engine: Engine, canister: Canister, replaced: number | null): Snapshot => {
  const { code, certifiedData } = canister;
  const snapshots: Snapshots = (canister.snapshots ??= { next: 0, pages: 0, kept: new Map() });
  if (replaced !== null) drop(engine, canister, snapshots.kept.get(replaced)!);
  const snapshot: Snapshot = { number: snapshots.next++, time: engine.time, code: code!, pages: sharedPages(canister), certifiedData };
  addSnapshot(engine, canister, snapshots, snapshot);
  return snapshot;
};

/** Of a snapshot that was written: it is one of the canister. */
export const addSnapshot = (engine: Engine, canister: Canister, snapshots: Snapshots, snapshot: Snapshot): void => {
  snapshots.kept.set(snapshot.number, snapshot);
  snapshots.pages += sizeOf(snapshot);
  countPages(engine, canister, sizeOf(snapshot));
};

const drop = (engine: Engine, canister: Canister, snapshot: Snapshot): void => {
  const snapshots = canister.snapshots!;
  snapshots.kept.delete(snapshot.number);
  snapshots.pages -= sizeOf(snapshot);
  countPages(engine, canister, -sizeOf(snapshot));
};

/** The canister is as the snapshot says. */
const put = (engine: Engine, canister: Canister, { code, pages, certifiedData }: Snapshot): ReturnType<typeof replacePages> => {
  canister.code = code;
  canister.hook = hookOf(code);
  listHeartbeat(engine, canister);
  canister.certifiedData = certifiedData;
  change(canister);
  return replacePages(engine, canister, pages);
};
