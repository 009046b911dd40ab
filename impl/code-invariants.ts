/** What must hold between any two inputs of what a canister is made of, and of how it came to be so. */
import { digestOf, type Chunks } from "./chunks.ts";
import { stableRoomOf } from "../spec/index.ts";
import { isInside, pagesInUse, type Memory, type Pages } from "./pages.ts";
import type { Snapshot } from "./snapshots.ts";
import type { Canister, Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtCodes = (engine: Engine, says: Says): void => {
  const shared = new Set(engine.canisters.flatMap((canister) => keptBy(canister).map(({ pages }) => pages)));
  for (const canister of engine.canisters) {
    lookAtCode(engine, canister, says);
    lookAtChanges(engine, canister, says);
    lookAtSnapshots(engine, canister, shared, says);
    for (const chunks of [canister.chunks, ...keptBy(canister).map((one) => one.chunks)]) lookAtChunks(engine, canister, chunks, says);
  }
  says("engine", "those with an install debit are there once", engine.installed.length, new Set(engine.installed).size);
};

const lookAtCode = (engine: Engine, canister: Canister, says: Says): void => {
  const { id, code, hook, pages, stablePages, chunks, snapshots, usedBytes, timer, controllers, installDebit, reservedLimit } = canister;
  says(id, "has a hook where its code has one", hook !== "none", code !== null && code.lowMemory !== null);
  if (code === null) says(id, "has no memory and no timer without code", pages === null && stablePages === 0 && timer === null, true);
  lookAtMemory(engine, canister, canister, says);
  says(id, "controllers by id, each once", controllers.join(","), [...new Set(controllers)].sort().join(","));
  says(id, "stands among those with an install debit", engine.installed.includes(canister), installDebit > 0);
  says(id, "its limit covers what it set aside", canister.statedReserve <= reservedLimit, true);
  const { pageSize, chunkBytes } = engine.genesis.parameters;
  const used = pagesInUse(canister) * pageSize + (chunks?.size ?? 0) * chunkBytes + (snapshots?.bytes ?? 0);
  says(id, "memory in use", usedBytes, used);
};

/** That of a canister, or of one of its snapshots. */
const lookAtMemory = (
  { genesis: { parameters } }: Engine,
  { id }: Canister,
  { pages, heapSize, stablePages }: Memory,
  says: Says,
): void => {
  const numbers = [...(pages?.keys() ?? [])];
  says(id, "its pages are some", pages === null || pages.size > 0, true);
  says(id, "pages of the heap", heapSize, numbers.filter((page) => page < parameters.heapPages).length);
  says(id, "its pages are inside", numbers.filter((page) => !isInside(parameters, stablePages, page)).join(" "), "");
  says(id, "stable memory has no more pages than there are", stablePages >= 0 && stablePages <= stableRoomOf(parameters), true);
};

const lookAtChanges = ({ genesis, time }: Engine, { id, version, changes }: Canister, says: Says): void => {
  if (changes === null) return;
  const { count, kept } = changes;
  says(id, "there were changes", count > 0, true);
  says(id, "so many changes are kept at most", kept.length <= Math.min(count, genesis.parameters.changesKept), true);
  for (const [at, change] of kept.entries()) {
    const before = kept[at - 1];
    says(id, "changes have the versions that the canister had", change.version <= version && change.time <= time, true);
    says(id, "changes stand in their order", before === undefined || (before.version < change.version && before.time <= change.time), true);
  }
};

/** Those of a canister, or of one of its snapshots. */
const lookAtChunks = ({ genesis }: Engine, { id }: Canister, chunks: Chunks | null, says: Says): void => {
  if (chunks === null) return;
  says(id, "some chunks, and no more than there may be", chunks.size > 0 && chunks.size <= genesis.parameters.chunkLimit, true);
  for (const [digest, chunk] of chunks) says(id, `the digest of the chunk ${chunk}`, digest, digestOf(chunk));
};

const lookAtSnapshots = (engine: Engine, canister: Canister, shared: ReadonlySet<Pages | null>, says: Says): void => {
  const { id, pages, ownPages, snapshots } = canister;
  const { pageSize, chunkBytes } = engine.genesis.parameters;
  says(id, "the pages that it writes are its pages", ownPages === null || ownPages === pages, true);
  says(id, "the pages that it writes are in no snapshot", ownPages !== null && shared.has(ownPages), false);
  if (snapshots === null) return;
  const { next, kept } = snapshots;
  const numbers = [...kept.keys()];
  says(
    id,
    "snapshots by number, below the next one",
    [...numbers, next].join(","),
    [...new Set([...numbers, next])].sort((left, right) => left - right).join(","),
  );
  says(
    id,
    "bytes of snapshots",
    snapshots.bytes,
    [...kept.values()].reduce((sum, one) => sum + pagesInUse(one) * pageSize + (one.chunks?.size ?? 0) * chunkBytes, 0),
  );
  for (const [number, one] of kept) {
    says(id, "a snapshot knows its number", one.number, number);
    lookAtMemory(engine, canister, one, says);
  }
};

const keptBy = ({ snapshots }: Canister): readonly Snapshot[] => [...(snapshots?.kept.values() ?? [])];
