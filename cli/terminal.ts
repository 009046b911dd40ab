/** What the terminal is told: results on standard output, everything else on standard error, colours where they are seen. */
import { styleText } from "node:util";

/** Thrown where what the user asked for cannot be done: one clear line, exit code 2. */
export class Refusal extends Error {}

/** Prints lines of a result. */
export const print = (...lines: readonly string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n`);
};

/** Tells something beside the result. */
export const inform = (...lines: readonly string[]): void => {
  process.stderr.write(`${lines.join("\n")}\n`);
};

export type Style = (text: string) => string;

export interface Styles {
  readonly good: Style;
  readonly bad: Style;
  readonly warn: Style;
  readonly dim: Style;
  readonly bold: Style;
}

const plain: Style = (text) => text;

/** Colours for a stream: none when it is not a terminal, when NO_COLOR is set or when the user wants none. */
export const stylesFor = (stream: { readonly isTTY?: boolean }, wanted = true): Styles => {
  if (!wanted || !stream.isTTY || process.env["NO_COLOR"]) return { good: plain, bad: plain, warn: plain, dim: plain, bold: plain };
  const style =
    (format: Parameters<typeof styleText>[0]): Style =>
    (text) =>
      styleText(format, text, { validateStream: false });
  return { good: style("green"), bad: style("red"), warn: style("yellow"), dim: style("dim"), bold: style("bold") };
};
