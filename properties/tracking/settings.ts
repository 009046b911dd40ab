/**
 * What becomes of settings, and of the wish for a canister, told before it is told: an onlooker knows what is allocated, what a
 * canister has and must keep, and which ids were ever anybody's. Written from `docs/machine.md` sections 2, 13 and 17.6 alone.
 */
import {
  canisterId,
  cycles,
  managementCanister,
  mostControllers,
  percent,
  usualFreezingThreshold,
  type Asked,
  type CanisterGenesis,
  type CanisterId,
  type ErrorCode,
  type Parameters,
  type Settings,
} from "../../spec/index.ts";
import { creationFee, freezingThreshold } from "../money.ts";
import { dueFor, memoryOf, memoryOfAll, reservedLimitOf, thresholdOf } from "./holdings.ts";
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
const withSettings = (
  genesis: CanisterGenesis,
  { controllers, computeAllocation, freezingThreshold, reservedLimit }: Settings,
): CanisterGenesis => ({
  ...genesis,
  ...(controllers && { controllers }),
  ...(computeAllocation !== undefined && { computeAllocation }),
  ...(freezingThreshold !== undefined && { freezingThreshold }),
  ...(reservedLimit !== undefined && { reservedLimit }),
});

/** The same of a canister as an onlooker keeps it: what is allocated to it is known to nobody else. */
export const afterSettings = (canister: TrackedCanister, settings: Settings): TrackedCanister => ({
  ...canister,
  genesis: withSettings(canister.genesis, settings),
  memoryAllocation: settings.memoryAllocation ?? canister.memoryAllocation,
});

/** By how much the memory of a canister grows with its settings. @unit bytes */
const grownBy = ({ parameters }: World, canister: TrackedCanister, settings: Settings): number =>
  Math.max(0, memoryOf(afterSettings(canister, settings), parameters) - memoryOf(canister, parameters));

/** What has to be set aside for settings, of a canister or of one that is made. @unit cycles */
export const dueForSettings = (world: World, canister: TrackedCanister | null, settings: Settings): bigint =>
  dueFor(world, canister === null ? (settings.memoryAllocation ?? 0) : grownBy(world, canister, settings));

/** Why settings are refused; `null` when they hold from now on. */
export const refusalOfSettings = (world: World, canister: TrackedCanister, settings: Settings): ErrorCode | null => {
  const { parameters } = world;
  const { genesis, balance, reserved } = canister;
  const { controllers = [], computeAllocation: wanted = genesis.computeAllocation, reservedLimit } = settings;
  const more = wanted > genesis.computeAllocation;
  if (controllers.length > mostControllers) return "IC0504";
  if (more && reservedBy(world, canister.id) + wanted >= capacityOf(parameters)) return "IC0101";
  const after = afterSettings(canister, settings);
  if (more && balance < thresholdOf(world, after)) return "IC0530";
  if (reservedLimit !== undefined && reservedLimit < reserved) return "IC0540";
  const grown = grownBy(world, canister, settings);
  if (grown > 0 && memoryOfAll(world) + grown > parameters.storage.capacity) return "IC0101";
  const due = dueForSettings(world, canister, settings);
  if (due > 0n && reserved + due > reservedLimitOf(after)) return "IC0533";
  const raised = after.memoryAllocation > canister.memoryAllocation;
  return raised && balance - due < thresholdOf(world, { ...after, reserved: reserved + due }) ? "IC0531" : null;
};

/** A wish for a canister, with cycles that are there, or with cycles from nothing. */
export type AskedToMake = Extract<Asked, { readonly method: "create_canister" | "provisional_create_canister_with_cycles" }>;

/** What the canister comes with that is asked for; less than nothing where the fee is not covered. @unit cycles */
export const portionOf = ({ genesis, parameters }: Pick<World, "genesis" | "parameters">, asked: AskedToMake, attached: bigint): bigint =>
  asked.method === "create_canister" ? attached - creationFee(parameters) : (asked.amount ?? genesis.provisional ?? 0n);

/** Why nobody is made who comes with so much; `null` when somebody is. */
export const refusalOfMaking = (world: World, settings: Settings, portion: bigint): ErrorCode | null => {
  const { parameters } = world;
  const { controllers = [], computeAllocation: wanted = 0, memoryAllocation: memory = 0 } = settings;
  if (controllers.length > mostControllers) return "IC0504";
  if (wanted > 0 && reservedBy(world) + wanted >= capacityOf(parameters)) return "IC0101";
  if (memory > 0 && memoryOfAll(world) + memory > parameters.storage.capacity) return "IC0101";
  if (portion < 0n) return "IC0403";
  const due = dueForSettings(world, null, settings);
  const genesis = emptyCanister(nextId(world), 0n, settings);
  if (due > 0n && due > reservedLimitOf({ genesis })) return "IC0533";
  const kept = freezingThreshold(parameters, genesis, { memory, messages: 0, reserved: due });
  return memory > 0 && portion - due < kept ? "IC0531" : null;
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
