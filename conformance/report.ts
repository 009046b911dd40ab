/**
 * The report of a run, as data: what was declared before it, what was executed, what each property came to, and
 * whether all that is green. Green is earned: a run that tried nothing, a property that was vacuous in every run, or a
 * goal that was not reached is not green. The shape is public and versioned; `schemas/reports.ts` says it for machines.
 */
import type { RuleSummary, PropertySummary } from "./listing.ts";
import type { ClauseTally, InputTally } from "./evidence.ts";
import type { FaultKind } from "./fault.ts";
import type { Hex } from "../spec/index.ts";

/**
 * What a property came to. `NOT_REACHED`: vacuous in every run. `INCONCLUSIVE`: the time was up before the minimum of
 * runs. `FLAKY`: the same case gave different answers. `HARNESS_ERROR`: ours.
 */
export type Outcome = "PASS" | "FAIL" | FaultKind | "FLAKY" | "NOT_REACHED" | "UNSUPPORTED" | "INCONCLUSIVE" | "HARNESS_ERROR";

export interface PropertyReport {
  readonly property: string;
  readonly kind: PropertySummary["kind"];
  readonly outcome: Outcome;
  readonly runs: number;
  readonly held: number;
  readonly failed: number;
  readonly vacuous: number;
  /** The runs asked for. */
  readonly planned: number;
  readonly milliseconds: number;
  /** Of the drawn case that failed, for `--path`; `null` when none failed or it came from the store. */
  readonly path: string | null;
  /** Why the outcome is what it is; empty for PASS. */
  readonly because: string;
  /** The id of the failure, as it is stored. */
  readonly failure: string | null;
}

/** What became of a failure of an earlier run. */
export interface StoredReport {
  readonly failure: string;
  readonly property: string;
  readonly outcome: "FIXED" | "STILL FAILING" | "CANNOT REPLAY";
  readonly because: string;
}

/** Something that the run must reach, declared before it. */
export interface Goal {
  readonly goal: string;
  readonly met: boolean;
}

export type CheckVerdict = "green" | "failed" | "unmet" | "inconclusive" | "broken";

export interface CheckReport {
  readonly report: "canon-check";
  readonly version: 1;
  readonly subject: string;
  /** SHA-256 of the catalogue of rules. */
  readonly catalogue: Hex;
  readonly seed: number;
  readonly declared: {
    readonly properties: readonly string[];
    readonly rules: readonly string[];
    readonly clauses: number;
    readonly goals: number;
  };
  readonly executed: {
    readonly properties: readonly string[];
    readonly rules: readonly string[];
    readonly clauses: number;
    readonly goals: number;
  };
  readonly properties: readonly PropertyReport[];
  readonly inputs: readonly InputTally[];
  readonly clauses: readonly ClauseTally[];
  readonly goals: readonly Goal[];
  readonly stored: readonly StoredReport[];
  readonly excluded: readonly { readonly rule: string; readonly reason: string }[];
  readonly milliseconds: number;
  readonly verdict: CheckVerdict;
  /** Why it is not green, one fact a line. */
  readonly reasons: readonly string[];
}

/** What is listed of the specification and of the suite. */
export interface Listing {
  readonly report: "canon-list";
  readonly version: 1;
  readonly catalogue: Hex;
  readonly rules: readonly RuleSummary[];
  readonly properties: readonly PropertySummary[];
}

export interface ClauseEvidence {
  readonly rule: string;
  readonly kind: "when" | "then";
  readonly clause: string;
  /** The properties that notice when the clause is taken out. */
  readonly killedBy: readonly string[];
  /** Whether one of them is a law, which knows no reference. */
  readonly byLaw: boolean;
  /** When every such law killed it only because the mutated reference broke down. */
  readonly byBreakdown?: true;
  /** Why nothing can notice, where that is so. */
  readonly equivalent?: string;
}

export interface MutantsReport {
  readonly report: "canon-mutants";
  readonly version: 1;
  readonly catalogue: Hex;
  readonly seed: number;
  /** Cases drawn for each property. */
  readonly runs: number;
  readonly clauses: readonly ClauseEvidence[];
  /** Properties that condemned the unmutated reference. There must be none. */
  readonly falseAlarms: readonly { readonly property: string; readonly because: string }[];
  readonly milliseconds: number;
}

/** Who saw a fault, and when. */
export interface Finding {
  readonly property: string;
  /** Cases that were drawn up to then. */
  readonly cases: number;
  /** From the start of the hunt, drawing included. */
  readonly milliseconds: number;
  /** Of the case as it was drawn. */
  readonly inputs: number;
}

/** A hunt for a fault from one seed. */
export interface Hunt {
  readonly seed: number;
  /** By any property; `null` when the fault was not found. */
  readonly first: Finding | null;
  /** By a law, which knows no reference. */
  readonly byLaw: Finding | null;
  /** What is left of the case that the law found, else of the first one; `cut` when the time for that was up. */
  readonly shrunk: { readonly property: string; readonly inputs: number; readonly canisters: number; readonly cut: boolean } | null;
  readonly cases: number;
  readonly milliseconds: number;
}

export interface FaultEvidence {
  readonly fault: string;
  readonly source: string;
  readonly sentence: string;
  /** The clause that is read otherwise. */
  readonly clause: string;
  readonly hunts: readonly Hunt[];
}

export interface FaultsReport {
  readonly report: "canon-faults";
  readonly version: 1;
  readonly catalogue: Hex;
  /** The time of each hunt at most. @unit milliseconds */
  readonly limit: number;
  readonly faults: readonly FaultEvidence[];
  readonly milliseconds: number;
}

/** 0 clean; 1 a failure or an unmet goal; 2 the harness; 3 the time was up before the minimum. */
export const exitCodeOf = (verdict: CheckVerdict): 0 | 1 | 2 | 3 => exitCodes[verdict];

const exitCodes = { green: 0, failed: 1, unmet: 1, broken: 2, inconclusive: 3 } as const;

/** The verdict on a run and the reasons for it; the worst wins. */
export const verdictOf = (
  properties: readonly PropertyReport[],
  goals: readonly Goal[],
  stored: readonly StoredReport[],
): { readonly verdict: CheckVerdict; readonly reasons: readonly string[] } => {
  const worst: [CheckVerdict, string][] = [];
  for (const { property, outcome, because } of properties) {
    const verdict = verdictOfOutcome[outcome];
    if (verdict !== "green") worst.push([verdict, `${property}: ${outcome}${because && `, ${because}`}`]);
  }
  for (const { failure, outcome, because } of stored) {
    if (outcome === "STILL FAILING") worst.push(["failed", `stored failure ${failure}: STILL FAILING, ${because}`]);
    if (outcome === "CANNOT REPLAY") worst.push(["broken", `stored failure ${failure}: CANNOT REPLAY, ${because}`]);
  }
  for (const { goal, met } of goals) if (!met) worst.push(["unmet", `goal not met: ${goal}`]);
  const executed = properties.filter(({ outcome }) => outcome !== "UNSUPPORTED");
  if (executed.reduce((sum, { held, failed }) => sum + held + failed, 0) === 0 && worst.length === 0)
    worst.push(["unmet", "nothing was checked"]);
  const verdict = order.find((candidate) => worst.some(([found]) => found === candidate)) ?? "green";
  return { verdict, reasons: worst.map(([, reason]) => reason) };
};

const order: readonly CheckVerdict[] = ["failed", "broken", "inconclusive", "unmet"];

const verdictOfOutcome: Readonly<Record<Outcome, CheckVerdict>> = {
  PASS: "green",
  UNSUPPORTED: "green",
  FAIL: "failed",
  CRASH: "failed",
  TIMEOUT: "failed",
  PROTOCOL_ERROR: "failed",
  FLAKY: "failed",
  NOT_REACHED: "unmet",
  INCONCLUSIVE: "inconclusive",
  HARNESS_ERROR: "broken",
};
