/**
 * The order of a round, and who gets which core: in the published scheduler all canisters in one row, in the current one those
 * that began the round with a long execution apart from the others. Only active canisters are ordered.
 */
import { keyOf, longCoresFor, resetWhenDue } from "./priorities.ts";
import { compareInRound, plan } from "./schedule.ts";
import type { Canister, Engine } from "./state.ts";

/** What holds for all iterations of a round. */
export interface Plan {
  /** Published: who pays when the round is over. */
  readonly payers: readonly number[];
  /** Current: how many cores are for canisters that began the round with an execution under way. */
  readonly longCores: number;
}

/** Plans the round whose height the engine has. */
export const planRound = (engine: Engine): Plan => {
  const { scheduler, height, underWay } = engine;
  if (scheduler.kind === "published") return { payers: plan(scheduler, height), longCores: 0 };
  resetWhenDue(scheduler, height);
  let percents = 0;
  for (const canister of underWay) {
    canister.longIn = height;
    percents += canister.allocation;
  }
  return { payers: [], longCores: longCoresFor(scheduler, underWay.size, percents) };
};

/** The canisters of each core, in order, and the first of those that began the round without an execution under way. */
export interface Deal {
  readonly hands: readonly (readonly Canister[])[];
  readonly firstNew: Canister | null;
}

/**
 * Deals the active canisters.
 * @rule schedule-deal
 * @rule cores-divide
 */
export const deal = (engine: Engine, { longCores }: Plan, active: readonly Canister[]): Deal => {
  const { cores } = engine.genesis.parameters;
  const hands = Array.from({ length: cores }, (): Canister[] => []);
  const compare = comparisonOf(engine, active);
  const isLong = ({ longIn }: Canister): boolean => engine.scheduler.kind === "current" && longIn === engine.height;
  const long = active.filter(isLong).sort(compare);
  const fresh = (long.length === 0 ? [...active] : active.filter((canister) => !isLong(canister))).sort(compare);
  const divide = Math.min(longCores, long.length);
  long.forEach((canister, at) => hands[at % divide]!.push(canister));
  fresh.forEach((canister, at) => hands[divide + (at % (cores - divide))]!.push(canister));
  return { hands, firstNew: fresh[0] ?? null };
};

/**
 * How these canisters stand to each other: all of them with an execution under way, or all without. Priorities do not change while
 * a round is under way, so each is asked for once.
 * @rule schedule-rank
 */
export const comparisonOf = ({ scheduler }: Engine, canisters: Iterable<Canister>): ((left: Canister, right: Canister) => number) => {
  if (scheduler.kind === "published") return (left, right) => compareInRound(scheduler, left.index, right.index);
  const { keys } = scheduler;
  for (const { index } of canisters) keys[index] = keyOf(scheduler, index);
  return (left, right) => {
    const byKey = keys[right.index]! - keys[left.index]! || 0;
    if (left.execution === null || right.execution === null) return byKey || left.index - right.index;
    return (
      Math.max(right.executedRounds, 1) - Math.max(left.executedRounds, 1) ||
      byKey ||
      left.execution.since - right.execution.since ||
      left.index - right.index
    );
  };
};
