/**
 * The grammar of canister programs: weighted draws of instructions, values and amounts. What is drawn mostly fits: calls
 * go to canisters that exist, here or on another subnet, oneself included; sizes lie below their limits, amounts lie near
 * what is there, and timeouts near the time that a few rounds take.
 */
import {
  cycles,
  hex,
  instructions,
  managementCanister,
  mostCertified,
  nanoseconds,
  canisterId,
  stableRoomOf,
  type CanisterId,
  type Cycles,
  type Hex,
  type Instruction,
  type Parameters,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { mayRead, type Mode } from "../tracking/modes.ts";
import type { Custom } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { isScarce } from "./networks.ts";
import { readOf } from "./reads.ts";

export type Op = Instruction["op"];

/** What a script is drawn into. */
export interface Terrain {
  readonly parameters: Parameters;
  readonly canisters: readonly CanisterId[];
  /** Canisters of other subnets, or of none, to which routes lead. */
  readonly far: readonly CanisterId[];
  /** The instructions that this world knows. */
  readonly words: ReadonlySet<Op>;
  readonly customs: ReadonlySet<Custom>;
  readonly randomness: boolean;
  /** Whether nobody sets a timeout that ends within a few rounds. */
  readonly patient: boolean;
  /** What a message costs, or a small number where that is nothing. @unit cycles */
  readonly unit: bigint;
}

/** The names of the update methods, from those that call to those that are called. */
export const levels = ["m0", "m1", "m2"] as const;

export interface Place {
  readonly level: number;
  /** How deep callbacks may still call. */
  readonly depth: number;
  /** Whether callbacks answer. */
  readonly answers: boolean;
  /** Where it runs. */
  readonly mode: Mode;
}

const second = 1_000_000_000n;

export const instructionOf = (dice: Dice, terrain: Terrain, place: Place): Instruction => {
  const op = dice.weigh<Op>([
    [10, "consume"],
    [22, "write"],
    [stableRoomOf(terrain.parameters) > 0 ? 7 : 1, "stable-grow"],
    [8, "when-odd"],
    [place.depth > 0 ? 20 : 0, "call"],
    [8, "accept"],
    [5, "burn"],
    [7, "set-timer"],
    [4, "certify"],
    [1, "accept-message"],
    [1, "trap"],
  ]);
  switch (op) {
    case "consume":
      return { op, instructions: instructions(effortOf(dice, terrain.parameters)) };
    case "write":
      return writeOf(dice, terrain, valueOf(dice, terrain, place.mode, terrain.parameters.pageSize));
    case "stable-grow":
      return growOf(dice, terrain);
    case "when-odd": {
      const nested = { ...place, depth: place.depth - 1 };
      const branch = (): Script => dice.times(0, 2, () => instructionOf(dice, terrain, nested));
      return {
        op,
        value: mayRead("message", place.mode) && dice.chance(75) ? { kind: "message" } : valueOf(dice, terrain, place.mode, 64),
        then: branch(),
        otherwise: branch(),
      };
    }
    case "call":
      return callOf(dice, terrain, place);
    case "accept":
      return { op, cycles: amountOf(dice, terrain) };
    case "burn":
      return { op, cycles: dice.chance(10) ? everythingThereIs : cycles(dice.big(0n, terrain.unit)) };
    case "set-timer":
      return { op, after: dice.chance(12) ? null : delayOf(dice) };
    case "certify":
      return { op, data: valueOf(dice, terrain, place.mode, mostCertified) };
    case "accept-message":
      return { op };
    default:
      return { op: "trap" };
  }
};

export const callOf = (dice: Dice, terrain: Terrain, { level, depth, answers, mode }: Place): Instruction & { op: "call" } => {
  const script = (where: Mode): Script => [
    ...dice.times(0, 2, () => instructionOf(dice, terrain, { level, depth: depth - 1, answers: false, mode: where })),
    ...(answers ? answerOf(dice, terrain, where) : []),
  ];
  return {
    op: "call",
    ...(terrain.customs.has("best-effort") && dice.chance(55) ? { timeout: timeoutOf(dice, terrain) } : {}),
    ...destinationOf(dice, terrain, level, mode),
    attached: dice.chance(45) ? cycles(0n) : amountOf(dice, terrain),
    onReply: dice.chance(8) ? [...script("callback"), { op: "trap" }] : script("callback"),
    onReject: script("callback"),
    onCleanup: dice.chance(35) ? cleanupOf(dice, terrain) : [],
    onRefused: dice.chance(70) ? answerOf(dice, terrain, mode) : script(mode),
  };
};

const destinationOf = (
  dice: Dice,
  terrain: Terrain,
  level: number,
  mode: Mode,
): Pick<Instruction & { op: "call" }, "callee" | "method" | "payload"> => {
  const payload = valueOf(dice, terrain, mode, terrain.parameters.maxPayload);
  if (terrain.randomness && dice.chance(10)) {
    const strays = terrain.customs.has("strays");
    if (strays && dice.chance(12)) return { callee: managementCanister, method: "fly", payload };
    return { callee: managementCanister, method: "raw_rand", payload: !strays || dice.chance(85) ? nothing : payload };
  }
  const callee = terrain.customs.has("strays") && dice.chance(4) ? nobody : calleeOf(dice, terrain);
  return { callee, method: dice.chance(4) ? nowhere : methodOf(dice, terrain, level), payload };
};

/** Mostly of a later level. Where a round has time for everything it always is, or canisters would call each other for ever. */
const methodOf = (dice: Dice, { parameters }: Terrain, level: number): string => {
  const last = levels.length - 1;
  if (level < last && dice.chance(85)) return levels[dice.whole(level + 1, last)]!;
  return isScarce(parameters, "roundInstructionLimit") ? dice.pick(levels) : nextOf(level);
};

/** The method of the next level; behind the last there is none. */
export const nextOf = (level: number): string => levels[level + 1] ?? nowhere;

/** A method that no canister has. */
const nowhere = "nowhere";

/** Somebody who can be called, here or elsewhere. */
export const calleeOf = (dice: Dice, { canisters, far }: Terrain): CanisterId =>
  far.length > 0 && dice.chance(70) ? dice.pick(far) : dice.pick(canisters);

/** A canister that no world has. */
export const nobody = canisterId("nobody");

/** How a path ends: mostly with a reply. */
export const answerOf = (dice: Dice, terrain: Terrain, mode: Mode): Script =>
  dice.weigh<() => Script>([
    [76, () => [{ op: "reply", payload: valueOf(dice, terrain, mode, terrain.parameters.maxPayload) }]],
    [8, () => [{ op: "reject" }]],
    [7, () => []],
    [6, () => [{ op: "trap" }]],
    [3, () => [{ op: "reply", payload: nothing }, { op: "trap" }]],
  ])();

export const cleanupOf = (dice: Dice, terrain: Terrain): Script =>
  dice.chance(25)
    ? [writeOf(dice, terrain, { kind: "time" }), dice.pick(forbiddenToCleanups)]
    : dice.times(1, 3, () => instructionOf(dice, terrain, { level: levels.length - 1, depth: 0, answers: false, mode: "cleanup" }));

export const nothing: Value = { kind: "bytes", bytes: hex("") };

const forbiddenToCleanups: Script = [
  { op: "reply", payload: nothing },
  { op: "reject" },
  { op: "accept", cycles: cycles(1n) },
  { op: "certify", data: nothing },
  { op: "trap" },
  {
    op: "call",
    callee: nobody,
    method: "m0",
    payload: nothing,
    attached: cycles(0n),
    onReply: [],
    onReject: [],
    onCleanup: [],
    onRefused: [],
  },
];

export const writeOf = (dice: Dice, { parameters }: Terrain, value: Value): Instruction => ({
  op: "write",
  page: pageDrawn(dice, parameters, 2),
  value,
});

/** Mostly by a page, seldom by none, and now and then by more than there is room for. */
export const growOf = (dice: Dice, { parameters }: Pick<Terrain, "parameters">): Instruction => ({
  op: "stable-grow",
  pages: dice.weigh([
    [1, 0],
    [8, 1],
    [4, 2],
    [1, stableRoomOf(parameters) + 1],
  ]),
});

/** A page of the memory, and seldom one beyond. */
export const pageDrawn = (dice: Dice, { maxPages }: Parameters, seldom: number): number =>
  dice.chance(seldom) ? maxPages : dice.whole(0, maxPages - 1);

/** A value that mostly is there to be read in such a place, and has at most so many bytes, as far as one can know. */
const valueOf = (dice: Dice, { parameters, canisters, customs }: Terrain, mode: Mode, most: number): Value => {
  const roomy = most >= 16 ? 1 : 0;
  const read = (kind: Value["kind"], weight: number): number => (mayRead(kind, mode) ? weight : 0);
  return readOf(dice, { mode, canisters, customs }, [
    [38, () => ({ kind: "bytes", bytes: someBytes(dice, dice.chance(3) ? most + 1 : dice.whole(0, Math.min(most, 6))) })],
    [read("message", 25), () => ({ kind: "message" })],
    [14, () => ({ kind: "page", page: pageDrawn(dice, parameters, 3) })],
    [3, () => ({ kind: "stable-size" })],
    [4, () => ({ kind: "time" })],
    [3, () => ({ kind: "instructions" })],
    [read("deadline", 4), () => ({ kind: "deadline" })],
    [5 * roomy, () => ({ kind: "balance" })],
    [read("available", 5) * roomy, () => ({ kind: "available" })],
    [read("refunded", 8) * roomy, () => ({ kind: "refunded" })],
  ]);
};

export const someBytes = (dice: Dice, length: number): Hex => {
  let text = "";
  for (let at = 0; at < length; at++) text += dice.whole(0, 255).toString(16).padStart(2, "0");
  return hex(text);
};

/** More than any canister has, and still small enough for the border: what is taken of it is all that is there. */
export const everythingThereIs = cycles(2n ** 100n - 1n);

export const amountOf = (dice: Dice, { unit }: Terrain): Cycles =>
  dice.weigh<() => Cycles>([
    [2, () => cycles(0n)],
    [3, () => cycles(dice.big(1n, 10n))],
    [4, () => cycles(dice.big(0n, unit))],
    [2, () => cycles(unit)],
    [2, () => cycles(unit + 1n)],
    [2, () => cycles(unit * dice.big(2n, 20n))],
    [1, () => everythingThereIs],
  ])();

const effortOf = (dice: Dice, { messageInstructionLimit: limit }: Parameters): number =>
  dice.weigh<() => number>([
    [10, () => dice.whole(0, 8)],
    [4, () => Math.floor(limit / dice.whole(2, 5))],
    [2, () => limit - dice.whole(0, 8)],
    [1, () => limit + 1],
  ])();

export const delayOf = (dice: Dice): ReturnType<typeof nanoseconds> =>
  nanoseconds(
    dice.weigh([
      [2, 0n],
      [1, 1n],
      [3, second],
      [3, dice.big(0n, 4n * second)],
    ]),
  );

/** How long a caller waits for an answer: a few rounds, no longer than this one, or longer than anybody may wait. */
export const timeoutOf = (dice: Dice, { patient }: Terrain): ReturnType<typeof nanoseconds> =>
  nanoseconds(
    patient
      ? 10n ** 12n
      : dice.weigh([
          [1, 0n],
          [1, 1n],
          [3, second],
          [6, dice.big(0n, 4n * second)],
          [1, 10n ** 12n],
        ]),
  );
