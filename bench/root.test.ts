/** The benchmark of the state root: what is kept and what is made from scratch are the same, and the table says all of it. */
import { expect, test } from "vitest";
import { benchReport, type BenchReport } from "./report.ts";
import { toMarkdown } from "./results.ts";
import { root } from "./root.ts";

test("the state root is the same kept and from scratch, keeps the schema of the report, and its table names every number", () => {
  const report: BenchReport = {
    report: "canon-bench",
    version: 1,
    node: "20.19.0",
    cores: 2,
    seed: 1,
    repetitions: 2,
    root: [...root(2, [100, 250])],
  };
  expect(benchReport.parse(report)).toEqual(report);
  expect(report.root!.map(({ canisters, touched }) => [canisters, touched])).toEqual([
    [100, 1],
    [250, 3],
  ]);
  const text = toMarkdown(report, "npm run bench -- root");
  expect(text).toContain("| 250 | 3 |");
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});
