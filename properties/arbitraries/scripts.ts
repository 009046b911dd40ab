/**
 * Programs of canisters: bodies of methods, what tasks run, and what looks at messages before they are let in; from the
 * grammar or from an idiom. They mostly run to an answer, and mostly touch each other: callbacks call again, and answer
 * in place of the body.
 */
import { cycles, instructions, type Instruction, type Script, type Value } from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { amountOf, answerOf, callOf, instructionOf, levels, nothing, type Op, type Terrain } from "./grammar.ts";
import { idioms } from "./idioms.ts";
import { identityOf } from "./reads.ts";

/** The body of the method of a level; methods call those of later levels, mostly, so that most worlds come to rest. */
export const bodyOf = (dice: Dice, terrain: Terrain, level: number): Script => {
  if (dice.chance(20)) return within(terrain.words, dice.pick(Object.values(idioms))(dice, terrain, level));
  const calls = terrain.words.has("call") && (level < levels.length - 1 || dice.chance(15));
  // A body that answers late leaves the answer to the callbacks of its last call.
  const late = calls && dice.chance(45);
  const taking: Script = level > 0 && dice.chance(40) ? [{ op: "accept", cycles: amountOf(dice, terrain) }] : [];
  const doing = [
    ...taking,
    ...dice.times(0, 4, () => instructionOf(dice, terrain, { level, depth: calls ? 2 : 0, answers: dice.chance(10), mode: "update" })),
  ];
  const last = late ? [callOf(dice, terrain, { level, depth: 2, answers: true, mode: "update" })] : answerOf(dice, terrain, "update");
  // Whoever tries to take more after the answer gets nothing.
  const greedy: Script = level > 0 && !late && dice.chance(15) ? [{ op: "accept", cycles: amountOf(dice, terrain) }] : [];
  return within(terrain.words, [...doing, ...last, ...greedy]);
};

/** What a timer, a heartbeat or a hook runs. */
export const taskOf = (dice: Dice, terrain: Terrain): Script =>
  within(
    terrain.words,
    dice.times(0, 3, () =>
      dice.chance(10) ? dice.pick(forbiddenToTasks) : instructionOf(dice, terrain, { level: 1, depth: 1, answers: false, mode: "task" }),
    ),
  );

const forbiddenToTasks: Script = [
  { op: "accept", cycles: cycles(1n) },
  { op: "reply", payload: nothing },
  { op: "reject" },
  { op: "accept-message" },
  { op: "trap" },
];

/** What an inspection runs: most let most messages in, some look first, and some do what no inspection may. */
export const inspectionOf = (dice: Dice, terrain: Terrain): Script => {
  const letIn: Instruction = { op: "accept-message" };
  const someCall = (): Instruction => callOf(dice, terrain, { level: 0, depth: 0, answers: false, mode: "inspection" });
  return within(
    terrain.words,
    dice.weigh<() => Script>([
      [5, () => [letIn]],
      [
        6,
        () => [
          { op: "when-odd", value: { kind: "message" }, then: dice.chance(70) ? [letIn] : [], otherwise: dice.chance(30) ? [letIn] : [] },
        ],
      ],
      [3, () => [{ op: "when-odd", value: { kind: "page", page: 0 }, then: [], otherwise: [letIn] }]],
      [2, () => [{ op: "when-odd", value: { kind: "message" }, then: [letIn], otherwise: [{ op: "trap" }] }]],
      [2, () => [letIn, { op: "write", page: 0, value: { kind: "message" } }]],
      [2, () => [{ op: "consume", instructions: instructions(dice.whole(0, terrain.parameters.inspectionInstructionLimit + 1)) }, letIn]],
      [1, () => [letIn, letIn]],
      [2, () => [letIn, { op: "when-odd", value: { kind: "message" }, then: [], otherwise: [dice.pick(forbiddenToInspections)] }]],
      [1, () => [letIn, { op: "when-odd", value: { kind: "message" }, then: [someCall()], otherwise: [] }]],
      [1, () => []],
      ...(terrain.customs.has("identities") ? [[4, () => [whose(dice, terrain, letIn)]] as const] : []),
      [
        1,
        () => [
          { op: "when-odd", value: dice.pick<Value>([{ kind: "available" }, { kind: "deadline" }]), then: [letIn], otherwise: [letIn] },
        ],
      ],
    ])(),
  );
};

/** Lets in by who asks for what. */
const whose = (dice: Dice, { canisters }: Terrain, letIn: Instruction): Instruction => ({
  op: "when-odd",
  value: identityOf(dice, { mode: "inspection", canisters }),
  then: [letIn],
  otherwise: dice.chance(50) ? [letIn] : [],
});

const forbiddenToInspections: Script = [
  { op: "reply", payload: { kind: "message" } },
  { op: "reject" },
  { op: "accept", cycles: cycles(1n) },
  { op: "burn", cycles: cycles(1n) },
  { op: "set-timer", after: null },
  { op: "certify", data: { kind: "message" } },
];

/** The words of scripts whose calls ask for randomness: without calls where that is no word. */
export const wordsForAskers = ({ instructions, randomness }: Vocabulary): ReadonlySet<Op> =>
  randomness ? instructions : new Set([...instructions].filter((op) => op !== "call"));

/** What is left of a script in a world that knows only these words. */
export const within = (words: ReadonlySet<Op>, script: Script): Script =>
  script
    .filter(({ op }) => words.has(op))
    .map((instruction): Instruction => {
      if (instruction.op === "when-odd")
        return { ...instruction, then: within(words, instruction.then), otherwise: within(words, instruction.otherwise) };
      if (instruction.op !== "call") return instruction;
      const { onReply, onReject, onCleanup, onRefused } = instruction;
      return {
        ...instruction,
        onReply: within(words, onReply),
        onReject: within(words, onReject),
        onCleanup: within(words, onCleanup),
        onRefused: within(words, onRefused),
      };
    });
