/** What must always hold, and the worlds to try it in. */
export * from "./property.ts";
export * from "./case.ts";
export * from "./vocabulary.ts";
