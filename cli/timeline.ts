/** `canon timeline SCENARIO`: draws the rounds of a scenario, on the terminal or as a page. */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { encode, guarded, MachineFault, messageOf, openStore, openTimelines } from "../conformance/index.ts";
import { createModel } from "../model/index.ts";
import { openSubject } from "./subjects.ts";
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
  const { clipped, mostRounds, pageOf, record, roundsIn, scenarioFrom, textOf, timelineOf } = await openTimelines();
  const { from = 1, rounds, html, json = false } = options;
  if (html !== undefined && json) throw new Refusal("--html and --json: choose one of them");
  if (html !== undefined && (rounds ?? 1) > mostRounds)
    throw new Refusal(`--rounds: expected at most ${mostRounds} with --html, got ${rounds}`);
  const scenario = scenarioFrom((await openStore()).readWhole(file), file);
  const subject = command.length === 0 ? null : await openSubject(command);
  try {
    const whole = timelineOf(await record(guarded(subject?.machine ?? createModel()), scenario));
    const room = html !== undefined ? mostRounds : json ? whole.rounds.length : roundsIn(process.stdout.columns ?? usualWidth);
    const shown = clipped(whole, from, rounds ?? room);
    if (html !== undefined) {
      write(html, pageOf(shown, basename(file)));
      print(`${file}: ${spanOf(shown.rounds)} of ${whole.total}, drawn in ${html}`);
    } else if (json) print(encode(shown));
    else
      print(
        ...textOf(shown, stylesFor(process.stdout, options.color)),
        `${spanOf(shown.rounds)} of ${whole.total} (--from and --rounds choose others, --html draws more)`,
      );
    return 0;
  } catch (reason) {
    if (reason instanceof MachineFault) throw new Refusal(`${file}: CANNOT DRAW, ${reason.fault}: ${messageOf(reason)}`);
    throw reason;
  } finally {
    await subject?.end();
  }
};

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (reason) {
    throw new Refusal(`${file}: cannot be written, ${messageOf(reason)}`);
  }
};

const spanOf = (rounds: readonly { readonly height: number }[]): string =>
  rounds.length === 0 ? "no round" : `rounds ${rounds[0]!.height} to ${rounds.at(-1)!.height}`;
