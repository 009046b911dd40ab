/**
 * Tries the package as a stranger gets it: packs it, installs the tarball into an empty folder, runs the command,
 * imports every entry, and compiles a program against its types.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const main = (): void => {
  const { name, version, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  const folder = mkdtempSync(join(tmpdir(), "canon-package-"));
  try {
    const tarball = packed(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
    run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `./${tarball}`], folder);

    const canon = (...args: readonly string[]): string => run("npx", ["--no-install", "canon", ...args], folder);
    expect(canon("--version").trim() === version, "canon --version", version);
    expect(/\bcheck\b/.test(canon("--help")), "canon --help", "a line about check");
    const { rules } = JSON.parse(canon("check", "--list", "--json")) as { readonly rules: readonly unknown[] };
    expect(rules.length > 0, "canon check --list --json", "rules");

    for (const entry of entries) {
      const specifier = join(name, entry);
      const count = run("node", ["--input-type=module", "-e", `console.log(Object.keys(await import("${specifier}")).length)`], folder);
      expect(Number(count) > 0, specifier, "exports");
    }
    writeFileSync(join(folder, "program.ts"), program(name));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: strictly, files: ["program.ts"] }));
    run("node", [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"], folder);
    run("node", ["program.js"], folder);
    console.log(`${tarball}: installs, ${entries.length} entries load, canon runs, types compile`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Packs into the folder and says the name of the tarball; what is in it must be what a user needs and nothing that only we need. */
const packed = (folder: string): string => {
  const [{ filename, files }] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root)) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  const paths = files.map(({ path }) => path);
  for (const needed of ["LICENSE", "README.md", "dist/cli/main.js", "dist/index.d.ts", "docs/machine.md", "spec/machine.ts"])
    expect(paths.includes(needed), "the tarball", needed);
  const stray = paths.find((path) => /\.test\.|^(tools|bench|node_modules)\/|\.tgz$|__pycache__/.test(path));
  expect(stray === undefined, "the tarball", `no ${stray}`);
  return filename;
};

const strictly = {
  strict: true,
  exactOptionalPropertyTypes: true,
  module: "nodenext",
  target: "es2023",
  lib: ["es2023", "dom"],
  types: [],
  skipLibCheck: false,
};

/** A program of a stranger: a machine of its own behind the door, and the reference led through a scenario. */
const program = (name: string): string => `
import { spec, model } from "${name}";
import type { Machine, Session } from "${name}/spec";
import { impl } from "${name}/impl";
const stranger: Machine = { name: "stranger", boot: (genesis): Session => model.model.boot(genesis) as Session };
const scenario: spec.Scenario = {
  genesis: { parameters: spec.publishedParameters, time: spec.nanoseconds(0n), canisters: [] },
  inputs: [{ kind: "round", elapsed: spec.nanoseconds(1n), tape: spec.hex("00".repeat(32)) }],
};
const roots = await Promise.all([stranger, impl].map(async (machine) => (await spec.drive(machine, scenario)).steps[0]!.observation.stateRoot));
if (roots[0] !== roots[1]) throw new Error("the machines of the package part");
`;

const run = (command: string, args: readonly string[], cwd: string): string => {
  try {
    return execFileSync(command, [...args], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
  } catch (reason) {
    const { stdout = "", stderr = "" } = reason as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: reason });
  }
};

const expect = (holds: boolean, where: string, expected: string): void => {
  if (!holds) throw new Error(`${where}: expected ${expected}`);
};

try {
  main();
} catch (reason) {
  console.error(`the package does not work: ${reason instanceof Error ? reason.message : String(reason)}`);
  process.exitCode = 1;
}
