/** Canon as one package: each room under its name. `ic-canon/spec`, `ic-canon/model` and so on give one room alone. */
export * as conformance from "./conformance/index.ts";
export * as impl from "./impl/index.ts";
export * as model from "./model/index.ts";
export * as properties from "./properties/index.ts";
export * as spec from "./spec/index.ts";
