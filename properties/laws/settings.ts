/** Settings are kept to: only what is said changes, nobody is promised what is not there; and canisters that canisters make. */
import * as fc from "fast-check";
import {
  asciiOf,
  byId,
  canisterId,
  mostControllers,
  type CanisterId,
  type ErrorCode,
  type Event,
  type Settings,
} from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { orUsers } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { creationFee } from "../money.ts";
import { rulingOf, type Ruling } from "../tracking/ingress.ts";
import { reservedLimitOf, thresholdOf } from "../tracking/holdings.ts";
import { askedIn, isProvided, nextAsking } from "../tracking/management.ts";
import { afterSettings, capacityOf, isMade, isTaken, reservedBy } from "../tracking/settings.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type TrackedCanister, type World } from "../tracking/world.ts";
import { objectionsTo } from "./allotments.ts";
import { firstDifference } from "./comparison.ts";

type Updated = Extract<Event, { readonly kind: "settings-updated" }>;

export const settingsAreKeptTo = watchedLaw({
  id: "settings-are-kept-to",
  statement:
    "When settings change, what was said holds and all else is as before; nobody has more than ten controllers; an allocation grows only as far as there is compute, or memory, and a balance that covers the freezing threshold of all new settings; a limit on what is set aside is not below what is; and whoever is refused is refused for such a reason.",
  source: "facts/messages.md F4, IC0530, IC0531, IC0533, IC0540; facts/cycles.md CYC-Z10; facts/scheduler.md SCH-E3, SCH-P19",
  cites: ["settings-update", "management-allow", "management-answer", "restart"],
  needs: ["code"],
  otherwise: "nobody asked for other settings",
  cases: (vocabulary) =>
    orUsers(
      fc.oneof({ arbitrary: codedWorlds(vocabulary), weight: 2 }, { arbitrary: codedWorlds(vocabulary, { allotted: true }), weight: 1 }),
      vocabulary,
    ).map(alone),
  watch: () => {
    let asked = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "settings-updated") {
          asked = true;
          return misset(event, world);
        }
        const ruling = rulingOf(event, world);
        const settings = ruling === null ? null : settingsAsked(ruling, world);
        if (ruling === null || settings === null || ruling.result.kind === "reply") return undefined;
        asked = true;
        return groundless(ruling, ruling.result.error, settings, world);
      },
      interested: () => asked,
    };
  },
});

interface Wish {
  readonly canister: TrackedCanister | undefined;
  readonly settings: Settings;
}

/** What was wished for in a request that is answered now. */
const settingsAsked = ({ asking }: Ruling, world: World): Wish | null => {
  const asked = asking === undefined ? null : askedIn(asking);
  return asked?.method === "update_settings" ? { canister: world.canisters.get(asked.canister), settings: asked.settings } : null;
};

const misset = (event: Updated, world: World): Complaint => {
  const canister = world.canisters.get(event.canister);
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  if (canister === undefined || asked?.method !== "update_settings" || asked.canister !== event.canister)
    return `the settings of ${event.canister} changed, and nobody asked for that`;
  const { kind: _, ...said } = event;
  const difference = firstDifference(said, settingsOf(canister, asked.settings));
  if (difference !== null) return `the settings of ${event.canister} are not those of before, but for what was said: ${difference}`;
  const [broken] = reasons({ canister, settings: asked.settings }, world);
  return broken === undefined ? undefined : `the settings of ${event.canister} changed, though ${broken[1]}`;
};

/** All settings of a canister, with what is said of them. */
const settingsOf = (canister: TrackedCanister, settings: Settings): Omit<Updated, "kind"> => {
  const after = afterSettings(canister, settings);
  const { id, controllers = [], computeAllocation, freezingThreshold } = after.genesis;
  const memoryAllocation = after.memoryAllocation as Updated["memoryAllocation"];
  const reservedLimit = reservedLimitOf(after) as Updated["reservedLimit"];
  return { canister: id, controllers: [...controllers].sort(byId), computeAllocation, memoryAllocation, freezingThreshold, reservedLimit };
};

/** Why settings cannot be as they are wished for. */
const reasons = ({ canister, settings }: Wish, world: World): readonly (readonly [ErrorCode, string])[] => {
  if (canister === undefined) return [["IC0301", "there is no such canister"]];
  const { genesis, balance, reserved } = canister;
  const { controllers = [], computeAllocation = genesis.computeAllocation, reservedLimit } = settings;
  const [more, there] = [computeAllocation > genesis.computeAllocation, capacityOf(world.parameters)];
  const [all, due] = [reservedBy(world, canister.id) + computeAllocation, thresholdOf(world, afterSettings(canister, settings))];
  const found: readonly (readonly [boolean, ErrorCode, string])[] = [
    [controllers.length > mostControllers, "IC0504", `${controllers.length} controllers are too many`],
    [more && all >= there, "IC0101", `allocations of ${all} percent are not below ${there}`],
    [more && balance < due, "IC0530", `a balance of ${balance} does not cover ${due}`],
    [reservedLimit !== undefined && reservedLimit < reserved, "IC0540", `${reserved} cycles are set aside already`],
  ];
  return [
    ...found.flatMap(([holds, error, words]) => (holds ? [[error, words] as const] : [])),
    ...objectionsTo(canister, settings, world),
  ];
};

const groundless = ({ what }: Ruling, error: ErrorCode, wish: Wish, world: World): Complaint => {
  if (error === "IC0512") return undefined;
  return reasons(wish, world).some(([reason]) => reason === error)
    ? undefined
    : `${what} for other settings was refused with ${error}, for which there is no reason`;
};

export const madeCanistersAreNew = watchedLaw({
  id: "made-canisters-are-new",
  statement:
    "A canister that a canister makes has the least number that nobody's id ever had, here or elsewhere, what was attached less the fee, or what is made for it, the settings that were said and the usual ones else, its maker as its controller where no others were named, and no code; its maker hears its id, and gets nothing back, or all of it where nothing was needed; and where there is too little attached, too little compute, or too many are named, nobody is made and all comes back.",
  source: "facts/messages.md F1; facts/cycles.md CYC-C12, CYC-Z10, T50; facts/scheduler.md SCH-E1, SCH-P18",
  cites: ["canister-make", "management-answer", "management-allow", "context-open", "ingress-submit", "restart"],
  needs: ["code"],
  otherwise: "nobody was made",
  cases: (vocabulary) => orUsers(codedWorlds(vocabulary), vocabulary).map(alone),
  watch: () => {
    /** The number of the last one that was made; and those of them without code. */
    let latest = -1;
    const bare = new Set<CanisterId>();
    /** The one that was made for the request that is answered next. */
    let born: CanisterId | null = null;
    /** What comes back to who asked for it: what was attached, where its cycles come from nothing. */
    let due = 0n;
    return {
      onEvent: (event, world) => {
        if (event.kind === "canister-created" && isMade(world)) {
          const before = latest;
          latest = Number(event.canister.replace("canister-", ""));
          bare.add((born = event.canister));
          due = isProvided(world) ? attachedTo(world) : 0n;
          return latest > before ? misborn(event, world) : `${event.canister} was made after canister-${before}`;
        }
        if (bringsCode(event)) bare.delete(event.canister);
        if (event.kind === "executed" && bare.has(event.canister)) return `${event.canister} was made without code, and ran a message`;
        const ruling = rulingOf(event, world);
        if (born === null || ruling === null) return undefined;
        const { result } = ruling;
        const refund = event.kind === "management-answered" ? event.refund : 0n;
        const made = born;
        born = null;
        return result.kind === "reply" && result.payload === asciiOf(made) && refund === due
          ? undefined
          : `${made} was made, and ${ruling.what} heard something else, or got ${refund} cycles back`;
      },
      interested: () => latest >= 0,
    };
  },
});

/** Code comes with an installation that completes, and with a snapshot. */
const bringsCode = (event: Event): event is Extract<Event, { readonly kind: "installation-ran" | "snapshot-loaded" }> =>
  event.kind === "snapshot-loaded" || (event.kind === "installation-ran" && event.trap === null);

/** What was attached to the request that is executed now. @unit cycles */
const attachedTo = (world: World): bigint => {
  const request = nextAsking(world)?.request;
  return request?.kind !== "request" ? 0n : (callOf(world, request.caller, request.callback)?.attached ?? request.attached);
};

const misborn = (
  { canister: id, computeAllocation, balance }: Extract<Event, { readonly kind: "canister-created" }>,
  world: World,
): Complaint => {
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  if (asking === undefined || asked === null || !("settings" in asked) || asked.canister !== null)
    return `${id} was made, and nobody asked for it`;
  const number = Number(/^canister-(0|[1-9][0-9]*)$/.exec(id)?.[1] ?? Number.NaN);
  if (!(number >= 0) || isTaken(world, id)) return `a canister was made with the id ${id}`;
  for (let less = 0; less < number; less++)
    if (!isTaken(world, canisterId(`canister-${less}`))) return `${id} was made, and canister-${less} was nobody's yet`;
  const attached = attachedTo(world);
  const fee = creationFee(world.parameters);
  if (asked.method === "provisional_create_canister_with_cycles") {
    const { provisional } = world.genesis;
    const portion = asked.amount ?? provisional;
    if (provisional === undefined) return `${id} was made with cycles from nothing, of which there are none here`;
    if (balance !== portion) return `${id} was made with ${balance} cycles from nothing, and ${portion} were to be made for it`;
  } else if (balance !== attached - fee || balance < 0n)
    return `${id} was made with ${balance} cycles of ${attached}, and the fee is ${fee}`;
  const { computeAllocation: wanted = 0, controllers = [] } = asked.settings;
  if (computeAllocation !== wanted) return `${id} was made with an allocation of ${computeAllocation}, and ${wanted} was asked for`;
  if (controllers.length > mostControllers) return `${id} was made with ${controllers.length} controllers`;
  const all = reservedBy(world) + wanted;
  return wanted === 0 || all < capacityOf(world.parameters) ? undefined : `${id} was made, and ${all} percent are allocated then`;
};
