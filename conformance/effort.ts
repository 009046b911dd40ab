/**
 * How much the reference does, in clauses that it meets: a measure that is the same in every run, unlike a clock. A mutant may
 * never come to an end where the reference does, and then each thing it does is dearer than the last; so it is stopped when, at
 * one input, it has met three times as many clauses as the reference at its busiest input, and some.
 */
import { createModel, type Reading } from "../model/index.ts";
import { drive, type Machine, type Scenario, type Session, type Trace } from "../spec/index.ts";
import type { Witness } from "./evidence.ts";

export interface Effort {
  /** Clauses that were met in all. */
  total: number;
  /** Clauses that were met at the busiest input. */
  peak: number;
}

/** Leads the reference through a scenario, and measures it. */
export const measured = (scenario: Scenario, witness?: Witness): { readonly trace: Trace; readonly effort: Effort } => {
  const effort: Effort = { total: 0, peak: 0 };
  let now = 0;
  const reference = createModel({
    witness: (clause, outcome) => {
      effort.total++;
      effort.peak = Math.max(effort.peak, ++now);
      witness?.(clause, outcome);
    },
  });
  const trace = drive(
    counted(reference, () => (now = 0)),
    scenario,
  ) as Trace;
  return { trace, effort };
};

/** A reading of the specification as a machine that breaks down where it does far more than the reference ever does. */
export const bounded = (reading: Reading, { peak }: Effort): Machine => {
  const most = 3 * peak + 2_000;
  let left = most;
  const mutant = createModel({
    ...reading,
    witness: () => {
      if (--left < 0) throw new Error("it does not come to an end");
    },
  });
  return counted(mutant, () => (left = most));
};

/** The same machine, which tells of each input that it is about to take. */
const counted = (machine: Machine, begin: () => void): Machine => ({
  ...machine,
  boot: (genesis) => {
    begin();
    const session = machine.boot(genesis) as Session;
    return {
      ...session,
      apply: (input) => {
        begin();
        return session.apply(input);
      },
    };
  },
});
