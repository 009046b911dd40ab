/**
 * Impatient worlds: callers whose timeouts end while their callee still waits for randomness. A call that was given up
 * holds its slot at the callee until that has answered, so the next request of its caller finds none: it stays where it is,
 * and what comes through a stream is rejected.
 * @source facts/messages.md MSG-CAP03, B9, E10, E12
 */
import type * as fc from "fast-check";
import { canisterId, cycles, managementCanister, nanoseconds, type Instruction, type Scenario } from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, homeward, networkOf } from "./networks.ts";
import { answer, callTo, message, openDiary, plainCanister, repeated } from "./plain.ts";

export const impatientWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => impatientWorld(dice, vocabulary), withFewerInputs);

const impatientWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const slots = dice.whole(1, 3);
  const callers = dice.shuffle(["a", "k", "z"].map(canisterId)).slice(0, dice.chance(70) ? 1 : 2);
  const linger: readonly Instruction[] = vocabulary.randomness
    ? [callTo(managementCanister, "raw_rand", { onReply: [answer(message)], onRefused: [answer()] })]
    : [answer()];
  const canisters = [
    plainCanister(vocabulary, server, [{ name: "linger", body: [{ op: "accept", cycles: cycles(2n) }, ...linger] }]),
    ...callers.map((id) => {
      const timeout = vocabulary.customs.has("best-effort")
        ? { timeout: nanoseconds(dice.pick([0n, 1n, dice.big(0n, 900_000_000n)])) }
        : {};
      const call = callTo(server, "linger", {
        ...timeout,
        payload: message,
        attached: cycles(dice.pick([0n, 5n])),
        onReply: [{ op: "write", page: 0, value: message }],
        onReject: [{ op: "write", page: 1, value: { kind: "time" } }],
      });
      return plainCanister(vocabulary, id, [{ name: "ask", body: [...repeated(dice.whole(1, slots), [call]), answer()] }]);
    }),
  ];
  const diary = openDiary(dice, vocabulary);
  const elapsed = (): bigint => (dice.chance(85) ? 1_000_000_000n : dice.pick([0n, 1n]));
  for (let rounds = dice.whole(5, 10); rounds > 0; rounds--) {
    for (const id of callers) if (dice.chance(75)) dice.times(1, slots, () => diary.ingress(id, "ask"));
    diary.restart(6);
    diary.round(elapsed());
  }
  dice.times(4, 6, () => diary.round(elapsed()));
  const network = networkOf(dice, freeOfCharge, among(vocabulary.limits, dice.chance(50) ? ["roundInstructionLimit"] : []));
  // Where no message may be left over at the end of a round, there are slots for all, given up or not.
  const queueCapacity = vocabulary.limits.has("roundInstructionLimit") ? slots : 200;
  const cleanupReserve = Math.min(50, network.cleanupReserve);
  const parameters = { ...network, ...homeward(vocabulary), queueCapacity, cleanupReserve, tapeLag: dice.whole(1, 4) };
  return { genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 12n)), canisters }, inputs: diary.moves };
};

const server = canisterId("m-server");
