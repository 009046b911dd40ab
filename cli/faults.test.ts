/** `canon faults` as users meet it. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openSchemas } from "../conformance/index.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const canon = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", main, "faults", ...args], { encoding: "utf8" });
  return { code: status, stdout, stderr };
};

describe("canon faults", () => {
  test("says what there is to be found", () => {
    const { code, stdout } = canon("--list", "--no-color");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shares-lose-their-remainder\n {2}What is left to share .*\n {2}facts\/scheduler.md SCH-M7$/m);
  });
  test("finds a fault from several seeds, and prints who saw it", () => {
    const { code, stdout } = canon("ties-go-to-the-greater-id", "--seeds", "2", "--no-color");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ties-go-to-the-greater-id +2\/2 +2\/2 /m);
    expect(stdout).toMatch(/^every fault was found from every seed, 60.0 s at most each$/m);
  }, 60_000);
  test("gives its report as JSON, and 1 when time was too short", async () => {
    const { schemas, read } = await openSchemas();
    const { code, stdout } = canon("a-slice-starts-at-zero", "--seeds", "1", "--max-time", "1ms", "--json");
    expect(code).toBe(1);
    const report = read(schemas["report-faults"], JSON.parse(stdout), "report");
    expect(report).toMatchObject({ limit: 1, faults: [{ fault: "a-slice-starts-at-zero", hunts: [{ seed: 1, first: null }] }] });
  }, 60_000);
  test("refuses what it does not know, and knows what was meant", () => {
    const { code, stderr } = canon("share-loses-its-remainder");
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no fault "share-loses-its-remainder"; did you mean "shares-lose-their-remainder"\?/);
  });
});
