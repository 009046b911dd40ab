/**
 * Worlds in which code comes and goes: clerks install, reinstall and upgrade, change settings, make canisters and ask for
 * histories, on tenants that are busy, stopped, empty, frozen or gone. Limits lie where one installation in a few cannot be
 * paid, comes too soon, uses up its instructions, or leaves more than its canister can keep.
 * @source facts/messages.md F1, F4, F7, F12, F13, F14, MSG-P24, MSG-P30, MSG-11.1; facts/scheduler.md SCH-4.4, SCH-P18, SCH-P19
 */
import * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  instructions,
  nanoseconds,
  percent,
  seconds,
  subnetId,
  type CanisterGenesis,
  type CanisterId,
  type FeeTable,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { chunkPrice, freezingThreshold, installPrepayment, ofPages, prepayment, setAsideFor, snapshotPrice } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { stableDrawn } from "./canisters.ts";
import { allotmentsOf, nothingAllotted, shareEdge } from "./coded-allotments.ts";
import { clerkMethods } from "./coded-clerks.ts";
import { codeOf, modulesOf, type Workshop } from "./coded-modules.ts";
import { codedMoves } from "./coded-moves.ts";
import { questionOf, type Registry } from "./coded-words.ts";
import { drawn, type Dice } from "./dice.ts";
import { managedWorld } from "./managed.ts";
import { freeOfCharge, homeward, networkOf, periodDrawn } from "./networks.ts";

/** What a property needs of such a world. */
export interface Trade {
  /** Whether messages are executed in slices. */
  readonly long?: boolean;
  /** Whether memory is paid for in advance. */
  readonly stored?: boolean;
  /** Whether canisters run dry while the world lasts. */
  readonly charged?: boolean;
  /** Whether installations come one after another, and are forgiven slowly. */
  readonly hurried?: boolean;
  /** Whether canisters are mostly asked for their version. */
  readonly candid?: boolean;
  /** Whether snapshots come and go more often than anything else. */
  readonly kept?: boolean;
  /** Whether chunks do. */
  readonly chunked?: boolean;
  /** Whether a few pages that change are too many for a while. */
  readonly damped?: boolean;
  /** Whether rounds are skipped once much was changed. */
  readonly gated?: boolean;
  /** Whether tenants can pay for a few snapshots, or chunks, and no more. */
  readonly poor?: boolean;
  /** Whether memory is allocated, of which there is not much. */
  readonly allotted?: boolean;
  /** Whether much of what is asked for is cycles from nothing. */
  readonly provided?: boolean;
}

/** Worlds, and among them some in which snapshots or chunks come and go; none of these where a machine knows neither. */
export const orKept = (worlds: fc.Arbitrary<Scenario>, vocabulary: Vocabulary, wanted: Trade = {}): fc.Arbitrary<Scenario> =>
  vocabulary.customs.has("code")
    ? fc.oneof(
        { arbitrary: worlds, weight: 8 },
        { arbitrary: codedWorlds(vocabulary, { kept: true, ...wanted }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, ...wanted }), weight: 1 },
      )
    : worlds;

export const codedWorlds = (vocabulary: Vocabulary, wanted: Trade = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => codedWorld(dice, vocabulary, wanted), withFewerInputs);

/** Worlds in which snapshots come and go, too. */
export const keptWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => codedWorlds(vocabulary, { kept: true });

/** Worlds in which chunks do. */
export const chunkedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => codedWorlds(vocabulary, { chunked: true });

/** Worlds in which memory is allocated. */
export const allottedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => codedWorlds(vocabulary, { allotted: true });

/** One of them. */
export const allottedWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => codedWorld(dice, vocabulary, { allotted: true });

/** One world of the kind; where a machine installs no code, one in which canisters decide about each other. */
export const codedWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Trade = {}): Scenario => {
  const { customs, instructions: words, limits } = vocabulary;
  if (!customs.has("code")) return managedWorld(dice, vocabulary);
  const stored = customs.has("reservations") && words.has("write") && (wanted.stored ?? dice.chance(25));
  const charged = limits.has("chargePeriod") && (wanted.charged ?? dice.chance(12));
  const parameters = parametersOf(dice, vocabulary, { ...wanted, stored, charged });
  const clerks = names.slice(0, 2);
  const tenants = dice.shuffle(names.slice(2)).slice(0, dice.whole(wanted.kept === true || wanted.chunked === true ? 2 : 1, 2));
  const [kept, chunked, hurried] = [wanted.kept === true, wanted.chunked === true, wanted.hurried === true];
  const shop: Workshop = { dice, vocabulary, parameters, ids: tenants, stored, candid: wanted.candid === true, kept, chunked };
  const modules = modulesOf(shop);
  const allotments = wanted.allotted === true ? allotmentsOf(dice, parameters, tenants) : nothingAllotted;
  const provisions = customs.has("provision") ? (wanted.provided === true ? "most" : "some") : "none";
  const registry: Registry = { dice, parameters, modules, tenants, clerks, stored, hurried, kept, chunked, allotments, provisions };
  const routed = customs.has("networks") && dice.chance(25);
  const canisters = [
    ...clerks.map((id): CanisterGenesis => ({
      ...settingsOf(registry, id),
      balance: cycles(10n ** 27n),
      methods: clerkMethods(dice, vocabulary, parameters, () => questionOf(registry), allotments.offers),
      onTimer: [],
    })),
    ...tenants.map((id) => tenantOf(shop, registry, id, wanted)),
  ];
  return {
    genesis: {
      parameters,
      time: nanoseconds(
        dice.weigh([
          [1, 0n],
          [1, 1_000n],
          [6, dice.big(10n ** 17n, 10n ** 18n)],
        ]),
      ),
      ...(routed && {
        network: { own: subnetId("here"), routes: [{ canister: canisterId(`canister-${dice.whole(0, 1)}`), subnet: subnetId("there") }] },
      }),
      ...(provisions !== "none" && dice.chance(70) && { provisional: cycles(dice.pick([0n, 500n, 10n ** 9n])) }),
      modules,
      canisters: dice.shuffle(canisters),
    },
    inputs: codedMoves(shop, registry),
  };
};

/** Two clerks, and tenants. */
const names = ["k", "r", "a", "m", "z"].map(canisterId);

const settingsOf = (
  { dice, clerks, parameters, kept, chunked }: Registry,
  id: CanisterId,
): Pick<CanisterGenesis, "id" | "computeAllocation" | "freezingThreshold" | "controllers"> => {
  const room = Math.max(
    0,
    Math.floor((parameters.scheduler === "current" ? parameters.cores - 1 : parameters.cores) * parameters.allocatable) / 4 - 1,
  );
  return {
    id,
    computeAllocation: percent(Math.min(dice.pick([0, 0, 0, 1, 2]), Math.max(0, Math.floor(room / 2)))),
    freezingThreshold: seconds(dice.pick([0, 1, 10, 100, 100])),
    controllers: dice.weigh<readonly CanisterId[]>([
      [kept ? 4 : 12, clerks.slice(0, 1)],
      [kept ? 16 : 8, clerks],
      [kept || chunked ? 0 : 2, [id]],
      [kept || chunked ? 0 : 1, []],
      [chunked ? 3 : 0, clerks.slice(1)],
    ]),
  };
};

/** One that has plenty, or one that can just pay for an installation and what it keeps, or just cannot. */
const tenantOf = (shop: Workshop, registry: Registry, id: CanisterId, wanted: Trade): CanisterGenesis => {
  const [{ dice, parameters, stored }, { allotments }] = [shop, registry];
  const share = allotments.shares.get(id);
  const tenant = { ...settingsOf(registry, id), balance: cycles(0n), ...stableDrawn(dice, parameters), ...codeOf(shop, id) };
  const kept = freezingThreshold(parameters, tenant, ofPages(parameters, dice.whole(0, parameters.maxPages)));
  const few = prepayment(parameters) * dice.big(0n, 3n);
  const again = freezingThreshold(parameters, tenant, ofPages(parameters, dice.whole(0, 3 * parameters.maxPages)));
  const pieces = dice.whole(0, 3);
  const { memory } = ofPages(parameters, dice.whole(0, 2));
  const stocked = freezingThreshold(parameters, tenant, { memory: memory + pieces * parameters.chunkBytes, messages: 0, reserved: 0n });
  const edge =
    share !== undefined
      ? shareEdge(dice, parameters, tenant, share) + few * dice.pick([0n, 0n, 1n])
      : registry.chunked
        ? stocked + chunkPrice(parameters) * BigInt(pieces) + few * dice.pick([0n, 0n, 1n]) + dice.pick([-1n, 0n, 0n, 1n])
        : registry.kept
          ? again + snapshotPrice(parameters) * dice.big(1n, 3n) + few + dice.pick([-1n, 0n, 1n, 30n])
          : kept + installPrepayment(parameters) * dice.big(1n, 2n) + few + dice.pick([-1n, 0n, 1n, 30n]);
  const plenty =
    kept +
    (installPrepayment(parameters) + prepayment(parameters)) * 60n +
    10n ** (parameters.chargePeriod < 10n ** 12n ? 4n : stored ? 26n : 8n);
  const balance = dice.chance(share !== undefined ? 45 : wanted.poor === true ? 15 : registry.kept || registry.chunked ? 80 : 62)
    ? plenty
    : edge;
  return {
    ...tenant,
    balance: cycles(balance > 0n ? balance : 0n),
    ...(dice.chance(15) && { reservedLimit: cycles(dice.pick([0n, 10n ** 6n])) }),
    ...(share !== undefined &&
      share.due > 0n &&
      dice.chance(50) && { reservedLimit: cycles(share.due + dice.pick([-1n, -1n, 0n, share.due])) }),
    // Enough for some pages or chunks, and not for as many again.
    ...((registry.kept || registry.chunked) &&
      stored &&
      wanted.stored === true &&
      dice.chance(50) && {
        reservedLimit: cycles(setAsideFor(parameters, 0, dice.whole(2, parameters.maxPages + 2) * parameters.pageSize)),
      }),
  };
};

const parametersOf = (
  dice: Dice,
  vocabulary: Vocabulary,
  { long, stored, charged, hurried, kept, chunked, allotted, ...wanted }: Trade,
): Parameters => {
  const { customs, limits } = vocabulary;
  const network = networkOf(dice, feesOf(dice, stored === true), new Set());
  const current = customs.has("current-scheduler") && dice.chance(30);
  const sliced = customs.has("slices") && limits.has("roundInstructionLimit") && (long ?? dice.chance(kept === true ? 15 : 25));
  const slice = dice.whole(12, 30);
  const cores = current ? dice.whole(2, 3) : dice.whole(1, 3);
  const maxPages = dice.whole(3, 6);
  const pageSize = bytes(64);
  const chunkBytes = bytes(dice.pick([1, 50, 64, 100, 200]));
  const limit = dice.whole(8, 40);
  const damped = customs.has("heap-limits") && (wanted.damped ?? dice.chance(kept === true ? 30 : 4));
  return {
    ...network,
    ...homeward(vocabulary),
    ...(current && { scheduler: "current" }),
    cores,
    queueCapacity: limits.has("roundInstructionLimit") ? 12 : 200,
    maxPayload: bytes(
      allotted === true
        ? dice.pick([100, 100, 300])
        : chunked === true
          ? dice.pick([230, 230, 300, 420])
          : charged === true
            ? 300
            : dice.pick(kept === true ? [40, 40, 64, 300] : [64, 64, 70, 300]),
    ),
    maxPages,
    heapPages: dice.weigh([
      [8, dice.whole(1, maxPages - 1)],
      [1, 0],
      [1, maxPages + 1],
    ]),
    pageSize,
    tapeLag: dice.pick([1, 2, 4]),
    allocatable: dice.pick([4, 10, 50, 100]),
    installInstructionLimit: instructions(limit),
    installRateLimit: instructions(dice.pick([...(hurried === true ? [] : [1_000, 1_000, 1_000]), limit, dice.whole(1, 6)])),
    snapshotLimit: kept === true ? snapshotsDrawn(dice) : dice.pick([1, 10]),
    snapshotInstructions: instructions(kept === true && dice.chance(45) ? dice.whole(200, 1_000) : dice.whole(0, 20)),
    chunkLimit: chunked === true ? dice.pick([2, 3, 10, 10]) : dice.pick([1, 2, 10]),
    chunkBytes,
    chunkInstructions: instructions(chunked === true && dice.chance(45) ? dice.whole(200, 1_000) : dice.whole(0, 20)),
    ...(damped && { heapDeltaRateLimit: bytes((chunked === true ? chunkBytes : pageSize) * dice.pick([1, 1, 2])) }),
    ...(wanted.gated === true &&
      customs.has("heap-limits") && { heapDeltaCapacity: bytes(pageSize * dice.whole(1, 4)), heapDeltaReserve: bytes(0) }),
    changesKept: dice.pick([0, 1, 2, 3, 20, 20, 20, 20]),
    ...(sliced && {
      sliceInstructionLimit: instructions(slice),
      messageInstructionLimit: instructions(slice * dice.whole(3, 6)),
      roundInstructionLimit: instructions((slice + network.messageOverhead) * dice.pick(kept === true ? [3, 6, 12] : [1, 2, 3])),
      maxPausedExecutions: dice.pick([0, 1, 2]),
    }),
    ...((stored === true || allotted === true) && {
      storage: {
        threshold: bytes(dice.pick([0, 0, pageSize * maxPages])),
        capacity: bytes(pageSize * maxPages * dice.whole(2, 4) + cores),
        period: seconds(stored === true ? dice.pick([60, 400, 1_000]) : 0),
      },
    }),
    ...(charged === true && { chargePeriod: periodDrawn(dice) }),
  };
};

/** Seldom none at all. */
const snapshotsDrawn = (dice: Dice): number =>
  dice.weigh([
    [1, 0],
    [4, 1],
    [5, 2],
    [4, 3],
    [26, 10],
  ]);

const gibibyte = 2n ** 30n;

const feesOf = (dice: Dice, stored: boolean): FeeTable => {
  if (!stored && dice.chance(12)) return freeOfCharge;
  return {
    ...freeOfCharge,
    name: "drawn",
    subnetSize: dice.pick([7, 13, 13, 34]),
    execution: cycles(dice.big(1n, 40n)),
    tenInstructions: cycles(dice.pick([0n, 10n, 10n, 25n])),
    ingress: cycles(dice.pick([0n, 3n])),
    call: cycles(dice.pick([0n, 5n])),
    transmissionByte: cycles(dice.pick([0n, 1n])),
    gibSecond: cycles(dice.pick([stored ? gibibyte : 0n, gibibyte / 16n, gibibyte, gibibyte * 3n, gibibyte * 3n])),
    baseSecond: cycles(dice.pick([0n, 0n, 1n])),
    percentSecond: cycles(dice.pick([0n, 1n, 1n, 3n])),
    creation: cycles(dice.pick([0n, 20n, 500n, 500n])),
    schedule: !stored && dice.chance(4) ? "free" : "normal",
  };
};
