/**
 * Pages of a memory, counted: those of the heap that were ever written, and all that stable memory has, written or not. From
 * `docs/machine.md` sections 1 and 2 alone.
 */
import type { Parameters } from "../../spec/index.ts";

/** The memory of a canister, or of a snapshot. */
export interface Memory {
  readonly pages: ReadonlyMap<number, unknown>;
  /** The size of stable memory. */
  readonly stablePages: number;
}

type Shape = Pick<Parameters, "maxPages" | "heapPages">;

/** Whether a page can be written and read where stable memory has so many pages. */
export const isInside = ({ maxPages, heapPages }: Shape, stablePages: number, page: number): boolean =>
  page >= 0 && page < maxPages && page < heapPages + stablePages;

/** The pages of the heap that were ever written. */
export const heapOf = ({ heapPages }: Pick<Shape, "heapPages">, { pages }: Pick<Memory, "pages">): number => {
  let count = 0;
  for (const page of pages.keys()) if (page < heapPages) count++;
  return count;
};

/** The pages in use. */
export const pagesInUse = (parameters: Pick<Shape, "heapPages">, memory: Memory): number => heapOf(parameters, memory) + memory.stablePages;

/** By how many pages a memory grows where these pages are written, and stable memory has so many. */
export const pagesGrown = (
  { heapPages }: Pick<Shape, "heapPages">,
  before: Memory,
  { wrote, stablePages }: { readonly wrote: readonly (readonly [page: number, content: string])[]; readonly stablePages: number },
): number => wrote.filter(([page]) => page < heapPages && !before.pages.has(page)).length + stablePages - before.stablePages;
