/** Memory that is allocated: promised to whoever can pay for it, as far as there is any, and paid for from then on, used or not. */
import * as fc from "fast-check";
import type { CanisterId, ErrorCode, Event, Settings } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { alone } from "../case.ts";
import { setAsideFor } from "../money.ts";
import { rulingOf } from "../tracking/ingress.ts";
import { chargesNow, sumOf } from "../tracking/charges.ts";
import { memoryOf, memoryOfAll, memorySeen, reservedLimitOf, thresholdOf } from "../tracking/holdings.ts";
import { askedIn, nextAsking, refusalOf, type TrackedAsking } from "../tracking/management.ts";
import { petitionText } from "../tracking/messages.ts";
import { afterSettings, emptyCanister, isMade } from "../tracking/settings.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { tracked, type TrackedCanister, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";

type Updated = Extract<Event, { readonly kind: "settings-updated" }>;

/** What is to be set aside, and what is left then. @unit cycles */
interface Due {
  readonly canister: CanisterId;
  readonly cycles: bigint;
  readonly balance: bigint;
}

export const memoryIsPromisedAndPaidFor = watchedLaw({
  id: "memory-is-promised-and-paid-for",
  statement:
    "Memory is allocated to a canister, or to one that is made, exactly when that of all canisters is then no more than the subnet has, what has to be set aside for what its own grows by may be, and the balance covers that and the freezing threshold with it; so much is set aside at once, and told, and nothing where it does not grow; and from then on it is charged for as if it were used, until less is allocated or the canister runs dry.",
  source: "facts/cycles.md CYC-4.2, CYC-4.5, CYC-Z08, T46; facts/messages.md F1, F4, MSG-ST05, IC0101, IC0531, IC0533",
  cites: ["settings-update", "canister-make", "memory-charge", "canister-exhaust", "restart"],
  needs: ["code"],
  otherwise: "nobody asked for memory",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: codedWorlds(vocabulary, { allotted: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { allotted: true, stored: true }), weight: 3 },
        { arbitrary: codedWorlds(vocabulary, { allotted: true, charged: true }), weight: 2 },
      )
      .map(alone),
  watch: () => {
    let asked = false;
    /** What is to be set aside for settings that were told right before. */
    let expected: Due | null = null;
    /** Who cannot pay for what it occupies. */
    let dry: ReadonlySet<CanisterId> = new Set();
    const allow = (before: TrackedCanister, settings: Settings, world: World): Complaint => {
      asked ||= settings.memoryAllocation !== undefined;
      const due = dueFor(before, settings, world);
      if (due > 0n) expected = { canister: before.id, cycles: due, balance: before.balance - due };
      const [broken] = objectionsTo(before, settings, world);
      return broken === undefined ? undefined : `${before.id} takes memory with its settings, though ${broken[1]}`;
    };
    return {
      onEvent: (event, world) => {
        const awaited = expected;
        expected = null;
        if (awaited !== null && event.kind !== "memory-reserved")
          return `${awaited.canister} has to set ${awaited.cycles} aside for memory, and nothing is told of it`;
        switch (event.kind) {
          case "memory-reserved": {
            const { kind: _, ...told } = event;
            if (awaited === null) return `${told.canister} set ${told.cycles} aside for memory, and had to set nothing aside`;
            const difference = firstDifference(told, awaited);
            return difference === null ? undefined : `${awaited.canister} was to set other cycles aside for memory: ${difference}`;
          }
          case "settings-updated": {
            const canister = world.canisters.get(event.canister);
            const settings = settingsNow(world);
            if (canister === undefined || settings === null) return undefined;
            return allow(canister, settings, world) ?? misallocated(event, canister, settings);
          }
          case "canister-created": {
            const settings = isMade(world) ? settingsNow(world) : null;
            return settings === null ? undefined : allow(newcomer(event.canister, event.balance, settings, world), settings, world);
          }
          case "ingress-answered":
          case "management-answered": {
            const asking = rulingOf(event, world)?.asking;
            if (asking === undefined || event.result.kind === "reply" || settingsIn(asking)?.memoryAllocation === undefined)
              return undefined;
            asked = true;
            return groundless(event.result.error, asking, world);
          }
          case "resources-charged": {
            const charges = chargesNow(world);
            dry = new Set(charges.filter((charge) => charge.dry).map(({ canister }) => canister.id));
            const owed = sumOf(charges, "memory");
            return event.memory === owed
              ? undefined
              : `canisters paid ${event.memory} for memory, and owe ${owed} for what they use, or have to themselves`;
          }
          case "ran-dry":
            return dry.has(event.canister) ? undefined : `${event.canister} ran dry, and owed nothing that it could not pay`;
          default:
            return undefined;
        }
      },
      onStep: () =>
        expected === null ? undefined : `${expected.canister} has to set ${expected.cycles} aside for memory, and nothing is told of it`,
      interested: () => asked,
    };
  },
});

const misallocated = (event: Updated, canister: TrackedCanister, settings: Settings): Complaint => {
  const { id, memoryAllocation: wanted } = afterSettings(canister, settings);
  return event.memoryAllocation === wanted ? undefined : `${id} was allocated ${event.memoryAllocation} bytes, and was to have ${wanted}`;
};

/** What is said of settings in the request that is executed now. */
const settingsNow = (world: World): Settings | null => {
  const asking = nextAsking(world);
  return asking === undefined ? null : settingsIn(asking);
};

const settingsIn = (asking: TrackedAsking): Settings | null => {
  const asked = askedIn(asking);
  return "settings" in asked ? asked.settings : null;
};

/** One that is being made, before any memory is allocated to it. */
const newcomer = (id: CanisterId, balance: bigint, settings: Settings, world: World): TrackedCanister => ({
  ...tracked(emptyCanister(id, balance, settings), world),
  balance,
});

/** What has to be set aside for settings. @unit cycles */
const dueFor = (before: TrackedCanister, settings: Settings, world: World): bigint => {
  const { parameters } = world;
  const more = memoryOf(afterSettings(before, settings), parameters) - memoryOf(before, parameters);
  return more > 0 ? setAsideFor(parameters, memorySeen(world), more) : 0n;
};

/** Why a canister cannot have the memory that settings say. */
export const objectionsTo = (
  before: TrackedCanister,
  settings: Settings,
  world: World,
): readonly (readonly [error: ErrorCode, words: string])[] => {
  const { parameters } = world;
  const after = afterSettings(before, settings);
  const { capacity } = parameters.storage;
  const more = memoryOf(after, parameters) - memoryOf(before, parameters);
  const all = memoryOfAll(world) + more;
  const due = dueFor(before, settings, world);
  const reserved = before.reserved + due;
  const limit = reservedLimitOf(after);
  const [left, kept] = [before.balance - due, thresholdOf(world, { ...after, reserved })];
  const found: readonly (readonly [boolean, ErrorCode, string])[] = [
    [more > 0 && all > capacity, "IC0101", `${all} bytes are more than the ${capacity} that there are`],
    [due > 0n && reserved > limit, "IC0533", `${reserved} cycles are set aside then, and its limit is ${limit}`],
    [
      after.memoryAllocation > before.memoryAllocation && left < kept,
      "IC0531",
      `${left} cycles are left, below a freezing threshold of ${kept}`,
    ],
  ];
  return found.flatMap(([holds, error, words]) => (holds ? [[error, words] as const] : []));
};

const groundless = (error: ErrorCode, asking: TrackedAsking, world: World): Complaint => {
  const expected = refusalOf(world, asking);
  return error === expected
    ? undefined
    : `${petitionText(asking.request)} for memory was refused with ${error}: expected ${expected ?? "a reply"}`;
};
