/** What must always hold, and the worlds to try it in. */
export * from "./property.ts";
export * from "./case.ts";
export * from "./vocabulary.ts";
export * from "./flows.ts";
export { busyWorlds, type Focus } from "./arbitraries/busy.ts";
export { judgeTogether, type WatchedLaw } from "./tracking/watch.ts";
export { properties } from "./catalogue.ts";
