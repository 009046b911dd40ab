/**
 * Idioms: short programs that reach a corner on purpose. A property can ask for one to be planted. They need the
 * instructions that they are made of; in a world that does not know some of them, the rest is left.
 */
import {
  cycles,
  hex,
  instructions,
  managementCanister,
  stableRoomOf,
  type CanisterId,
  type Instruction,
  type Script,
} from "../../spec/index.ts";
import {
  answerOf,
  calleeOf,
  callOf,
  cleanupOf,
  delayOf,
  everythingThereIs,
  instructionOf,
  levels,
  nextOf,
  nothing,
  someBytes,
  timeoutOf,
  writeOf,
  type Terrain,
} from "./grammar.ts";
import type { Custom } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { isScarce } from "./networks.ts";

type Idiom = (dice: Dice, terrain: Terrain, level: number) => Script;

/** Short programs that reach a corner on purpose. They need the instructions that they are made of. */
export const idioms = {
  /** Does all that it can, and takes it back. */
  trapAfterEffects: (dice, terrain, level) => [
    { op: "accept", cycles: everythingThereIs },
    writeOf(dice, terrain, { kind: "message" }),
    { op: "burn", cycles: cycles(dice.big(0n, terrain.unit)) },
    { op: "set-timer", after: delayOf(dice) },
    callOf(dice, terrain, { level, depth: 1, answers: false, mode: "update" }),
    ...(dice.chance(50) ? [{ op: "reply", payload: nothing } as const] : []),
    dice.chance(70) ? { op: "trap" } : { op: "consume", instructions: instructions(terrain.parameters.messageInstructionLimit) },
  ],
  /** Traps when the answer is there, and has a cleanup, mostly. */
  trapInCallback: (dice, terrain, level) => {
    const trap: Script = [
      ...dice.times(0, 2, () => instructionOf(dice, terrain, { level, depth: 1, answers: false, mode: "callback" })),
      { op: "trap" },
    ];
    return [
      {
        ...callOf(dice, terrain, { level, depth: 1, answers: false, mode: "update" }),
        ...anyone(dice, terrain, level),
        attached: cycles(0n),
        onReply: trap,
        onReject: trap,
        onCleanup: dice.chance(80) ? cleanupOf(dice, terrain) : [],
      },
    ];
  },
  /** Lets chance decide, and says what it was. */
  throwDice: (dice, terrain, level) => [
    {
      ...callOf(dice, terrain, { level, depth: 1, answers: true, mode: "update" }),
      ...(terrain.randomness ? { callee: managementCanister, method: "raw_rand", payload: nothing } : {}),
      attached: dice.chance(70) ? cycles(0n) : cycles(dice.big(0n, terrain.unit)),
      onReply: [
        ...(dice.chance(50) ? [{ op: "write", page: 0, value: { kind: "message" } } as const] : []),
        {
          op: "when-odd",
          value: { kind: "message" },
          then: [{ op: "write", page: 1, value: { kind: "time" } }],
          otherwise: [{ op: "consume", instructions: instructions(3) }],
        },
        { op: "reply", payload: { kind: "message" } },
      ],
    },
  ],
  /** Pays somebody, who may take it, and answers when the rest is back. */
  pay: (dice, terrain, level) => [
    {
      ...callOf(dice, terrain, { level, depth: 1, answers: true, mode: "update" }),
      ...anyone(dice, terrain, level),
      attached: cycles(dice.big(1n, terrain.unit * 3n)),
    },
  ],
  /** Takes some, then answers, then tries to take more. */
  takeAndAnswer: (dice, terrain) => [
    { op: "accept", cycles: cycles(dice.big(0n, terrain.unit)) },
    dice.chance(60) ? { op: "reply", payload: { kind: "message" } } : { op: "reject" },
    { op: "accept", cycles: everythingThereIs },
  ],
  /** Asks the same canister again and again, until the queue to it is full. */
  crowd: (dice, terrain, level) => {
    const to = anyone(dice, terrain, level);
    const many = Math.min(terrain.parameters.queueCapacity, mostAtOnce);
    return [
      ...dice.times(many, many + 2, (): Instruction => ({
        ...callOf(dice, terrain, { level, depth: 0, answers: false, mode: "update" }),
        ...to,
        payload: { kind: "message" },
        attached: cycles(0n),
        onReply: [],
        onReject: [],
        onRefused: [writeOf(dice, terrain, { kind: "message" })],
      })),
      ...answerOf(dice, terrain, "update"),
    ];
  },
  /** Asks several at once, and answers when the last answers, or whoever does not trap. */
  fan: (dice, terrain, level) =>
    dice.times(2, 4, () => ({
      ...callOf(dice, terrain, { level, depth: 1, answers: true, mode: "update" }),
      ...anyone(dice, terrain, level),
      attached: dice.chance(70) ? cycles(0n) : cycles(dice.big(0n, terrain.unit)),
    })),
  /** Asks with cycles and large payloads, and does not wait long: much may be dropped on the way. */
  hurry: (dice, terrain, level) => [
    ...dice.times(2, Math.max(2, Math.min(terrain.parameters.queueCapacity, mostAtOnce)), (): Instruction => ({
      ...callOf(dice, terrain, { level, depth: 0, answers: false, mode: "update" }),
      ...anyone(dice, terrain, level),
      ...(terrain.customs.has("best-effort") ? { timeout: timeoutOf(dice, terrain) } : {}),
      payload: { kind: "bytes", bytes: someBytes(dice, dice.whole(4, 12)) },
      attached: dice.chance(8) ? cycles(0n) : cycles(dice.big(1n, 10n)),
    })),
    ...answerOf(dice, terrain, "update"),
  ],
  /** Takes some, and answers at length. */
  serve: (dice) => [
    { op: "accept", cycles: cycles(dice.big(0n, 5n)) },
    { op: "reply", payload: { kind: "bytes", bytes: someBytes(dice, dice.whole(8, 24)) } },
  ],
  /** Waits for an answer that no round gives in which it asks, and answers then. */
  linger: (dice, terrain, level) => [
    {
      ...callOf(dice, { ...terrain, customs: guaranteed(terrain.customs) }, { level, depth: 1, answers: true, mode: "update" }),
      ...anyone(dice, terrain, level),
      ...(terrain.randomness ? { callee: managementCanister, method: "raw_rand", payload: nothing } : {}),
      attached: cycles(0n),
    },
    ...(dice.chance(20) ? answerOf(dice, terrain, "update") : []),
  ],
  /** Answers twice. */
  answerTwice: (dice, terrain) => [
    ...answerOf(dice, terrain, "update"),
    dice.chance(50) ? { op: "reply", payload: { kind: "message" } } : { op: "reject" },
  ],
  /** Asks the management canister for what it does not give. */
  misask: (dice, terrain, level) => [
    {
      ...callOf(dice, terrain, { level, depth: 0, answers: true, mode: "update" }),
      ...(terrain.randomness && terrain.customs.has("strays")
        ? {
            callee: managementCanister,
            method: dice.chance(60) ? "raw_rand" : "fly",
            payload: { kind: "bytes", bytes: someBytes(dice, dice.whole(1, 3)) },
          }
        : {}),
      attached: dice.chance(50) ? cycles(0n) : cycles(dice.big(0n, terrain.unit)),
    },
  ],
  /** Sets an alarm. */
  alarm: (dice) => [
    { op: "set-timer", after: delayOf(dice) },
    { op: "reply", payload: nothing },
  ],
  /** Takes every page that there is. */
  grow: (_dice, { parameters }) => [
    ...Array.from({ length: stableRoomOf(parameters) }, (): Instruction => ({ op: "stable-grow", pages: 1 })),
    ...Array.from({ length: parameters.maxPages }, (_, page): Instruction => ({
      op: "write",
      page,
      value: { kind: "bytes", bytes: hex("01") },
    })),
    { op: "reply", payload: { kind: "page", page: 0 } },
  ],
} as const satisfies Record<string, Idiom>;

/** Calls that one message sends: more than there are slots, where slots are scarce. */
const mostAtOnce = 5;

export type IdiomName = keyof typeof idioms;

const anyone = (dice: Dice, terrain: Terrain, level: number): { callee: CanisterId; method: string } => ({
  callee: calleeOf(dice, terrain),
  method: isScarce(terrain.parameters, "roundInstructionLimit") ? levels[Math.min(level + 1, levels.length - 1)]! : nextOf(level),
});

/** The customs of a world whose calls wait for as long as it takes. */
const guaranteed = (customs: ReadonlySet<Custom>): ReadonlySet<Custom> =>
  new Set([...customs].filter((custom) => custom !== "best-effort"));
