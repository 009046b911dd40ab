/** Every property, in the order in which they are best read. */
import type { Property } from "./property.ts";
import { balancesFollowFlows, cyclesConserved } from "./laws/conservation.ts";

export const properties: readonly Property[] = [cyclesConserved, balancesFollowFlows];
