/**
 * Walking all states of one small world: the compiled rules of scheduling, the reference, random walks on the reference,
 * and the same world in the languages of two peers, Spin and Quint, where they are installed. All that walk in full must
 * count the same states, or they have not walked the same world.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { spreadOf, type Spread } from "./measure.ts";

const spread = z.strictObject({ median: z.number().positive(), lower: z.number().positive(), upper: z.number().positive() });

export const exploreRow = z.strictObject({
  subject: z.string(),
  how: z.string(),
  states: z.int().min(0).nullable().describe("different states that were found; null where nobody counts them"),
  transitions: z.int().positive(),
  whole: z.boolean().describe("whether these are all reachable states"),
  statesPerSecond: spread.nullable(),
  transitionsPerSecond: spread,
});

export const exploreReport = z.strictObject({ rows: z.array(exploreRow), skipped: z.array(z.string()) });

export type ExploreRow = z.infer<typeof exploreRow>;
export type ExploreBench = z.infer<typeof exploreReport>;

/** What one run of a subject did. */
interface Run {
  /** -1 where nobody counts them. */
  readonly states: number;
  readonly transitions: number;
  readonly milliseconds: number;
  readonly whole: boolean;
}

interface Subject {
  readonly name: string;
  readonly how: string;
  /** Why it cannot run here, or how it runs. */
  open(folder: string): string | (() => Run);
}

/** Subjects take turns. `only` names some of them. */
export const exploreBench = (repetitions: number, only: readonly string[] = subjects.map(({ name }) => name)): ExploreBench => {
  const folder = mkdtempSync(join(tmpdir(), "canon-bench-"));
  try {
    const opened = subjects
      .filter(({ name }) => only.includes(name))
      .map((subject) => ({ ...subject, run: subject.open(folder), runs: [] as Run[] }));
    for (let turn = 0; turn < Math.ceil(repetitions / 3); turn++)
      for (const { run, runs } of opened) if (typeof run !== "string") runs.push(run());
    const rows = opened.flatMap(({ name, how, runs: [first, ...more] }) =>
      first === undefined ? [] : [rowOf(name, how, [first, ...more])],
    );
    const counts = new Set(rows.filter(({ whole }) => whole).map(({ states }) => states));
    if (counts.size > 1) throw new Error(`the same world was walked in full with ${[...counts].join(" and ")} states`);
    return { rows, skipped: opened.flatMap(({ name, run }) => (typeof run === "string" ? [`${name}: ${run}`] : [])) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const rowOf = (subject: string, how: string, runs: readonly [Run, ...Run[]]): ExploreRow => {
  const [{ states, transitions, whole }] = runs;
  const perSecond = (count: (of: Run) => number): Spread => spreadOf(runs.map((one) => (1_000 * count(one)) / one.milliseconds));
  return {
    subject,
    how,
    states: states < 0 ? null : states,
    transitions,
    whole,
    statesPerSecond: states < 0 ? null : perSecond((one) => one.states),
    transitionsPerSecond: perSecond((one) => one.transitions),
  };
};

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const ours = (name: string, subject: string, how: string): Subject => ({
  name,
  how,
  open: () => () => JSON.parse(said(process.execPath, ["--import", "tsx", here("explore-subject.ts"), subject])) as Run,
});

const subjects: readonly Subject[] = [
  ours("canon, compiled", "compiled", "breadth first, exact"),
  ours("canon, reference", "model", "breadth first, exact, every invariant at every transition; the first states"),
  ours("fast-check", "fast-check", "random walks on the reference"),
  {
    name: "Spin",
    how: "depth first, exact, compiled to C with -O2",
    open: (folder) => {
      if (!isThere("spin", ["-V"]) || !isThere("gcc", ["--version"])) return "spin or gcc is not installed";
      said("spin", ["-a", here("peers/scheduler.pml")], folder);
      said("gcc", ["-O2", "-DSAFETY", "-DMEMLIM=4096", "-o", "pan", "pan.c"], folder);
      return () => {
        const told = said(join(folder, "pan"), ["-m2000000", "-w22"], folder);
        const number = (pattern: RegExp): number => Number(pattern.exec(told)?.[1] ?? Number.NaN);
        if (number(/errors: (\d+)/) !== 0) throw new Error(`Spin did not walk the world: ${told}`);
        return {
          states: number(/(\d+) states, stored/),
          transitions: number(/(\d+) transitions/),
          milliseconds: 1_000 * number(/elapsed time ([\d.]+)/),
          whole: true,
        };
      };
    },
  },
  {
    name: "Quint",
    how: "random simulation, its backend in TypeScript",
    open: () => {
      const quint = process.env["QUINT"] ?? "quint";
      if (!isThere(quint, ["--version"])) return "quint is not installed (or say where it is in QUINT)";
      const [samples, steps] = [200, 100];
      return () => {
        const args = ["run", "--backend", "typescript", "--invariant", "balanced", "--main", "scheduler"];
        const told = said(quint, [...args, "--max-samples", String(samples), "--max-steps", String(steps), here("peers/scheduler.qnt")]);
        const milliseconds = Number(/\((\d+)ms/.exec(told)?.[1] ?? Number.NaN);
        return { states: -1, transitions: samples * steps, milliseconds, whole: false };
      };
    },
  },
];

const isThere = (command: string, args: readonly string[]): boolean => spawnSync(command, [...args]).status === 0;

const said = (command: string, args: readonly string[], cwd?: string): string => {
  const { status, stdout, stderr } = spawnSync(command, [...args], { encoding: "utf8", cwd, maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr || stdout}`);
  return stdout;
};

export const exploreText = `## Exploration: all states of a small world

The published scheduler with three canisters (40, 20 and 0 percent) on two cores, up to seven messages waiting for each, one of eight choices of arrivals before each round. Those that walk it in full must count the same states. Each run is in a process of its own, a third of the repetitions; the time is that of the walk alone, without start and compilation.`;
