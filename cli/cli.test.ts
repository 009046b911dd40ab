/** The command as users meet it: each test starts it, in a folder of its own, and reads what it prints. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSchemas, suite } from "../conformance/index.ts";
import { clauses, rules } from "../spec/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsx = import.meta.resolve("tsx");
const law = "cycles-conserved";
const stranger = (...clause: readonly string[]) => [
  "--",
  process.execPath,
  "--import",
  tsx,
  join(root, "cli", "testing", "stranger.ts"),
  ...clause,
];
const buggy = stranger("top-up.then.mint");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canon-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const canon = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, join(root, "cli", "main.ts"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
};

describe("canon check", () => {
  test("tries a property on the built-in engine and says what it did", () => {
    const { code, stdout, stderr } = canon("check", law, "--runs", "25", "--seed", "4");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^property +runs +held +failed +vacuous +time +verdict$/m);
    expect(stdout).toMatch(/^cycles-conserved +25 +\d+ +0 .* PASS$/m);
    expect(stdout).toMatch(/^ingress +\d+ +\d/m);
    expect(stdout.trimEnd().endsWith("green, seed 4")).toBe(true);
    expect(stderr).toBe("");
    expect(existsSync(join(folder, ".canon"))).toBe(false);
  });

  test("prints its report as JSON that keeps to its schema, the same for the same seed", async () => {
    const { schemas, read } = await openSchemas();
    const report = () => {
      const { code, stdout } = canon("check", law, "--runs", "20", "--seed", "4", "--json");
      expect(code).toBe(0);
      return read(schemas["report-check"], JSON.parse(stdout), "report");
    };
    const timeless = (made: ReturnType<typeof report>) => ({
      ...made,
      milliseconds: 0,
      properties: made.properties.map((tried) => ({ ...tried, milliseconds: 0 })),
    });
    const made = report();
    expect(made).toMatchObject({ verdict: "green", seed: 4, declared: { properties: [law], clauses: clauses.length } });
    expect(timeless(report())).toEqual(timeless(made));
  });

  test("lists rules and properties", async () => {
    const { schemas, read } = await openSchemas();
    const { code, stdout } = canon("check", "--list", "--json");
    const listed = read(schemas["report-list"], JSON.parse(stdout), "listing");
    expect(code).toBe(0);
    expect(listed.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(listed.properties.map(({ id }) => id)).toEqual(suite.map(({ id }) => id));
  });

  test("finds the bug of a stranger, keeps it, tries it first and forgets it when told to", () => {
    const found = canon("check", law, "--runs", "100", "--seed", "3", ...buggy);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain("came from nowhere");
    const commands = found.stdout
      .slice(found.stdout.indexOf("reproduce with:"))
      .split("\n")
      .slice(1, 3)
      .map((line) => line.trim().split(" ").slice(1));
    for (const command of commands) {
      const again = canon(...command);
      expect(again.code).toBe(1);
      expect(again.stdout).toContain("came from nowhere");
    }
    const next = canon("check", law, "--runs", "20", ...buggy);
    expect(next.code).toBe(1);
    expect(next.stdout).toContain("STILL FAILING");
    const [file] = readdirSync(join(folder, ".canon", "failures"));
    expect(canon("replay", join(".canon", "failures", file!)).stderr).toContain(
      "this failure belongs to another machine; say it, as in: canon replay",
    );
    const fixed = canon("replay", join(".canon", "failures", file!), ...stranger());
    expect([fixed.code, fixed.stdout]).toEqual([0, expect.stringContaining("FIXED")]);
    expect(canon("failures").stdout).toContain(file!.replace(".json", ""));
    expect(canon("failures", "remove", file!.replace(".json", "")).code).toBe(0);
    expect(canon("failures").stdout).toBe("no failures are stored\n");
  });

  test("gives a partial machine worlds that it can live in, and never counts what it leaves out as passed", () => {
    const { code, stdout } = canon("check", law, "timers-fire-once", "--runs", "20", "--seed", "2", ...stranger("none", "timer-*"));
    expect(stdout).toMatch(/^cycles-conserved .* PASS$/m);
    expect(stdout).toMatch(/^timers-fire-once .* UNSUPPORTED$/m);
    expect(stdout).toContain("timer-begin: another day");
    expect(code).toBe(0);
  });

  test("ends with 3 when the time was up before anything could be said", () => {
    const { code, stdout } = canon("check", law, "--runs", "20", "--max-time", "1ms");
    expect(stdout).toContain("INCONCLUSIVE, the time was up after 1 of at least 10 runs");
    expect(code).toBe(3);
  });

  test("says in one line that a machine cannot shake hands", () => {
    const { code, stdout } = canon("check", "--", "node", "-e", "console.error('no licence'); process.exit(3)");
    expect(code).toBe(1);
    expect(stdout).toContain("no licence");
    expect(stdout).toContain("! CRASH: the machine did not shake hands: the process ended with exit code 3");
  });
});

describe("a mistake on the command line is one clear line and exit code 2", () => {
  test.each<readonly [string, readonly string[]]>([
    ['did you mean "cycles-conserved"?', ["check", "cycle-conserved"]],
    ['no property or rule "xyzzy"', ["check", "xyzzy"]],
    ['expected a whole number from 1 to 1000000000, got "0"', ["check", "--runs", "0"]],
    ['expected a time as 30s, 5m or 1h, up to 30 days, got "soon"', ["check", "--max-time", "soon"]],
    ['expected a whole number from -2^31 to 2^31 - 1, got "x"', ["check", "--seed", "x"]],
    ["--path: expected one property", ["check", "--path", "3"]],
    ["unknown option '--seeds'", ["check", "--seeds", "1"]],
    ["unknown command 'chek'", ["chek"]],
    ["cannot start canon-no-such-command: there is no such command", ["check", "--", "canon-no-such-command"]],
    ["nowhere.json: there is no such file", ["replay", "nowhere.json"]],
    ['did you mean "call-send"?', ["mutants", "call-sent"]],
    ['did you mean "scenario"?', ["schema", "scenari"]],
  ])("%s", (expected, args) => {
    const { code, stdout, stderr } = canon(...args);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/^ +at /m);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("also when a file is no failure", () => {
    writeFileSync(join(folder, "x.json"), '{"format":"canon-failure/1","seed":"7"}');
    const { code, stderr } = canon("replay", "x.json");
    expect(code).toBe(2);
    expect(stderr).toContain("x.json: id: expected string, got nothing");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

test("canon mutants prints who notices each clause, and fails when nobody notices one", { timeout: 180_000 }, async () => {
  const { schemas, read } = await openSchemas();
  const { code, stdout } = canon("mutants", "top-up", "--runs", "1", "--jobs", "2", "--json");
  const report = read(schemas["report-mutants"], JSON.parse(stdout), "report");
  const wanted = ["top-up"];
  expect(report.clauses.map(({ rule, clause }) => [rule, clause])).toEqual(
    clauses.filter(({ rule }) => wanted.includes(rule)).map(({ rule, clause }) => [rule, clause]),
  );
  expect(report.clauses.find(({ clause }) => clause === "mint")).toMatchObject({
    byLaw: true,
    killedBy: expect.arrayContaining([law]) as string[],
  });
  const lost = report.clauses.filter(({ killedBy, equivalent }) => killedBy.length === 0 && equivalent === undefined);
  expect(code).toBe(lost.length > 0 || report.falseAlarms.length > 0 ? 1 : 0);
});

test("canon schema names the public shapes and prints each", () => {
  expect(canon("schema").stdout).toContain("wire-request\n");
  expect(JSON.parse(canon("schema", "input").stdout)).toMatchObject({ title: "canon input" });
});

test("help is help, not a mistake", () => {
  expect(canon("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage: canon") as string });
  expect(canon("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("lets adversaries bet on every bit of the draws, and tells what each of them won", () => {
  const { code, stdout } = canon("predict", "--runs", "60", "--seed", "1");
  expect(code).toBe(0);
  expect(stdout).toMatch(/same-as-other-request .* chance\n/);
  expect(stdout).toMatch(/an advantage of 1\.00 % is found with power (1|0\.99)/);
  expect(canon("predict", "--runs", "2", "--seed", "1").code).toBe(3);
});

describe("canon explore", () => {
  test("walks a small world in full, and says that everything held", () => {
    const { code, stdout } = canon("explore", "scheduler", "--canisters", "2", "--cores", "1", "--allocations", "0,40", "--inputs", "1");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^states +[\d,]+, from 4 geneses$/m);
    expect(stdout).toMatch(/states\/s on the compiled rules/);
    expect(stdout.trimEnd().endsWith("every reachable state was walked, and everything held")).toBe(true);
  });
  test("keeps a shortest counterexample, which replay tells again", () => {
    const { code, stdout } = canon("explore", "--allocations", "0,50", "--lag", "49");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^BROKEN {2}allocation-kept-49/m);
    const [kept] = readdirSync(join(folder, ".canon", "explored"));
    expect(stdout).toContain(`canon replay ${join(".canon", "explored", kept!)}`);
    const again = canon("replay", join(".canon", "explored", kept!));
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/STILL FAILING/);
    expect(again.stdout).toMatch(/has work and is 50 percent of a round behind it/);
  });
  test("misses a clause that is taken out", () => {
    const { code, stdout } = canon("explore", "calls", "--without", "callback-begin.then.close", "--laws", "0");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^BROKEN {2}calls-have-one-place/m);
  });
  test("says honestly where it stopped", async () => {
    const { schemas, read } = await openSchemas();
    const { code, stdout } = canon("explore", "scheduler", "--max-states", "300", "--json");
    expect(code).toBe(3);
    const report = read(schemas["report-explore"], JSON.parse(stdout), "report");
    expect(report).toMatchObject({ states: 300, stopped: "states", verdict: "stopped" });
    expect(canon("explore", "scheduler", "--max-states", "300").stdout).toMatch(/stopped at 300 states \(states\), frontier \d+/);
  });
  test.each([
    [["explore", "schedule"], /there is no world "schedule"; did you mean "scheduler"\?/],
    [["explore", "--allocations", "10,x"], /expected percentages from 0 to 100 as 0,30,60, got "10,x"/],
    [["explore", "--canisters", "9"], /--canisters: expected at most 8, got 9/],
    [["explore", "--without", "call-reply.then.nothing"], /there is no clause "call-reply.then.nothing"/],
    [["explore", "calls", "--system", "compiled"], /only the scheduler world is compiled/],
  ])("refuses %j", (args, said) => {
    const { code, stderr } = canon(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });
});
