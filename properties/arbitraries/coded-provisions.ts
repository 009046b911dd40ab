/** Cycles from nothing, in worlds that are about them: what is asked for first, of whom, and with how much said of it. */
import { asciiOf, type CanisterId } from "../../spec/index.ts";
import type { Registry, Say } from "./coded-words.ts";
import type { Dice } from "./dice.ts";

/** How much of what is asked for is cycles from nothing: none where a machine knows of no such thing. */
export type Provisions = "none" | "some" | "most";

/** How often they are asked for, beside all else. */
export const shareOfProvisions: Readonly<Record<Provisions, number>> = { none: 0, some: 6, most: 60 };

/** So many are made: none, a few, or enough for whatever there is to pay. */
export const amountOf = (dice: Dice): bigint => dice.pick([0n, 1n, 7n, 600n, 10n ** 9n]);

/** Everybody is to get some, and so is nobody; canisters come with what is said, and with what is not. */
export const firstProvisions = ({ dice, tenants, clerks }: Registry, say: Say, round: () => void): void => {
  const [chief] = clerks as readonly [CanisterId];
  const [topUp, make] = ["provisional_top_up_canister", "provisional_create_canister_with_cycles"] as const;
  for (const tenant of tenants) if (dice.chance(60)) say(chief, topUp, asciiOf(`${tenant} ${amountOf(dice)}`));
  if (dice.chance(40)) say(chief, topUp, asciiOf(`nobody ${amountOf(dice)}`));
  if (dice.chance(30)) say(chief, topUp, asciiOf(dice.pick(tenants)));
  if (dice.chance(50)) say(chief, make, asciiOf(dice.pick(["", "freezing_threshold=0", "memory_allocation=0"])));
  if (dice.chance(50)) say(chief, make, asciiOf(`${amountOf(dice)} ${dice.pick(["freezing_threshold=1", "compute_allocation=1"])}`));
  dice.times(1, 2, round);
};
