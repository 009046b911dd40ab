/** `canon predict`: the prediction game, adversary by adversary. */
import { predict } from "../conformance/index.ts";
import { openSubject } from "./subjects.ts";
import { table } from "./tables.ts";
import { print, stylesFor } from "./terminal.ts";

export interface PredictOptions {
  readonly seed?: number;
  readonly runs?: number;
  readonly color?: boolean;
}

const defaultRuns = 100;

/** The exit code: 1 when somebody knew something, 3 when there were too few bets to tell. */
export const predictions = async (options: PredictOptions, command: readonly string[]): Promise<number> => {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const styles = stylesFor(process.stdout, options.color);
  const subject = await openSubject(command);
  try {
    const game = await predict({ machine: subject.machine, seed, runs: options.runs ?? defaultRuns, vocabulary: subject.vocabulary });
    const rows = game.scores.map(({ adversary, bets, right, hits, advantage, interval: [low, high] }) => {
      const won = game.winners.some((winner) => winner.adversary === adversary);
      return [
        adversary,
        String(bets),
        String(right),
        String(hits),
        percent(advantage),
        `${percent(low)} to ${percent(high)}`,
        won ? styles.bad("KNEW") : "chance",
      ];
    });
    print(
      table(["adversary", "bits bet on", "right", "draws known", "advantage", "interval", "verdict"], rows, styles, [1, 2, 3, 4, 5]),
      "",
      `${subject.machine.name}: ${game.draws} draws, ${game.scores.length} adversaries, seed ${seed}`,
      `false alarm at most ${game.falseAlarm} over all adversaries; an advantage of ${percent(game.effect)} is found with power ${game.power.toFixed(4)}`,
    );
    if (game.winners.length > 0) return 1;
    return game.power >= 0.99 ? 0 : 3;
  } finally {
    await subject.end();
  }
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
