/**
 * What can be known of a canister by reading its scripts alone. Laws use it to say more than an onlooker could who
 * sees only events: which traps are possible, which call a callback belongs to, how long a payload must be.
 */
import type { CanisterGenesis, Instruction, MethodName, Script, Value } from "../spec/index.ts";
import type { TrackedCall } from "./tracking/world.ts";

export type CallInstruction = Extract<Instruction, { readonly op: "call" }>;

/** All that the scripts of a canister contain, at any depth. */
export interface Reading {
  readonly instructions: readonly Instruction[];
  readonly calls: readonly CallInstruction[];
  readonly ops: ReadonlySet<Instruction["op"]>;
  readonly methods: ReadonlyMap<MethodName, Script>;
}

/** Reads a canister. A genesis never changes, so it is read once. */
export const readingOf = (canister: CanisterGenesis): Reading => {
  const known = readings.get(canister);
  if (known !== undefined) return known;
  const instructions = [...canister.methods.flatMap(({ body }) => flattened(body)), ...flattened(canister.onTimer)];
  const reading: Reading = {
    instructions,
    calls: instructions.filter((instruction) => instruction.op === "call"),
    ops: new Set(instructions.map(({ op }) => op)),
    methods: new Map(canister.methods.map(({ name, body }) => [name, body])),
  };
  readings.set(canister, reading);
  return reading;
};

const readings = new WeakMap<CanisterGenesis, Reading>();

/** Every instruction of a script, those of nested scripts after the one that holds them. */
export const flattened = (script: Script): readonly Instruction[] =>
  script.flatMap((instruction): readonly Instruction[] => {
    if (instruction.op === "when-odd") return [instruction, ...flattened(instruction.then), ...flattened(instruction.otherwise)];
    if (instruction.op !== "call") return [instruction];
    const { onReply, onReject, onCleanup, onRefused } = instruction;
    return [instruction, ...flattened(onReply), ...flattened(onReject), ...flattened(onCleanup), ...flattened(onRefused)];
  });

/** The call instructions that may have sent a call. */
export const sendersOf = (
  canister: CanisterGenesis,
  call: Pick<TrackedCall, "callee" | "method" | "attached">,
): readonly CallInstruction[] =>
  readingOf(canister).calls.filter(
    ({ callee, method, attached }) => callee === call.callee && method === call.method && attached === call.attached,
  );

/** The instructions that one execution of a script may run: all but those of callbacks, which run later. */
export const reachable = (script: Script): readonly Instruction[] =>
  script.flatMap((instruction): readonly Instruction[] => {
    if (instruction.op === "when-odd") return [instruction, ...reachable(instruction.then), ...reachable(instruction.otherwise)];
    return instruction.op === "call" ? [instruction, ...reachable(instruction.onRefused)] : [instruction];
  });

/** What one execution sees. The first three of its fields are the same from its first instruction to its last. */
export interface Given {
  /** What it was given; `null` when an onlooker cannot know. */
  readonly message: string | null;
  readonly time: bigint;
  readonly refunded: bigint;
  readonly balance: bigint;
  readonly available: bigint;
  readonly page: (page: number) => string;
}

/** A value as the first instruction of an execution sees it; `null` when an onlooker cannot know. */
export const firstValueOf = (value: Value, given: Given): string | null => {
  switch (value.kind) {
    case "page":
      return given.page(value.page);
    case "balance":
      return wide(given.balance, 16);
    case "available":
      return wide(given.available, 16);
    default:
      return lastingValueOf(value, given);
  }
};

/** A value that is the same during a whole execution; `null` when it may change, or when an onlooker cannot know. */
export const lastingValueOf = (value: Value, { message, time, refunded }: Pick<Given, "message" | "time" | "refunded">): string | null =>
  value.kind === "refunded" ? wide(refunded, 16) : constantOf(value, message, time);

/** A value that depends on nothing but the message and the time of the round. */
export const constantOf = (value: Value, message: string | null, time: bigint): string | null => {
  switch (value.kind) {
    case "bytes":
      return value.bytes;
    case "message":
      return message;
    case "time":
      return wide(time, 8);
    default:
      return null;
  }
};

const wide = (count: bigint, width: number): string => count.toString(16).padStart(width * 2, "0");
