/**
 * Worlds of a jam: best-effort calls with cycles on them, more than their callee can work off before they are late, or
 * than there is memory for; on the subnet of the callers or on another one. So messages are dropped on every part of
 * their way, with cycles that belong to somebody.
 * @source facts/messages.md E5, E8, E11, MSG-P20
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  instructions,
  nanoseconds,
  subnetId,
  type Delivery,
  type Genesis,
  type Instruction,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { withFewerInputs } from "../arbitraries/busy.ts";
import { drawn, type Dice } from "../arbitraries/dice.ts";
import { someBytes } from "../arbitraries/grammar.ts";
import { freeOfCharge, isScarce, networkOf } from "../arbitraries/networks.ts";
import { answer, callTo, message, openDiary, plainCanister } from "../arbitraries/plain.ts";
import { among, type Limit, type Vocabulary } from "../vocabulary.ts";

export const jammedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => jammedWorld(dice, vocabulary, dice.chance(40)), withFewerInputs);

/** The same with the callee on another subnet, always. */
export const farJammedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => jammedWorld(dice, vocabulary, true), withFewerInputs);

const jammedWorld = (dice: Dice, vocabulary: Vocabulary, far: boolean): Scenario => {
  const parameters = parametersOf(dice, vocabulary);
  const callers = dice.shuffle(["a", "k", "z"].map(canisterId)).slice(0, dice.whole(1, 2));
  const joined = far && vocabulary.customs.has("networks");
  const effort = { op: "consume", instructions: instructions(Math.max(0, parameters.messageInstructionLimit - 9)) } as const;
  const work = [{ op: "accept", cycles: cycles(2n) }, ...(dice.chance(50) ? [effort] : []), answer(message)] as const;
  const busy = plainCanister(vocabulary, server, [{ name: "work", body: work }]);
  const calling = callers.map((id) => plainCanister(vocabulary, id, [{ name: "ask", body: [...asking(dice, vocabulary), answer()] }]));
  const hosted = joined ? [calling, [busy]] : [[...calling, busy]];
  const [time, later] = [dice.big(0n, 10n ** 12n), dice.big(0n, 2_000_000_000n)];
  const subnets = hosted.map((canisters, own): Genesis => ({
    parameters,
    // Where the callee is, it may be later than where its callers are.
    time: nanoseconds(time + BigInt(own) * later),
    ...(joined && { network: { own: names[own]!, routes: hosted[1 - own]!.map(({ id }) => ({ canister: id, subnet: names[1 - own]! })) } }),
    canisters,
  }));
  const diary = openDiary(dice, vocabulary);
  const elapsed = (): bigint => dice.pick([0n, 1_000_000_000n, dice.big(0n, 3_000_000_000n), dice.big(0n, 3_000_000_000n)]);
  const round = (subnet: number, count: number): void => {
    const deliveries: readonly Delivery[] = joined ? [{ from: 1 - subnet, count }] : [];
    diary.round(elapsed(), { ...(subnet > 0 && { subnet }), ...(joined && { deliveries }) });
  };
  for (let rounds = dice.whole(6, 10); rounds > 0; rounds--) {
    for (const id of callers) if (dice.chance(75)) dice.times(1, 2, () => diary.ingress(id, "ask"));
    diary.restart(5);
    hosted.forEach((_, subnet) => round(subnet, dice.pick([0, 1, 20])));
  }
  dice.times(3, 5, () => hosted.forEach((_, subnet) => round(subnet, 20)));
  return { genesis: subnets[0]!, ...(joined && { others: subnets.slice(1) }), inputs: diary.moves };
};

const server = canisterId("m-server");
const names = ["east", "west"].map(subnetId);

/** Some calls, each with cycles and a payload of its own size. */
const asking = (dice: Dice, { customs }: Vocabulary): readonly Instruction[] =>
  dice.times(2, 5, () =>
    callTo(server, "work", {
      ...(customs.has("best-effort") && dice.chance(85) ? { timeout: nanoseconds(dice.big(0n, 2_500_000_000n)) } : {}),
      payload: { kind: "bytes", bytes: someBytes(dice, dice.whole(0, 12)) },
      attached: cycles(BigInt(dice.whole(1, 9))),
    }),
  );

/** Time for one message in a round, few places in a stream, and now and then little memory. */
const parametersOf = (dice: Dice, { limits, droppedCycles }: Vocabulary): Parameters => {
  const few: readonly Limit[] = [
    "roundInstructionLimit",
    ...(dice.chance(50) ? (["streamCapacity"] as const) : []),
    ...(dice.chance(60) ? (["bestEffortMemory"] as const) : []),
  ];
  const network = networkOf(dice, freeOfCharge, among(limits, few));
  const fates = [...droppedCycles];
  return {
    ...network,
    ...(fates.length > 0 && { droppedCycles: dice.pick(fates) }),
    cores: 1,
    cleanupReserve: 5,
    queueCapacity: limits.has("roundInstructionLimit") ? dice.whole(3, 6) : 200,
    ...(isScarce(network, "roundInstructionLimit") && {
      roundInstructionLimit: instructions(network.messageInstructionLimit + network.messageOverhead),
    }),
    ...(isScarce(network, "streamCapacity") && { streamCapacity: dice.whole(1, 2) }),
    ...(isScarce(network, "bestEffortMemory") && { bestEffortMemory: bytes(dice.whole(0, 20)) }),
  };
};
