/**
 * Clause mutants: the reference without one of its clauses, a condition taken as true or an effect left out. A property
 * that fails on it has noticed that the clause is gone: it kills the mutant. So the question whether the suite notices
 * each sentence of the specification has an answer for each sentence, and for each property.
 *
 * Agreement with the whole reference kills almost anything, so kills by laws, which know no reference, count apart. A
 * mutant that breaks down is killed by whatever leads it, but such a kill is a last resort: a stranger who forgot the
 * clause need not break down, so a verdict is looked for first.
 */
import { clauseName, clauses as allClauses, type ClauseId } from "../spec/index.ts";
import type { Property } from "../properties/index.ts";
import { catalogueHash } from "./catalogue.ts";
import { equivalents as knownEquivalents } from "./equivalents.ts";
import { drawPool, notice, type PoolCase } from "./mutant-pool.ts";
import type { ClauseEvidence, MutantsReport } from "./report.ts";
import { suite } from "./suite.ts";

export interface MutantsOptions {
  readonly seed: number;
  /** Cases drawn for each property, in each batch. */
  readonly runs: number;
  /** Most batches; a further one is drawn only for clauses that no law noticed yet. */
  readonly batches?: number;
  /** The clauses that are taken out; all of them when left out. */
  readonly clauses?: readonly ClauseId[];
  readonly properties?: readonly Property[];
  readonly equivalents?: Readonly<Record<string, string>>;
  /**
   * Cases in which a mutant was another one, without a new kill, after which it is given up, in each batch, where a law killed it; or
   * eight times as many cases in all. Where none did, it is given up after four times as many in which it was another one.
   */
  readonly patience?: number;
  readonly onProgress?: (done: number, total: number, clause: string) => void;
}

export const tryMutants = async (options: MutantsOptions): Promise<MutantsReport> => {
  const began = performance.now();
  const { properties = suite, equivalents = knownEquivalents, batches = 12, patience = 12 } = options;
  const mutants = (options.clauses ?? allClauses).map((clause): Mutant => ({ clause, killers: new Set(), broken: new Set() }));
  const alarms = new Map<string, string>();
  let open: readonly Mutant[] = mutants;
  for (let batch = 0; batch < batches && open.length > 0; batch++) {
    const pool = drawPool(
      properties,
      { ...options, batch },
      open.map(({ clause }) => clause),
    );
    for (const mutant of open) {
      options.onProgress?.(mutants.length - open.length + open.indexOf(mutant), mutants.length, clauseName(mutant.clause));
      await tryMutant(mutant, pool, properties, patience);
    }
    for (const tried of pool)
      for (const [{ id }, because] of tried.alarms) if (because !== null && !alarms.has(id)) alarms.set(id, because);
    open = open.filter((mutant) => !isSettled(mutant, batch) && equivalents[clauseName(mutant.clause)] === undefined);
  }
  return {
    report: "canon-mutants",
    version: 1,
    catalogue: catalogueHash(),
    seed: options.seed,
    runs: options.runs,
    clauses: mutants.map((mutant) => evidenceOf(mutant, properties, equivalents[clauseName(mutant.clause)])),
    falseAlarms: [...alarms].map(([property, because]) => ({ property, because })),
    milliseconds: Math.round(performance.now() - began),
  };
};

/** A clause that is taken out, and who noticed so far. */
interface Mutant {
  readonly clause: ClauseId;
  /** By a verdict. */
  readonly killers: Set<Property>;
  /** By leading it into a breakdown. */
  readonly broken: Set<Property>;
}

const seenByLaw = ({ killers }: Mutant): boolean => [...killers].some(({ kind }) => kind === "law");

/** Nothing more is looked for: a law has a verdict, or the mutant broke down so often that it always will. */
const isSettled = (mutant: Mutant, batch: number): boolean =>
  seenByLaw(mutant) || (batch >= 2 && [...mutant.broken].some(({ kind }) => kind === "law"));

/** One report of several, each over other clauses of the same pool. */
export const mergeMutants = (reports: readonly [MutantsReport, ...MutantsReport[]]): MutantsReport => {
  const evidence = new Map(reports.flatMap(({ clauses }) => clauses.map((clause) => [clauseName(clause), clause])));
  const alarms = new Map(reports.flatMap(({ falseAlarms }) => falseAlarms.map((alarm) => [alarm.property, alarm])));
  return {
    ...reports[0],
    clauses: allClauses.flatMap((clause) => evidence.get(clauseName(clause)) ?? []),
    falseAlarms: [...alarms.values()],
    milliseconds: Math.max(...reports.map(({ milliseconds }) => milliseconds)),
  };
};

/**
 * Leads one mutant through the cases in which its clause matters, first those that were drawn to show its rule, until
 * everybody has killed it or nobody new does.
 */
const tryMutant = async (mutant: Mutant, pool: readonly PoolCase[], properties: readonly Property[], patience: number) => {
  const { clause, killers, broken } = mutant;
  let [idle, looked] = [0, 0];
  const touching = pool.filter(({ touched }) => touched.has(clauseName(clause)));
  const about = (tried: PoolCase): boolean => tried.owner.cites.includes(clause.rule);
  for (const tried of [...inTurns(touching.filter(about)), ...inTurns(touching.filter((tried) => !about(tried)))]) {
    const [seldom, often] = seenByLaw(mutant) ? [patience, patience * 8] : [patience * 4, Infinity];
    if (idle >= seldom || looked++ >= often || killers.size === properties.length) return;
    const noticed = await notice(
      { mutation: clause },
      tried,
      properties.filter((property) => !killers.has(property)),
    );
    for (const property of noticed.brokeUnder) broken.add(property);
    for (const property of noticed.killers) killers.add(property);
    if (noticed.killers.length > 0) idle = 0;
    else if (noticed.differed) idle++;
  }
};

const evidenceOf = (mutant: Mutant, properties: readonly Property[], argument: string | undefined): ClauseEvidence => {
  const { clause, killers, broken } = mutant;
  const byVerdict = seenByLaw(mutant);
  const killedBy = properties.filter((property) => killers.has(property) || (!byVerdict && broken.has(property)));
  const byLaw = killedBy.some(({ kind }) => kind === "law");
  return {
    ...clause,
    killedBy: killedBy.map(({ id }) => id),
    byLaw,
    ...(byLaw && !byVerdict && { byBreakdown: true as const }),
    ...(argument !== undefined && { equivalent: argument }),
  };
};

/** The cases of each property in turn, the short ones first, so that every property soon has its own say. */
const inTurns = (cases: readonly PoolCase[]): readonly PoolCase[] => {
  const byOwner = new Map<Property, PoolCase[]>();
  for (const tried of cases) byOwner.set(tried.owner, [...(byOwner.get(tried.owner) ?? []), tried]);
  const queues = [...byOwner.values()].map((queue) => [...queue].sort((left, right) => left.effort.total - right.effort.total));
  const turns: PoolCase[] = [];
  for (let turn = 0; queues.some((queue) => turn < queue.length); turn++)
    for (const queue of queues) if (queue[turn]) turns.push(queue[turn]!);
  return turns;
};
