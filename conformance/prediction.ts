/**
 * The prediction game on a machine: the worlds of the property `nobody-predicts`, all bets added up, and for each
 * adversary what was won, with its interval.
 */
import * as fc from "fast-check";
import { drive, type Machine } from "../spec/index.ts";
import { newGame, properties, ready, type GameReport, type Vocabulary } from "../properties/index.ts";

/** The chance that the whole game raises a false alarm, over all adversaries. */
export const falseAlarmOfPrediction = 1e-6;
/** An adversary is looked for who is right in so much more than half of the bits. */
export const effectOfPrediction = 0.01;

export interface PredictionOptions {
  readonly machine: Machine;
  readonly seed: number;
  /** Worlds that are drawn. */
  readonly runs: number;
  readonly vocabulary: Vocabulary;
}

/** Plays the game. */
export const predict = async ({ machine, seed, runs, vocabulary }: PredictionOptions): Promise<GameReport> => {
  await ready();
  const property = properties.find(({ id }) => id === "nobody-predicts");
  if (property === undefined) throw new Error("the suite has no property nobody-predicts");
  const game = newGame({ falseAlarm: falseAlarmOfPrediction, effect: effectOfPrediction });
  for (const { scenario } of fc.sample(property.cases(vocabulary), { numRuns: runs, seed })) game.bet(await drive(machine, scenario));
  return game.report();
};
