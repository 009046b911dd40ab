/**
 * Backlogged worlds, for the fairness of inputs: one canister that users, canisters of its own subnet and canisters of
 * another one write to faster than it can work, so that for a while all sources have something for it, and several senders
 * of each kind.
 * @source facts/messages.md MSG-P25, MSG-3.5
 */
import type * as fc from "fast-check";
import {
  canisterId,
  cycles,
  instructions,
  nanoseconds,
  subnetId,
  type CanisterId,
  type Parameters,
  type Scenario,
  type Slice,
  type StreamMessage,
} from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { freeOfCharge, isScarce, networkOf } from "./networks.ts";
import { answer, callTo, message, openDiary, plainCanister, repeated } from "./plain.ts";

export const backloggedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => backloggedWorld(dice, vocabulary), withFewerInputs);

const backloggedWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const parameters = parametersOf(dice, vocabulary);
  const senders = dice.shuffle(locals).slice(0, dice.whole(1, 4));
  const abroad = vocabulary.customs.has("networks") ? dice.shuffle(strangers).slice(0, dice.whole(1, 4)) : [];
  const work = Math.floor(parameters.messageInstructionLimit / dice.whole(2, 4));
  const flood = repeated(parameters.queueCapacity, [callTo(sink, "work", { payload: message })]);
  const canisters = [
    plainCanister(vocabulary, sink, [{ name: "work", body: [{ op: "consume", instructions: instructions(work) }, answer(message)] }]),
    ...senders.map((id) => plainCanister(vocabulary, id, [{ name: "flood", body: [...flood, answer()] }])),
  ];
  const diary = openDiary(dice, vocabulary);
  const stream: StreamMessage[] = [];
  const arrive = (): { slices?: readonly Slice[] } => {
    for (const caller of abroad) dice.times(0, parameters.queueCapacity, () => stream.push(requestOf(dice, caller, stream.length)));
    return stream.length === 0 ? {} : { slices: [{ from: other, begin: 0, messages: [...stream], signals: 0 }] };
  };
  const wave = (): void => {
    for (const id of dice.shuffle([...senders, ...dice.times(4, 10, () => sink)])) diary.ingress(id, id === sink ? "work" : "flood");
    diary.round(dice.big(0n, 1_000_000_000n), arrive());
  };
  for (let waves = dice.whole(1, 2); waves > 0; waves--) {
    wave();
    for (let rounds = dice.whole(4, 8); rounds > 0; rounds--) {
      diary.restart(10);
      if (dice.chance(30)) diary.ingress(sink, "work");
      diary.round(dice.big(0n, 1_000_000_000n), dice.chance(40) ? arrive() : {});
    }
  }
  const network = abroad.length > 0 ? { own: subnetId("mid"), routes: abroad.map((canister) => ({ canister, subnet: other })) } : null;
  const genesis = { parameters, time: nanoseconds(dice.big(0n, 10n ** 12n)), ...(network && { network }), canisters };
  return { genesis, inputs: diary.moves };
};

const sink = canisterId("m-sink");
const other = subnetId("abroad");
const locals = ["a-local", "l-local", "n-local", "z-local"].map(canisterId);
const strangers = ["b-far", "c-far", "x-far", "y-far"].map(canisterId);

/** Long queues, and rounds for a few messages. */
const parametersOf = (dice: Dice, { limits }: Vocabulary): Parameters => {
  const drawn = networkOf(dice, freeOfCharge, among(limits, ["roundInstructionLimit"]));
  const { messageInstructionLimit, messageOverhead } = drawn;
  return {
    ...drawn,
    cores: dice.chance(75) ? 2 : 1,
    queueCapacity: dice.whole(3, 6),
    ...(isScarce(drawn, "roundInstructionLimit") && {
      roundInstructionLimit: instructions((messageInstructionLimit + messageOverhead) * dice.whole(2, 3)),
    }),
  };
};

const requestOf = (dice: Dice, caller: CanisterId, callback: number): StreamMessage => ({
  kind: "request",
  caller,
  callback,
  callee: sink,
  method: "work",
  payload: someBytes(dice, dice.whole(0, 3)),
  attached: cycles(0n),
  deadline: null,
});
