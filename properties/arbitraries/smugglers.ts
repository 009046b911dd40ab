/**
 * Canisters that want randomness, and want it too soon: they ask early and late, once and again, from a method, a
 * callback and a timer; they let a bit decide what to ask next, keep what they got, and tell it to whoever asks. If a
 * bit could be had before its time, one of them would have it.
 * @source facts/messages.md MSG-P6, J6, J7
 */
import {
  canisterId,
  cycles,
  hex,
  ingressId,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Input,
  type Instruction,
  type Method,
  type Parameters,
  type Script,
} from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { answer, callTo, message } from "./plain.ts";
import { within, wordsForAskers } from "./scripts.ts";

const tell: Instruction = answer(message);
const keep = (page: number): Instruction => ({ op: "write", page, value: message });

/** Asks for randomness. */
export const ask = (onReply: Script, more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  callTo(managementCanister, "raw_rand", { onReply, onReject: [{ op: "reject" }], ...more });

/** What a smuggler can be called to do; `other` is somebody whom it can send. */
export const smugglingMethods = (other: CanisterId): readonly Method[] => [
  { name: "once", body: [ask([tell])] },
  { name: "twice", body: [ask([keep(0)]), ask([keep(1), tell])] },
  { name: "again", body: [ask([keep(0), ask([keep(1), tell])])] },
  { name: "early", body: [answer(), ask([keep(0)])] },
  { name: "many", body: [ask([]), ask([]), ask([]), ask([tell])] },
  {
    name: "steer",
    body: [ask([{ op: "when-odd", value: message, then: [ask([keep(1), tell])], otherwise: [tell, ask([]), ask([keep(0)])] }])],
  },
  { name: "lose", body: [ask([keep(0), { op: "trap" }], { onCleanup: [{ op: "write", page: 1, value: { kind: "page", page: 0 } }] })] },
  { name: "send", body: [callTo(other, "once", { onReply: [keep(0), tell], onReject: [{ op: "reject" }] })] },
  {
    name: "alarm",
    body: [{ op: "set-timer", after: nanoseconds(0n) }, answer()],
  },
  { name: "say", body: [{ op: "reply", payload: { kind: "page", page: 0 } }] },
  { name: "wrong", body: [ask([tell], { payload: { kind: "bytes", bytes: hex("00") } })] },
  { name: "elsewhere", body: [callTo(managementCanister, "fly", { onReply: [tell], onReject: [{ op: "reject" }] })] },
];

/** Without those that ask for what is not given, where nobody is told so. */
const methodsKnown = ({ customs }: Vocabulary, other: CanisterId): readonly Method[] =>
  smugglingMethods(other).filter(({ name }) => customs.has("strays") || (name !== "wrong" && name !== "elsewhere"));

const taskOf = (dice: Dice): Script =>
  dice.pick<Script>([
    [ask([keep(0)])],
    [ask([{ op: "when-odd", value: message, then: [{ op: "set-timer", after: nanoseconds(0n) }], otherwise: [keep(1)] }])],
    [ask([]), ask([keep(1)])],
  ]);

/** A world of one to three smugglers in a network without prices, where a page holds an answer. */
export const smugglersGenesis = (dice: Dice, vocabulary: Vocabulary): Genesis => {
  const words = wordsForAskers(vocabulary);
  const ids = names.slice(
    0,
    dice.weigh([
      [2, 1],
      [3, 2],
      [2, 3],
    ]),
  );
  return {
    parameters: smugglersNetwork(dice, vocabulary),
    time: nanoseconds(dice.big(0n, 10n ** 12n)),
    canisters: ids.map((id): CanisterGenesis => ({
      id,
      computeAllocation: percent(0),
      freezingThreshold: seconds(0),
      balance: cycles(dice.big(0n, 1_000n)),
      methods: methodsKnown(vocabulary, dice.pick(ids)).map(({ name, body }) => ({ name, body: within(words, body) })),
      onTimer: within(words, taskOf(dice)),
    })),
  };
};

const names = ["p", "q", "r"].map(canisterId);

const smugglersNetwork = (dice: Dice, vocabulary: Vocabulary): Parameters => {
  const network = networkOf(dice, freeOfCharge, among(vocabulary.limits, ["roundInstructionLimit"]));
  return { ...network, cores: dice.whole(1, 2), pageSize: network.maxPayload, maxPages: 2, queueCapacity: dice.whole(2, 6) };
};

/** A message to one of them. */
export const smugglersIngress = (dice: Dice, { canisters }: Genesis, number: number): Input => {
  const { id, methods } = dice.pick(canisters);
  return ingressTo(id, dice.pick(methods).name, number);
};

/** A message to one of them, who asks for randomness because of it. */
export const smugglersQuestion = (dice: Dice, { canisters }: Genesis, number: number): Input =>
  ingressTo(dice.pick(canisters).id, dice.pick(questions), number);

/** The methods that ask as soon as they run. */
const questions: readonly string[] = ["once", "twice", "again", "early", "many", "steer", "lose"];

/** Whether somebody asks because of this. */
export const isQuestion = (input: Input): boolean => input.kind === "ingress" && questions.includes(input.method);

const ingressTo = (canister: CanisterId, method: string, number: number): Input => ({
  kind: "ingress",
  id: ingressId(`i${number}`),
  canister,
  method,
  payload: hex(""),
});
