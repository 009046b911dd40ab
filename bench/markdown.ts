/** Numbers and tables as Markdown. */
import type { Spread } from "./measure.ts";

/** Every column but the first is one of numbers. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** Three significant digits, thousands apart. */
export const rounded = (value: number): string => {
  if (Number.isInteger(value) || value >= 100)
    return Math.round(value >= 1_000 ? Number(value.toPrecision(3)) : value).toLocaleString("en-US");
  return value.toPrecision(3);
};

export const ranged = ({ median, lower, upper }: Spread): string => `${rounded(median)} (${rounded(lower)}–${rounded(upper)})`;

export const bold = ({ median, lower, upper }: Spread): string => `**${rounded(median)}** (${rounded(lower)}–${rounded(upper)})`;
