/** `canon ledger` as users meet it: a file in, balanced tables, a picture and books out. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encode, openSchemas } from "../conformance/index.ts";
import {
  accountId,
  canisterId,
  cycles,
  e8s,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type Input,
  type Scenario,
  type TokenGenesis,
} from "../spec/index.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const stranger = fileURLToPath(new URL("testing/stranger.ts", import.meta.url));

const scenario: Scenario = {
  genesis: {
    parameters: { ...publishedParameters, cores: 1 },
    time: nanoseconds(0n),
    canisters: [
      {
        id: canisterId("alpha"),
        computeAllocation: percent(0),
        freezingThreshold: seconds(0),
        balance: cycles(10n ** 15n),
        methods: [{ name: "go", body: [{ op: "consume", instructions: instructions(1_000) }] }],
        onTimer: [],
      },
    ],
  },
  inputs: [
    { kind: "ingress", id: ingressId("i"), canister: canisterId("alpha"), method: "go", payload: hex("") },
    { kind: "round", elapsed: nanoseconds(1n), tape: hex("ab".repeat(32)) } satisfies Input,
    { kind: "top-up", canister: canisterId("alpha"), cycles: cycles(7n) },
  ],
};

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canon-ledger-"));
  file = join(folder, "one.json");
  writeFileSync(file, encode(scenario));
});
afterEach(() => rmSync(folder, { recursive: true }));

const canon = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), main, "ledger", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
};

describe("canon ledger", () => {
  test("prints flows, canisters and accounts, and that they balance", () => {
    const { code, stdout } = canon(file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^reception +balances +burned +T01 +1 +1_200_000$/m);
    expect(stdout).toMatch(/^alpha +at the beginning +1_000_000_000_000_000$/m);
    expect(stdout).toMatch(/^ +top-up +1 +\+7$/m);
    expect(stdout).toMatch(/^ +at the end +999_999_993_799_007$/m);
    expect(stdout).toMatch(/^sum +0 +0 +0$/m);
    expect(stdout).toMatch(/^balanced: 6 postings in 3 steps of model, /m);
  });

  test("writes a page and a picture, and prints books that the schema reads", async () => {
    const [page, picture] = [join(folder, "out.html"), join(folder, "out.svg")];
    const { code, stdout, stderr } = canon(file, "--html", page, "--svg", picture, "--json");
    expect(code).toBe(0);
    expect(stderr).toContain(`${file}: drawn in ${page}\n${file}: drawn in ${picture}\n`);
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>/);
    expect(readFileSync(picture, "utf8")).toMatch(/^<svg /);
    const { read, schemas } = await openSchemas();
    const report = read(schemas["report-ledger"], JSON.parse(stdout), "ledger");
    expect(report.balanced).toBe(true);
    expect(report.subnets[0]?.postings[0]).toMatchObject({ step: null, flow: "genesis", cycles: 10n ** 15n });
  });

  test("prints the books of tokens where there are any", () => {
    const tokens: TokenGenesis = {
      accounts: [{ account: accountId("alice"), balance: e8s(1_000n) }],
      permyriad: 2n,
      transferFee: e8s(10n),
      penalties: { topUp: e8s(0n), create: e8s(0n) },
      mintLimit: cycles(1_000n),
      mintWindow: nanoseconds(1n),
    };
    const purpose = { kind: "top-up", canister: canisterId("alpha") } as const;
    const inputs: readonly Input[] = [
      { kind: "pay", from: accountId("alice"), tokens: e8s(100n), purpose },
      { kind: "notify", conversion: 0 },
    ];
    writeFileSync(file, encode({ genesis: { ...scenario.genesis, tokens }, inputs }));
    const { code, stdout } = canon(file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^converted +float +balances +T50 T52 +1 +200$/m);
    expect(stdout).toMatch(/^converted tokens +pending +burned +1 +100$/m);
    expect(stdout).toMatch(/^alice +1_000 +890 +-110$/m);
    expect(stdout).toMatch(/^burned +0 +110 +\+110$/m);
  });

  test("says which flow of which step is out of balance, with exit code 1", () => {
    const { code, stdout } = canon(file, "--", process.execPath, "--import", import.meta.resolve("tsx"), stranger, "top-up.then.credit");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "! input 3: balances: the machine says 999_999_993_799_000, the postings come to 999_999_993_799_007: difference +7; as large as top-up of 7 (event 1)",
    );
    expect(stdout).toContain("NOT BALANCED");
  });

  test("refuses what it cannot read or write, in one line", () => {
    expect(canon(join(folder, "none.json"))).toMatchObject({ code: 2, stdout: "" });
    const { code, stderr } = canon(file, "--svg", join(folder, "no", "out.svg"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^canon: .*out\.svg: cannot be written/);
  });
});
