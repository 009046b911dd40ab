/**
 * The words with which the management canister is asked about code, settings and canisters to be: mostly such as can be done, often
 * such as are refused for one reason or another, and seldom such as make no sense.
 */
import {
  allocatableOf,
  isProvisional,
  managementMethods,
  plainMethods,
  type CanisterId,
  type Hex,
  type ManagementMethod,
  type Module,
  type Parameters,
} from "../../spec/index.ts";
import { setAsideFor } from "../money.ts";
import { memorySettings, type Allotments } from "./coded-allotments.ts";
import { chunkQuestion } from "./coded-chunks.ts";
import { amountOf, shareOfProvisions, type Provisions } from "./coded-provisions.ts";
import type { Dice } from "./dice.ts";

/** What there is to ask about. */
export interface Registry {
  readonly dice: Dice;
  readonly parameters: Parameters;
  readonly modules: readonly Module[];
  /** Those whom it is mostly about, and those who ask. */
  readonly tenants: readonly CanisterId[];
  readonly clerks: readonly CanisterId[];
  /** Whether cycles are set aside for memory. */
  readonly stored: boolean;
  /** Whether code changes more often than anything else. */
  readonly hurried: boolean;
  /** Whether snapshots come and go more often than anything else. */
  readonly kept: boolean;
  /** Whether chunks do. */
  readonly chunked: boolean;
  /** The memory that is asked for first; nothing where it is about something else. */
  readonly allotments: Allotments;
  readonly provisions: Provisions;
}

/** Whether memory is allocated. */
const isAllotted = ({ allotments }: Registry): boolean => allotments.shares.size > 0;

/** Says something to a canister. */
export type Say = (canister: CanisterId, method: string, payload: Hex) => void;

/** A method, and what it is told. */
export const questionOf = (registry: Registry): readonly [ManagementMethod, string] => {
  const { dice } = registry;
  const about = targetOf(registry);
  if (dice.chance(1))
    return [dice.pick(methodsOf(registry)), dice.pick(["", "a  b", "A", "a install", "a color=red", "a 256", "a a", "a a -1", "a 01"])];
  if (dice.chance(2)) return excessiveQuestion(registry, about);
  return dice.weigh<() => readonly [ManagementMethod, string]>([
    [registry.hurried ? 200 : registry.kept || registry.chunked ? 20 : 42, () => ["install_code", installation(registry, about)]],
    [
      isAllotted(registry) ? 70 : registry.kept || registry.chunked ? 6 : 19,
      () => ["update_settings", fitting(registry, [about, ...settings(registry)])],
    ],
    [10, () => ["create_canister", fitting(registry, settings(registry))]],
    [shareOfProvisions[registry.provisions], () => provisionQuestion(registry, about)],
    [20, () => ["canister_info", dice.chance(10) ? about : `${about} ${dice.pick([0, 1, 2, 3, 255, 255, 255])}`]],
    [registry.kept ? 90 : 12, () => snapshotQuestion(registry, about)],
    [registry.chunked ? 120 : 4, () => chunkQuestion(registry, about, installation(registry, about))],
    [registry.chunked ? 8 : 4, () => ["uninstall_code", about]],
    [10, () => [dice.pick(plainMethods.filter((method) => method !== "uninstall_code")), about]],
  ])();
};

const methodsOf = ({ provisions }: Registry): readonly ManagementMethod[] =>
  managementMethods.filter((method) => provisions !== "none" || !isProvisional(method));

/** A setting just out of its range, alone or behind one that makes sense. */
const excessiveQuestion = (registry: Registry, about: string): readonly [ManagementMethod, string] => {
  const { dice, provisions } = registry;
  const said = [...(dice.chance(30) ? ["controllers=k"] : []), dice.pick(excesses)];
  const method = dice.pick(["update_settings", "create_canister", ...(provisions === "none" ? [] : [provisionalCreation])] as const);
  return [method, fitting(registry, method === "update_settings" ? [about, ...said] : said)];
};

const provisionalCreation: ManagementMethod = "provisional_create_canister_with_cycles";

/** Settings that are one more than they may be. */
export const excesses = [
  "compute_allocation=101",
  "memory_allocation=9007199254740992",
  "freezing_threshold=9007199254740992",
  "reserved_cycles_limit=340282366920938463463374607431768211456",
] as const;

/** Cycles from nothing: some for whoever it is about, or a canister that comes with them; now and then nobody says how many. */
const provisionQuestion = (registry: Registry, about: string): readonly [ManagementMethod, string] => {
  const { dice } = registry;
  const amount = String(amountOf(dice));
  if (dice.chance(40)) return ["provisional_top_up_canister", dice.chance(4) ? about : `${about} ${amount}`];
  const said = dice.chance(65) ? [amount] : [];
  return [provisionalCreation, fitting(registry, [...said, ...settings(registry)])];
};

/** Mostly a tenant, sometimes one that was made, oneself, or nobody. */
const targetOf = ({ dice, tenants, clerks }: Registry): string =>
  dice.weigh<() => string>([
    [30, () => dice.pick(tenants)],
    [9, () => `canister-${dice.pick([0, 0, 0, 1, 2])}`],
    [1, () => dice.pick(clerks)],
    [1, () => "nobody"],
  ])();

/** One is taken, brought back, deleted, or told of: mostly one that there may be, and mostly of the canister itself. */
const snapshotQuestion = (registry: Registry, about: string): readonly [ManagementMethod, string] => {
  const { dice, tenants, kept } = registry;
  const of = kept && dice.chance(70) ? dice.pick(tenants) : about;
  const number = dice.weigh([
    [9, 0],
    [6, 1],
    [5, 2],
    [2, 3],
    [1, 9],
  ]);
  const source = dice.weigh([
    [24, of],
    [kept ? 24 : 14, dice.pick(tenants)],
    [2, "canister-0"],
    [1, "nobody"],
  ]);
  return dice.weigh<readonly [ManagementMethod, string]>([
    [kept ? 10 : 8, ["take_canister_snapshot", of]],
    [kept ? 5 : 4, ["take_canister_snapshot", `${of} ${number}`]],
    [20, ["load_canister_snapshot", `${of} ${source} ${number}`]],
    [7, ["delete_canister_snapshot", `${of} ${number}`]],
    [4, ["list_canister_snapshots", of]],
  ]);
};

const installation = ({ dice, modules }: Registry, about: string): string => {
  const fresh = about.startsWith("canister-");
  const mode = dice.weigh([
    [fresh ? 3 : 7, "upgrade"],
    [4, "reinstall"],
    [fresh ? 6 : 2, "install"],
  ]);
  const module = dice.chance(6) ? "none" : dice.pick(modules).name;
  const heap = dice.pick([[], ["keep"], ["keep"], ["replace"]]);
  const options = mode === "upgrade" ? dice.shuffle([...heap, ...(dice.chance(25) ? ["skip"] : [])]) : [];
  return [about, mode, module, ...options].join(" ");
};

/** Some settings, in any order; sometimes more compute than somebody can pay for. */
const settings = (registry: Registry): readonly string[] => {
  const { dice } = registry;
  if (isAllotted(registry) && dice.chance(75)) return memorySettings(registry);
  if (registry.stored && dice.chance(45)) return ["reserved_cycles_limit=0"];
  if (dice.chance(22)) return [`compute_allocation=${dice.whole(1, 3)}`, `freezing_threshold=${dice.pick([10 ** 12, 10 ** 15])}`];
  const said = [controllers(registry), allocation(registry), freezing(registry), limit(registry)].filter(() => dice.chance(45));
  return dice.shuffle(said);
};

/** As many words as there is room for. */
const fitting = (registry: Registry, words: readonly string[]): string => {
  const text = words.join(" ");
  return text.length <= registry.parameters.maxPayload ? text : fitting(registry, words.slice(0, -1));
};

const controllers = ({ dice, clerks, tenants }: Registry): string => {
  const [chief = "k"] = clerks;
  const many = [..."bcdefghijlnopq"].slice(0, dice.pick([9, 10, 10, 10]));
  const named = dice.weigh<() => readonly string[]>([
    [6, () => [...clerks].reverse()],
    [5, () => [chief]],
    [2, () => [dice.pick(tenants), chief, chief]],
    [15, () => [chief, ...many]],
    [1, () => dice.pick([[], clerks.slice(1)])],
  ])();
  return `controllers=${named.join(",")}`;
};

const allocation = ({ dice, parameters }: Registry): string => {
  const there = Math.min(100, allocatableOf(parameters));
  const wanted = dice.weigh<() => number>([
    [3, () => dice.whole(0, 3)],
    [2, () => dice.whole(0, there)],
    [2, () => there],
    [1, () => Math.max(0, there - 1)],
    [2, () => 100],
  ])();
  return `compute_allocation=${wanted}`;
};

const freezing = ({ dice }: Registry): string =>
  `freezing_threshold=${dice.pick([0, 0, 1, 1, 10, 100, 1_000, 2_592_000, Number.MAX_SAFE_INTEGER])}`;

/** What may be set aside: nothing, what so many pages need, a cycle less, or anything. */
const limit = ({ dice, parameters, tenants, stored }: Registry): string => {
  const from = dice.whole(0, tenants.length * parameters.maxPages) * parameters.pageSize;
  const some = stored ? setAsideFor(parameters, dice.chance(50) ? 0 : from, dice.whole(1, parameters.maxPages) * parameters.pageSize) : 7n;
  const least = some + dice.pick([-1n, 0n, 1n]);
  return `reserved_cycles_limit=${dice.pick([0n, 0n, least < 0n ? 0n : least, 10n ** 28n])}`;
};
