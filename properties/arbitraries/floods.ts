/**
 * Floods: somebody asks a canister what is dear to answer, until its budget for the window is used up, while honest users ask
 * it and others what is cheap; then time passes, into the next window or just not so far.
 * @source seed 003, queries; facts/messages.md MSG-6.4
 */
import type * as fc from "fast-check";
import { canisterId, instructions, nanoseconds, type CanisterId, type Move, type Parameters, type Scenario } from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { answer, callTo, openDiary, plainCanister } from "./plain.ts";

export const floodWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => floodWorld(dice, vocabulary), withFewerInputs);

const [target, bystander] = ["m", "z"].map(canisterId) as [CanisterId, CanisterId];

const floodWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const effort = dice.whole(5, 60);
  const budget = effort * dice.whole(1, 5) + dice.pick([-1, 0, 1]);
  const window = dice.big(2n, 4_000_000_000n);
  const parameters: Parameters = {
    ...networkOf(dice, freeOfCharge, among(vocabulary.limits, ["queryBudget"])),
    queryInstructionLimit: instructions(effort * 2 + 5),
    queryTreeInstructionLimit: instructions(effort * 4),
    queryCallOverhead: instructions(dice.whole(0, 5)),
    ...(vocabulary.limits.has("queryBudget") && { queryBudget: instructions(budget), queryWindow: nanoseconds(window) }),
  };
  const composite = vocabulary.customs.has("composite-queries");
  const through = [callTo(bystander, "dear", { onReply: [answer()], onReject: [answer()] })];
  const canisters = [target, bystander].map((id) => {
    const plain = plainCanister(vocabulary, id, [
      { name: "cheap", body: [answer()] },
      { name: "dear", body: [{ op: "consume", instructions: instructions(effort) }, answer()] },
      { name: "through", body: composite ? through : [answer()] },
    ]);
    const modes = { cheap: "query", dear: "query", through: composite ? "composite" : "query" } as const;
    return { ...plain, methods: plain.methods.map((method) => ({ ...method, mode: modes[method.name as keyof typeof modes] })) };
  });
  return {
    genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 12n)), canisters },
    inputs: movesOf(dice, vocabulary, composite, window),
  };
};

const movesOf = (dice: Dice, vocabulary: Vocabulary, composite: boolean, window: bigint): readonly Move[] => {
  const diary = openDiary(dice, vocabulary);
  const ask = (canister: CanisterId, method: string): void => {
    if (vocabulary.inputs.has("query")) diary.moves.push({ kind: "query", canister, method, payload: someBytes(dice, dice.whole(0, 2)) });
  };
  dice.times(3, 6, () => {
    dice.times(0, 3, () => ask(dice.pick([target, bystander]), "cheap"));
    dice.times(2, 8, () => ask(target, dice.chance(70) || !composite ? "dear" : "through"));
    dice.times(1, 4, () => ask(dice.chance(75) ? target : bystander, "cheap"));
    diary.restart(8);
    diary.round(
      dice.weigh([
        [4, window],
        [2, dice.big(0n, window)],
        [1, 0n],
      ]),
    );
    // The honest ask first in the next window, mostly.
    if (dice.chance(70)) ask(target, "cheap");
  });
  return diary.moves;
};
