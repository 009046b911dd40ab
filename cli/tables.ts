/** Reports as tables, for people. */
import Table from "cli-table3";
import {
  reached,
  type CheckReport,
  type ClauseEvidence,
  type MutantsReport,
  type Outcome,
  type PropertyReport,
} from "../conformance/index.ts";
import type { Style, Styles } from "./terminal.ts";
import { shareInWords, timeInWords } from "./words.ts";

export const checkInWords = (report: CheckReport, styles: Styles): readonly string[] => [
  propertyTable(report.properties, styles),
  "",
  inputTable(report, styles),
  "",
  ...coverageInWords(report, styles),
  ...storedInWords(report, styles),
  ...excludedInWords(report),
  "",
  ...closing(report, styles),
];

/** A table without frames: what is read is the content. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { bold }: Styles,
  numbers: readonly number[],
): string => {
  const bare = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
  };
  const made = new Table({
    head: head.map(bold),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, at) => (numbers.includes(at) ? "right" : "left")),
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};

const propertyTable = (properties: readonly PropertyReport[], styles: Styles): string =>
  table(
    ["property", "runs", "held", "failed", "vacuous", "time", "verdict"],
    properties.map(({ property, runs, held, failed, vacuous, milliseconds, outcome }) => [
      property,
      String(runs),
      String(held),
      String(failed),
      shareInWords(vacuous, runs),
      timeInWords(milliseconds),
      styleOf(outcome, styles)(outcome),
    ]),
    styles,
    [1, 2, 3, 4, 5],
  );

const styleOf = (outcome: Outcome, { good, bad, warn }: Styles): Style =>
  outcome === "PASS" ? good : outcome === "UNSUPPORTED" || outcome === "INCONCLUSIVE" || outcome === "NOT_REACHED" ? warn : bad;

const inputTable = ({ inputs }: CheckReport, styles: Styles): string =>
  table(
    ["input", "drawn", "refused", "by"],
    inputs.map(({ kind, drawn, refused }) => {
      const sum = refused.reduce((total, { count }) => total + count, 0);
      return [kind, String(drawn), shareInWords(sum, drawn), refused.map(({ error, count }) => `${error} ${count}`).join(", ")];
    }),
    styles,
    [1, 2],
  );

const coverageInWords = ({ clauses, declared, executed, goals }: CheckReport, { warn }: Styles): readonly string[] => {
  const missed = clauses.filter((tally) => !reached(tally));
  const oneSided = clauses.filter(({ kind, fired, refused }) => kind === "when" && fired + refused > 0 && (fired === 0 || refused === 0));
  const names = (tallies: typeof clauses) => tallies.map(({ rule, kind, clause }) => `${rule}.${kind}.${clause}`).join(", ");
  const lines = [
    `properties  ${executed.properties.length} of ${declared.properties.length} executed`,
    `rules       ${executed.rules.length} of ${declared.rules.length} took place in the reference`,
    `clauses     ${executed.clauses} of ${declared.clauses} met in the reference`,
    `goals       ${declared.goals === 0 ? "none declared: the suite was filtered or short" : `${executed.goals} of ${declared.goals} met`}`,
  ];
  if (executed.clauses === 0) return lines;
  if (missed.length > 0) lines.push(warn(`  not met: ${names(missed)}`));
  if (oneSided.length > 0) lines.push(`  seen on one side only: ${names(oneSided)}`);
  for (const { goal } of goals.filter(({ met }) => !met)) lines.push(warn(`  goal not met: ${goal}`));
  return lines;
};

const storedInWords = ({ stored }: CheckReport, { good, bad }: Styles): readonly string[] =>
  stored.length === 0
    ? []
    : [
        "",
        "stored failures",
        ...stored.map(
          ({ failure, outcome, because }) => `  ${failure}: ${(outcome === "FIXED" ? good : bad)(outcome)}${because && `, ${because}`}`,
        ),
      ];

const excludedInWords = ({ excluded }: CheckReport): readonly string[] =>
  excluded.length === 0
    ? []
    : ["", "not followed by the machine, as it says", ...excluded.map(({ rule, reason }) => `  ${rule}: ${reason}`)];

const closing = (
  { subject, catalogue, seed, milliseconds, verdict, reasons, properties }: CheckReport,
  { good, bad, bold }: Styles,
): readonly string[] => {
  const runs = properties.reduce((sum, tried) => sum + tried.runs, 0);
  const failed = properties.reduce((sum, tried) => sum + tried.failed, 0);
  return [
    ...reasons.map((reason) => bad(`! ${reason}`)),
    `${subject} against catalogue ${catalogue.slice(0, 12)}: ${runs} runs, ${failed} failures, ${timeInWords(milliseconds)}`,
    `${(verdict === "green" ? good : bad)(bold(verdict))}, seed ${seed}`,
  ];
};

export const mutantsInWords = ({ clauses, milliseconds, seed, runs, falseAlarms }: MutantsReport, styles: Styles): readonly string[] => {
  const { bold, good, bad, dim } = styles;
  const killed = clauses.filter(({ killedBy }) => killedBy.length > 0);
  const byLaw = clauses.filter((clause) => clause.byLaw);
  const equivalent = clauses.filter(({ killedBy, equivalent: argument }) => killedBy.length === 0 && argument !== undefined);
  const wrong = clauses.filter(({ killedBy, equivalent: argument }) => killedBy.length > 0 && argument !== undefined);
  const lost = clauses.filter(({ killedBy, equivalent: argument }) => killedBy.length === 0 && argument === undefined);
  const count = (title: string, some: readonly ClauseEvidence[], named: boolean) =>
    `${title.padEnd(24)} ${String(some.length).padStart(4)}  ${shareInWords(some.length, clauses.length)}${named && some.length > 0 ? `: ${some.map(nameOf).join(", ")}` : ""}`;
  return [
    table(
      ["clause", "killed by"],
      clauses.map((clause) => [
        nameOf(clause),
        clause.killedBy.length > 0
          ? clause.killedBy.join(", ")
          : clause.equivalent !== undefined
            ? dim(`equivalent: ${clause.equivalent}`)
            : bad("nobody"),
      ]),
      styles,
      [],
    ),
    "",
    count("clauses", clauses, false),
    count("killed", killed, false),
    bold(count("killed by a law", byLaw, false)),
    count(
      "  only by a breakdown",
      byLaw.filter(({ byBreakdown }) => byBreakdown),
      true,
    ),
    count(
      "seen by agreement alone",
      killed.filter((clause) => !clause.byLaw),
      true,
    ),
    count("equivalent, as argued", equivalent, true),
    (lost.length > 0 ? bad : good)(count("killed by nobody", lost, true)),
    ...(wrong.length > 0 ? [bad(count("argued away, yet killed", wrong, true))] : []),
    ...falseAlarms.map(({ property, because }) => bad(`! ${property} condemns the reference itself: ${because}`)),
    `${runs} cases of each property, seed ${seed}, ${timeInWords(milliseconds)}`,
  ];
};

const nameOf = ({ rule, kind, clause }: ClauseEvidence): string => `${rule}.${kind}.${clause}`;
