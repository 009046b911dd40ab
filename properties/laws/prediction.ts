/** Nobody predicts a draw: the prediction game, as a law. */
import * as fc from "fast-check";
import type { Trace } from "../../spec/index.ts";
import { committeeWorlds, fourNodes } from "../arbitraries/committees.ts";
import { dicedWorlds } from "../arbitraries/diced.ts";
import { alone } from "../case.ts";
import { play } from "../game/play.ts";
import { fails, holds, readable, vacuous, type Property, type Verdict } from "../property.ts";
import { ready } from "../statistics/special.ts";

/** For one case: a thousand of them raise a false alarm with a chance of at most one in a million. */
export const falseAlarmOfGame = 1e-9;
/** An adversary is looked for who is right in three of four bits. */
export const effectOfGame = 0.25;
const leastPower = 0.99;

export const nobodyPredicts: Property = {
  id: "nobody-predicts",
  statement:
    "No adversary who knows everything that may be known before a draw, earlier tapes and draws, the block, the state and all but one of the shares that are needed, guesses its bits better than a coin (false alarm at most 1e-9 a case over all adversaries; power at least 0.99 against an advantage of 0.25).",
  source: "facts/messages.md MSG-P6, MSG-P22, MSG-P23; seed 003, random tape",
  cites: ["randomness-ask", "randomness-answer", "round-begin", "tape-make", "tape-deliver"],
  kind: "law",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: dicedWorlds(vocabulary), weight: 4 },
        { arbitrary: committeeWorlds(vocabulary, fourNodes), weight: vocabulary.committee ? 1 : 0 },
      )
      .map(alone),
  check: async ({ case: { scenario }, drive }) => {
    await ready();
    const trace = await drive(scenario);
    return readable(() => predicted(trace));
  },
};

const predicted = (trace: Trace): Verdict => {
  const { draws, power, winners } = play(trace, { falseAlarm: falseAlarmOfGame, effect: effectOfGame });
  const [winner] = [...winners].sort((left, right) => right.hits - left.hits || left.chance - right.chance);
  if (winner !== undefined) {
    const { adversary, hits, right, bets, chance } = winner;
    return fails(
      null,
      hits > 0
        ? `${adversary} knew ${hits} of ${draws} draws before they were made`
        : `${adversary} guessed ${right} of ${bets} bits, as far from one half as chance is once in ${(1 / chance).toExponential(1)} times`,
    );
  }
  return power >= leastPower
    ? holds
    : vacuous(`with ${draws} draws, an adversary would be found with a chance of ${power.toFixed(2)} only`);
};
