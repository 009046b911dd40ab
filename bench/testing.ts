/** What the tests hold every part of a report to. */
import { expect } from "vitest";
import { benchReport, type BenchReport } from "./report.ts";
import { toMarkdown } from "./results.ts";

type Part = Omit<BenchReport, "report" | "version" | "node" | "cores" | "seed" | "repetitions">;

/** The text of a report of this part, which keeps the schema, and in which no number is missing. */
export const textOf = (part: Part, repetitions: number, command: string): string => {
  const report: BenchReport = { report: "canon-bench", version: 1, node: "20.19.0", cores: 2, seed: 1, repetitions, ...part };
  expect(benchReport.parse(report)).toEqual(report);
  const text = toMarkdown(report, command);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
  return text;
};
