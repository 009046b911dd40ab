/**
 * A campaign tries every chosen property on one machine and makes a report of it. What is to be tried is declared
 * before the first run. Failures of earlier runs come first; the time is shared, so that what one property does not
 * need goes to those after it. A failing case is tried again before it is believed, and then made small.
 */
import { createModel } from "../model/index.ts";
import { clauses, rules, type Machine } from "../spec/index.ts";
import type { Property } from "../properties/index.ts";
import { attempt, emptyReport, type AttemptOptions } from "./attempt.ts";
import { catalogueHash } from "./catalogue.ts";
import { gatherEvidence, reached, rulesFired, type Witness } from "./evidence.ts";
import type { Failure, StoredFailure } from "./failure.ts";
import { declareGoals } from "./goals.ts";
import { verdictOf, type CheckReport, type PropertyReport, type StoredReport } from "./report.ts";
import { isFailing, judge, type Parties } from "./trial.ts";
import { suite } from "./suite.ts";

export interface CampaignOptions extends AttemptOptions {
  readonly subject: Machine;
  /** For the whole campaign. @unit milliseconds */
  readonly maxTime: number;
  /** The chosen properties; all of them when left out. */
  readonly properties?: readonly Property[];
  readonly stored?: readonly StoredFailure[];
  /** Files of the store that are no failures. */
  readonly unreadable?: readonly { readonly file: string; readonly because: string }[];
  /** The reference; the model when left out. */
  readonly reference?: (witness: Witness) => Machine;
}

export interface Campaign {
  readonly report: CheckReport;
  /** New failures, made small. */
  readonly failures: readonly Failure[];
}

export const campaign = async (options: CampaignOptions): Promise<Campaign> => {
  const began = performance.now();
  const evidence = gatherEvidence();
  const chosen = options.properties ?? suite;
  const parties: Parties = { subject: options.subject, reference: (options.reference ?? modelWith)(evidence.witness) };
  const goalsOf = declareGoals(chosen, options);
  const unreadable = (options.unreadable ?? []).map(({ file, because }): StoredReport => ({
    failure: file,
    property: "",
    outcome: "CANNOT REPLAY",
    because,
  }));
  const stored = [...(await replayStored(options.stored ?? [], chosen, parties)), ...unreadable];
  const reports: PropertyReport[] = [];
  const failures: Failure[] = [];
  for (const [index, property] of chosen.entries()) {
    const again = stored.find(({ property: id, outcome }) => id === property.id && outcome === "STILL FAILING");
    const left = options.maxTime - (performance.now() - began);
    const { report, failure } = again
      ? { report: stillFailing(property, options.runs, again), failure: null }
      : await attempt(property, parties, evidence, options, {
          milliseconds: (left * partsOf(property)) / sum(chosen.slice(index)),
          left,
          from: sum(chosen.slice(0, index)) / sum(chosen),
          width: partsOf(property) / sum(chosen),
        });
    reports.push(report);
    if (failure) failures.push(failure);
  }
  const tallies = evidence.clauses();
  const goals = goalsOf(evidence);
  const fired = rulesFired(tallies);
  return {
    failures,
    report: {
      report: "canon-check",
      version: 1,
      subject: options.subject.name,
      catalogue: catalogueHash(),
      seed: options.seed,
      declared: { properties: chosen.map(({ id }) => id), rules: rules.map(({ id }) => id), clauses: clauses.length, goals: goals.length },
      executed: {
        properties: reports.filter(({ runs }) => runs > 0).map(({ property }) => property),
        rules: rules.map(({ id }) => id).filter((id) => fired.has(id)),
        clauses: tallies.filter(reached).length,
        goals: goals.filter(({ met }) => met).length,
      },
      properties: reports,
      inputs: evidence.inputs(),
      clauses: tallies,
      goals,
      stored,
      excluded: options.excluded ?? [],
      milliseconds: Math.round(performance.now() - began),
      ...verdictOf(reports, goals, stored),
    },
  };
};

/** How much of the time a property gets: what leads the reference too, which is slow and meets every rule, gets more. */
const partsOf = ({ kind }: Property): number => (kind === "agreement" ? 120 : 1);

const sum = (properties: readonly Property[]): number => properties.reduce((parts, property) => parts + partsOf(property), 0);

/** The report on a machine that could not even shake hands: everything was declared, nothing executed. */
export const reportOfNothing = (subject: string, seed: number, chosen: readonly Property[], because: string): CheckReport => ({
  report: "canon-check",
  version: 1,
  subject,
  catalogue: catalogueHash(),
  seed,
  declared: { properties: chosen.map(({ id }) => id), rules: rules.map(({ id }) => id), clauses: clauses.length, goals: 0 },
  executed: { properties: [], rules: [], clauses: 0, goals: 0 },
  properties: [],
  inputs: [],
  clauses: gatherEvidence().clauses(),
  goals: [],
  stored: [],
  excluded: [],
  milliseconds: 0,
  verdict: "failed",
  reasons: [because],
});

const modelWith = (witness: Witness): Machine => createModel({ witness });

/** Tries the failures of earlier runs again, each with the property that it failed. */
export const replayStored = async (
  stored: readonly StoredFailure[],
  chosen: readonly Property[],
  parties: Parties,
): Promise<StoredReport[]> => {
  const replayed: StoredReport[] = [];
  for (const { id, property: name, case: tried } of stored) {
    const property = chosen.find((candidate) => candidate.id === name);
    if (!property) {
      const known = suite.some((candidate) => candidate.id === name);
      if (!known)
        replayed.push({ failure: id, property: name, outcome: "CANNOT REPLAY", because: "there is no property of this name any more" });
      continue;
    }
    const judgement = await judge(property, tried, parties);
    if (judgement.outcome === "HARNESS_ERROR")
      replayed.push({ failure: id, property: name, outcome: "CANNOT REPLAY", because: judgement.because });
    else if (isFailing(judgement)) replayed.push({ failure: id, property: name, outcome: "STILL FAILING", because: judgement.because });
    else replayed.push({ failure: id, property: name, outcome: "FIXED", because: judgement.because });
  }
  return replayed;
};

const stillFailing = (property: Property, planned: number, { failure, because }: StoredReport): PropertyReport => ({
  ...emptyReport(property, planned),
  outcome: "FAIL",
  runs: 1,
  failed: 1,
  because,
  failure,
});
