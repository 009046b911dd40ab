/** The specification: words, rules, parameters, and the door. It imports nothing. */
export * from "./units.ts";
export * from "./identifiers.ts";
export * from "./codes.ts";
export * from "./committee.ts";
export * from "./rule.ts";
export * from "./script.ts";
export * from "./stream.ts";
export * from "./parameters.ts";
export * from "./genesis.ts";
export * from "./input.ts";
export * from "./observation.ts";
export * from "./scenario.ts";
export * from "./machine.ts";
export * from "./delivery.ts";
export * from "./drive.ts";
export * from "./view.ts";
export * from "./rules/index.ts";
