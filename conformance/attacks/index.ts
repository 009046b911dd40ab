/** Attacks: what somebody spends for each cycle that he makes another lose, measured on the reference. */
export type { Attack } from "./attacks.ts";
export { measureAttacks, tollFees, type AttackEntry, type Toll } from "./tolls.ts";
