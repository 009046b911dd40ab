/** Canisters come, go, and change what they reserve: what is told of it. */
import { cycles, type CanisterId, type Input, type Principal } from "../spec/index.ts";
import { withdrawAll } from "./answering.ts";
import { createCanister, deleteCanister, setAllocation, uninstall } from "./rules/canisters.ts";
import { canisterOf, errorOf, tell } from "./reading.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

export const create = (fire: Fire, before: State, { canister: given }: Input & { kind: "create-canister" }): State => {
  const { id: canister, computeAllocation } = given;
  const fired = fire(createCanister, before, { given });
  return fired.applied
    ? tell(fired.state, { kind: "canister-created", canister, computeAllocation, balance: canisterOf(fired.state, canister).balance })
    : tell(before, { kind: "canister-create-refused", canister, error: errorOf(fired.error) });
};

export const remove = (fire: Fire, before: State, canister: CanisterId): State => {
  const fired = fire(deleteCanister, before, { canister });
  const gone = before.canisters.get(canister);
  return fired.applied
    ? tell(fired.state, { kind: "canister-deleted", canister, burned: cycles((gone?.balance ?? 0n) + (gone?.reserved ?? 0n)) })
    : tell(before, { kind: "canister-delete-refused", canister, error: errorOf(fired.error) });
};

export const allocate = (fire: Fire, before: State, { canister, computeAllocation }: Input & { kind: "set-compute-allocation" }): State => {
  const fired = fire(setAllocation, before, { canister, computeAllocation });
  return fired.applied
    ? tell(fired.state, { kind: "allocation-set", canister, computeAllocation })
    : tell(before, { kind: "allocation-refused", canister, error: errorOf(fired.error) });
};

/** `by`: the canister that asked for it. */
export const takeCode = (fire: Fire, before: State, canister: CanisterId, by: Principal | null = null): State => {
  const taken = fire(uninstall, before, { canister, by });
  if (!taken.applied) return tell(before, { kind: "uninstall-refused", canister, error: errorOf(taken.error) });
  return withdrawAll(fire, tell(taken.state, { kind: "uninstalled", canister }), canister);
};
