/**
 * Snapshots of canisters, told before they are told: an onlooker knows what a canister is at each moment, so it knows what is kept
 * of it, what that takes and costs, and what comes back with it. Written from `docs/machine.md` sections 2 and 17.8 alone.
 */
import type { CanisterId, CanisterGenesis, ErrorCode, Hex, Parameters, Principal } from "../../spec/index.ts";
import { snapshotPrice } from "../money.ts";
import { dueFor, memoryOf, reservedLimitOf, thresholdOf } from "./holdings.ts";
import { withCode } from "./installations.ts";
import { pagesInUse } from "./pages.ts";
import type { TrackedCanister, World } from "./world.ts";

/** A canister as it was. */
export interface TrackedSnapshot {
  readonly number: number;
  /** The time of the round that took it. */
  readonly time: bigint;
  /** With the code of then; what else it says does not count. */
  readonly genesis: CanisterGenesis;
  readonly pages: ReadonlyMap<number, Hex>;
  readonly stablePages: number;
  readonly certifiedData: string;
  readonly chunks: ReadonlyMap<Hex, string>;
}

/** What a snapshot that is taken now is, costs and sets aside. */
export interface ForeseenTaking {
  readonly error: ErrorCode | null;
  readonly snapshot: number;
  readonly pages: number;
  readonly charged: bigint;
  readonly reserved: bigint;
  readonly balance: bigint;
}

export const foreseeTaking = (world: World, canister: TrackedCanister, replaced: number | null): ForeseenTaking => {
  const { parameters } = world;
  const { snapshots, nextSnapshot: snapshot } = canister;
  const pages = pagesInUse(parameters, canister);
  const charged = snapshotPrice(parameters);
  const gone = replaced === null ? undefined : snapshots.get(replaced);
  const taken = { ...canister, snapshots: snapshotsWith(world, canister, replaced) };
  const more = memoryOf(taken, parameters) - memoryOf(canister, parameters);
  const reserved = dueFor(world, more);
  const balance = canister.balance - charged - reserved;
  const after = { ...taken, reserved: canister.reserved + reserved };
  const told = { snapshot, pages, charged, reserved, balance };
  if (!canister.installed) return { ...told, error: "IC0406" };
  if (replaced !== null && gone === undefined) return { ...told, error: "IC0305" };
  if (replaced === null && snapshots.size >= parameters.snapshotLimit) return { ...told, error: "IC0406" };
  if (canister.heapDebit >= parameters.heapDeltaRateLimit) return { ...told, error: "IC0210" };
  if (reserved > 0n && after.reserved > reservedLimitOf(canister)) return { ...told, error: "IC0534" };
  return { ...told, error: balance < thresholdOf(world, after) ? "IC0207" : null };
};

/** The snapshots of a canister when one is taken now. */
export const snapshotsWith = (
  { time }: Pick<World, "time">,
  { snapshots, nextSnapshot: number, genesis, pages, stablePages, certifiedData, chunks }: TrackedCanister,
  replaced: number | null,
): Map<number, TrackedSnapshot> => {
  const left = [...snapshots].filter(([other]) => other !== replaced);
  return new Map([
    ...left,
    [number, { number, time, genesis, pages: new Map(pages), stablePages, certifiedData, chunks: new Map(chunks) }],
  ]);
};

/** What a canister is when a snapshot is brought back now. */
export interface ForeseenLoading {
  readonly error: ErrorCode | null;
  /** `undefined` where there is no such snapshot. */
  readonly from: TrackedSnapshot | undefined;
  readonly charged: bigint;
  /** The pages that differ from before, by page. */
  readonly wrote: readonly (readonly [page: number, content: string])[];
  readonly balance: bigint;
}

export const foreseeLoading = (
  world: World,
  canister: TrackedCanister,
  { source: id, snapshot, caller }: { readonly source: CanisterId; readonly snapshot: number; readonly caller: Principal },
): ForeseenLoading => {
  const { parameters } = world;
  const charged = snapshotPrice(parameters);
  const balance = canister.balance - charged;
  const source = world.canisters.get(id);
  const from = source?.snapshots.get(snapshot);
  const wrote = [...(from?.pages ?? [])]
    .filter(([page, content]) => canister.pages.get(page) !== content)
    .sort(([left], [right]) => left - right);
  const told = { from, charged, wrote, balance };
  if (source === undefined) return { ...told, error: "IC0301" };
  if (source.genesis.controllers?.includes(caller) !== true) return { ...told, error: "IC0512" };
  if (from === undefined) return { ...told, error: "IC0305" };
  if (canister.heapDebit >= parameters.heapDeltaRateLimit) return { ...told, error: "IC0210" };
  const after = { ...canister, pages: new Map(from.pages), stablePages: from.stablePages, chunks: new Map(from.chunks) };
  return { ...told, error: balance < thresholdOf(world, after) ? "IC0207" : null };
};

/** A canister is what a snapshot says; what else it has stays. The size of its stable memory is told, as are its certified data. */
export const bringBack = (canister: TrackedCanister, { genesis, pages, chunks }: TrackedSnapshot): void => {
  canister.genesis = withCode(canister.genesis, genesis);
  Object.assign(canister, { installed: true, hook: genesis.lowMemory === undefined ? "none" : "armed" });
  canister.pages.clear();
  for (const [page, content] of pages) canister.pages.set(page, content);
  canister.chunks.clear();
  for (const [digest, chunk] of chunks) canister.chunks.set(digest, chunk);
};

/** What a controller is told of the snapshots of a canister. */
export const listOf = ({ snapshots }: TrackedCanister, parameters: Parameters): string =>
  [...snapshots.values()].map((snapshot) => `${snapshot.number}:${snapshot.time}:${pagesInUse(parameters, snapshot)}`).join(" ");
