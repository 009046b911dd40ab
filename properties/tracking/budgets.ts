/**
 * What canisters use of their budgets for queries, as an onlooker counts it: in each window of time afresh, and nothing of it is
 * left after a restart. Written from `docs/machine.md` section 16.2 alone.
 */
import type { CanisterId } from "../../spec/index.ts";
import type { World } from "./world.ts";

/** What a canister used in the window in which it last answered a user. */
export interface UsedBudget {
  readonly window: bigint;
  /** @unit instructions */
  readonly used: number;
}

/** The number of the window of now. */
export const windowNow = ({ parameters, time }: Pick<World, "parameters" | "time">): bigint => time / parameters.queryWindow;

/** What a canister used in the window of now. @unit instructions */
export const usedNow = (world: World, canister: CanisterId): number => {
  const known = world.budgets.get(canister);
  return known?.window === windowNow(world) ? known.used : 0;
};

/** Counts the query of a user, to the whole budget at most. */
export const countQuery = (world: World, canister: CanisterId, instructions: number): void => {
  const used = Math.min(usedNow(world, canister) + instructions, world.parameters.queryBudget);
  world.budgets.set(canister, { window: windowNow(world), used });
};
