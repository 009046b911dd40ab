/**
 * Worlds drawn from a seed in which canisters ask the management canister. They are the other drawn worlds, in which some canisters are
 * controllers of others, and users send them to stop, start, look at, empty, delete and endow each other, now one at a time, now
 * several at once, by calls that wait for ever and by calls that do not. Some of them also install modules, change settings and make
 * canisters, with which the others then have to do.
 */
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  isManagementMethod,
  isProvisional,
  managementCanister,
  managementMethods,
  nanoseconds,
  plainMethods,
  type CanisterGenesis,
  type CanisterId,
  type CodeGenesis,
  type Cycles,
  type Genesis,
  type Hex,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
  type Value,
} from "../spec/index.ts";
import { allocating, allocationLimitsFrom, memorySettings, methodsOfAllocations } from "./drawn-allocations.ts";
import { wordsFor } from "./drawn-arguments.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { chunkLimitsFrom, methodsOfChunks, storing } from "./drawn-chunks.ts";
import { codeLimitsFrom, modulesFrom } from "./drawn-modules.ts";
import { drawnQuestions } from "./drawn-queries.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withValues } from "./drawn-values.ts";
import { withStatuses } from "./drawn-statuses.ts";
import { amountFrom, drawnWorld } from "./drawn-world.ts";
import { tapeOf } from "./small-world.ts";

export const drawnManagement = (seed: number): Scenario => drawn(seed, 0x3a4a, [drawnWorld, drawnSchedule, drawnQuestions], methods, false);

/** Worlds in which code comes and goes more often than all else. */
export const drawnCode = (seed: number): Scenario =>
  drawn(seed, 0xc0de, [drawnWorld, drawnSchedule, drawnQuestions, drawnCharges], methodsOfCode, true);

/** Worlds in which canisters are kept as they are, and brought back, more often than all else. */
export const drawnSnapshots = (seed: number): Scenario =>
  drawn(seed, 0x5a4, [drawnWorld, drawnSchedule, drawnQuestions, drawnCharges, drawnCharges], methodsOfSnapshots, true);

/** Worlds in which canisters keep chunks, and install what these make and nothing else, more often than all else. */
export const drawnChunks = (seed: number): Scenario =>
  drawn(seed, 0xc4b, [drawnWorld, drawnSchedule, drawnQuestions, drawnCharges, drawnCharges], methodsOfChunks, true);

/** Worlds in which canisters allocate memory, and make canisters that have some, more often than all else. */
export const drawnAllocations = (seed: number): Scenario => {
  const charges = Array.from({ length: 5 }, () => drawnCharges);
  return drawn(seed, 0xa110c, [drawnWorld, drawnSchedule, drawnQuestions, ...charges], methodsOfAllocations, true);
};

/** One of these worlds, in which these methods are asked for, and more is read. */
const drawn = (
  seed: number,
  salt: number,
  worlds: readonly ((seed: number) => Scenario)[],
  methods: Cast["methods"],
  hasChildren: boolean,
): Scenario =>
  withStatuses(
    seed,
    withValues(
      seed,
      managed(drawFrom(seed ^ salt), (draw) => draw.of(worlds)(seed), methods, hasChildren),
    ),
  );

/** Such a world, in which these methods are asked for; how much stable memory there is has to be said anew for its limits. */
export const managed = (draw: Draw, worldFrom: (draw: Draw) => Scenario, methods: Cast["methods"], hasChildren: boolean): Scenario => {
  const { genesis, others = [], inputs } = worldFrom(draw);
  const worlds = [genesis, ...others];
  const unit = genesis.time > 1_000_000n ? 1_000_000_000n : 1n; // some of these worlds are slow
  const cast: Cast = {
    draw,
    unit,
    methods,
    hasChildren,
    writes: methods === methodsOfSnapshots || methods === methodsOfChunks || methods === methodsOfAllocations,
    ids: worlds.map(({ canisters }) => canisters.map(({ id }) => id)),
  };
  const limits = { ...limitsFrom(cast), ...codeLimitsFrom(draw), ...furtherLimitsFrom(draw, methods) };
  const managing = (one: Genesis, subnet: number): Genesis => ({
    ...one,
    parameters: { ...one.parameters, ...limits },
    canisters: one.canisters.map((canister) => managerFrom(cast, subnet, canister)),
    modules: modulesFrom(draw, one, unit).map((module) => askingFrom(cast, subnet, module)),
  });
  return {
    genesis: managing(genesis, 0),
    others: others.map((other, at) => managing(other, at + 1)),
    inputs: [
      ...(methods === methodsOfChunks ? storing(draw, cast.ids[0]!) : []),
      ...(methods === methodsOfAllocations ? allocating(draw, cast.ids[0]!) : []),
      ...inputs
        .slice(0, hasChildren ? (methods === methodsOfChunks || methods === methodsOfAllocations ? 16 : 24) : inputs.length)
        .flatMap((move): Move[] => [
          move.kind === "create-canister" ? { ...move, canister: managerFrom(cast, 0, move.canister) } : move,
          ...draw.list(0, hasChildren ? 4 : 2, () => moveFrom(cast, draw.below(worlds.length))),
        ]),
    ],
  };
};

interface Cast {
  readonly draw: Draw;
  /** What these worlds call a moment. */
  readonly unit: bigint;
  /** What is asked, as often as it stands here. */
  readonly methods: readonly ManagementMethod[];
  /** Whether canisters that canisters make are asked about, too. */
  readonly hasChildren: boolean;
  /** Whether most of what is done leaves something in memory, and is about one canister. */
  readonly writes: boolean;
  /** The canisters of each subnet at genesis. */
  readonly ids: readonly (readonly CanisterId[])[];
}

const leavesLayer = (method: string): boolean => /^(sign|vetkd|http)_/.test(method);
const strangers = ["cc", "d", "x", "far", "nobody", managementCanister];
const methods: Cast["methods"] = [
  ...managementMethods.filter((method) => !isProvisional(method)),
  ...plainMethods,
  ...(["start_canister", "stop_canister", "stop_canister", "start_canister", "canister_status", "deposit_cycles"] as const),
];
const methodsOfCode: Cast["methods"] = [
  ...managementMethods.filter((method) => !/snapshot|chunk/.test(method) && !leavesLayer(method) && !isProvisional(method)),
  ...Array.from({ length: 9 }, () => "install_code" as const),
  ...(["update_settings", "update_settings", "create_canister", "create_canister", "uninstall_code", "canister_info"] as const),
];

const methodsOfSnapshots: Cast["methods"] = [
  ...Array.from({ length: 9 }, () => ["take_canister_snapshot", "load_canister_snapshot"] as const).flat(),
  ...(["start_canister", "stop_canister", "start_canister", "delete_canister", "uninstall_code", "canister_info"] as const),
  ...(["delete_canister_snapshot", "list_canister_snapshots", "install_code", "install_code", "create_canister"] as const),
];

/** Half of these worlds have room for everything, so that what is asked is also done. */
const limitsFrom = ({ draw, unit, hasChildren }: Cast): Partial<Parameters> => ({
  stopTimeout: nanoseconds(draw.of([0n, 1n, 3n, 8n, 100n]) * unit),
  ...(draw.chance(hasChildren ? 4 : 2, hasChildren ? 5 : 4)
    ? {
        ingressLifetime: nanoseconds(100n * unit),
        historyLifetime: nanoseconds(100n * unit),
        historyCapacity: 200,
        guaranteedResponseMemory: bytes(10_000),
        callbackLimit: 100,
        callbackQuota: 50,
        queueCapacity: 5,
        streamCapacity: 5,
      }
    : {}),
});

const furtherLimitsFrom = (draw: Draw, asked: Cast["methods"]): Partial<Parameters> =>
  asked === methodsOfChunks ? chunkLimitsFrom(draw) : asked === methodsOfAllocations ? allocationLimitsFrom(draw) : {};

const managerFrom = (cast: Cast, subnet: number, canister: CanisterGenesis): CanisterGenesis => {
  const { draw, ids } = cast;
  return {
    ...canister,
    ...(cast.hasChildren ? { inspect: [{ op: "accept-message" }] } : {}),
    ...(draw.chance(2, 3) ? { balance: cycles(canister.balance + 10_000_000n) } : {}),
    ...(draw.chance(7, 8)
      ? { controllers: draw.chance(cast.hasChildren ? 11 : 6, 12) ? ids[subnet]! : draw.list(1, 3, () => someoneOf(cast, subnet)) }
      : {}),
    ...askingFrom(cast, subnet, canister),
  };
};

/** The same code, in which users can ask for what they like. */
const askingFrom = <T extends CodeGenesis>(cast: Cast, subnet: number, code: T): T => ({
  ...code,
  ...(cast.draw.chance(1, 12) ? { onTimer: severalFrom(cast, subnet) } : {}),
  methods: [
    ...code.methods,
    ...askedIn(cast).map((name): Method => ({ name, body: [askFrom(cast, subnet, name, message), ...restFrom(cast)] })),
    { name: "several", body: severalFrom(cast, subnet) },
    { name: "patient", body: patientFrom(cast, subnet) },
  ],
});

/** Of chunks, of what leaves the layer, and of cycles from nothing, only where users ask for it, so that other worlds are what they would be without. */
const askedIn = ({ methods: asked }: Cast): readonly ManagementMethod[] =>
  managementMethods.filter(
    (method) => asked.includes(method) || !(method.includes("chunk") || leavesLayer(method) || isProvisional(method)),
  );

const someoneOf = ({ draw, ids, hasChildren, writes }: Cast, subnet: number): CanisterId => {
  if (writes && draw.chance(3, 5)) return ids[subnet]![0]!;
  if (hasChildren && draw.chance(1, 8)) return canisterId(`canister-${draw.of([0, 0, 0, 1, 2])}`);
  return draw.chance(1, 12) ? canisterId(draw.of(strangers)) : draw.of(ids[subnet]!);
};

const message: Value = { kind: "message" };
const noBytes: Value = { kind: "bytes", bytes: hex("") };

/** Asks several things at once, often of the same canister, and sometimes that one, too. */
const severalFrom = (cast: Cast, subnet: number): Script => {
  const { draw } = cast;
  const one = draw.chance(2, 3) ? someoneOf(cast, subnet) : null;
  const whom = (): CanisterId => one ?? someoneOf(cast, subnet);
  return [
    ...draw.list(1, 4, () => {
      if (draw.chance(1, 6)) return callOf(cast, whom(), "go", noBytes, false);
      const method = draw.of(cast.methods);
      return askFrom(cast, subnet, method, { kind: "bytes", bytes: asciiOf(wordsIn(cast, method, whom)) });
    }),
    ...restFrom(cast),
  ];
};

const wordsIn = ({ draw, methods: asked }: Cast, method: ManagementMethod, whom: () => CanisterId): string =>
  wordsFor(draw, method, whom, asked === methodsOfAllocations ? memorySettings : undefined);

/** Waits for another canister. */
const patientFrom = (cast: Cast, subnet: number): Script => {
  const { draw } = cast;
  const callee = draw.chance(1, 3) ? "far" : someoneOf(cast, subnet);
  return [callOf(cast, callee, draw.of(["go", "patient", "several"]), noBytes, draw.chance(1, 2)), ...restFrom(cast)];
};

const askFrom = (cast: Cast, subnet: number, method: string, payload: Value): Instruction =>
  callOf(cast, cast.draw.chance(1, 24) ? someoneOf(cast, subnet) : managementCanister, method, payload, cast.draw.chance(1, 3));

const callOf = (cast: Cast, callee: string, method: string, payload: Value, isBestEffort: boolean): Instruction => {
  const { draw, unit } = cast;
  return {
    op: "call",
    ...(isBestEffort ? { timeout: nanoseconds(draw.of([0n, 1n, 3n, 8n]) * unit) } : {}),
    callee: canisterId(callee),
    method,
    payload,
    attached: attachedFrom(draw, method),
    onReply: restFrom(cast),
    onReject: restFrom(cast),
    onCleanup: [],
    onRefused: [],
  };
};

/** Who makes a canister often gives it enough to be worth something; who sends something out of the layer, enough for that. */
const attachedFrom = (draw: Draw, method: string): Cycles => {
  if (method === "create_canister" && draw.chance(2, 3)) return cycles(20_000n + BigInt(draw.below(20_000)));
  if (leavesLayer(method) && draw.chance(5, 6)) return cycles(BigInt(draw.of([500, 2_000, 9_000])));
  return draw.chance(1, 2) || method === "deposit_cycles" ? amountFrom(draw) : cycles(0n);
};

/** Often an answer, sometimes after some time, or after memory, which may rouse a hook; sometimes a call that nobody answers. */
const restFrom = (cast: Cast): Script => {
  const { draw, unit } = cast;
  const cut = draw.below(16);
  const answer: Instruction = { op: "reply", payload: message };
  if (cut < 2) return [];
  if (cut < 4) return [{ op: "consume", instructions: instructions(draw.of([100, 500, 850])) }, answer];
  if (cut < 6 || (cast.writes && cut < 13)) return [{ op: "write", page: draw.below(4), value: message }, answer];
  if (cast.writes && cut < 15)
    return [{ op: "certify", data: { kind: "version" } }, { op: "write", page: draw.below(4), value: { kind: "version" } }, answer];
  if (cut < 7) return [{ op: "set-timer", after: nanoseconds(draw.of([0n, 1n, 4n]) * unit) }, answer];
  if (cut < 8) return [callOf(cast, "far", "go", noBytes, true), answer];
  return [answer];
};

const argumentFrom = (cast: Cast, subnet: number, method: string): Hex => {
  const { draw } = cast;
  const whom = (): CanisterId => someoneOf(cast, subnet);
  if (isManagementMethod(method)) return asciiOf(wordsIn(cast, method, whom));
  return draw.chance(1, 24) ? hex(draw.of(["", "ff", "41", "61".repeat(32), "2d".repeat(33)])) : asciiOf(whom());
};

const moveFrom = (cast: Cast, subnet: number): Move => {
  const { draw, unit, ids, hasChildren } = cast;
  if (draw.chance(1, 3)) return { kind: "round", elapsed: nanoseconds(BigInt(draw.below(3)) * unit), tape: tapeOf("a5"), subnet };
  const method = draw.chance(1, 3) ? draw.of(["several", "several", "patient", "patient", "go"]) : draw.of(cast.methods);
  return {
    kind: "ingress",
    id: ingressId(`m${draw.below(100_000)}`),
    canister: draw.chance(hasChildren ? 6 : 0, 7) ? draw.of(ids[subnet]!) : someoneOf(cast, subnet),
    method,
    payload: argumentFrom(cast, subnet, method),
    subnet,
  };
};
