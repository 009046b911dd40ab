/** `canon timeline` as users meet it: a file in, a picture out. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encode } from "../conformance/index.ts";
import {
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type Input,
  type Scenario,
} from "../spec/index.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

const round: Input = { kind: "round", elapsed: nanoseconds(1n), tape: hex("ab".repeat(32)) };
const scenario: Scenario = {
  genesis: {
    parameters: { ...publishedParameters, cores: 1 },
    time: nanoseconds(0n),
    canisters: [
      {
        id: canisterId("alpha"),
        computeAllocation: percent(10),
        freezingThreshold: seconds(0),
        balance: cycles(10n ** 15n),
        methods: [{ name: "go", body: [{ op: "consume", instructions: instructions(4_000_000_000) }] }],
        onTimer: [],
      },
    ],
  },
  inputs: [
    ...["i", "j"].map((id): Input => ({
      kind: "ingress",
      id: ingressId(id),
      canister: canisterId("alpha"),
      method: "go",
      payload: hex(""),
    })),
    round,
    round,
    round,
  ],
};

interface Drawn {
  readonly rounds: readonly { readonly height: number }[];
  readonly canisters: readonly { readonly cells: readonly { readonly state: string }[] }[];
}

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canon-timeline-"));
  file = join(folder, "one.json");
  writeFileSync(file, encode(scenario));
});
afterEach(() => rmSync(folder, { recursive: true }));

const canon = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), main, "timeline", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
};

describe("canon timeline", () => {
  test("draws on the terminal, and as many rounds as asked for", () => {
    const { code, stdout } = canon(file, "--rounds", "2");
    expect(code).toBe(0);
    expect(stdout).toContain("core 0            AA\n");
    expect(stdout).toContain("  state           ##\n");
    expect(stdout).toContain("rounds 1 to 2 of 3");
  });

  test("writes a page, or the data of the picture", () => {
    const page = join(folder, "out.html");
    expect(canon(file, "--html", page)).toMatchObject({ code: 0, stdout: `${file}: rounds 1 to 3 of 3, drawn in ${page}\n` });
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>/);
    const { canisters, rounds } = JSON.parse(canon(file, "--json", "--from", "2").stdout) as Drawn;
    expect(rounds.map(({ height }) => height)).toEqual([2, 3]);
    expect(canisters[0]?.cells.map(({ state }) => state)).toEqual(["runs", "idle"]);
  });

  test("refuses what it cannot draw, in one line", () => {
    writeFileSync(file, encode({ ...scenario, inputs: 7 }));
    expect(canon(file)).toMatchObject({ code: 2, stdout: "", stderr: `canon: ${file}: inputs: expected array, got 7\n` });
    expect(canon(join(folder, "none.json")).stderr).toContain("there is no such file");
    expect(canon(file, "--html", "x", "--json").stderr).toContain("choose one");
    expect(canon(file, "--html", "x", "--rounds", "1001").stderr).toContain("at most 1000");
  });

  test("refuses to write where it cannot", () => {
    const { code, stderr } = canon(file, "--html", join(folder, "no", "out.html"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^canon: .*out\.html: /);
    expect(stderr).not.toContain("fault of canon");
  });
});
