/**
 * The only place where a property and a machine meet. `judge` tries one case; `tryProperty` lets fast-check draw cases
 * from a seed until one fails, the runs are done or the time is up. fast-check draws and names the failing run; making
 * the case small is done elsewhere, on plain data.
 */
import * as fc from "fast-check";
import { drive, type Machine, type Trace } from "../spec/index.ts";
import type { Case, Property, Vocabulary } from "../properties/index.ts";
import { MachineFault, messageOf, type FaultKind } from "./fault.ts";
import { driveGuarded } from "./guard.ts";

/** The machine on trial, and the one that it is compared with. */
export interface Parties {
  readonly subject: Machine;
  readonly reference: Machine;
}

/** What one case came to. */
export interface Judgement {
  readonly outcome: "PASS" | "VACUOUS" | "FAIL" | FaultKind | "HARNESS_ERROR";
  /** The index of the input that shows it, from 0. */
  readonly at: number | null;
  readonly because: string;
  /** What the machine wrote on its standard error before it failed, the end of it. */
  readonly stderr?: string;
}

/** Tries a property in one case. `see` is given the first trace of the machine on trial. */
export const judge = async (property: Property, tried: Case, parties: Parties, see?: (trace: Trace) => void): Promise<Judgement> => {
  let seen = false;
  const first = (trace: Trace): Trace => {
    if (!seen) see?.(trace);
    seen = true;
    return trace;
  };
  try {
    const checked = property.check({
      case: tried,
      drive: (scenario) => {
        const driven = driveGuarded(parties.subject, scenario);
        return driven instanceof Promise ? driven.then(first) : first(driven);
      },
      reference: (scenario) => drive(parties.reference, scenario),
    });
    const verdict = checked instanceof Promise ? await checked : checked;
    if (verdict.kind === "holds") return { outcome: "PASS", at: null, because: "" };
    if (verdict.kind === "vacuous") return { outcome: "VACUOUS", at: null, because: verdict.because };
    return { outcome: "FAIL", at: verdict.at, because: verdict.because };
  } catch (reason) {
    if (reason instanceof MachineFault) {
      const { fault, at, message, stderr } = reason;
      return { outcome: fault, at, because: `${faultWords[fault]}: ${message}`, ...(stderr && { stderr }) };
    }
    return { outcome: "HARNESS_ERROR", at: null, because: `the property or the reference broke: ${messageOf(reason)}` };
  }
};

/** Whether a judgement is against the machine, or against us. */
export const isFailing = ({ outcome }: Judgement): boolean => outcome !== "PASS" && outcome !== "VACUOUS";

export interface TrialOptions {
  /** The seed of this property's draws. */
  readonly seed: number;
  /** Tries the case at this path alone. */
  readonly path?: string;
  readonly runs: number;
  /** No run begins after this point of `performance.now()`, once the least runs are done. @unit milliseconds */
  readonly deadline: number;
  /** Runs that are done before the deadline counts; none when left out. */
  readonly least?: number;
  /** No run begins after this point at all, except the first. @unit milliseconds */
  readonly end?: number;
  readonly vocabulary: Vocabulary;
  readonly see?: (trace: Trace) => void;
  /** Called after each run, with the number of runs so far. */
  readonly onRun?: (runs: number) => void;
}

/** The case that failed, as it was drawn. */
export interface Counterexample {
  readonly case: Case;
  readonly path: string;
  readonly judgement: Judgement;
}

/** What the runs of one property came to. */
export interface Tried {
  readonly runs: number;
  readonly held: number;
  readonly vacuous: number;
  /** Whether the time was up before the runs were done. */
  readonly cut: boolean;
  readonly counterexample: Counterexample | null;
}

export const tryProperty = async (property: Property, parties: Parties, options: TrialOptions): Promise<Tried> => {
  const tally = { runs: 0, held: 0, vacuous: 0, cut: false };
  let failed: { readonly case: Case; readonly judgement: Judgement } | null = null;
  const run = async (drawn: Case): Promise<void> => {
    const until = tally.runs < (options.least ?? 0) ? (options.end ?? options.deadline) : options.deadline;
    if (tally.runs > 0 && performance.now() >= until) {
      tally.cut = true;
      throw new fc.PreconditionFailure(true);
    }
    const judgement = await judge(property, drawn, parties, options.see);
    tally.runs++;
    if (judgement.outcome === "PASS") tally.held++;
    if (judgement.outcome === "VACUOUS") tally.vacuous++;
    options.onRun?.(tally.runs);
    if (!isFailing(judgement)) return;
    failed = { case: drawn, judgement };
    throw new Error(judgement.because);
  };
  const details = await fc.check(fc.asyncProperty(property.cases(options.vocabulary), run), {
    seed: options.seed,
    numRuns: options.path === undefined ? options.runs : 1,
    endOnFailure: true,
    ...(options.path !== undefined && { path: options.path }),
  });
  return {
    ...tally,
    counterexample: failed && { ...(failed as { case: Case; judgement: Judgement }), path: details.counterexamplePath ?? "0" },
  };
};

/** The seed of one property's draws, from the seed of the whole run: another one for each property, so that their worlds differ. */
export const seedOf = (seed: number, property: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < property.length; at++) hash = Math.imul(hash ^ property.charCodeAt(at), 0x01000193);
  return (hash ^ seed) | 0;
};

const faultWords: Readonly<Record<FaultKind, string>> = { CRASH: "crashed", TIMEOUT: "timed out", PROTOCOL_ERROR: "broke the protocol" };
