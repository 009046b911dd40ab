/**
 * Worlds drawn from a seed for the scheduler: either of the two, messages of many slices, limits of what may be written, checkpoints,
 * and canisters that come, go and change what they reserve. Messages and all that limits them are as in the other drawn worlds.
 */
import {
  allocatableOf,
  bytes,
  canisterId,
  instructions,
  nanoseconds,
  percent,
  type CanisterGenesis,
  type CheckpointSummary,
  type Genesis,
  type Input,
  type Move,
  type Parameters,
  type Scenario,
  height,
} from "../spec/index.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withValues } from "./drawn-values.ts";
import { canisterFrom, limitsFrom, moveFrom } from "./drawn-world.ts";
import { consume, ingress, networked, reply, smallParameters, smallWorld, type SmallCanister } from "./small-world.ts";

export const drawnSchedule = (seed: number): Scenario => {
  const draw = drawFrom(seed);
  const limits = scheduleFrom(draw);
  const genesis = within(smallWorld(Object.fromEntries(draw.of(casts).map((name) => [name, workerFrom(draw)])), limits));
  return withValues(seed, {
    genesis: draw.chance(1, 3) ? networked(genesis, "s0", { x: "s1", far: "s9" }) : genesis,
    inputs: draw.list(8, 50, () => stepFrom(draw, genesis)),
  });
};

const casts = [
  ["a", "b", "c"],
  ["a", "b", "c", "d", "e"],
  ["a", "b", "c", "d", "e", "f", "g"],
];
const everybody = ["a", "aa", "b", "bb", "c", "d", "e", "f", "g", "nobody"];

const scheduleFrom = (draw: Draw): Partial<Parameters> => {
  const scheduler = draw.of(["published", "current", "current"] as const);
  const slice = draw.of([40, 100, 300, 700]);
  const unlimited = Number.MAX_SAFE_INTEGER;
  const plenty = { guaranteedResponseMemory: bytes(4000), callbackLimit: 50, historyCapacity: 100, ingressLifetime: nanoseconds(100n) };
  return {
    ...limitsFrom(draw),
    ...(draw.chance(2, 3) ? { ...plenty, historyLifetime: nanoseconds(100n) } : {}),
    scheduler,
    cores: (scheduler === "current" ? 2 : 1) + draw.below(3),
    sliceInstructionLimit: instructions(slice),
    roundInstructionLimit: instructions(slice + draw.of([10, 200, 1000, 4000])),
    maxPausedExecutions: draw.below(4),
    canisterOverhead: instructions(draw.of([0, 7])),
    finalisationOverhead: instructions(draw.of([0, 1, 20])),
    heapDeltaIterationLimit: bytes(draw.of([1024, 2000, unlimited])),
    heapDeltaRateLimit: bytes(draw.of([300, 1024, 3000, unlimited])),
    heapDeltaCapacity: bytes(draw.of([5000, 20_000, unlimited, unlimited])),
    heapDeltaReserve: bytes(draw.of([0, 2000, 20_000, unlimited])),
    allocatable: draw.of([50, 99, 100]),
    priority: {
      resetInterval: draw.of([3, 7, 1000]),
      ceiling: draw.of([0, 1, 5]),
      floor: draw.of([0, 1, 20]),
      decay: draw.of([0, 33, 80, 100]),
    },
  };
};

const workerFrom = (draw: Draw): SmallCanister => {
  const drawn = canisterFrom(draw);
  return {
    ...drawn,
    allocation: draw.of([0, 0, 0, 1, 7, 30, 60]),
    ...(draw.chance(2, 3) ? { balance: 10_000_000n } : {}),
    ...(draw.chance(1, 3) ? { go: [consume(draw.of([30, 100, 250, 999, 1000])), ...draw.of([[], drawn.go ?? []]), reply()] } : {}),
  };
};

/** The same world with as little allocated as there has to be. */
const within = (genesis: Genesis): Genesis => {
  let left = allocatableOf(genesis.parameters) - 1;
  const granted = (wish: number): number => (wish <= left ? ((left -= wish), wish) : 0);
  return {
    ...genesis,
    canisters: genesis.canisters.map((one) => ({ ...one, computeAllocation: percent(granted(one.computeAllocation)) })),
  };
};

const stepFrom = (draw: Draw, genesis: Genesis): Move => {
  const cut = draw.below(32);
  if (cut < 10) return ingress(`i${draw.below(10_000)}`, draw.of(everybody), "go", draw.of(["", "01"]));
  if (cut < 24) return { ...(moveOfKind(draw, "round") as Extract<Input, { kind: "round" }>), ...checkpointFrom(draw) };
  if (cut < 26) return { kind: "create-canister", canister: bornFrom(draw, genesis.parameters) };
  if (cut < 28) return { kind: "delete-canister", canister: canisterId(draw.of(everybody)) };
  if (cut < 30) {
    return {
      kind: "set-compute-allocation",
      canister: canisterId(draw.of(everybody)),
      computeAllocation: percent(draw.of([0, 3, 20, 50, 100])),
    };
  }
  return moveOfKind(draw, draw.of(["top-up", "uninstall"]));
};

/** A move of the other worlds, for the only subnet. */
const moveOfKind = (draw: Draw, kind: Move["kind"]): Move => {
  for (;;) {
    const { subnet: _, ...move } = moveFrom(draw, false) as Move & { kind: "top-up" };
    if (move.kind === kind) return move;
  }
};

const checkpointFrom = (draw: Draw): { checkpoint?: boolean; summary?: CheckpointSummary } => ({
  ...(draw.chance(1, 6) ? { checkpoint: draw.chance(2, 3) } : {}),
  ...(draw.chance(1, 3) ? { summary: { nextCheckpoint: height(draw.below(30)), length: draw.below(12) } } : {}),
});

const bornFrom = (draw: Draw, parameters: Parameters): CanisterGenesis =>
  smallWorld({ [draw.of([...everybody, "far", "aaaaa-aa"])]: workerFrom(draw) }, { ...smallParameters, ...parameters }).canisters[0]!;
