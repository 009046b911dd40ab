/** The optimized implementation: what the specification says, fast. It knows the specification and nothing else of the house. */
import type { Machine } from "../spec/index.ts";
import { boot } from "./engine.ts";

export const impl: Machine = { name: "canon-impl", boot };
