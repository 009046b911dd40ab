/**
 * Worlds drawn from a seed in which users ask the management canister. They are those in which canisters do, in which some users are controllers, too,
 * others are not, and each of them asks for this and that, also in queries, and also for what is not for users. In some of these worlds cycles come from nothing.
 */
import {
  asciiOf,
  canisterId,
  cycles,
  hex,
  ingressId,
  isManagementMethod,
  managementCanister,
  managementMethods,
  nanoseconds,
  principal,
  userId,
  type CanisterId,
  type Genesis,
  type MethodName,
  type Move,
  type Principal,
  type Scenario,
} from "../spec/index.ts";
import { wordsFor } from "./drawn-arguments.ts";
import { drawnAllocations, drawnChunks, drawnCode, drawnManagement, drawnSnapshots } from "./drawn-management.ts";
import { withReads } from "./drawn-reads.ts";
import { withStatuses } from "./drawn-statuses.ts";
import { drawFrom, type Draw } from "./drawing.ts";

/** How the ids begin of what users ask the management canister. */
export const userPrefix = "u-";

export const drawnUsers = (seed: number): Scenario => {
  const draw = drawFrom(seed ^ 0x05e5);
  const worldFrom = draw.of([drawnManagement, drawnManagement, drawnManagement, drawnCode, drawnSnapshots, drawnChunks, drawnAllocations]);
  const { genesis, others = [], inputs } = worldFrom(seed);
  const worlds = [genesis, ...others].map((one) => governedFrom(draw, one));
  const scenario: Scenario = {
    genesis: worlds[0]!,
    others: worlds.slice(1),
    inputs: inputs.flatMap((move) => [move, ...draw.list(0, 2, () => askedFrom(draw, worlds))]),
  };
  return withReads(seed, withStatuses(seed, scenario), 7);
};

const users = ["@ann", "@ann", "@ann", "@ann", "@bob", "@eve"].map(userId);

/** Most canisters are in the hands of `@ann`, a few in those of others, too. */
const governedFrom = (draw: Draw, genesis: Genesis): Genesis => ({
  ...genesis,
  ...(draw.chance(1, 2) ? { provisional: cycles(draw.of([0n, 700n, 30_000n])) } : {}),
  ...(draw.chance(1, 4) ? { bitcoin: canisterId("a") } : {}),
  canisters: genesis.canisters.map((born) => ({
    ...born,
    ...(draw.chance(7, 8) ? { controllers: [...(born.controllers ?? []), ...draw.list(1, 2, () => draw.of(users))] } : {}),
  })),
});

const notForUsers = ["raw_rand", "bitcoin_get_balance", "go", "create_canister", "deposit_cycles", "canister_info"];
const statuses: readonly MethodName[] = ["start_canister", "stop_canister", "stop_canister", "start_canister", "canister_status"];
const methods: readonly MethodName[] = [...managementMethods, ...statuses, ...statuses, "delete_canister", "update_settings"];

const askedFrom = (draw: Draw, worlds: readonly Genesis[]): Move => {
  const subnet = draw.below(worlds.length);
  const { canisters, time } = worlds[subnet]!;
  const unit = time > 1_000_000n ? 1_000_000_000n : 1n; // some of these worlds are slow
  const whom = (): CanisterId => (draw.chance(1, 10) ? canisterId(draw.of(strangers)) : draw.of(canisters).id);
  const method = draw.chance(1, 9) ? draw.of(notForUsers) : draw.of(methods);
  return {
    kind: "ingress",
    id: ingressId(userPrefix + (draw.chance(1, 40) ? "again" : String(draw.below(100_000)))),
    ...(draw.chance(1, 16) ? {} : { sender: draw.of(users) }),
    canister: managementCanister,
    method,
    payload: isManagementMethod(method) ? asciiOf(wordsFor(draw, method, whom, settings)) : hex(draw.of(["", "61"])),
    ...(draw.chance(1, 4) ? { expiry: nanoseconds(time + BigInt(draw.below(30)) * unit) } : {}),
    subnet,
  };
};

const strangers = ["canister-0", "canister-0", "canister-1", "x", "nobody", managementCanister];

/** Of whom a canister is to be, canisters and users; or something else about it. */
const settings = (draw: Draw, whom: () => CanisterId): readonly string[] => {
  const anyone = (): Principal => (draw.chance(2, 3) ? draw.of(users) : principal(whom()));
  if (draw.chance(1, 2)) return [`controllers=${draw.list(0, 3, anyone).join(",")}`];
  return [draw.of(["compute_allocation=1", "compute_allocation=0", "freezing_threshold=10", "reserved_cycles_limit=500"])];
};
