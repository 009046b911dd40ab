/**
 * The cases in which mutants are tried, drawn once for all of them. Each is first led through the whole reference,
 * which tells which clauses matter in it: a mutant does the same as the reference in every case in which its clause
 * never refused, or never took effect, so those cases are skipped, and nothing is lost by it. One trace of a mutant is
 * judged by every law that needs only a trace.
 */
import * as fc from "fast-check";
import type { Reading } from "../model/index.ts";
import { clauseName, drive, type ClauseId, type Scenario, type Trace } from "../spec/index.ts";
import { everything, judgeTogether, twinOf, type Case, type Property, type Verdict, type WatchedLaw } from "../properties/index.ts";
import { bounded, measured, type Effort } from "./effort.ts";
import { messageOf } from "./fault.ts";
import { firstParting } from "./oracle.ts";
import { seedOf } from "./trial.ts";

export interface PoolCase {
  readonly case: Case;
  /** The property that drew it. */
  readonly owner: Property;
  /** Clauses without which this case would go differently: conditions that refused, effects that applied. */
  readonly touched: ReadonlySet<string>;
  /** Clauses that the reference met in it: a machine that reads another one otherwise does the same as the reference. */
  readonly met: ReadonlySet<string>;
  /** What the reference did in it. */
  readonly effort: Effort;
  /** The whole reference, led through this case. */
  readonly expected: Drive;
  /** Who was asked about the whole reference here, and, where it condemns it, why: it may not judge mutants here. */
  readonly alarms: Map<Property, string | null>;
}

interface Drawing {
  readonly seed: number;
  /** Cases drawn for each property. */
  readonly runs: number;
  /** The number of the batch, from 0: each has other cases. */
  readonly batch: number;
}

/**
 * Draws cases and leads the whole reference through each of them: in the first batch cases of every property, in further ones
 * of those that check a rule of which something is still sought, where that is told.
 */
export const drawPool = (
  properties: readonly Property[],
  { seed, runs, batch }: Drawing,
  sought: readonly ClauseId[] | null,
): readonly PoolCase[] =>
  properties.flatMap((owner) => {
    if (batch > 0 && sought !== null && !sought.some(({ rule }) => owner.cites.includes(rule))) return [];
    const own = seedOf(seed, batch === 0 ? owner.id : `${owner.id} ${batch}`);
    const numRuns = batch < lateBatch ? runs : runs * 8;
    return fc.sample(owner.cases(everything), { seed: own, numRuns }).map((tried) => asExpected(owner, tried));
  });

/** From this batch on little is sought, so more cases are drawn for it. */
const lateBatch = 3;

export interface Noticed {
  /** Properties whose verdict on the mutant is `fails`. */
  readonly killers: readonly Property[];
  /** Properties that led the mutant into a breakdown. */
  readonly brokeUnder: readonly Property[];
  /** Whether there was anything to notice: the mutant did something else than the reference, or a property of two worlds looked. */
  readonly differed: boolean;
}

/** Which of these properties notice, in one case, that the specification is read otherwise. One that condemns the whole reference, too, does not. */
export const notice = async (reading: Reading, tried: PoolCase, properties: readonly Property[]): Promise<Noticed> => {
  const led = ledBy(reading, tried.effort);
  const same = isSame(led, tried);
  // Whoever judges one trace says of an equal one what it says of the reference.
  const judging = properties.filter(
    (property) => judges(property, tried.owner) && !tried.alarms.get(property) && !(same && property.judge !== undefined),
  );
  if (judging.length === 0) return { killers: [], brokeUnder: [], differed: !same };
  const verdicts = await verdictsOf(judging, tried.case, led, tried.expected);
  const found = (kind: Judged["kind"]) => judging.filter((_, at) => verdicts[at]!.kind === kind);
  const killers: Property[] = [];
  for (const property of found("fails")) if ((await alarmOf(property, tried)) === null) killers.push(property);
  return { killers, brokeUnder: found("broken"), differed: !same || judging.includes(tried.owner) };
};

/** Whether a mutant does the same as the reference in the world of a case. */
const isSame = (led: Drive, { case: { scenario }, expected }: PoolCase): boolean => {
  const trace = attempted(() => led(scenario).steps);
  return !("kind" in trace) && firstParting(expected(scenario).steps, trace) === null;
};

/** Why a property condemns the whole reference in a case; `null` when it does not, as it should. */
const alarmOf = async (property: Property, tried: PoolCase): Promise<string | null> => {
  const known = tried.alarms.get(property);
  if (known !== undefined) return known;
  const [verdict] = await verdictsOf([property], tried.case, tried.expected, tried.expected);
  const alarm = verdict!.kind === "fails" || verdict!.kind === "broken" ? verdict!.because : null;
  tried.alarms.set(property, alarm);
  return alarm;
};

type Judged = Verdict | { readonly kind: "broken"; readonly because: string };
type Drive = (scenario: Scenario) => Trace;

/** A property of two worlds judges only the cases that it drew itself; what needs one trace judges every case. */
const judges = (property: Property, owner: Property): boolean =>
  property === owner || property.judge !== undefined || property.kind === "agreement";

const asExpected = (owner: Property, tried: Case): PoolCase => {
  const touched = new Set<string>();
  const met = new Set<string>();
  const effort: Effort = { total: 0, peak: 0 };
  const expected = remembered((scenario) => {
    const led = measured(scenario, (clause, outcome) => {
      met.add(clauseName(clause));
      if (outcome !== "held") touched.add(clauseName(clause));
    });
    effort.total += led.effort.total;
    effort.peak = Math.max(effort.peak, led.effort.peak);
    return led.trace;
  });
  expected(tried.scenario);
  if (tried.relation.kind !== "none") expected(twinOf(tried));
  return { case: tried, owner, touched, met, effort, expected, alarms: new Map() };
};

/** The mutant, as one case leads it. */
const ledBy = (reading: Reading, effort: Effort): Drive => {
  const mutant = bounded(reading, effort);
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
