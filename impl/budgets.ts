/**
 * What canisters used of their budgets for queries. What they used in an earlier window has no meaning any more, so there is one window
 * for all, the last one in which somebody asked, and in it only whoever was asked.
 */
import type { CanisterId } from "../spec/index.ts";
import type { Engine } from "./state.ts";

export interface Spent {
  window: bigint;
  /** @unit instructions */
  readonly used: Map<CanisterId, number>;
}

export const nothingSpent = (): Spent => ({ window: -1n, used: new Map() });

/** What the canister used in the window of now. @unit instructions */
export const spentBy = (engine: Engine, id: CanisterId): number =>
  engine.spent.window === windowOf(engine) ? (engine.spent.used.get(id) ?? 0) : 0;

/** The window of now. */
export const windowOf = ({ time, genesis }: Engine): bigint => time / genesis.parameters.queryWindow;

/**
 * The canister answered a user, which took so many instructions.
 * @rule query-end
 */
export const spend = (engine: Engine, id: CanisterId, used: number): void => {
  const { spent, genesis } = engine;
  const window = windowOf(engine);
  if (spent.window !== window) spent.used.clear();
  spent.window = window;
  spent.used.set(id, Math.min(genesis.parameters.queryBudget, (spent.used.get(id) ?? 0) + used));
};
