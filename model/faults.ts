/**
 * Named faults: readings of the specification in which one clause says something else, as an engineer in a hurry might
 * have written it. Taking a clause out asks whether anybody misses it; a fault asks whether anybody sees that it is wrong.
 * The suite is shown each of them, and must find it.
 */
import type { Source } from "../spec/index.ts";
import { cyclesFaults } from "./faults-of-cycles.ts";
import { schedulingFaults } from "./faults-of-scheduling.ts";
import type { Replacement } from "./transition.ts";

export interface Fault {
  /** Permanent, a fact in kebab-case: what the machine does. */
  readonly id: string;
  readonly source: Source;
  readonly sentence: string;
  readonly replacement: Replacement;
}

export const faults: readonly Fault[] = [...schedulingFaults, ...cyclesFaults];
