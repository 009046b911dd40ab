/**
 * The hunt for named faults: the reference with one clause that says something else is led through the cases of the
 * suite, from a seed, until a law finds it or the time is up. Agreement with the reference finds nearly everything, and soon;
 * so the hunt goes on until a law, which knows no reference, has found the fault, too. What found it first is then made small.
 */
import { createModel, type Fault } from "../model/index.ts";
import { clauseName } from "../spec/index.ts";
import type { Property } from "../properties/index.ts";
import { catalogueHash } from "./catalogue.ts";
import { drawPool, notice, type PoolCase } from "./mutant-pool.ts";
import type { FaultsReport, Finding, Hunt } from "./report.ts";
import { shrink } from "./shrink.ts";
import { suite } from "./suite.ts";
import { judge } from "./trial.ts";

export interface HuntOptions {
  readonly faults: readonly Fault[];
  readonly seeds: readonly number[];
  /** For each fault and seed. @unit milliseconds */
  readonly milliseconds: number;
  readonly properties?: readonly Property[];
  /** For making one case small. @unit milliseconds */
  readonly shrinking?: number;
  readonly onProgress?: (done: number, total: number, what: string) => void;
}

/** Cases of a property in a row. */
const inChunk = 2;

export const huntFaults = async (options: HuntOptions): Promise<FaultsReport> => {
  const began = performance.now();
  const { faults, seeds, milliseconds, properties = suite, shrinking = 10_000 } = options;
  const hunts = new Map(faults.map(({ id }): [string, Hunt[]] => [id, []]));
  for (const [at, seed] of seeds.entries()) {
    const pool = chunksFrom(properties, seed);
    for (const [number, fault] of faults.entries()) {
      options.onProgress?.(at * faults.length + number, seeds.length * faults.length, `seed ${seed}, ${fault.id}`);
      hunts.get(fault.id)!.push(await hunt(fault, seed, { pool, properties, milliseconds, shrinking }));
    }
  }
  return {
    report: "canon-faults",
    version: 1,
    catalogue: catalogueHash(),
    limit: milliseconds,
    faults: faults.map(({ id, source, sentence, replacement }) => ({
      fault: id,
      source,
      sentence,
      clause: clauseName(replacement.clause),
      hunts: hunts.get(id)!,
    })),
    milliseconds: Math.round(performance.now() - began),
  };
};

/** One report of several, each over other seeds. */
export const mergeFaults = (reports: readonly [FaultsReport, ...FaultsReport[]]): FaultsReport => ({
  ...reports[0],
  faults: reports[0].faults.map((fault) => ({
    ...fault,
    hunts: reports
      .flatMap(({ faults }) => faults.filter((other) => other.fault === fault.fault).flatMap(({ hunts }) => hunts))
      .sort((left, right) => left.seed - right.seed),
  })),
  milliseconds: Math.max(...reports.map(({ milliseconds }) => milliseconds)),
});

interface Hunting {
  readonly pool: (number: number) => Chunk;
  readonly properties: readonly Property[];
  readonly milliseconds: number;
  readonly shrinking: number;
}

interface Chunk {
  readonly cases: readonly PoolCase[];
  /** What it took to draw them and to lead the reference through them. @unit milliseconds */
  readonly cost: number;
}

interface Found {
  readonly property: Property;
  readonly tried: PoolCase;
  readonly cases: number;
  readonly milliseconds: number;
}

/** The time of a hunt is what it would have been alone: cases that another hunt has drawn count as if they had been drawn for this one. */
const hunt = async (fault: Fault, seed: number, { pool, properties, milliseconds, shrinking }: Hunting): Promise<Hunt> => {
  const began = performance.now();
  const clause = clauseName(fault.replacement.clause);
  let drawing = 0;
  let cases = 0;
  let first: Found | null = null;
  let byLaw: Found | null = null;
  const spent = () => performance.now() - began + drawing;
  for (let number = 0; byLaw === null && spent() < milliseconds; number++) {
    const before = performance.now();
    const chunk = pool(number);
    drawing += chunk.cost - (performance.now() - before);
    for (const tried of chunk.cases) {
      if (byLaw !== null || spent() >= milliseconds) break;
      cases++;
      if (!tried.met.has(clause)) continue;
      const { killers } = await notice({ replacement: fault.replacement }, tried, properties.filter(wanted(first)));
      const [any] = killers;
      if (any === undefined) continue;
      const found = (property: Property): Found => ({ property, tried, cases, milliseconds: Math.round(spent()) });
      const law = killers.find(({ kind }) => kind === "law");
      first ??= found(law ?? any);
      if (law !== undefined) byLaw = found(law);
    }
  }
  const small = byLaw ?? first;
  return {
    seed,
    first: first && findingOf(first),
    byLaw: byLaw && findingOf(byLaw),
    shrunk: small && (await shrunkLength(fault, small, shrinking)),
    cases,
    milliseconds: Math.round(spent()),
  };
};

/** Once it is found, only a law is of interest. */
const wanted =
  (first: Found | null) =>
  ({ kind }: Property): boolean =>
    first === null || kind === "law";

const findingOf = ({ property, cases, milliseconds, tried }: Found): Finding => ({
  property: property.id,
  cases,
  milliseconds,
  inputs: tried.case.scenario.inputs.length,
});

const shrunkLength = async (fault: Fault, { property, tried }: Found, milliseconds: number): Promise<Hunt["shrunk"]> => {
  const reference = createModel();
  const subject = createModel({ replacement: fault.replacement });
  const small = await shrink(
    tried.case,
    async (smaller) =>
      (await judge(property, smaller, { subject, reference })).outcome === "FAIL" &&
      (await judge(property, smaller, { subject: reference, reference })).outcome !== "FAIL",
    { tries: 2_000, deadline: performance.now() + milliseconds },
  );
  const { inputs, genesis, others = [] } = small.case.scenario;
  return {
    property: property.id,
    inputs: inputs.length,
    canisters: [genesis, ...others].reduce((sum, { canisters }) => sum + canisters.length, 0),
    cut: small.cut,
  };
};

/** Cases from a seed: a few of each property in turn, over and over. Each is drawn once, when somebody wants it. */
const chunksFrom = (properties: readonly Property[], seed: number): ((number: number) => Chunk) => {
  const known: Chunk[] = [];
  return (number) => {
    const before = performance.now();
    const chunk = known[number];
    if (chunk !== undefined) return chunk;
    const property = properties[number % properties.length]!;
    const cases = drawPool([property], { seed, runs: inChunk, batch: Math.floor(number / properties.length) }, null);
    return (known[number] = { cases, cost: performance.now() - before });
  };
};
