/**
 * The hunts for named faults: from which seeds each of them was found, by which law and how soon. They are written by
 * `canon faults --json`, committed as `docs/evidence/faults.json`, and read here with the same distrust as the kill table:
 * they must speak of this catalogue, of exactly the faults that are named today, and of properties that exist.
 */
import type { FaultEvidence, FaultsReport, Hunt } from "../conformance/index.ts";

/** A fault as the model names it. */
export interface NamedFault {
  readonly id: string;
  readonly source: string;
  readonly sentence: string;
  /** The name of the clause that says something else. */
  readonly clause: string;
}

/** What is known today, to hold a report to. */
export interface KnownFaults {
  readonly faults: readonly NamedFault[];
  readonly properties: readonly { readonly id: string; readonly kind: "law" | "agreement" }[];
  readonly catalogue: string;
}

/** Why a report is not evidence for this catalogue and these faults, one fact a line; empty when it is. */
export const objectionsToHunts = (report: FaultsReport, { faults, properties, catalogue }: KnownFaults): readonly string[] => {
  const named = report.faults.map(({ fault }) => fault);
  const wanted = new Map(faults.map((fault) => [fault.id, fault]));
  const kinds = new Map(properties.map(({ id, kind }) => [id, kind]));
  const seeds = seedsOf(report.faults[0]?.hunts ?? []);
  return [
    ...(report.catalogue === catalogue ? [] : [`it was made from catalogue ${report.catalogue}, and this is catalogue ${catalogue}`]),
    ...faults.filter(({ id }) => !named.includes(id)).map(({ id }) => `fault ${id} was not hunted`),
    ...named.filter((id) => !wanted.has(id)).map((id) => `there is no fault ${id}`),
    ...named.filter((id, at) => named.indexOf(id) < at).map((id) => `fault ${id} stands twice`),
    ...report.faults.flatMap((evidence) => {
      const asSaid = wanted.get(evidence.fault);
      return [
        ...(["source", "sentence", "clause"] as const)
          .filter((field) => asSaid !== undefined && evidence[field] !== asSaid[field])
          .map((field) => `its ${field} is "${asSaid![field]}" today, and was "${evidence[field]}"`),
        ...(evidence.hunts.length === 0 ? ["it was hunted from no seed"] : []),
        ...(seedsOf(evidence.hunts) === seeds ? [] : [`it was hunted from seeds ${seedsOf(evidence.hunts)}, and others from ${seeds}`]),
        ...evidence.hunts.flatMap((hunt) => objectionsToHunt(hunt, kinds)),
      ].map((objection) => `fault ${evidence.fault}: ${objection}`);
    }),
  ];
};

/** What the hunts for one fault came to. */
export interface Catch {
  /** How many seeds it was hunted from, found from, and found from by a law. */
  readonly seeds: number;
  readonly found: number;
  readonly byLaw: number;
  /** The laws that found it, the most frequent first. */
  readonly laws: readonly (readonly [law: string, seeds: number])[];
  /** Until a law found it: the middle and the greatest; `null` when none did. @unit milliseconds */
  readonly middle: number | null;
  readonly slowest: number | null;
  /** Inputs of the case that was made small: the middle. */
  readonly inputs: number | null;
}

export const catchOf = ({ hunts }: Pick<FaultEvidence, "hunts">): Catch => {
  const caught = hunts.flatMap(({ byLaw }) => byLaw ?? []);
  const laws = new Map<string, number>();
  for (const { property } of caught) laws.set(property, (laws.get(property) ?? 0) + 1);
  const times = caught.map(({ milliseconds }) => milliseconds);
  return {
    seeds: hunts.length,
    found: hunts.filter(({ first }) => first !== null).length,
    byLaw: caught.length,
    laws: [...laws].sort((left, right) => right[1] - left[1]),
    middle: middleOf(times),
    slowest: times.length === 0 ? null : Math.max(...times),
    inputs: middleOf(hunts.flatMap(({ shrunk }) => shrunk?.inputs ?? [])),
  };
};

const objectionsToHunt = ({ seed, first, byLaw, shrunk }: Hunt, kinds: ReadonlyMap<string, "law" | "agreement">): readonly string[] => [
  ...[first, byLaw, shrunk]
    .flatMap((finding) => finding?.property ?? [])
    .filter((id) => !kinds.has(id))
    .map((id) => `seed ${seed}: there is no property ${id}`),
  ...(byLaw !== null && kinds.get(byLaw.property) === "agreement" ? [`seed ${seed}: ${byLaw.property} is no law`] : []),
  ...(byLaw !== null && first === null ? [`seed ${seed}: a law found it, and nobody did`] : []),
];

const seedsOf = (hunts: readonly Hunt[]): string => hunts.map(({ seed }) => seed).join(", ");

const middleOf = (counts: readonly number[]): number | null =>
  [...counts].sort((left, right) => left - right)[Math.floor(counts.length / 2)] ?? null;
