/**
 * The prediction game: for every draw each adversary is told what may be known before it, and bets. Of a draw that
 * nobody can predict every bit is right with chance one half, whatever was known; so the number of right bits has a
 * binomial distribution exactly, and a hit of all 32 bytes never happens.
 */
import type { Trace } from "../../spec/index.ts";
import { binomialInterval, binomialTail } from "../statistics/special.ts";
import { adversaries as everybody, type Adversary } from "./adversaries.ts";
import { drawsOf } from "./knowledge.ts";

export interface Score {
  readonly adversary: string;
  /** Bits that were bet on. */
  readonly bets: number;
  readonly right: number;
  /** Draws of which all 32 bytes were known. */
  readonly hits: number;
  /** The share of right bits above one half. */
  readonly advantage: number;
  /** With the confidence of the report: the advantage lies between these. */
  readonly interval: readonly [low: number, high: number];
  /** How likely somebody who knows nothing is as far from one half as this. */
  readonly chance: number;
}

export interface GameReport {
  readonly draws: number;
  /** The chance of a false alarm, over all adversaries and both directions. */
  readonly falseAlarm: number;
  /** That every interval holds, each by itself. */
  readonly confidence: number;
  /** How likely an adversary with the advantage `effect` is found. */
  readonly power: number;
  readonly effect: number;
  readonly scores: readonly Score[];
  /** Who must have known something. */
  readonly winners: readonly Score[];
}

export interface GameOptions {
  readonly falseAlarm: number;
  readonly effect: number;
  readonly adversaries?: readonly Adversary[];
}

/** A game that goes on from trace to trace; nothing of a trace is kept but what was won. */
export interface Game {
  /** Lets every adversary bet on the draws of a trace. */
  bet(trace: Trace): void;
  /** What was won so far. What it computes with must be `ready`. */
  report(): GameReport;
}

/** Plays the game on one trace. What it computes with must be `ready`. */
export const play = (trace: Trace, options: GameOptions): GameReport => {
  const game = newGame(options);
  game.bet(trace);
  return game.report();
};

/** A game on which nobody has bet yet. */
export const newGame = ({ falseAlarm, effect, adversaries = everybody }: GameOptions): Game => {
  const tallies = adversaries.map(() => ({ right: 0, hits: 0 }));
  let draws = 0;
  const bet = (trace: Trace): void => {
    // What is known grows from draw to draw, so each bet is made before the next draw is looked at.
    for (const [knowledge, draw] of drawsOf(trace)) {
      draws++;
      adversaries.forEach((adversary, at) => {
        const { bytes, among } = adversary.guess(knowledge);
        const tally = tallies[at]!;
        tally.right += agreeing(bytes, draw.bytes);
        if (bytes === draw.bytes || among?.has(draw.bytes) === true) tally.hits++;
      });
    }
  };
  const report = (): GameReport => {
    const bets = draws * 256;
    // Shared out over the adversaries, and over guessing right and guessing wrong.
    const level = falseAlarm / (2 * Math.max(1, adversaries.length));
    const confidence = 1 - 2 * level;
    const scores = adversaries.map(({ id }, at): Score => {
      const { right, hits } = tallies[at]!;
      const [low, high] = bets === 0 ? [0, 1] : binomialInterval(right, bets, confidence);
      const chance = Math.min(1, 2 * Math.min(binomialTail(right, bets, 0.5), binomialTail(bets - right, bets, 0.5)));
      return {
        adversary: id,
        bets,
        right,
        hits,
        advantage: bets === 0 ? 0 : right / bets - 0.5,
        interval: [low - 0.5, high - 0.5],
        chance,
      };
    });
    const winners = scores.filter(({ hits, chance }) => hits > 0 || chance <= 2 * level);
    return { draws, falseAlarm, confidence, power: powerOf(bets, level, effect), effect, scores, winners };
  };
  return { bet, report };
};

/** How likely so many bets show an advantage, at this level of one side. */
export const powerOf = (bets: number, level: number, effect: number): number => {
  let [low, high] = [0, bets + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (binomialTail(middle, bets, 0.5) <= level) high = middle;
    else low = middle;
  }
  return high > bets ? 0 : binomialTail(high, bets, 0.5 + effect);
};

/** How many bits of two texts of 32 bytes are the same. */
const agreeing = (one: string, other: string): number => {
  let different = 0;
  for (let at = 0; at < 64; at += 8) {
    let bits = Number.parseInt(one.slice(at, at + 8), 16) ^ Number.parseInt(other.slice(at, at + 8), 16);
    for (; bits !== 0; bits &= bits - 1) different++;
  }
  return 256 - different;
};
