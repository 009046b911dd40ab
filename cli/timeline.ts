/** `canon timeline SCENARIO`: draws the rounds of a scenario, on the terminal or as a page. */
import { basename } from "node:path";
import { encode, openTimelines } from "../conformance/index.ts";
import { showScenario, writeDrawing } from "./scenarios.ts";
import { print, Refusal, stylesFor } from "./terminal.ts";

export interface TimelineCommand {
  readonly html?: string;
  readonly from?: number;
  readonly rounds?: number;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Where the output is no terminal. */
const usualWidth = 118;

/** Drawn from the reference, or from the machine that COMMAND starts. 0 when it is drawn. */
export const timeline = async (file: string, options: TimelineCommand, command: readonly string[]): Promise<number> => {
  const { clipped, mostRounds, pageOf, record, roundsIn, textOf, timelineOf } = await openTimelines();
  const { from = 1, rounds, html, json = false } = options;
  if (html !== undefined && json) throw new Refusal("--html and --json: choose one of them");
  if (html !== undefined && (rounds ?? 1) > mostRounds)
    throw new Refusal(`--rounds: expected at most ${mostRounds} with --html, got ${rounds}`);
  return showScenario(file, command, "CANNOT DRAW", async (scenario, machine) => {
    const whole = timelineOf(await record(machine, scenario));
    const room = html !== undefined ? mostRounds : json ? whole.rounds.length : roundsIn(process.stdout.columns ?? usualWidth);
    const shown = clipped(whole, from, rounds ?? room);
    if (html !== undefined) {
      writeDrawing(html, pageOf(shown, basename(file)));
      print(`${file}: ${spanOf(shown.rounds)} of ${whole.total}, drawn in ${html}`);
    } else if (json) print(encode(shown));
    else
      print(
        ...textOf(shown, stylesFor(process.stdout, options.color)),
        `${spanOf(shown.rounds)} of ${whole.total} (--from and --rounds choose others, --html draws more)`,
      );
    return 0;
  });
};

const spanOf = (rounds: readonly { readonly height: number }[]): string =>
  rounds.length === 0 ? "no round" : `rounds ${rounds[0]!.height} to ${rounds.at(-1)!.height}`;
