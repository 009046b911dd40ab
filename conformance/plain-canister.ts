/** A canister of the worlds that tables are tried in: nothing but its methods, and cycles enough. */
import { cycles, percent, seconds, type CanisterGenesis, type CanisterId, type Method } from "../spec/index.ts";

export const plainCanister = (id: CanisterId, methods: readonly Method[], rest: Partial<CanisterGenesis> = {}): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(1_000_000n),
  methods,
  onTimer: [],
  ...rest,
});
