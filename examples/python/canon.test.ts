/**
 * The kit tries both examples through the command line, as a stranger would: the machine passes with exit code 0; the
 * one with a bug fails with exit code 1 and the shortest story that shows it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

/** Failures are kept in the directory of the run: it is a fresh one, so that no old failure is tried again. */
const directory = mkdtempSync(join(tmpdir(), "canon-python-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const check = (program: string, runs: number, ...laws: readonly string[]) => {
  const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
  const machine = fileURLToPath(new URL(program, import.meta.url));
  const flags = ["check", ...laws, "--runs", `${runs}`, "--seed", "2022", "--max-time", "2m", "--no-color"];
  const words = ["--import", import.meta.resolve("tsx"), main, ...flags, "--", "python3", "-B", machine];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: directory, encoding: "utf8", timeout: 120_000 });
  return { status, printed: stdout + stderr };
};

test("the machine passes every property", { timeout: 120_000 }, () => {
  const { status, printed } = check("machine.py", 4);
  expect(printed).toContain("canon-python 3.0.0");
  expect(printed).not.toContain("FAIL");
  expect(printed).toMatch(/^green/m);
  expect(status).toBe(0);
});

test("the machine with a bug fails, and the story of it is short", { timeout: 120_000 }, () => {
  const { status, printed } = check("machine_with_bug.py", 60, "cycles-conserved");
  expect(status).toBe(1);
  expect(printed).toMatch(/cycles came from nowhere/); // the law that the bug breaks, whatever else notices it
  const story = printed.slice(printed.indexOf("What the machine did"), printed.indexOf("Where it parts from the reference"));
  const inputs = story.match(/^ +\d+\. \S+/gm) ?? [];
  expect(inputs.length).toBeGreaterThan(0);
  expect(inputs.length).toBeLessThanOrEqual(6);
  expect(story).toMatch(/answered, .* refund [1-9]/);
});
