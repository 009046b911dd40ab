/**
 * The memory of a canister as it changes. A snapshot has the very map of pages that its canister had, and a canister into which it is brought back has
 * that of the snapshot, so neither copies anything. A map that somebody else has, too, is never written: whoever writes first takes a copy, of
 * the map alone, for contents do not change. Whatever changes is told to the tree of the state and to the counts, and nothing else is.
 */
import type { Hex } from "../spec/index.ts";
import { countPages } from "./occupancy.ts";
import { certifyPage, uncertifyPage } from "./root.ts";
import type { Canister, Engine } from "./state.ts";

/** Pages that somebody else may have, too. */
export type Pages = ReadonlyMap<number, Hex>;

/** Pages whose content changed, with the content, by number; of those that are gone none. */
export type Wrote = readonly (readonly [page: number, content: Hex])[];

/** These pages are written; the others stay. */
export const writePages = (engine: Engine, canister: Canister, writes: Iterable<readonly [page: number, content: Hex]>): Wrote => {
  const wrote: (readonly [number, Hex])[] = [];
  for (const write of writes) if (canister.pages?.get(write[0]) !== write[1]) wrote.push(write);
  if (wrote.length === 0) return wrote;
  const pages = toWrite(canister);
  const { size } = pages;
  for (const [page, content] of wrote) {
    pages.set(page, content);
    certifyPage(canister, page, content);
  }
  if (pages.size !== size) countPages(engine, canister, pages.size - size);
  return byPage(wrote);
};

/** The pages are these, which somebody else has, too, unless they are said to be the canister's own. */
export const replacePages = (engine: Engine, canister: Canister, pages: Pages | null, own: Map<number, Hex> | null = null): Wrote => {
  const { pages: before } = canister;
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
  countPages(engine, canister, (pages?.size ?? 0) - (before?.size ?? 0));
  return byPage(wrote);
};

/** The pages of the canister, which from now on somebody else has, too. */
export const sharedPages = (canister: Canister): Pages | null => {
  canister.ownPages = null;
  return canister.pages;
};

const toWrite = (canister: Canister): Map<number, Hex> => {
  canister.ownPages ??= new Map(canister.pages ?? []);
  canister.pages = canister.ownPages;
  return canister.ownPages;
};

const byPage = (wrote: (readonly [number, Hex])[]): Wrote => wrote.sort(([left], [right]) => left - right);
