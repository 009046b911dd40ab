/** Worlds of smugglers without a committee, in which the tape of one round is another one. */
import type * as fc from "fast-check";
import { hex, nanoseconds, type Input, type Scenario } from "../../spec/index.ts";
import type { Case } from "../case.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { isQuestion, smugglersGenesis, smugglersIngress, smugglersQuestion } from "./smugglers.ts";

export const smugglersWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Case> =>
  drawn(
    (dice) => smugglersCase(dice, vocabulary),
    function* ({ scenario, relation }) {
      for (const smaller of withFewerInputs(scenario)) yield { scenario: smaller, relation };
    },
  );

const smugglersCase = (dice: Dice, vocabulary: Vocabulary): Case => {
  const genesis = smugglersGenesis(dice, vocabulary);
  const inputs: Input[] = [];
  for (let left = dice.whole(4, 20); left > 0; left--) {
    const kind = dice.weigh<Input["kind"]>([
      [12, "ingress"],
      [9, "round"],
      [2, "restart"],
    ]);
    if (kind !== "restart" && vocabulary.inputs.has("ingress") && dice.chance(60))
      inputs.push(smugglersIngress(dice, genesis, inputs.length));
    if (kind === "round") inputs.push(roundOf(dice));
    else if (kind === "restart" && vocabulary.inputs.has(kind)) inputs.push({ kind });
    else if (vocabulary.inputs.has("ingress")) inputs.push(smugglersIngress(dice, genesis, inputs.length));
  }
  if (vocabulary.inputs.has("ingress")) inputs.push(smugglersQuestion(dice, genesis, inputs.length));
  inputs.push(...dice.times(3, 5, () => roundOf(dice)));
  const scenario = { genesis, inputs };
  // The first byte of a drawn tape is 0, so this one is another.
  return { scenario, relation: { kind: "tape-replaced", round: replaced(dice, scenario), tape: hex(`ff${someBytes(dice, 31)}`) } };
};

/** Mostly a round from whose tape somebody is answered who asks at once. */
const replaced = (dice: Dice, { genesis, inputs }: Scenario): number => {
  const answering: number[] = [];
  let rounds = 0;
  for (const input of inputs) {
    if (input.kind === "round") rounds++;
    else if (isQuestion(input)) answering.push(rounds + 1 + genesis.parameters.tapeLag);
  }
  const there = answering.filter((round) => round <= rounds);
  return there.length > 0 && dice.chance(85) ? dice.pick(there) : dice.whole(2, Math.max(2, rounds - 1));
};

const roundOf = (dice: Dice): Input => ({
  kind: "round",
  elapsed: nanoseconds(dice.pick([0n, 1n, 1_000_000_000n])),
  tape: hex(`00${someBytes(dice, 31)}`),
});
