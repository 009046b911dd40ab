/**
 * What can be known of a canister by reading its scripts alone. Laws use it to say more than an onlooker could who
 * sees only events: which traps are possible, which call a callback belongs to, how long a payload must be.
 */
import type { CodeGenesis, Instruction, MethodName, Mode, Script } from "../spec/index.ts";

export type CallInstruction = Extract<Instruction, { readonly op: "call" }>;

/** All that the scripts of a canister contain, at any depth. */
export interface Reading {
  readonly instructions: readonly Instruction[];
  readonly calls: readonly CallInstruction[];
  readonly ops: ReadonlySet<Instruction["op"]>;
  readonly methods: ReadonlyMap<MethodName, Script>;
  readonly modes: ReadonlyMap<MethodName, Mode>;
}

/** Reads the code of a canister. Code never changes, it is exchanged; so it is read once. */
export const readingOf = (code: CodeGenesis): Reading => {
  const known = readings.get(code);
  if (known !== undefined) return known;
  const { methods, onTimer, onHeartbeat = [], inspect = [], lowMemory } = code;
  const scripts = [...methods.map(({ body }) => body), onTimer, onHeartbeat, inspect, lowMemory?.hook ?? []];
  const instructions = scripts.flatMap(flattened);
  const reading: Reading = {
    instructions,
    calls: instructions.filter((instruction) => instruction.op === "call"),
    ops: new Set(instructions.map(({ op }) => op)),
    methods: new Map(methods.map(({ name, body }) => [name, body])),
    modes: new Map(methods.map(({ name, mode = "update" }) => [name, mode])),
  };
  readings.set(code, reading);
  return reading;
};

const readings = new WeakMap<CodeGenesis, Reading>();

/** Every instruction of a script, those of nested scripts after the one that holds them. */
export const flattened = (script: Script): readonly Instruction[] =>
  script.flatMap((instruction): readonly Instruction[] => {
    if (instruction.op === "when-odd") return [instruction, ...flattened(instruction.then), ...flattened(instruction.otherwise)];
    if (instruction.op !== "call") return [instruction];
    const { onReply, onReject, onCleanup, onRefused } = instruction;
    return [instruction, ...flattened(onReply), ...flattened(onReject), ...flattened(onCleanup), ...flattened(onRefused)];
  });

/** The instructions that one execution of a script may run: all but those of callbacks, which run later. */
export const reachable = (script: Script): readonly Instruction[] =>
  script.flatMap((instruction): readonly Instruction[] => {
    if (instruction.op === "when-odd") return [instruction, ...reachable(instruction.then), ...reachable(instruction.otherwise)];
    return instruction.op === "call" ? [instruction, ...reachable(instruction.onRefused)] : [instruction];
  });
