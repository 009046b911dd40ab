/**
 * Where a machine is tried: trials and campaigns, the exact oracle, shrinking, stories, clause mutants, vectors,
 * reports. What needs a schema, a file or a process is loaded only when it is asked for.
 */
export * from "./attacks/index.ts";
export type { AttemptOptions, Progress } from "./attempt.ts";
export * from "./campaign.ts";
export * from "./catalogue.ts";
export * from "./evidence.ts";
export * from "./failure.ts";
export * from "./fault.ts";
export { huntFaults, mergeFaults, type HuntOptions } from "./faults.ts";
export * from "./goals.ts";
export { guarded } from "./guard.ts";
export * from "./json.ts";
export * from "./listing.ts";
export { mergeMutants, tryMutants, type MutantsOptions } from "./mutants.ts";
export * from "./oracle.ts";
export { persistenceTable, type Fate, type PersistenceEntry } from "./persistence-table.ts";
export { happenings, items, nameOfHappening, nameOfItem, type Happening, type Item } from "./persistence-names.ts";
export * from "./prediction.ts";
export { stateAfter } from "./recording.ts";
export * from "./report.ts";
export * from "./shrink.ts";
export * from "./story.ts";
export * from "./subnets.ts";
export * from "./suite.ts";
export * from "./support.ts";
export * from "./system-calls.ts";
export * from "./trial.ts";
export * from "./vector.ts";
export { findVectors, type VectorOptions } from "./vector-search.ts";
export type { ProcessMachine, Timeouts } from "./adapters/process.ts";
export type { Stored } from "./adapters/store.ts";
/** What a machine can be asked. */
export { everything as everyWord, without, type Vocabulary } from "../properties/index.ts";

/** Small worlds, walked in full. */
export const openExplorer = () => import("./explore/index.ts");
export type { ExploreReport, Scope, WalkOptions, WalkOutcome, WorldName } from "./explore/index.ts";

/** Timelines: the rounds of a session, drawn. */
export const openTimelines = () => import("./timeline/index.ts");

/** Ledgers: the double-entry books of a session. */
export const openLedgers = () => import("./ledger/index.ts");
export type { Entry, LedgerReport, SubnetBook, TokenBook } from "./ledger/index.ts";

/** The failure store. */
export const openStore = () => import("./adapters/store.ts");

/** Machines in other processes. */
export const openProcesses = () => import("./adapters/process.ts");

/** The schemas of everything that crosses the border. */
export const openSchemas = () => import("./schemas/index.ts");

/** Folders of vectors. */
export const openVectors = () => import("./adapters/vector-files.ts");
