/**
 * Stable memory in drawn worlds. The worlds are those that were drawn; canisters are born with some of it, mostly as much as their scripts write, here
 * and there a script of any kind asks for more, looks how much there is, or reads a page that may lie beyond, and in some worlds the memory of the subnet
 * is so small that there is no more for everybody.
 */
import {
  bytes,
  seconds,
  stableRoomOf,
  type CanisterGenesis,
  type CodeGenesis,
  type Genesis,
  type Instruction,
  type Move,
  type Parameters,
} from "../spec/index.ts";
import type { Scenario, Script, Value } from "../spec/index.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { grow, pageOf, stableSize, write } from "./small-world.ts";

/** The same world, by the same seed for ever. */
export const withStableMemory = (seed: number, scenario: Scenario): Scenario => {
  const draw = drawFrom(seed ^ 3);
  const share = draw.chance(1, 3) ? draw.of([1, 2, 3, 6]) : null;
  const strewn = withGenesis(scenario, (one) => ({
    ...one,
    parameters: { ...one.parameters, storage: storageFrom(one.parameters, share) },
    canisters: one.canisters.map((born) => strewnIn(draw, born)),
    ...(one.modules && { modules: one.modules.map((module) => strewnIn(draw, module)) }),
  }));
  return sized(
    draw,
    withBirths(strewn, (born) => strewnIn(draw, born)),
  );
};

/** The same world, in which canisters have as much stable memory as its limits have room for, or less, also where code comes anew. */
const sized = (draw: Draw, scenario: Scenario): Scenario => {
  const { parameters } = scenario.genesis;
  const sizing = withGenesis(scenario, (one) => ({
    ...one,
    canisters: one.canisters.map((born) => bornWith(draw, one.parameters, born)),
    ...(one.modules && { modules: one.modules.map((module) => codeWith(draw, one.parameters, module)) }),
  }));
  return withBirths(sizing, (born) => bornWith(draw, parameters, born));
};

const withGenesis = ({ genesis, others = [], inputs }: Scenario, change: (one: Genesis) => Genesis): Scenario => ({
  genesis: change(genesis),
  others: others.map(change),
  inputs,
});

const withBirths = ({ inputs, ...world }: Scenario, change: (born: CanisterGenesis) => CanisterGenesis): Scenario => ({
  ...world,
  inputs: inputs.map((move): Move => (move.kind === "create-canister" ? { ...move, canister: change(move.canister) } : move)),
});

/** Nothing is set aside for what is scarce, where nothing was said of it before. */
const storageFrom = ({ storage, cores, pageSize }: Parameters, share: number | null): Parameters["storage"] =>
  share === null || storage.capacity < Number.MAX_SAFE_INTEGER
    ? storage
    : { threshold: bytes(0), capacity: bytes(cores * share * pageSize), period: seconds(0) };

/** Most scripts write pages below this one. */
const LAST = 5;

const sizesIn = (parameters: Parameters): readonly number[] => {
  const room = stableRoomOf(parameters);
  const enough = Math.min(room, Math.max(0, LAST - parameters.heapPages));
  return [0, Math.min(room, 1), enough, enough, enough, enough, room, room];
};

const bornWith = (draw: Draw, parameters: Parameters, born: CanisterGenesis): CanisterGenesis => ({
  ...codeWith(draw, parameters, born),
  stablePages: draw.of(sizesIn(parameters)),
});

/** Where code comes anew there is no stable memory, so it often begins with some. */
const codeWith = <T extends CodeGenesis>(draw: Draw, parameters: Parameters, code: T): T => {
  const { onInit } = code;
  const first = grow(draw.of(sizesIn(parameters)));
  if (onInit === undefined || onInit[0]?.op === "stable-grow" || draw.chance(1, 3)) return code;
  return { ...code, onInit: [first, ...onInit] };
};

/** The same code, with something strewn into all of its scripts. */
const strewnIn = <T extends CodeGenesis>(draw: Draw, code: T): T => {
  const strewn = scriptsWith(draw, code);
  const { inspect = [] } = strewn;
  const page = 4 + draw.below(5);
  const look = draw.of([write(page, stableSize), { op: "when-odd", value: pageOf(page), then: [], otherwise: [] }] as const);
  return inspect.length < 2 || draw.chance(2, 3) ? strewn : { ...strewn, inspect: [look, ...inspect] };
};

const scriptsWith = <T>(draw: Draw, value: T): T => {
  const into = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    if (!Array.isArray(part)) {
      const made: Record<string, unknown> = { ...part };
      for (const [name, inner] of Object.entries(made)) if (typeof inner === "object") made[name] = into(inner);
      return made;
    }
    const items: readonly unknown[] = part.map(into);
    return isScript(items) ? scriptWith(draw, items) : items;
  };
  return into(value) as T;
};

const isScript = (items: readonly unknown[]): items is Script =>
  items.length > 0 && items.every((item) => typeof item === "object" && item !== null && "op" in item);

const scriptWith = (draw: Draw, script: Script): Script => {
  const reading = script.map((instruction) => instructionWith(draw, instruction));
  if (!draw.chance(1, 6)) return reading;
  const at = draw.below(reading.length + 1);
  return [...reading.slice(0, at), grow(draw.of([0, 1, 1, 1, 2, 3, 9])), ...reading.slice(at)];
};

/** What is asked of others is mostly left as it is. */
const instructionWith = (draw: Draw, instruction: Instruction): Instruction => {
  if ("value" in instruction) return { ...instruction, value: valueFor(draw, instruction.value, 12) };
  if ("data" in instruction) return { ...instruction, data: valueFor(draw, instruction.data, 12) };
  if (!("payload" in instruction)) return instruction;
  return { ...instruction, payload: valueFor(draw, instruction.payload, instruction.op === "call" ? 50 : 12) };
};

const valueFor = (draw: Draw, value: Value, seldom: number): Value =>
  draw.chance(1, seldom) ? draw.of([stableSize, stableSize, pageOf(4 + draw.below(5))]) : value;
