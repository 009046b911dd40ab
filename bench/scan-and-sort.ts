/**
 * The scheduling decision as one would first write it: every round credits every canister, sorts all of them, charges
 * the first N and picks the active ones out of the order. It is the baseline beside which the engine is shown.
 */

export interface Entry {
  readonly index: number;
  readonly allocation: number;
  priority: number;
  active: boolean;
}

/** One decision: the active canisters in the order of the round. All numbers stay below 2^53 for the rounds of a benchmark. */
export const scanAndSort = (entries: readonly Entry[], cores: number): readonly Entry[] => {
  const allocated = entries.reduce((sum, { allocation }) => sum + allocation, 0);
  for (const entry of entries) entry.priority += entries.length * entry.allocation + (100 * cores - allocated);
  const order = [...entries].sort((left, right) => right.priority - left.priority || left.index - right.index);
  for (const entry of order.slice(0, cores)) entry.priority -= 100 * entries.length;
  return order.filter(({ active }) => active);
};
