/**
 * A campaign tries every chosen property on one machine and makes a report of it. What is to be tried is declared
 * before the first run. Failures of earlier runs come first; the time is shared, so that what one property does not
 * need goes to those after it. A failing case is tried again before it is believed, and then made small.
 */
import { createModel } from "../model/index.ts";
import { clauses, rules, type Machine } from "../spec/index.ts";
import { everything, properties as allProperties, type Case, type Property, type Vocabulary } from "../properties/index.ts";
import { catalogueHash } from "./catalogue.ts";
import { gatherEvidence, inputKinds, reached, rulesFired, type Evidence, type Witness } from "./evidence.ts";
import { failureId, type Failure, type StoredFailure } from "./failure.ts";
import { messageOf } from "./fault.ts";
import { guarded } from "./guard.ts";
import { verdictOf, type CheckReport, type Goal, type PropertyReport, type StoredReport } from "./report.ts";
import { shrink } from "./shrink.ts";
import { isFailing, judge, seedOf, tryProperty, type Judgement, type Parties, type Tried } from "./trial.ts";

export interface CampaignOptions {
  readonly subject: Machine;
  readonly seed: number;
  /** Runs of each property. */
  readonly runs: number;
  /** For the whole campaign. @unit milliseconds */
  readonly maxTime: number;
  /** The chosen properties; all of them when left out. */
  readonly properties?: readonly Property[];
  /** Tries the case at this path alone; with one property. */
  readonly path?: string;
  readonly vocabulary?: Vocabulary;
  /** Rules that the machine does not follow, as it declared. */
  readonly excluded?: readonly { readonly rule: string; readonly reason: string }[];
  readonly stored?: readonly StoredFailure[];
  /** Files of the store that are no failures. */
  readonly unreadable?: readonly { readonly file: string; readonly because: string }[];
  /** The reference; the model when left out. */
  readonly reference?: (witness: Witness) => Machine;
  readonly shrinkLimits?: { readonly tries: number; readonly milliseconds: number };
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly property: string;
  /** Runs of this property so far. */
  readonly runs: number;
  /** The share of the whole campaign, 0 to 1. */
  readonly share: number;
}

export interface Campaign {
  readonly report: CheckReport;
  /** New failures, made small. */
  readonly failures: readonly Failure[];
}

/** Below this many runs a property that ran out of time says too little. */
export const minimumRuns = 20;

export const campaign = async (options: CampaignOptions): Promise<Campaign> => {
  const began = performance.now();
  const evidence = gatherEvidence();
  const chosen = options.properties ?? allProperties;
  const parties: Parties = { subject: guarded(options.subject), reference: (options.reference ?? modelWith)(evidence.witness) };
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
      : await tryOne(property, parties, evidence, options, left / (chosen.length - index), index / chosen.length, 1 / chosen.length);
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
        rules: rules.map(({ id }) => id as string).filter((id) => fired.has(id)),
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

/**
 * Goals are declared for a run of the whole suite that is long enough to reach them; whoever filters has chosen what
 * to see. The rules are counted by the reference, so they are goals only where a property leads the reference too.
 */
const declareGoals = (chosen: readonly Property[], { runs, path, excluded = [], properties }: CampaignOptions) => {
  const whole = (properties === undefined || properties.length === allProperties.length) && path === undefined && runs >= minimumRuns;
  const left = new Set(excluded.map(({ rule }) => rule));
  const ruleGoals = whole && chosen.some(({ kind }) => kind === "agreement") ? rules.map(({ id }) => id).filter((id) => !left.has(id)) : [];
  const inputGoals = whole && left.size === 0 ? inputKinds : [];
  return (evidence: Evidence): readonly Goal[] => {
    const fired = rulesFired(evidence.clauses());
    const drawn = new Set(evidence.inputs().map(({ kind }) => kind));
    return [
      ...ruleGoals.map((id) => ({ goal: `rule ${id} takes place`, met: fired.has(id) })),
      ...inputGoals.map((kind) => ({ goal: `an input of kind ${kind} is drawn`, met: drawn.has(kind) })),
    ];
  };
};

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
      const known = allProperties.some((candidate) => candidate.id === name);
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

const emptyReport = ({ id, kind }: Property, planned: number): PropertyReport => ({
  property: id,
  kind,
  outcome: "PASS",
  runs: 0,
  held: 0,
  failed: 0,
  vacuous: 0,
  planned,
  milliseconds: 0,
  path: null,
  because: "",
  failure: null,
});

const tryOne = async (
  property: Property,
  parties: Parties,
  evidence: Evidence,
  options: CampaignOptions,
  milliseconds: number,
  from: number,
  width: number,
): Promise<{ readonly report: PropertyReport; readonly failure: Failure | null }> => {
  const began = performance.now();
  const empty = emptyReport(property, options.path === undefined ? options.runs : 1);
  const unsupported = unsupportedBy(property, options.excluded ?? []);
  if (unsupported.length === property.cites.length) {
    return { report: { ...empty, outcome: "UNSUPPORTED", because: `the machine excludes every rule that it checks` }, failure: null };
  }
  let tried: Tried;
  try {
    tried = await tryProperty(property, parties, {
      seed: seedOf(options.seed, property.id),
      runs: options.runs,
      deadline: began + milliseconds,
      vocabulary: options.vocabulary ?? everything,
      see: evidence.see,
      ...(options.path !== undefined && { path: options.path }),
      onRun: (runs) =>
        options.onProgress?.({
          property: property.id,
          runs,
          share: from + width * Math.min(1, Math.max(runs / empty.planned, (performance.now() - began) / milliseconds)),
        }),
    });
  } catch (reason) {
    return { report: { ...empty, outcome: "HARNESS_ERROR", because: `drawing a case broke: ${messageOf(reason)}` }, failure: null };
  }
  const { runs, held, vacuous, counterexample } = tried;
  const told = { ...empty, runs, held, vacuous, failed: runs - held - vacuous };
  const report = (rest: Partial<PropertyReport>): PropertyReport => ({
    ...told,
    ...rest,
    milliseconds: Math.round(performance.now() - began),
  });
  if (!counterexample) return { report: report(withoutFailure(tried, empty.planned, unsupported)), failure: null };
  const { case: drawn, path, judgement } = counterexample;
  if (judgement.outcome === "HARNESS_ERROR")
    return { report: report({ outcome: "HARNESS_ERROR", because: judgement.because, path }), failure: null };
  const settled = await settle(property, drawn, judgement, parties, options);
  const failure: Failure = {
    id: failureId(property.id, options.subject.name, settled.case),
    property: property.id,
    seed: options.seed,
    path,
    case: settled.case,
    judgement: settled.judgement,
    outcome: settled.outcome,
    drawnInputs: drawn.scenario.inputs.length,
    tries: settled.tries,
  };
  return { report: report({ outcome: settled.outcome, because: settled.judgement.because, path, failure: failure.id }), failure };
};

/** The rules that a property checks and the machine does not follow. */
const unsupportedBy = ({ cites }: Property, excluded: readonly { readonly rule: string }[]): readonly string[] =>
  cites.filter((rule) => excluded.some((left) => left.rule === rule));

const withoutFailure = ({ runs, vacuous, cut }: Tried, planned: number, unsupported: readonly string[]): Partial<PropertyReport> => {
  if (cut && runs < Math.min(planned, minimumRuns)) {
    return { outcome: "INCONCLUSIVE", because: `the time was up after ${runs} of at least ${Math.min(planned, minimumRuns)} runs` };
  }
  if (vacuous < runs) return { outcome: "PASS" };
  return unsupported.length > 0
    ? { outcome: "UNSUPPORTED", because: `vacuous in every run without ${unsupported.join(", ")}` }
    : { outcome: "NOT_REACHED", because: "vacuous in every run" };
};

/** Tries a failing case once more, which tells a flaky machine, and makes it small. */
const settle = async (
  property: Property,
  drawn: Case,
  judgement: Judgement,
  parties: Parties,
  { shrinkLimits = { tries: 1_500, milliseconds: 20_000 } }: CampaignOptions,
): Promise<{ case: Case; judgement: Judgement; outcome: Failure["outcome"]; tries: number }> => {
  const again = await judge(property, drawn, parties);
  if (again.outcome !== judgement.outcome) {
    const because = `${judgement.outcome} (${judgement.because}), and the second time ${again.outcome}`;
    return { case: drawn, judgement: { ...judgement, because }, outcome: "FLAKY", tries: 1 };
  }
  const small = await shrink(drawn, async (smaller) => (await judge(property, smaller, parties)).outcome === judgement.outcome, {
    tries: shrinkLimits.tries,
    deadline: performance.now() + shrinkLimits.milliseconds,
  });
  const last = await judge(property, small.case, parties);
  const outcome = judgement.outcome as Failure["outcome"];
  return last.outcome === judgement.outcome
    ? { case: small.case, judgement: last, outcome, tries: small.tries }
    : {
        case: small.case,
        judgement: { ...judgement, because: `${judgement.because}; the shrunk case does not always fail` },
        outcome: "FLAKY",
        tries: small.tries,
      };
};
