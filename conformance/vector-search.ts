/**
 * Finds a vector for each clause: among cases that the suite draws, one in which the reference without the clause
 * answers otherwise, made as small as that allows. Where no such case is found, one in which the clause is met at all.
 */
import { createModel } from "../model/index.ts";
import { clauseName, clauses as allClauses, drive, type ClauseId, type Scenario, type Trace } from "../spec/index.ts";
import { alone, type Property } from "../properties/index.ts";
import { equivalents as knownEquivalents } from "./equivalents.ts";
import { bounded, measured, type Effort } from "./effort.ts";
import { drawPool, type PoolCase } from "./mutant-pool.ts";
import { firstParting } from "./oracle.ts";
import { shrink } from "./shrink.ts";
import { scenarioOf, vectorOf, type Vector } from "./vector.ts";
import { suite } from "./suite.ts";

export interface VectorOptions {
  readonly seed: number;
  /** Cases drawn for each property, in each batch. */
  readonly runs: number;
  /** Most batches; a further one is drawn only for clauses that nothing tells apart yet. */
  readonly batches?: number;
  /** Clauses that nothing can tell apart: one case that meets them is enough. */
  readonly equivalents?: Readonly<Record<string, string>>;
  readonly clauses?: readonly ClauseId[];
  /** Vectors of before: one whose scenario still tells its clause apart is recorded anew, and nothing is drawn for it. */
  readonly known?: readonly Vector[];
  readonly properties?: readonly Property[];
  /** Most smaller cases that are tried for one vector. */
  readonly tries?: number;
  readonly onProgress?: (done: number, total: number, clause: string) => void;
}

/** The vectors of the clauses that some drawn case meets. */
export const findVectors = async (options: VectorOptions): Promise<readonly Vector[]> => {
  const { clauses = allClauses, known = [], properties = suite, tries = 400, batches = 12, equivalents = knownEquivalents } = options;
  const kept = keptOf(known);
  const begins = new Map<ClauseId, { readonly scenario: Scenario; readonly tells: boolean }>();
  const open = () =>
    clauses.filter(
      (clause) => !kept.has(clauseName(clause)) && !begins.get(clause)?.tells && !(begins.has(clause) && equivalents[clauseName(clause)]),
    );
  for (let batch = 0; batch < batches && open().length > 0; batch++) {
    const pool = [...drawPool(properties, { ...options, batch }, open())].sort((left, right) => left.effort.total - right.effort.total);
    for (const clause of open()) {
      const meeting = pool.filter(({ touched }) => touched.has(clauseName(clause)));
      const isCiting = ({ owner }: PoolCase): boolean => owner.cites.includes(clause.rule);
      const candidates = [...sampled(meeting.filter(isCiting)), ...sampled(meeting.filter((one) => !isCiting(one)))];
      const telling = candidates.find((tried) => partsIn(clause, tried.case.scenario, reference(tried)));
      const begin =
        telling?.case.scenario ??
        begins.get(clause)?.scenario ??
        meeting.map(({ case: { scenario } }) => scenario).find((scenario) => meets(clause, scenario));
      if (begin) begins.set(clause, { scenario: begin, tells: telling !== undefined });
    }
  }
  const vectors: Vector[] = [];
  for (const [done, clause] of clauses.entries()) {
    options.onProgress?.(done, clauses.length, clauseName(clause));
    const before = kept.get(clauseName(clause));
    if (before !== undefined) {
      vectors.push(vectorOf(clause, (drive(createModel(), before) as Trace).steps, before, true));
      continue;
    }
    const begin = begins.get(clause);
    if (!begin) continue;
    const keep = begin.tells ? tells : meets;
    const small = await shrink(alone(begin.scenario), ({ scenario }) => Promise.resolve(keep(clause, scenario)), {
      tries,
      deadline: Infinity,
      lead: (tried) => Promise.resolve(attempted(() => drive(createModel(), tried.scenario) as Trace)?.steps ?? []),
    });
    const { scenario } = small.case;
    vectors.push(vectorOf(clause, (drive(createModel(), scenario) as Trace).steps, scenario, begin.tells));
  }
  return vectors;
};

/** The scenarios of vectors that still tell their clauses apart, by the names of these. */
const keptOf = (known: readonly Vector[]): ReadonlyMap<string, Scenario> =>
  new Map(
    known.flatMap((vector): readonly (readonly [string, Scenario])[] => {
      const { rule, kind, clause } = vector;
      const scenario = scenarioOf(vector);
      return scenario !== null && vector.tells && tells({ rule, kind, clause }, scenario) ? [[clauseName(vector), scenario]] : [];
    }),
  );

/**
 * Of cases that are sorted by size those that are looked at for one that tells: the smallest ones first, for they make the smallest vectors, and then
 * some of every size, for a small case often meets a clause without anything depending on it.
 */
const sampled = (cases: readonly PoolCase[]): readonly PoolCase[] => {
  const rest = cases.slice(fewest);
  const stride = Math.max(1, Math.ceil(rest.length / spread));
  return [...cases.slice(0, fewest), ...rest.filter((_, at) => at % stride === 0)];
};
const fewest = 40;
const spread = 80;

/** The whole reference in one scenario, and what it did there. */
interface Led {
  readonly trace: Trace;
  readonly effort: Effort;
}

/** As the pool led it already. */
const reference = ({ case: { scenario }, expected, effort }: PoolCase): Led | null =>
  attempted(() => ({ trace: expected(scenario), effort }));

const tells = (clause: ClauseId, scenario: Scenario): boolean =>
  partsIn(
    clause,
    scenario,
    attempted(() => measured(scenario)),
  );

/** Whether the reference without the clause answers otherwise, or breaks down where the reference goes on. */
const partsIn = (clause: ClauseId, scenario: Scenario, led: Led | null): boolean => {
  if (led === null) return false;
  const came = attempted(() => drive(bounded({ mutation: clause }, led.effort), scenario) as Trace);
  return came === null || firstParting(led.trace.steps, came.steps) !== null;
};

/** Whether the condition refuses, or the effect takes place. */
const meets = (clause: ClauseId, scenario: Scenario): boolean => {
  const name = clauseName(clause);
  let met = false;
  const led = attempted(() =>
    measured(scenario, (seen, outcome) => {
      if (outcome !== "held" && clauseName(seen) === name) met = true;
    }),
  );
  return led !== null && met;
};

const attempted = <T>(lead: () => T): T | null => {
  try {
    return lead();
  } catch {
    return null;
  }
};
