/** What canisters pay for existing, at the end of a round: `docs/machine.md`, section 14. */
import { cycles, type CanisterId } from "../spec/index.ts";
import { withdrawAll } from "./answering.ts";
import { canisterOf, inOrder, tell } from "./reading.ts";
import { allocationPrice, chargeAllocation, chargeMemory, chargeResources, exhaust, memoryPrice } from "./rules/charges.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Charges every canister that is due, and takes the code of those that cannot pay. */
export const chargeAll = (fire: Fire, before: State): State => {
  const charged = inOrder(before).reduce<Charged>((now, { id }) => chargeOne(fire, now, id), { ...nothing, state: before });
  const { canisters, memory, compute, dry } = charged;
  if (canisters === 0) return before;
  const told = tell(charged.state, { kind: "resources-charged", canisters, memory: cycles(memory), compute: cycles(compute) });
  return dry.reduce((state, canister) => runDry(fire, state, canister), told);
};

interface Charged {
  readonly state: State;
  readonly canisters: number;
  readonly memory: bigint;
  readonly compute: bigint;
  /** Who could not pay. */
  readonly dry: readonly CanisterId[];
}

const nothing = { canisters: 0, memory: 0n, compute: 0n, dry: [] };

const nanosecondsOfSecond = 1_000_000_000n;

const chargeOne = (fire: Fire, now: Charged, canister: CanisterId): Charged => {
  const stamped = fire(chargeResources, now.state, { canister });
  if (!stamped.applied) return now;
  const due = { canister, seconds: (now.state.time - canisterOf(now.state, canister).chargedAt) / nanosecondsOfSecond };
  const counted = { ...now, canisters: now.canisters + 1 };
  const forMemory = fire(chargeMemory, stamped.state, due);
  if (!forMemory.applied) return { ...counted, state: stamped.state, dry: [...now.dry, canister] };
  const memory = now.memory + memoryPrice(stamped.state, due);
  const forCompute = fire(chargeAllocation, forMemory.state, due);
  if (!forCompute.applied) return { ...counted, state: forMemory.state, memory, dry: [...now.dry, canister] };
  return { ...counted, state: forCompute.state, memory, compute: now.compute + allocationPrice(forMemory.state, due) };
};

const runDry = (fire: Fire, before: State, canister: CanisterId): State => {
  const { balance: burned } = canisterOf(before, canister);
  return withdrawAll(fire, tell(fire(exhaust, before, { canister }).state, { kind: "ran-dry", canister, burned }), canister);
};
