/**
 * Worlds of a slow consumer: producers on one subnet, and a consumer on another that works off less than they send, over
 * streams that hold few messages. The streams fill, then the queues, then the producers learn it at the call; a third
 * subnet that is not slow has its messages all the same. When production stops, all that was sent is worked off.
 * @source facts/messages.md MSG-P19, MSG-3.6
 */
import type * as fc from "fast-check";
import {
  canisterId,
  instructions,
  nanoseconds,
  subnetId,
  type CanisterId,
  type Delivery,
  type Genesis,
  type Instruction,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, homeward, isScarce, networkOf } from "./networks.ts";
import { answer, callTo, message, openDiary, plainCanister, repeated } from "./plain.ts";

export const slowConsumerWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => slowConsumerWorld(dice, vocabulary), withFewerInputs);

const slowConsumerWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const parameters = parametersOf(dice, vocabulary);
  const producers = dice.shuffle(["a", "k", "z"].map(canisterId)).slice(0, dice.whole(1, 3));
  const count = !vocabulary.customs.has("networks") ? 1 : dice.chance(60) ? 2 : 3;
  const rate = dice.whole(1, 3);
  const timeout = vocabulary.customs.has("best-effort") && dice.chance(25) ? { timeout: nanoseconds(10n ** 12n) } : {};
  const marked: Instruction = { op: "write", page: 0, value: { kind: "time" } };
  const send = (to: CanisterId): readonly Instruction[] =>
    repeated(rate, [callTo(to, "take", { ...timeout, payload: message, onRefused: [marked] })]);
  const produce = [...send(consumer), ...(count === 3 ? send(bystander) : []), answer()];
  const take = (effort: number): readonly Instruction[] => [{ op: "consume", instructions: instructions(effort) }, answer(message)];
  const slow = plainCanister(vocabulary, consumer, [{ name: "take", body: take(parameters.messageInstructionLimit - 1) }]);
  const quick = plainCanister(vocabulary, bystander, [{ name: "take", body: take(0) }]);
  const sending = producers.map((id) => plainCanister(vocabulary, id, [{ name: "produce", body: produce }]));
  const hosted = [[...sending, ...(count === 1 ? [slow] : [])], [slow], [quick]].slice(0, count);
  const time = nanoseconds(dice.big(0n, 10n ** 12n));
  const subnets = hosted.map((canisters, own): Genesis => ({
    parameters: own === 1 ? consuming(parameters) : parameters,
    time,
    ...(count > 1 && {
      network: {
        own: names[own]!,
        routes: hosted.flatMap((others, at) => (at === own ? [] : others.map(({ id }) => ({ canister: id, subnet: names[at]! })))),
      },
    }),
    canisters,
  }));
  const diary = openDiary(dice, vocabulary);
  const round = (subnet: number, deliver: () => number): void => {
    const deliveries = hosted.flatMap((_, from): readonly Delivery[] => (from === subnet ? [] : [{ from, count: deliver() }]));
    diary.round(dice.big(0n, 10n ** 9n), { ...(subnet > 0 && { subnet }), ...(deliveries.length > 0 && { deliveries }) });
  };
  for (let rounds = dice.whole(5, 9); rounds > 0; rounds--) {
    for (const id of producers) if (dice.chance(85)) dice.times(1, 2, () => diary.ingress(id, "produce"));
    diary.restart(5, dice.whole(0, count - 1));
    for (let subnet = 0; subnet < count; subnet++) round(subnet, () => (subnet === 2 ? 20 : dice.pick([0, 1, parameters.streamCapacity])));
  }
  // Production has stopped. A producer has at most as many calls open as a queue has slots.
  const backlog = producers.length * parameters.queueCapacity;
  for (let rounds = backlog + 4; rounds > 0; rounds--) for (let subnet = 0; subnet < count; subnet++) round(subnet, () => 100);
  return { genesis: subnets[0]!, ...(count > 1 && { others: subnets.slice(1) }), inputs: diary.moves };
};

const consumer = canisterId("m-consumer");
const bystander = canisterId("q-bystander");
const names = ["east", "west", "south"].map(subnetId);

const parametersOf = (dice: Dice, vocabulary: Vocabulary): Parameters => ({
  ...networkOf(dice, freeOfCharge, among(vocabulary.limits, ["streamCapacity", "roundInstructionLimit"])),
  ...homeward(vocabulary),
  queueCapacity: dice.whole(1, 3),
  cleanupReserve: 5,
  cores: dice.whole(1, 2),
  tapeLag: 1,
});

/** One message is all that a round of the consumer has time for. */
const consuming = (parameters: Parameters): Parameters => ({
  ...parameters,
  ...(isScarce(parameters, "roundInstructionLimit") && {
    roundInstructionLimit: instructions(parameters.messageInstructionLimit + parameters.messageOverhead),
  }),
});
