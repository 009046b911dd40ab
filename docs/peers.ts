/**
 * What other suites test of the same system, group by group, and what becomes of it here. A group is split where only a
 * part of it is covered; each part has one fate. Cases are those that the fact sheet counts; how many of them a part has is
 * said where the cases can be told apart.
 */
import { kindOf, type FateKind } from "./fates.ts";
import type { Group } from "./peer-group.ts";
import { acceptanceTests } from "./peers-acceptance.ts";
import { lifecycleTests } from "./peers-lifecycle.ts";
import { outsideTests } from "./peers-outside.ts";
import { replicaTests } from "./peers-replica.ts";

export const groups: readonly Group[] = [...acceptanceTests, ...lifecycleTests, ...outsideTests, ...replicaTests];

export type GroupFate = FateKind | "partly";

/** Covered, when all of it is; partly, when something is; not yet, when some of it is to come. */
export const fateOfGroup = ({ parts }: Pick<Group, "parts">): GroupFate => {
  const kinds = new Set(parts.map(({ fate }) => kindOf(fate)));
  if (kinds.has("covered")) return kinds.size === 1 ? "covered" : "partly";
  return kinds.has("notYet") ? "notYet" : "outOfScope";
};

/** How many cases a group has, as far as they are counted. */
export const casesOf = ({ cases, parts }: Group): number => cases ?? parts.reduce((sum, part) => sum + (part.cases ?? 0), 0);

export interface Sums {
  readonly groups: Readonly<Record<GroupFate, { readonly groups: number; readonly cases: number }>>;
  /** Case by case; those of groups that are partly covered, and whose parts are not counted apart, are `together`. */
  readonly cases: Readonly<Record<FateKind | "together", number>>;
}

export const sumsOf = (some: readonly Group[]): Sums => {
  const groupsWith = (fate: GroupFate) => {
    const those = some.filter((group) => fateOfGroup(group) === fate);
    return { groups: those.length, cases: those.reduce((sum, group) => sum + casesOf(group), 0) };
  };
  const casesWith = (kind: FateKind): number => some.reduce((sum, group) => sum + casesOfKind(group, kind), 0);
  const cases = { covered: casesWith("covered"), notYet: casesWith("notYet"), outOfScope: casesWith("outOfScope") };
  const all = some.reduce((sum, group) => sum + casesOf(group), 0);
  return {
    groups: {
      covered: groupsWith("covered"),
      partly: groupsWith("partly"),
      notYet: groupsWith("notYet"),
      outOfScope: groupsWith("outOfScope"),
    },
    cases: { ...cases, together: all - cases.covered - cases.notYet - cases.outOfScope },
  };
};

/** A group all of whose parts have the same fate needs no counts of its parts. */
const casesOfKind = (group: Group, kind: FateKind): number => {
  const kinds = new Set(group.parts.map(({ fate }) => kindOf(fate)));
  if (kinds.size === 1) return kinds.has(kind) ? casesOf(group) : 0;
  return group.parts.reduce((sum, { cases, fate }) => sum + (kindOf(fate) === kind ? (cases ?? 0) : 0), 0);
};
