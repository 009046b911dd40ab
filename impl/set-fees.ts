/**
 * Prices change, and whatever is kept that depends on them is made anew here. Nothing is charged: who pays for what it occupies pays
 * at its next charge, by the prices that hold then, for all the time since its last one. What was held for a call or an
 * execution keeps the prices of its start, which it remembers itself.
 */
import type { Input } from "../spec/index.ts";
import { pricesOf } from "./fees.ts";
import { reprice } from "./occupancy.ts";
import type { Engine } from "./state.ts";

/** @rule fees-set */
export const setFees = (engine: Engine, { fees }: Extract<Input, { kind: "set-fees" }>): void => {
  engine.prices = pricesOf({ ...engine.genesis.parameters, fees });
  for (const canister of engine.canisters) reprice(engine, canister); // whom it pays with turns out when charges are due
  engine.events.push({ kind: "fees-set", name: fees.name });
};
