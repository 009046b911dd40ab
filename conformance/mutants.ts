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
import { properties as allProperties, type Property } from "../properties/index.ts";
import { catalogueHash } from "./catalogue.ts";
import { equivalents as knownEquivalents } from "./equivalents.ts";
import { falseAlarmsOf, notice, poolOf, type Pool, type PoolCase } from "./mutant-pool.ts";
import type { ClauseEvidence, MutantsReport } from "./report.ts";

export interface MutantsOptions {
  readonly seed: number;
  /** Cases drawn for each property. */
  readonly runs: number;
  /** The clauses that are taken out; all of them when left out. */
  readonly clauses?: readonly ClauseId[];
  readonly properties?: readonly Property[];
  readonly equivalents?: Readonly<Record<string, string>>;
  /** Cases without a new kill after which a mutant is given up. */
  readonly patience?: number;
  readonly onProgress?: (done: number, total: number, clause: string) => void;
}

export const tryMutants = async (options: MutantsOptions): Promise<MutantsReport> => {
  const began = performance.now();
  const chosen = options.clauses ?? allClauses;
  const equivalents = options.equivalents ?? knownEquivalents;
  const pool = await poolOf(options.properties ?? allProperties, options);
  const evidence: ClauseEvidence[] = [];
  for (const [done, clause] of chosen.entries()) {
    options.onProgress?.(done, chosen.length, clauseName(clause));
    evidence.push(await tryMutant(clause, pool, options.patience ?? 60, equivalents[clauseName(clause)]));
  }
  return {
    report: "canon-mutants",
    version: 1,
    catalogue: catalogueHash(),
    seed: options.seed,
    runs: options.runs,
    clauses: evidence,
    falseAlarms: falseAlarmsOf(pool),
    milliseconds: Math.round(performance.now() - began),
  };
};

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

/** Leads one mutant through the cases in which its clause matters, until everybody has killed it or nobody new does. */
const tryMutant = async (clause: ClauseId, pool: Pool, patience: number, argument: string | undefined): Promise<ClauseEvidence> => {
  const killers = new Set<Property>();
  const broken = new Set<Property>();
  let idle = 0;
  for (const tried of inTurns(pool.cases.filter(({ touched }) => touched.has(clauseName(clause))))) {
    if (idle >= patience || killers.size === pool.properties.length) break;
    const noticed = await notice(
      clause,
      tried,
      pool.properties.filter((property) => !killers.has(property)),
    );
    for (const property of noticed.brokeUnder) broken.add(property);
    for (const property of noticed.killers) killers.add(property);
    idle = noticed.killers.length > 0 ? 0 : idle + 1;
  }
  const seenByLaw = [...killers].some(({ kind }) => kind === "law");
  const killedBy = pool.properties.filter((property) => killers.has(property) || (!seenByLaw && broken.has(property)));
  const byLaw = killedBy.some(({ kind }) => kind === "law");
  return {
    ...clause,
    killedBy: killedBy.map(({ id }) => id),
    byLaw,
    ...(byLaw && !seenByLaw && { byBreakdown: true as const }),
    ...(argument !== undefined && { equivalent: argument }),
  };
};

/** The cases of each property in turn, the short ones first, so that every property soon has its own say. */
const inTurns = (cases: readonly PoolCase[]): readonly PoolCase[] => {
  const byOwner = new Map<Property, PoolCase[]>();
  for (const tried of cases) byOwner.set(tried.owner, [...(byOwner.get(tried.owner) ?? []), tried]);
  const queues = [...byOwner.values()].map((queue) => [...queue].sort((left, right) => left.effort - right.effort));
  const turns: PoolCase[] = [];
  for (let turn = 0; queues.some((queue) => turn < queue.length); turn++)
    for (const queue of queues) if (queue[turn]) turns.push(queue[turn]!);
  return turns;
};
