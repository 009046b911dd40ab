/**
 * Worlds drawn from a seed in which canisters ask the management canister. They are the other drawn worlds, in which some canisters are
 * controllers of others, and users send them to stop, start, look at, empty, delete and endow each other, now one at a time, now
 * several at once, by calls that wait for ever and by calls that do not.
 */
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  managementMethods,
  nanoseconds,
  type CanisterGenesis,
  type Genesis,
  type Hex,
  type Instruction,
  type Method,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
  type Value,
} from "../spec/index.ts";
import { drawnQueries } from "./drawn-queries.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { amountFrom, drawFrom, drawnWorld, type Draw } from "./drawn-world.ts";
import { tapeOf } from "./small-world.ts";

export const drawnManagement = (seed: number): Scenario => {
  const draw = drawFrom(seed ^ 0x3a4a);
  const { genesis, others = [], inputs } = draw.of([drawnWorld, drawnSchedule, drawnQueries])(seed);
  const unit = genesis.time > 1_000_000n ? 1_000_000_000n : 1n; // some of these worlds are slow
  const limits = limitsFrom(draw, unit);
  const managing = (one: Genesis): Genesis => ({
    ...one,
    parameters: { ...one.parameters, ...limits },
    canisters: one.canisters.map((canister) => managerFrom(draw, unit, canister)),
  });
  const subnets = 1 + others.length;
  return {
    genesis: managing(genesis),
    others: others.map(managing),
    inputs: inputs.flatMap((move): Move[] => [
      move.kind === "create-canister" ? { ...move, canister: managerFrom(draw, unit, move.canister) } : move,
      ...draw.list(0, 2, () => moveFrom(draw, unit, draw.below(subnets))),
    ]),
  };
};

const everybody = ["a", "a", "a", "b", "b", "b", "c", "c", "x", "x", "y", "d", "e"];
const anybody = [...everybody, ...everybody, "far", "nobody", managementCanister];

/** Half of these worlds have room for everything, so that what is asked is also done. */
const limitsFrom = (draw: Draw, unit: bigint): Partial<Parameters> => ({
  stopTimeout: nanoseconds(draw.of([0n, 1n, 3n, 8n, 100n]) * unit),
  ...(draw.chance(1, 2)
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

const managerFrom = (draw: Draw, unit: bigint, canister: CanisterGenesis): CanisterGenesis => ({
  ...canister,
  ...(draw.chance(1, 2) ? { balance: cycles(canister.balance + 10_000_000n) } : {}),
  ...(draw.chance(7, 8) ? { controllers: draw.list(1, 4, () => canisterId(draw.of(anybody))) } : {}),
  ...(draw.chance(1, 12) ? { onTimer: severalFrom(draw, unit) } : {}),
  methods: [
    ...canister.methods,
    ...managementMethods.map((method): Method => ({
      name: method,
      body: [askFrom(draw, unit, method, { kind: "message" }), ...restFrom(draw)],
    })),
    { name: "several", body: severalFrom(draw, unit) },
    { name: "patient", body: [callOf(draw, unit, draw.of(everybody), draw.of(["go", "patient", "several"]), noBytes), ...restFrom(draw)] },
  ],
});

const noBytes: Value = { kind: "bytes", bytes: hex("") };

const severalFrom = (draw: Draw, unit: bigint): Script => [
  ...draw.list(1, 4, () => askFrom(draw, unit, draw.of(managementMethods), { kind: "bytes", bytes: argumentFrom(draw) })),
  ...restFrom(draw),
];

const askFrom = (draw: Draw, unit: bigint, method: string, payload: Value): Instruction =>
  callOf(draw, unit, managementCanister, method, payload);

const callOf = (draw: Draw, unit: bigint, callee: string, method: string, payload: Value): Instruction => ({
  op: "call",
  ...(draw.chance(1, 3) ? { timeout: nanoseconds(draw.of([0n, 1n, 3n, 8n]) * unit) } : {}),
  callee: canisterId(callee),
  method,
  payload,
  attached: draw.chance(1, 2) || method === "deposit_cycles" ? amountFrom(draw) : cycles(0n),
  onReply: restFrom(draw),
  onReject: restFrom(draw),
  onCleanup: [],
  onRefused: [],
});

/** Often an answer, sometimes after some time, or after memory, which may rouse a hook; sometimes a call that nobody answers. */
const restFrom = (draw: Draw): Script => {
  const cut = draw.below(16);
  if (cut < 2) return [];
  if (cut < 4) return [{ op: "consume", instructions: instructions(draw.of([100, 500, 900])) }, replyWith({ kind: "message" })];
  if (cut < 6) return [{ op: "write", page: draw.below(4), value: { kind: "message" } }, replyWith({ kind: "message" })];
  if (cut < 7) return [{ op: "set-timer", after: nanoseconds(draw.of([0n, 1n, 4n])) }, replyWith(noBytes)];
  if (cut < 8) return [callOf(draw, 1n, draw.of(["far", "a", "b"]), "go", noBytes)];
  return [replyWith({ kind: "message" })];
};

const replyWith = (payload: Value): Instruction => ({ op: "reply", payload });

const argumentFrom = (draw: Draw): Hex =>
  draw.chance(1, 24) ? hex(draw.of(["", "ff", "41", "61".repeat(32), "2d".repeat(33)])) : asciiOf(draw.of(anybody));

const moveFrom = (draw: Draw, unit: bigint, subnet: number): Move => {
  if (draw.chance(1, 3)) return { kind: "round", elapsed: nanoseconds(BigInt(draw.below(3)) * unit), tape: tapeOf("a5"), subnet };
  const method = draw.chance(1, 5) ? draw.of(["several", "several", "patient", "go"]) : draw.of([...managementMethods, "stop_canister"]);
  return {
    kind: "ingress",
    id: ingressId(`m${draw.below(100_000)}`),
    canister: canisterId(draw.of(everybody)),
    method,
    payload: argumentFrom(draw),
    subnet,
  };
};
