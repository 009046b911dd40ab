/**
 * What becomes of settings, and of the wish for a canister, told before it is told: an onlooker knows what is reserved, what a
 * canister has and must keep, and which ids were ever anybody's. Written from `docs/machine.md` sections 13 and 17.6 alone.
 */
import {
  canisterId,
  cycles,
  managementCanister,
  mostControllers,
  percent,
  usualFreezingThreshold,
  type CanisterGenesis,
  type CanisterId,
  type ErrorCode,
  type Parameters,
  type Settings,
} from "../../spec/index.ts";
import { creationFee } from "../money.ts";
import { thresholdOf } from "./holdings.ts";
import type { TrackedCanister, World } from "./world.ts";

/** What may be allocated, in percent: all of it stays below. */
export const capacityOf = ({ scheduler, cores, allocatable }: Parameters): number =>
  Math.floor((100 * (scheduler === "current" ? cores - 1 : cores) * allocatable) / 100);

/** What canisters reserved, but for one of them. @unit percent */
export const reservedBy = ({ canisters }: Pick<World, "canisters">, but?: CanisterId): number =>
  [...canisters.values()].reduce((sum, { id, genesis }) => sum + (id === but ? 0 : genesis.computeAllocation), 0);

/** Whether an id is, or was, somebody's, here or elsewhere. */
export const isTaken = ({ had, routes }: Pick<World, "had" | "routes">, id: CanisterId): boolean =>
  had.has(id) || routes.has(id) || id === managementCanister;

/** A canister with what is said, and else as it is. */
export const withSettings = (
  genesis: CanisterGenesis,
  { controllers, computeAllocation, freezingThreshold, reservedLimit }: Settings,
): CanisterGenesis => ({
  ...genesis,
  ...(controllers && { controllers }),
  ...(computeAllocation !== undefined && { computeAllocation }),
  ...(freezingThreshold !== undefined && { freezingThreshold }),
  ...(reservedLimit !== undefined && { reservedLimit }),
});

/** Why settings are refused; `null` when they hold from now on. */
export const refusalOfSettings = (world: World, canister: TrackedCanister, settings: Settings): ErrorCode | null => {
  const { parameters } = world;
  const { genesis, balance, reserved } = canister;
  const { controllers = [], computeAllocation: wanted = genesis.computeAllocation, reservedLimit } = settings;
  const more = wanted > genesis.computeAllocation;
  if (controllers.length > mostControllers) return "IC0504";
  if (more && reservedBy(world, canister.id) + wanted >= capacityOf(parameters)) return "IC0101";
  if (more && balance < thresholdOf(world, { ...canister, genesis: withSettings(genesis, settings) })) return "IC0530";
  return reservedLimit !== undefined && reservedLimit < reserved ? "IC0540" : null;
};

/** Why nobody is made; `null` when somebody is. */
export const refusalOfMaking = (world: World, settings: Settings, attached: bigint): ErrorCode | null => {
  const { controllers = [], computeAllocation: wanted = 0 } = settings;
  if (controllers.length > mostControllers) return "IC0504";
  if (wanted > 0 && reservedBy(world) + wanted >= capacityOf(world.parameters)) return "IC0101";
  return attached < creationFee(world.parameters) ? "IC0403" : null;
};

/** What the canister is called that is made next. What was taken stays so: numbers go up. */
export const nextId = (world: Pick<World, "had" | "routes">): CanisterId => {
  for (let number = 0; ; number++) {
    const id = canisterId(`canister-${number}`);
    if (!isTaken(world, id)) return id;
  }
};

/** Whether a canister that is created at this moment is made by another one. */
export const isMade = ({ round }: Pick<World, "round">): boolean => round !== null && !round.ended;

/** A canister that has nothing yet but what is said of it. */
export const emptyCanister = (id: CanisterId, balance: bigint, settings: Settings = {}): CanisterGenesis =>
  withSettings(
    {
      id,
      computeAllocation: percent(0),
      freezingThreshold: usualFreezingThreshold,
      balance: cycles(balance > 0n ? balance : 0n),
      methods: [],
      onTimer: [],
    },
    settings,
  );
