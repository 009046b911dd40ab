/** The suite: every property that a campaign tries when nobody chooses, and that clauses are held against. */
import { properties, type Property } from "../properties/index.ts";
import { survivesByTable } from "./persistence.ts";
import { systemCallsByContext } from "./system-calls.ts";

export const suite: readonly Property[] = [...properties, systemCallsByContext, survivesByTable];
