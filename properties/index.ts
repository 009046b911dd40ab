/** What must always hold, and the worlds to try it in. */
export * from "./property.ts";
export * from "./case.ts";
export * from "./vocabulary.ts";
export * from "./flows.ts";
export { busyWorlds, mixedWorlds, networkedWorlds } from "./arbitraries/busy.ts";
export { allWorlds } from "./arbitraries/focuses.ts";
export { paths, pathsOf, type Path } from "./arbitraries/paths.ts";
export type { Focus } from "./arbitraries/focus.ts";
export { saturatedWorlds } from "./arbitraries/saturated.ts";
export { memoryProbes, timerProbes } from "./arbitraries/probes.ts";
export { judgeTogether, watchedLaw, type Complaint, type WatchedLaw, type Watcher } from "./tracking/watch.ts";
export type { World } from "./tracking/world.ts";
export { firstDifference } from "./laws/comparison.ts";
export { adversaries, type Adversary } from "./game/adversaries.ts";
export { newGame, type GameReport, type Score } from "./game/play.ts";
export { battery, tryBits, type BatteryReport } from "./statistics/battery.ts";
export { ready } from "./statistics/special.ts";
export { properties } from "./catalogue.ts";
