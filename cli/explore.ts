/** `canon explore`: walks all states of a small world and tells what it found, or how far it came. */
import { join } from "node:path";
import {
  asStored,
  catalogueHash,
  encodePretty,
  nearestOf,
  openExplorer,
  openStore,
  storyOf,
  type ExploreReport,
  type Scope,
  type WalkOutcome,
} from "../conformance/index.ts";
import { createModel } from "../model/index.ts";
import { clauseName, clauses, type ClauseId } from "../spec/index.ts";
import { startProgress } from "./progress.ts";
import { print, Refusal, stylesFor, type Styles } from "./terminal.ts";
import { timeInWords } from "./words.ts";

export interface ExploreCommand {
  readonly canisters?: number;
  readonly cores?: number;
  readonly allocations?: readonly number[];
  readonly inputs?: number;
  readonly scheduler?: string;
  readonly slices?: number;
  readonly system?: "model" | "compiled";
  /** `true` where nothing was said, `false` for `--no-lag`. */
  readonly lag?: number | boolean;
  readonly priority?: number;
  readonly laws?: number;
  readonly without?: string;
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly maxMemory?: number;
  readonly maxTime?: number;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Paths up to so many inputs are judged by the laws of the suite: all paths of the named worlds of calls and timers. */
const usualLaws = 40;

/** Counterexamples lie apart from the failures of the suite: they are no cases that a property drew. */
const exploredFolder = join(".canon", "explored");

/** 0 when everything held in all that was asked for, 1 when something is broken, 3 when a limit ended the walk first. */
export const exploration = async (name: string | undefined, options: ExploreCommand): Promise<number> => {
  const { walkWorld, usualScopes, worldNames, worldTitles } = await openExplorer();
  const world = chosen(name ?? "scheduler", worldNames, "world");
  const usual = usualScopes[world];
  const profiles: readonly Scope["scheduler"][] = ["published", "current"];
  const scope: Scope = {
    canisters: atMost(options.canisters ?? usual.canisters, 8, "--canisters"),
    cores: options.cores ?? usual.cores,
    allocations: options.allocations ?? usual.allocations,
    inputs: options.inputs ?? usual.inputs,
    slices: options.slices ?? usual.slices,
    scheduler: options.scheduler === undefined ? usual.scheduler : chosen(options.scheduler, profiles, "scheduler"),
  };
  const without = options.without === undefined ? undefined : clauseNamed(options.without);
  const progress = startProgress();
  let outcome: WalkOutcome;
  try {
    outcome = walkWorld({
      world,
      scope,
      lag: options.lag === false ? null : typeof options.lag === "number" ? options.lag : world === "scheduler" ? Infinity : null,
      laws: options.laws ?? usualLaws,
      ...(options.system && { system: options.system }),
      ...(options.priority !== undefined && { priority: options.priority }),
      ...(without && { without }),
      limits: {
        ...(options.maxStates !== undefined && { states: options.maxStates }),
        ...(options.maxDepth !== undefined && { depth: options.maxDepth }),
        ...(options.maxMemory !== undefined && { bytes: options.maxMemory * 2 ** 20 }),
        ...(options.maxTime !== undefined && { deadline: performance.now() + options.maxTime }),
      },
      onLevel: (depth, states) => progress.update(1 - 1 / (1 + depth), `${depth} moves, ${states} states`),
    });
  } catch (reason) {
    if (reason instanceof RangeError) throw new Refusal(`explore: ${reason.message}`);
    throw reason;
  } finally {
    progress.stop();
  }
  const file = await kept(outcome);
  const styles = stylesFor(process.stdout, options.color);
  if (options.json) print(encodePretty(outcome.report));
  else print(...reportInWords(outcome.report, worldTitles[world], styles), ...(await brokenInWords(outcome, file)));
  return { held: 0, broken: 1, stopped: 3 }[outcome.report.verdict];
};

const atMost = (count: number, most: number, option: string): number => {
  if (count > most) throw new Refusal(`${option}: expected at most ${most}, got ${count}`);
  return count;
};

const chosen = <Name extends string>(name: string, names: readonly Name[], what: string): Name => {
  const found = names.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  const nearest = nearestOf(name, names);
  throw new Refusal(`there is no ${what} "${name}"${nearest === null ? `: expected ${names.join(", ")}` : `; did you mean "${nearest}"?`}`);
};

const clauseNamed = (name: string): ClauseId => {
  const names = clauses.map(clauseName);
  return clauses[names.indexOf(chosen(name, names, "clause"))]!;
};

/** Keeps a counterexample; the file that holds it. */
const kept = async ({ failure, machine }: WalkOutcome): Promise<string | null> => {
  if (failure === null) return null;
  const { saveFailure } = await openStore();
  return saveFailure(asStored(failure, { kind: "built-in" }, machine.name, catalogueHash()), exploredFolder);
};

const reportInWords = (report: ExploreReport, title: string, styles: Styles): readonly string[] => {
  const { bold, good, bad, warn, dim } = styles;
  const { scope, verdict, stopped, states, frontier, laws, worstLag } = report;
  const verdicts = {
    held: good(
      bold(stopped === null ? "every reachable state was walked, and everything held" : `everything held within ${report.depth} moves`),
    ),
    broken: bad(bold(`broken: ${report.broken?.invariant ?? ""}`)),
    stopped: warn(
      bold(`stopped at ${number(states)} states (${stopped ?? ""}), frontier ${number(frontier)}: nothing is said of what lies beyond`),
    ),
  };
  return [
    `${bold(report.world)}: ${title}`,
    `${scope.canisters} canisters on ${scope.cores} ${scope.cores === 1 ? "core" : "cores"}, allocations of ${scope.allocations.join(", ")}, at most ${scope.inputs} under way to each, scheduler ${scope.scheduler}${scope.slices > 1 ? `, long messages of ${scope.slices} slices` : ""}${report.without === null ? "" : `, without ${report.without}`}`,
    "",
    `states       ${number(states)}, from ${number(report.geneses)} geneses`,
    `transitions  ${number(report.transitions)}, of ${number(report.moves)} moves`,
    `depth        ${number(report.depth)} moves`,
    `width        ${widthsInWords(report.widths)}`,
    `speed        ${number(report.statesPerSecond)} states/s on the ${report.system === "model" ? "reference" : "compiled rules"}: ${timeInWords(report.milliseconds)}, ${number(Math.ceil(report.bytes / 2 ** 20))} MiB`,
    `identity     exact: ${report.collisions === 0 ? "no fingerprint" : `${number(report.collisions)} fingerprints`} met twice by different states`,
    "",
    ...report.invariants.map(
      ({ id, statement, outcome }) => `${outcome === "held" ? good("held  ") : bad("BROKEN")}  ${id}: ${dim(statement)}`,
    ),
    ...(laws.ids.length === 0
      ? []
      : [
          `${good("held  ")}  ${laws.ids.length} laws of the suite, on ${number(laws.judged)} transitions whose paths have up to ${laws.longest} inputs`,
        ]),
    ...(worstLag === null
      ? []
      : [
          `worst lag: ${worstLag.lag} percent of a round, with allocations ${worstLag.allocations.join(", ")}, after ${worstLag.moves} moves (${worstLag.inputs} inputs)`,
          ...(worstLag.lag < 100 && stopped === null && verdict === "held"
            ? ["  below 100: any 100 rounds in a row in which a canister has work have as many full ones as its allocation has percent"]
            : []),
          ...(worstLag.lag === 0
            ? []
            : [dim(`  by round: ${worstLag.way.slice(0, shownLevels).join(" | ")}${worstLag.way.length > shownLevels ? " …" : ""}`)]),
        ]),
    ...(stopped === "depth" && verdict === "held" ? [`frontier: ${number(frontier)} states at that depth were not left`] : []),
    verdicts[verdict],
  ];
};

/** Most levels whose width is told one by one. */
const shownLevels = 24;

const widthsInWords = (widths: readonly number[]): string => {
  const widest = Math.max(...widths);
  const shown = widths.slice(0, shownLevels).map(number).join(" ");
  return widths.length <= shownLevels ? shown : `${shown} … (${number(widest)} at the widest, after ${widths.indexOf(widest)} moves)`;
};

const number = (count: number): string => count.toLocaleString("en-US");

const brokenInWords = async ({ failure, property, machine, report }: WalkOutcome, file: string | null): Promise<readonly string[]> => {
  if (failure === null || property === null || file === null) return [];
  const story = await storyOf(property, failure, {
    subject: machine,
    reference: (witness) => createModel({ witness }),
    reproduce: [`canon replay ${file}`],
  });
  return [
    "",
    `a shortest way to it: ${report.broken?.moves ?? 0} moves, ${report.broken?.inputs ?? 0} inputs; kept in ${file}`,
    "",
    ...story,
  ];
};
