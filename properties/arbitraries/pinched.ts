/**
 * Pinched worlds: memory for one or two guaranteed responses a core, or as few callbacks, and long executions that begin and
 * end among short ones that call somebody. What a core can give when a long one ends is not what it could give when it
 * began, and a short one beside it gets what is left now.
 * @source facts/messages.md MSG-CAP07, MSG-CAP14
 */
import type * as fc from "fast-check";
import { bytes, canisterId, instructions, nanoseconds, type Instruction, type Parameters, type Scenario } from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, plenty } from "./networks.ts";
import { answer, callTo, openDiary, plainCanister } from "./plain.ts";

export const pinchedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => pinchedWorld(dice, vocabulary), withFewerInputs);

const pinchedWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const parameters = parametersOf(dice, vocabulary);
  const slice = parameters.sliceInstructionLimit;
  const ids = ["a", "b", "c", "d"].map(canisterId).slice(0, dice.whole(2, 4));
  const long: Instruction = { op: "consume", instructions: instructions(slice + dice.whole(1, slice - 2)) };
  const canisters = ids.map((id) => {
    const call = callTo(dice.pick(ids), "quick", { onReply: [answer()], onReject: [answer()] });
    const calls = dice.chance(15) ? [call, call] : [call];
    return plainCanister(vocabulary, id, [
      { name: "slow", body: [long, ...(dice.chance(50) ? calls : []), answer()] },
      { name: "swift", body: calls },
      { name: "quick", body: [answer()] },
    ]);
  });
  const diary = openDiary(dice, vocabulary);
  for (let bursts = dice.whole(2, 5); bursts > 0; bursts--) {
    const slow = dice.pick(ids);
    // It begins beside others, and ends beside others, and there may be more or less for them than when it began.
    for (const id of ids) if (id === slow || dice.chance(60)) diary.ingress(id, id === slow ? "slow" : "swift");
    diary.round(1n);
    for (const id of ids) if (id !== slow && dice.chance(60)) diary.ingress(id, "swift");
    diary.restart(6);
    for (let rounds = dice.whole(1, 3); rounds > 0; rounds--) diary.round(dice.big(0n, 1_000_000_000n));
  }
  return { genesis: { parameters, time: nanoseconds(0n), canisters }, inputs: diary.moves };
};

const parametersOf = (dice: Dice, { customs, limits }: Vocabulary): Parameters => {
  const scheduler = customs.has("current-scheduler") && dice.chance(20) ? "current" : "published";
  const cores = scheduler === "current" ? 2 : dice.chance(75) ? 1 : 2;
  const slice = dice.whole(8, 20);
  const message = customs.has("slices") ? slice * 3 : slice;
  const few = dice.chance(35) ? "memory" : "callbacks";
  return {
    ...plenty,
    scheduler,
    cores,
    messageInstructionLimit: instructions(message),
    sliceInstructionLimit: instructions(slice),
    messageOverhead: instructions(1),
    roundInstructionLimit: instructions(slice + 1 + dice.whole(Math.floor(slice / 2), slice)),
    queueCapacity: 4,
    maxPayload: bytes(32),
    maxPages: 4,
    pageSize: bytes(8),
    ...(few === "memory" && limits.has("guaranteedResponseMemory") && { guaranteedResponseMemory: bytes(32 * cores * dice.whole(1, 2)) }),
    ...(few === "callbacks" && limits.has("callbackLimit") && { callbackLimit: dice.whole(1, 2), callbackQuota: 0 }),
    fees: freeOfCharge,
  };
};
