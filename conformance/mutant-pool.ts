/**
 * The cases in which mutants are tried, drawn once for all of them. Each is first led through the whole reference,
 * which tells which clauses matter in it: a mutant does the same as the reference in every case in which its clause
 * never refused, or never took effect, so those cases are skipped, and nothing is lost by it. One trace of a mutant is
 * judged by every law that needs only a trace.
 */
import * as fc from "fast-check";
import { createModel } from "../model/index.ts";
import { clauseName, drive, type ClauseId, type Scenario, type Trace } from "../spec/index.ts";
import { everything, judgeTogether, type Case, type Property, type Verdict, type WatchedLaw } from "../properties/index.ts";
import { messageOf } from "./fault.ts";
import { seedOf } from "./trial.ts";

export interface PoolCase {
  readonly case: Case;
  /** The property that drew it. */
  readonly owner: Property;
  /** Clauses without which this case would go differently: conditions that refused, effects that applied. */
  readonly touched: ReadonlySet<string>;
  /** How many clauses the reference met in it. */
  readonly effort: number;
  /** What the whole reference does in the scenario. */
  readonly expected: Trace;
  /** Who condemns the whole reference here, and so may not judge mutants here; each with its reason. */
  readonly alarms: ReadonlyMap<Property, string>;
}

export interface Pool {
  readonly properties: readonly Property[];
  readonly cases: readonly PoolCase[];
}

interface Drawing {
  readonly seed: number;
  /** Cases drawn for each property. */
  readonly runs: number;
}

/** Draws the cases. Where nobody is going to judge, `judged` is false, and nobody is asked about the reference either. */
export const poolOf = async (properties: readonly Property[], { seed, runs }: Drawing, { judged = true } = {}): Promise<Pool> => {
  const cases: PoolCase[] = [];
  for (const owner of properties) {
    const drawn = fc.sample(owner.cases(everything), { seed: seedOf(seed, owner.id), numRuns: runs });
    for (const tried of drawn) cases.push(await asExpected(judged ? properties : [], owner, tried));
  }
  return { properties, cases };
};

/** Properties that condemn the unmutated reference. There must be none. */
export const falseAlarmsOf = ({ cases }: Pool): readonly { readonly property: string; readonly because: string }[] => {
  const alarms = new Map<string, string>();
  for (const tried of cases) for (const [{ id }, because] of tried.alarms) if (!alarms.has(id)) alarms.set(id, because);
  return [...alarms].map(([property, because]) => ({ property, because }));
};

export interface Noticed {
  /** Properties whose verdict on the mutant is `fails`. */
  readonly killers: readonly Property[];
  /** Properties that led the mutant into a breakdown. */
  readonly brokeUnder: readonly Property[];
}

/** Which of these properties notice, in one case, that a clause is gone. */
export const notice = async (clause: ClauseId, tried: PoolCase, properties: readonly Property[]): Promise<Noticed> => {
  const judging = properties.filter((property) => judges(property, tried.owner) && !tried.alarms.has(property));
  if (judging.length === 0) return { killers: [], brokeUnder: [] };
  const verdicts = await verdictsOf(judging, tried.case, ledBy(clause, tried.effort), () => tried.expected);
  const found = (kind: Judged["kind"]) => judging.filter((_, at) => verdicts[at]!.kind === kind);
  return { killers: found("fails"), brokeUnder: found("broken") };
};

type Judged = Verdict | { readonly kind: "broken"; readonly because: string };
type Drive = (scenario: Scenario) => Trace;

/** A property of two worlds judges only the cases that it drew itself; what needs one trace judges every case. */
const judges = (property: Property, owner: Property): boolean =>
  property === owner || property.judge !== undefined || property.kind === "agreement";

const asExpected = async (properties: readonly Property[], owner: Property, tried: Case): Promise<PoolCase> => {
  const touched = new Set<string>();
  let effort = 0;
  const reference = createModel({
    witness: (clause, outcome) => {
      effort++;
      if (outcome !== "held") touched.add(clauseName(clause));
    },
  });
  const led = remembered((scenario) => drive(reference, scenario) as Trace);
  const expected = led(tried.scenario);
  const judging = properties.filter((property) => judges(property, owner));
  const verdicts = await verdictsOf(judging, tried, led, led);
  const alarms = new Map<Property, string>();
  verdicts.forEach((verdict, at) => {
    if (verdict.kind === "fails" || verdict.kind === "broken") alarms.set(judging[at]!, verdict.because);
  });
  return { case: tried, owner, touched, effort, expected, alarms };
};

/**
 * The mutant, as one case leads it. It may never come to an end where the reference does, so it is stopped after many
 * times the clauses that the reference met: a count, not a clock, so that every run says the same.
 */
const ledBy = (mutation: ClauseId, effort: number): Drive => {
  let left = 20 * effort + 20_000;
  const mutant = createModel({
    mutation,
    witness: () => {
      if (--left < 0) throw new Error("it does not come to an end");
    },
  });
  return remembered((scenario) => drive(mutant, scenario) as Trace);
};

/** Leads each scenario once, and breaks down the same way each time it is asked for one that broke down. */
const remembered = (lead: Drive): Drive => {
  const led = new Map<Scenario, Trace | { readonly broke: string }>();
  return (scenario) => {
    let known = led.get(scenario);
    if (!known) {
      try {
        known = lead(scenario);
      } catch (reason) {
        known = { broke: messageOf(reason) };
      }
      led.set(scenario, known);
    }
    if ("broke" in known) throw new Breakdown(known.broke);
    return known;
  };
};

class Breakdown extends Error {}

/** The verdicts of these properties, in their order. Laws that watch a trace share one walk along it. */
const verdictsOf = async (properties: readonly Property[], tried: Case, led: Drive, reference: Drive): Promise<readonly Judged[]> => {
  const watched = properties.filter(isWatched);
  const together = new Map<Property, Judged>();
  if (watched.length > 0) {
    const verdicts = attempted(() => judgeTogether(led(tried.scenario), watched));
    watched.forEach((law, at) => together.set(law, "kind" in verdicts ? verdicts : verdicts[at]!));
  }
  const verdicts: Judged[] = [];
  for (const property of properties) {
    const known = together.get(property);
    verdicts.push(known ?? (await checked(property, tried, led, reference)));
  }
  return verdicts;
};

const isWatched = (property: Property): property is WatchedLaw => "watch" in property && "otherwise" in property;

const checked = async (property: Property, tried: Case, led: Drive, reference: Drive): Promise<Judged> => {
  try {
    return await property.check({ case: tried, drive: led, reference });
  } catch (reason) {
    if (reason instanceof Breakdown) return { kind: "broken", because: reason.message };
    throw reason;
  }
};

const attempted = <T>(judge: () => T): T | { readonly kind: "broken"; readonly because: string } => {
  try {
    return judge();
  } catch (reason) {
    if (reason instanceof Breakdown) return { kind: "broken", because: reason.message };
    throw reason;
  }
};
