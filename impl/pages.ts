/**
 * The memory of a canister as it changes. A snapshot has the very map of pages that its canister had, and a canister into which it is brought back has
 * that of the snapshot, so neither copies anything. A map that somebody else has, too, is never written: whoever writes first takes a copy, of
 * the map alone, for contents do not change. How many of the pages are of the heap, and how many stable memory has, written or not, is known without
 * looking at them. Whatever changes is told to the tree of the state and to the counts, and nothing else is.
 */
import type { Hex, Parameters } from "../spec/index.ts";
import { resize } from "./occupancy.ts";
import { certifyPage, uncertifyPage } from "./root.ts";
import type { Canister, Engine } from "./state.ts";

/** Pages that somebody else may have, too. */
export type Pages = ReadonlyMap<number, Hex>;

/** How many pages a memory has. */
export interface Extent {
  /** Those of the heap that were ever written. */
  readonly heapSize: number;
  /** Those of stable memory, written or not. */
  readonly stablePages: number;
}

/** The memory of a canister, or of one of its snapshots. */
export interface Memory extends Extent {
  /** `null` when there are none. */
  readonly pages: Pages | null;
}

/** All pages that are paid for. */
export const pagesInUse = ({ heapSize, stablePages }: Extent): number => heapSize + stablePages;

/** That of a memory with these pages. Nobody else looks at them to know it. */
export const extentOf = ({ genesis }: Engine, pages: Wrote, stablePages: number): Extent => ({
  heapSize: pages.filter(([page]) => page < genesis.parameters.heapPages).length,
  stablePages,
});

/** Whether a page is one of the heap, or of stable memory that has so many pages. */
export const isInside = ({ maxPages, heapPages }: Parameters, stablePages: number, page: number): boolean =>
  page >= 0 && page < maxPages && page < heapPages + stablePages;

/** Pages whose content changed, with the content, by number; of those that are gone none. */
export type Wrote = readonly (readonly [page: number, content: Hex])[];

/** These pages are written, and it has so many now; the others stay. */
export const writePages = (
  engine: Engine,
  canister: Canister,
  writes: Iterable<readonly [page: number, content: Hex]>,
  extent: Extent,
): Wrote => {
  resize(engine, canister, extent);
  const wrote: (readonly [number, Hex])[] = [];
  for (const write of writes) if (canister.pages?.get(write[0]) !== write[1]) wrote.push(write);
  if (wrote.length === 0) return wrote;
  const pages = toWrite(canister);
  for (const [page, content] of wrote) {
    pages.set(page, content);
    certifyPage(canister, page, content);
  }
  return byPage(wrote);
};

/** The memory is this one, whose pages somebody else has, too, unless they are said to be the canister's own. */
export const replaceMemory = (engine: Engine, canister: Canister, memory: Memory, own: Map<number, Hex> | null = null): Wrote => {
  const { pages: before } = canister;
  const { pages } = memory;
  resize(engine, canister, memory);
  if (pages === before) return [];
  const wrote: (readonly [number, Hex])[] = [];
  before?.forEach((_, page) => {
    if (pages?.has(page) !== true) uncertifyPage(canister, page);
  });
  pages?.forEach((content, page) => {
    if (before?.get(page) === content) return;
    wrote.push([page, content]);
    certifyPage(canister, page, content);
  });
  canister.pages = pages;
  canister.ownPages = own;
  return byPage(wrote);
};

/** The pages of the canister, which from now on somebody else has, too. */
export const sharedPages = (canister: Canister): Pages | null => {
  canister.ownPages = null;
  return canister.pages;
};

/** Tells of certified data and of the size of stable memory where they were others before. */
export const sayChanged = (
  { events }: Engine,
  { id, certifiedData, stablePages }: Canister,
  before: Pick<Canister, "certifiedData" | "stablePages">,
): void => {
  if (certifiedData !== before.certifiedData) events.push({ kind: "data-certified", canister: id, data: certifiedData });
  if (stablePages !== before.stablePages) events.push({ kind: "stable-resized", canister: id, stablePages });
};

const toWrite = (canister: Canister): Map<number, Hex> => {
  canister.ownPages ??= new Map(canister.pages ?? []);
  canister.pages = canister.ownPages;
  return canister.ownPages;
};

const byPage = (wrote: (readonly [number, Hex])[]): Wrote => wrote.sort(([left], [right]) => left - right);
