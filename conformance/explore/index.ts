/** Small worlds, walked in full: what `canon explore`, tests and benchmarks need. */
export { compiledScheduler, type CompiledOptions } from "./compiled.ts";
export { exploreRows, type Exploration, type Limits, type Rows } from "./engine.ts";
export { exploredProperty, stateInvariants, walksIn } from "./invariants.ts";
export { modelSystem } from "./model-system.ts";
export type { ExploreReport } from "./report.ts";
export { explore, type Invariant, type System } from "./system.ts";
export { walkWorld, type WalkOptions, type WalkOutcome } from "./walk.ts";
export { smallWorld, usualScopes, worldNames, worldTitles, type Scope, type SmallWorld, type WorldName } from "./worlds.ts";
