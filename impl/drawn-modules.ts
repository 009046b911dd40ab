/**
 * Modules of drawn worlds: the code of some of their canisters, and code of their own, with scripts for each stage of an installation, of
 * which many do something that is seen, and some trap.
 */
import {
  bytes,
  cycles,
  hex,
  instructions,
  moduleName,
  nanoseconds,
  type CodeGenesis,
  type CanisterGenesis,
  type Genesis,
  type Instruction,
  type Module,
  type Parameters,
  type Script,
  type Value,
} from "../spec/index.ts";
import { codes, genesisOf } from "./code.ts";
import { moduleNames } from "./drawn-arguments.ts";
import type { Draw } from "./drawing.ts";
import { canisterFrom } from "./drawn-world.ts";
import { call, smallWorld } from "./small-world.ts";

/** The modules that these canisters may install; `unit` is a moment of their world. */
export const modulesFrom = (draw: Draw, { canisters }: Genesis, unit: bigint): readonly Module[] =>
  moduleNames.map((name) => ({
    name: moduleName(name),
    ...withHooks(draw, draw.chance(1, 2) ? codeOf(draw.of(canisters)) : codeOf(smallWorld({ x: canisterFrom(draw) }).canisters[0]!), unit),
  }));

/** The same code, with scripts for the stages of an installation. */
export const withHooks = <T extends CodeGenesis>(draw: Draw, code: T, unit: bigint): T => ({
  ...code,
  ...(draw.chance(3, 4) && { onInit: scriptFrom(draw, unit) }),
  ...(draw.chance(3, 4) && { onPreUpgrade: scriptFrom(draw, unit) }),
  ...(draw.chance(3, 4) && { onPostUpgrade: scriptFrom(draw, unit) }),
  ...(draw.chance(1, 2) && { persistentHeap: draw.chance(2, 3) }),
});

/** Of what comes with code, and of what is kept of it. */
export const codeLimitsFrom = (draw: Draw): Partial<Parameters> => ({
  heapPages: draw.of([0, 1, 2, 2, 3, 8]),
  installInstructionLimit: instructions(draw.of([4, 300, 300, 2000])),
  installRateLimit: instructions(draw.of([1, 3, 100_000])),
  changesKept: draw.of([0, 1, 2, 20]),
  snapshotLimit: draw.of([0, 1, 2, 3, 3]),
  snapshotInstructions: instructions(draw.of([0, 10, 500, 20_000])),
  ...(draw.chance(1, 2) && { maxPayload: bytes(64) }),
});

/** Without what else a canister is born with. */
const codeOf = (canister: CanisterGenesis): CodeGenesis => genesisOf(codes()(canister));

const scriptFrom = (draw: Draw, unit: bigint): Script => draw.list(0, 4, () => instructionFrom(draw, unit));

const instructionFrom = (draw: Draw, unit: bigint): Instruction => {
  const cut = draw.below(40);
  if (cut < 18) return { op: "write", page: draw.below(6), value: valueFrom(draw) };
  if (cut < 22) return { op: "consume", instructions: instructions(draw.of([1, 2, 100, 250])) };
  if (cut < 26) return { op: "set-timer", after: draw.of([null, nanoseconds(0n), nanoseconds(unit), nanoseconds(5n * unit)]) };
  if (cut < 31) return { op: "certify", data: valueFrom(draw) };
  if (cut < 34) return { op: "burn", cycles: cycles(draw.of([0n, 7n, 5000n, 10n ** 9n])) };
  if (cut < 37) return { op: "when-odd", value: valueFrom(draw), then: scriptFrom(draw, unit), otherwise: [] };
  if (cut < 38) return { op: "trap" };
  return draw.of<Instruction>([
    { op: "reject" },
    { op: "reply", payload: valueFrom(draw) },
    { op: "accept", cycles: cycles(1n) },
    { op: "accept-message" },
    { op: "write", page: 8, value: valueFrom(draw) },
    call("b", {}),
  ]);
};

const valueFrom = (draw: Draw): Value =>
  draw.of<Value>([
    { kind: "message" },
    { kind: "time" },
    { kind: "balance" },
    { kind: "available" },
    { kind: "deadline" },
    { kind: "refunded" },
    { kind: "version" },
    { kind: "version" },
    { kind: "page", page: draw.below(5) },
    { kind: "page", page: draw.below(5) },
    { kind: "bytes", bytes: hex(draw.of(["", "01", "02", draw.chance(1, 12) ? "ee".repeat(33) : "0102"])) },
  ]);
