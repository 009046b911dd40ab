/**
 * One property in a campaign: it is tried for its share of the time, and what came of it is an outcome. A failing case
 * is tried again before it is believed, and then made small.
 */
import { everything, type Case, type Property, type Vocabulary } from "../properties/index.ts";
import type { Evidence } from "./evidence.ts";
import { failureId, type Failure } from "./failure.ts";
import { messageOf } from "./fault.ts";
import { minimumRuns } from "./goals.ts";
import { guarded } from "./guard.ts";
import { record } from "./recording.ts";
import type { PropertyReport } from "./report.ts";
import { shrink } from "./shrink.ts";
import type { Exclusion } from "./support.ts";
import { judge, seedOf, tryProperty, type Judgement, type Parties, type Tried } from "./trial.ts";

export interface AttemptOptions {
  /** Of the whole campaign. */
  readonly seed: number;
  /** Runs of each property. */
  readonly runs: number;
  /** Tries the case at this path alone. */
  readonly path?: string;
  readonly vocabulary?: Vocabulary;
  /** Rules that the machine does not follow, as it declared. */
  readonly excluded?: readonly Exclusion[];
  readonly shrinkLimits?: { readonly tries?: number; readonly milliseconds?: number };
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly property: string;
  /** Runs of this property so far. */
  readonly runs: number;
  /** The share of the whole campaign, 0 to 1. */
  readonly share: number;
}

/** What one property may use of the campaign's time, and which part of its progress it is. */
interface Slice {
  readonly milliseconds: number;
  /** What is left of the time of the campaign. @unit milliseconds */
  readonly left: number;
  readonly from: number;
  readonly width: number;
}

export const emptyReport = ({ id, kind }: Property, planned: number): PropertyReport => ({
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

export const attempt = async (
  property: Property,
  parties: Parties,
  evidence: Evidence,
  options: AttemptOptions,
  { milliseconds, left, from, width }: Slice,
): Promise<{ readonly report: PropertyReport; readonly failure: Failure | null }> => {
  const began = performance.now();
  const empty = emptyReport(property, options.path === undefined ? options.runs : 1);
  const unsupported = unsupportedBy(property, options.excluded ?? []);
  const vocabulary = options.vocabulary ?? everything;
  const missing = property.needs?.filter((custom) => !vocabulary.customs.has(custom)) ?? [];
  const whyUnsupported =
    unsupported.length === property.cites.length
      ? "the machine excludes every rule that it checks"
      : missing.length > 0
        ? `its worlds need ${missing.join(", ")}, which the machine excludes`
        : null;
  if (whyUnsupported !== null) return { report: { ...empty, outcome: "UNSUPPORTED", because: whyUnsupported }, failure: null };
  let tried: Tried;
  try {
    tried = await tryProperty(property, parties, {
      seed: seedOf(options.seed, property.id),
      runs: options.runs,
      deadline: began + milliseconds,
      least: minimumRuns,
      end: began + left,
      vocabulary,
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
  const settled = await settle(property, drawn, judgement, parties, {
    tries: 1_500,
    // Where everything fails, every failure gets less time, so that the whole ends near its time.
    milliseconds: Math.min(20_000, Math.max(1_000, (left - (performance.now() - began)) / 4)),
    ...options.shrinkLimits,
  });
  const failure: Failure = {
    id: failureId(property.id, parties.subject.name, settled.case),
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
  { tries, milliseconds }: { readonly tries: number; readonly milliseconds: number },
): Promise<{ case: Case; judgement: Judgement; outcome: Failure["outcome"]; tries: number }> => {
  const again = await judge(property, drawn, parties);
  if (again.outcome !== judgement.outcome) {
    const because = `${judgement.outcome} (${judgement.because}), and the second time ${again.outcome}`;
    return { case: drawn, judgement: { ...judgement, because }, outcome: "FLAKY", tries: 1 };
  }
  const small = await shrink(drawn, async (smaller) => (await judge(property, smaller, parties)).outcome === judgement.outcome, {
    tries,
    deadline: performance.now() + milliseconds,
    lead: async ({ scenario }) => (await record(guarded(parties.subject), scenario)).steps,
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
