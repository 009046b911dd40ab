/** Snapshots as plain records, and snapshots from such records: what they take is counted again, and each has its pages and its chunks to itself. */
import type { CodeGenesis, Hex, Nanoseconds } from "../spec/index.ts";
import { codes, genesisOf } from "./code.ts";
import { extentOf } from "./pages.ts";
import { addSnapshot, type Snapshots } from "./snapshots.ts";
import type { Canister, Engine } from "./state.ts";

interface WrittenSnapshot {
  readonly number: number;
  readonly time: Nanoseconds;
  readonly code: CodeGenesis;
  readonly pages: readonly (readonly [number, Hex])[];
  readonly stablePages: number;
  readonly certifiedData: Hex;
  readonly chunks: readonly (readonly [Hex, string])[];
}

export interface WrittenSnapshots {
  readonly next: number;
  readonly kept: readonly WrittenSnapshot[];
}

export const writtenSnapshots = ({ next, kept }: Snapshots): WrittenSnapshots => ({
  next,
  kept: [...kept.values()].map(({ number, time, code, pages, stablePages, certifiedData, chunks }) => ({
    number,
    time,
    code: genesisOf(code),
    pages: [...(pages ?? [])],
    stablePages,
    certifiedData,
    chunks: [...(chunks ?? [])],
  })),
});

/** Into a canister that has none. */
export const readSnapshots = (engine: Engine, canister: Canister, { next, kept }: WrittenSnapshots): void => {
  const codeOf = codes();
  const snapshots: Snapshots = (canister.snapshots = { next, bytes: 0, kept: new Map() });
  for (const { number, time, code, pages, stablePages, certifiedData, chunks } of kept)
    addSnapshot(engine, canister, snapshots, {
      number,
      time,
      code: codeOf(code),
      pages: pages.length === 0 ? null : new Map(pages),
      ...extentOf(engine, pages, stablePages),
      certifiedData,
      chunks: chunks.length === 0 ? null : new Map(chunks),
    });
};
