/** What a campaign must reach, declared before it begins and looked at when it is over. */
import { rules } from "../spec/index.ts";
import { properties as allProperties, type Property } from "../properties/index.ts";
import { inputKinds, rulesFired, type Evidence } from "./evidence.ts";
import type { Goal } from "./report.ts";
import type { Exclusion } from "./support.ts";

/** Below this many runs a property that ran out of time says too little, and a campaign has no goals. */
export const minimumRuns = 20;

interface Declared {
  readonly runs: number;
  readonly path?: string;
  readonly excluded?: readonly Exclusion[];
}

/**
 * Goals are declared for a run of the whole suite that is long enough to reach them; whoever filters has chosen what
 * to see. The rules are counted by the reference, so they are goals only where a property leads the reference too.
 */
export const declareGoals = (chosen: readonly Property[], { runs, path, excluded = [] }: Declared) => {
  const whole = allProperties.every((property) => chosen.includes(property)) && path === undefined && runs >= minimumRuns;
  const left = new Set(excluded.map(({ rule }) => rule));
  const ruleGoals = whole && chosen.some(({ kind }) => kind === "agreement") ? rules.map(({ id }) => id).filter((id) => !left.has(id)) : [];
  const inputGoals = whole && left.size === 0 ? inputKinds : [];
  return (evidence: Evidence): readonly Goal[] => {
    const fired = rulesFired(evidence.clauses());
    const drawn = new Set(evidence.inputs().map(({ kind }) => kind));
    return [
      ...ruleGoals.map((id) => ({ goal: `rule ${id} takes place`, met: fired.has(id) })),
      ...inputGoals.map((kind) => ({ goal: `an input of kind ${kind} is drawn`, met: drawn.has(kind) })),
    ];
  };
};
