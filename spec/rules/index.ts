/** The rules, chapter by chapter, and the catalogue of all of them. */
export * from "./catalogue.ts";

export * from "./calls.ts";
export * from "./canisters.ts";
export * from "./certification.ts";
export * from "./charges.ts";
export * from "./code.ts";
export * from "./committee.ts";
export * from "./cycles.ts";
export * from "./deadlines.ts";
export * from "./execution.ts";
export * from "./ingress.ts";
export * from "./limits.ts";
export * from "./management.ts";
export * from "./priorities.ts";
export * from "./queries.ts";
export * from "./queues.ts";
export * from "./responses.ts";
export * from "./rounds.ts";
export * from "./scheduling.ts";
export * from "./settings.ts";
export * from "./slicing.ts";
export * from "./snapshots.ts";
export * from "./streams.ts";
export * from "./tape.ts";
export * from "./timers.ts";
export * from "./tokens.ts";
