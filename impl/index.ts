/** The optimized implementation: what the specification says, fast. It knows the specification and nothing else of the house. */
import type { Machine } from "../spec/index.ts";
import { boot } from "./engine.ts";

export const impl: Machine = { name: "canon-impl", boot: (genesis) => boot(genesis) };

/** A session whose room for answers to queries is chosen, and which says how often it gave one again: for measuring. */
export { boot as bootWithRoom } from "./engine.ts";

/** The state root alone: for measuring. */
export { enter, isFork, type Place, type Tip } from "./labels.ts";
export { certifyPage, emptyRoot, rootOf, type CertifiedCanister, type Root } from "./root.ts";
