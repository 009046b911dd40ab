/**
 * The cases in which mutants are tried, drawn once for all of them. Each is first led through the whole reference,
 * which tells which clauses matter in it: a mutant does the same as the reference in every case in which its clause
 * never refused, or never took effect, so those cases are skipped, and nothing is lost by it. One trace of a mutant is
 * judged by every law that needs only a trace.
 */
import * as fc from "fast-check";
import { createModel } from "../model/index.ts";
import { clauseName, drive, type ClauseId, type Scenario, type Trace } from "../spec/index.ts";
import { everything, judgeTogether, twinOf, type Case, type Property, type Verdict, type WatchedLaw } from "../properties/index.ts";
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

/** Draws cases and leads the whole reference through each of them. */
export const drawPool = (properties: readonly Property[], { seed, runs, batch }: Drawing): readonly PoolCase[] =>
  properties.flatMap((owner) => {
    const own = seedOf(seed, batch === 0 ? owner.id : `${owner.id} ${batch}`);
    return fc.sample(owner.cases(everything), { seed: own, numRuns: runs }).map((tried) => asExpected(owner, tried));
  });

export interface Noticed {
  /** Properties whose verdict on the mutant is `fails`. */
  readonly killers: readonly Property[];
  /** Properties that led the mutant into a breakdown. */
  readonly brokeUnder: readonly Property[];
}

/** Which of these properties notice, in one case, that a clause is gone. One that condemns the whole reference, too, does not. */
export const notice = async (clause: ClauseId, tried: PoolCase, properties: readonly Property[]): Promise<Noticed> => {
  const judging = properties.filter((property) => judges(property, tried.owner) && !tried.alarms.get(property));
  if (judging.length === 0) return { killers: [], brokeUnder: [] };
  const verdicts = await verdictsOf(judging, tried.case, ledBy(clause, tried.effort), tried.expected);
  const found = (kind: Judged["kind"]) => judging.filter((_, at) => verdicts[at]!.kind === kind);
  const killers: Property[] = [];
  for (const property of found("fails")) if ((await alarmOf(property, tried)) === null) killers.push(property);
  return { killers, brokeUnder: found("broken") };
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
  let effort = 0;
  const reference = createModel({
    witness: (clause, outcome) => {
      effort++;
      if (outcome !== "held") touched.add(clauseName(clause));
    },
  });
  const expected = remembered((scenario) => drive(reference, scenario) as Trace);
  expected(tried.scenario);
  if (tried.relation.kind !== "none") expected(twinOf(tried));
  return { case: tried, owner, touched, effort, expected, alarms: new Map() };
};

/** How many clauses a mutant may meet, where the reference meets so many. */
export const mostEffort = (effort: number): number => 3 * effort + 2_000;

/**
 * The mutant, as one case leads it. It may never come to an end where the reference does, so it is stopped when it has
 * met three times as many clauses as the reference, and some: a count, not a clock, so that every run says the same. No
 * more than that, as a mutant that never ends makes each of its steps dearer than the last.
 */
const ledBy = (mutation: ClauseId, effort: number): Drive => {
  let left = mostEffort(effort);
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
