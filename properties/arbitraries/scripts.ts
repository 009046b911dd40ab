/**
 * Programs of canisters. A small weighted grammar draws scripts that mostly run to an answer, and mostly touch each
 * other: calls go to canisters that exist, oneself included, callbacks call again, amounts lie near what is there.
 * Idioms are short programs that reach a corner on purpose; a property can ask for one to be planted.
 */
import { cycles, hex, instructions, managementCanister, nanoseconds, type CanisterId, type Cycles, type Hex, type Instruction, type Parameters, type Script, type Value } from "../../spec/index.ts";
import type { Dice } from "./dice.ts";

export type Op = Instruction["op"];

/** What a script is drawn into. */
export interface Terrain {
  readonly parameters: Parameters;
  readonly canisters: readonly CanisterId[];
  /** The instructions that this world knows. */
  readonly words: ReadonlySet<Op>;
  readonly randomness: boolean;
  /** What a message costs, or a small number where that is nothing. @unit cycles */
  readonly unit: bigint;
}

/** The names of the update methods, from those that call to those that are called. */
export const levels = ["m0", "m1", "m2"] as const;

/** The body of the method of a level; methods call those of later levels, mostly, so that most worlds come to rest. */
export const bodyOf = (dice: Dice, terrain: Terrain, level: number): Script => {
  if (dice.chance(20)) return within(terrain.words, dice.pick(Object.values(idioms))(dice, terrain, level));
  const calls = terrain.words.has("call") && (level < levels.length - 1 || dice.chance(15));
  // A body that answers late leaves the answer to the callbacks of its last call.
  const late = calls && dice.chance(45);
  const taking: Script = level > 0 && dice.chance(40) ? [{ op: "accept", cycles: amountOf(dice, terrain) }] : [];
  const doing = [...taking, ...dice.times(0, 4, () => instructionOf(dice, terrain, { level, depth: calls ? 2 : 0, answers: dice.chance(10) }))];
  const last = late ? [callOf(dice, terrain, { level, depth: 2, answers: true })] : answerOf(dice, terrain);
  return within(terrain.words, [...doing, ...last]);
};

/** What a timer runs. */
export const taskOf = (dice: Dice, terrain: Terrain): Script =>
  within(
    terrain.words,
    dice.times(0, 3, () => (dice.chance(10) ? dice.pick(forbiddenToTasks) : instructionOf(dice, terrain, { level: 1, depth: 1, answers: false }))),
  );

const forbiddenToTasks: Script = [{ op: "accept", cycles: cycles(1n) }, { op: "reply", payload: { kind: "message" } }, { op: "reject" }, { op: "trap" }];

interface Place {
  readonly level: number;
  /** How deep callbacks may still call. */
  readonly depth: number;
  /** Whether callbacks answer. */
  readonly answers: boolean;
}

const instructionOf = (dice: Dice, terrain: Terrain, place: Place): Instruction => {
  const op = dice.weigh<Op>([[10, "consume"], [22, "write"], [8, "when-odd"], [place.depth > 0 ? 20 : 0, "call"], [8, "accept"], [5, "burn"], [7, "set-timer"], [1, "trap"]]);
  switch (op) {
    case "consume":
      return { op, instructions: instructions(effortOf(dice, terrain.parameters)) };
    case "write":
      return writeOf(dice, terrain, valueOf(dice, terrain.parameters.pageSize));
    case "when-odd": {
      const nested = { ...place, depth: place.depth - 1 };
      const branch = (): Script => dice.times(0, 2, () => instructionOf(dice, terrain, nested));
      return { op, value: dice.weigh<Value>([[6, { kind: "message" }], [2, valueOf(dice, 64)]]), then: branch(), otherwise: branch() };
    }
    case "call":
      return callOf(dice, terrain, place);
    case "accept":
      return { op, cycles: amountOf(dice, terrain) };
    case "burn":
      return { op, cycles: dice.chance(10) ? everythingThereIs : cycles(dice.big(0n, terrain.unit)) };
    case "set-timer":
      return { op, after: dice.chance(12) ? null : delayOf(dice) };
    default:
      return { op: "trap" };
  }
};

export const callOf = (dice: Dice, terrain: Terrain, { level, depth, answers }: Place): Instruction & { op: "call" } => {
  const script = (): Script => [
    ...dice.times(0, 2, () => instructionOf(dice, terrain, { level, depth: depth - 1, answers: false })),
    ...(answers ? answerOf(dice, terrain) : []),
  ];
  return {
    op: "call",
    ...destinationOf(dice, terrain, level),
    attached: dice.chance(45) ? cycles(0n) : amountOf(dice, terrain),
    onReply: dice.chance(8) ? [...script(), { op: "trap" }] : script(),
    onReject: script(),
    onCleanup: dice.chance(35) ? cleanupOf(dice, terrain) : [],
    onRefused: dice.chance(70) ? answerOf(dice, terrain) : script(),
  };
};

const destinationOf = (dice: Dice, terrain: Terrain, level: number): Pick<Instruction & { op: "call" }, "callee" | "method" | "payload"> => {
  const payload = valueOf(dice, terrain.parameters.maxPayload);
  if (terrain.randomness && dice.chance(10)) {
    if (dice.chance(12)) return { callee: managementCanister, method: "create_canister", payload };
    return { callee: managementCanister, method: "raw_rand", payload: dice.chance(85) ? nothing : payload };
  }
  const later = level + 1 < levels.length && dice.chance(85);
  const method = dice.chance(4) ? "nowhere" : levels[later ? dice.whole(level + 1, levels.length - 1) : dice.whole(0, levels.length - 1)]!;
  return { callee: dice.chance(4) ? nobody : dice.pick(terrain.canisters), method, payload };
};

/** A canister that no world has. */
export const nobody = "nobody" as CanisterId;

/** How a path ends: mostly with a reply. */
const answerOf = (dice: Dice, terrain: Terrain): Script =>
  dice.weigh<() => Script>([
    [76, () => [{ op: "reply", payload: valueOf(dice, terrain.parameters.maxPayload) }]],
    [8, () => [{ op: "reject" }]],
    [7, () => []],
    [6, () => [{ op: "trap" }]],
    [3, () => [{ op: "reply", payload: nothing }, { op: "trap" }]],
  ])();

const cleanupOf = (dice: Dice, terrain: Terrain): Script =>
  dice.chance(25)
    ? [writeOf(dice, terrain, { kind: "message" }), dice.pick(forbiddenToCleanups)]
    : dice.times(1, 3, () => instructionOf(dice, terrain, { level: levels.length - 1, depth: 0, answers: false }));

const forbiddenToCleanups: Script = [
  { op: "reply", payload: { kind: "message" } },
  { op: "reject" },
  { op: "accept", cycles: cycles(1n) },
  { op: "trap" },
  { op: "call", callee: nobody, method: "m0", payload: { kind: "message" }, attached: cycles(0n), onReply: [], onReject: [], onCleanup: [], onRefused: [] },
];

const writeOf = (dice: Dice, { parameters }: Terrain, value: Value): Instruction => ({
  op: "write",
  page: dice.chance(2) ? parameters.maxPages : dice.whole(0, parameters.maxPages - 1),
  value,
});

const nothing: Value = { kind: "bytes", bytes: "" as Hex };

/** A value that mostly has at most so many bytes, as far as one can know. */
const valueOf = (dice: Dice, most: number): Value => {
  const roomy = most >= 16 ? 1 : 0;
  return dice.weigh<() => Value>([
    [38, () => ({ kind: "bytes", bytes: someBytes(dice, dice.chance(3) ? most + 1 : dice.whole(0, Math.min(most, 6))) })],
    [25, () => ({ kind: "message" })],
    [14, () => ({ kind: "page", page: dice.whole(0, 4) })],
    [4, () => ({ kind: "time" })],
    [5 * roomy, () => ({ kind: "balance" })],
    [5 * roomy, () => ({ kind: "available" })],
    [4 * roomy, () => ({ kind: "refunded" })],
  ])();
};

export const someBytes = (dice: Dice, length: number): Hex => {
  let text = "";
  for (let at = 0; at < length; at++) text += dice.whole(0, 255).toString(16).padStart(2, "0");
  return hex(text);
};

/** More than any canister has, and still small enough for the border: what is taken of it is all that is there. */
const everythingThereIs = cycles(2n ** 100n - 1n);

const amountOf = (dice: Dice, { unit }: Terrain): Cycles =>
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

const delayOf = (dice: Dice): ReturnType<typeof nanoseconds> => nanoseconds(dice.weigh([[2, 0n], [1, 1n], [3, 1_000_000_000n], [3, dice.big(0n, 4_000_000_000n)]]));

type Idiom = (dice: Dice, terrain: Terrain, level: number) => Script;

/** Short programs that reach a corner on purpose. They need the instructions that they are made of. */
export const idioms = {
  /** Does all that it can, and takes it back. */
  trapAfterEffects: (dice, terrain, level) => [
    { op: "accept", cycles: everythingThereIs },
    writeOf(dice, terrain, { kind: "message" }),
    { op: "burn", cycles: cycles(dice.big(0n, terrain.unit)) },
    { op: "set-timer", after: delayOf(dice) },
    callOf(dice, terrain, { level, depth: 1, answers: false }),
    ...(dice.chance(50) ? [{ op: "reply", payload: nothing } as const] : []),
    dice.chance(70) ? { op: "trap" } : { op: "consume", instructions: instructions(terrain.parameters.messageInstructionLimit) },
  ],
  /** Traps when the answer is there, and has a cleanup, mostly. */
  trapInCallback: (dice, terrain, level) => {
    const trap: Script = [...dice.times(0, 2, () => instructionOf(dice, terrain, { level, depth: 1, answers: false })), { op: "trap" }];
    return [{ ...callOf(dice, terrain, { level, depth: 1, answers: false }), ...anyone(dice, terrain, level), attached: cycles(0n), onReply: trap, onReject: trap, onCleanup: dice.chance(80) ? cleanupOf(dice, terrain) : [] }];
  },
  /** Lets chance decide, and says what it was. */
  throwDice: (dice, terrain, level) => [
    {
      ...callOf(dice, terrain, { level, depth: 1, answers: true }),
      ...(terrain.randomness ? { callee: managementCanister, method: "raw_rand", payload: nothing } : {}),
      attached: dice.chance(70) ? cycles(0n) : cycles(dice.big(0n, terrain.unit)),
      onReply: [
        ...(dice.chance(50) ? [{ op: "write", page: 0, value: { kind: "message" } } as const] : []),
        { op: "when-odd", value: { kind: "message" }, then: [{ op: "write", page: 1, value: { kind: "time" } }], otherwise: [{ op: "consume", instructions: instructions(3) }] },
        { op: "reply", payload: { kind: "message" } },
      ],
    },
  ],
  /** Pays somebody, who may take it, and answers when the rest is back. */
  pay: (dice, terrain, level) => [
    {
      ...callOf(dice, terrain, { level, depth: 1, answers: true }),
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
    return [
      ...dice.times(terrain.parameters.queueCapacity, terrain.parameters.queueCapacity + 2, (): Instruction => ({
        ...callOf(dice, terrain, { level, depth: 0, answers: false }), ...to, payload: { kind: "message" }, attached: cycles(0n), onReply: [], onReject: [],
        onRefused: [writeOf(dice, terrain, { kind: "message" })],
      })),
      ...answerOf(dice, terrain),
    ];
  },
  /** Answers twice. */
  answerTwice: (dice, terrain) => [...answerOf(dice, terrain), dice.chance(50) ? { op: "reply", payload: { kind: "message" } } : { op: "reject" }],
  /** Asks the management canister for what it does not give. */
  misask: (dice, terrain, level) => [
    {
      ...callOf(dice, terrain, { level, depth: 0, answers: true }),
      ...(terrain.randomness ? { callee: managementCanister, method: dice.chance(60) ? "raw_rand" : "create_canister", payload: { kind: "bytes", bytes: someBytes(dice, dice.whole(0, 2)) } } : {}),
      attached: dice.chance(50) ? cycles(0n) : cycles(dice.big(0n, terrain.unit)),
    },
  ],
  /** Sets an alarm. */
  alarm: (dice) => [{ op: "set-timer", after: delayOf(dice) }, { op: "reply", payload: nothing }],
  /** Writes every page that there is. */
  grow: (_dice, { parameters }) => [
    ...Array.from({ length: parameters.maxPages }, (_, page): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: "01" as Hex } })),
    { op: "reply", payload: { kind: "page", page: 0 } },
  ],
} as const satisfies Record<string, Idiom>;

export type IdiomName = keyof typeof idioms;

const anyone = (dice: Dice, { canisters }: Terrain, level: number): { callee: CanisterId; method: string } => ({
  callee: dice.pick(canisters),
  method: levels[Math.min(level + 1, levels.length - 1)]!,
});

/** What is left of a script in a world that knows only these words. */
export const within = (words: ReadonlySet<Op>, script: Script): Script =>
  script
    .filter(({ op }) => words.has(op))
    .map((instruction): Instruction => {
      if (instruction.op === "when-odd") return { ...instruction, then: within(words, instruction.then), otherwise: within(words, instruction.otherwise) };
      if (instruction.op !== "call") return instruction;
      const { onReply, onReject, onCleanup, onRefused } = instruction;
      return { ...instruction, onReply: within(words, onReply), onReject: within(words, onReject), onCleanup: within(words, onCleanup), onRefused: within(words, onRefused) };
    });
