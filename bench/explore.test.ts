/** The exploration benchmark compares like with like: whoever walks its world in full counts the same states. */
import { expect, test } from "vitest";
import { exploreBench, exploreReport, exploreText } from "./explore.ts";
import { benchReport, type BenchReport } from "./report.ts";
import { toMarkdown } from "./results.ts";

test("the compiled rules and, where it is installed, Spin find the same states of the same world", () => {
  const made = exploreReport.parse(exploreBench(1, ["canon, compiled", "Spin"]));
  const whole = made.rows.filter((row) => row.whole);
  expect(whole.map(({ states }) => states)).toEqual(whole.map(() => 461_485));
  expect(whole.length + made.skipped.length).toBe(2);
  expect(made.rows[0]).toMatchObject({ subject: "canon, compiled", transitions: 3_462_020 });
  const report: BenchReport = benchReport.parse({
    report: "canon-bench",
    version: 1,
    node: "0",
    cores: 1,
    seed: 0,
    repetitions: 1,
    explore: { ...made, skipped: ["Quint: quint is not installed"] },
  });
  const text = toMarkdown(report, "npm run bench");
  expect(text).toContain(exploreText);
  expect(text).toContain("| canon, compiled | breadth first, exact | 461,000, all |");
  expect(text).toContain("Not measured: Quint: quint is not installed.");
});
