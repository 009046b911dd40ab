/**
 * The book: everything that the pages say, put together from the rules, the model's source, the properties and the
 * kill table, before any of it is written as HTML. A field that is empty without a reason stops the build here.
 */
import type { FaultsReport } from "../conformance/index.ts";
import { errorCodes, rejectCodeOf, type Chapter, type Decision, type ErrorCode, type Rule, type WhenClause } from "../spec/index.ts";
import type { Property } from "../properties/index.ts";
import type { Excerpt, TransitionSource } from "./clause-sources.ts";
import { strengthOf, type Kill, type KillTable, type Strength } from "./kill-table.ts";

export interface ClauseEntry {
  readonly name: string;
  readonly kind: "when" | "then";
  /** Conditions and effects are numbered apart, from 1. */
  readonly number: number;
  readonly sentence: string;
  /** What a caller is told when the condition is false; `null` when the rule just does not apply. Effects have none. */
  readonly refusal: { readonly error: ErrorCode; readonly meaning: string; readonly rejectCode: number | null } | null;
  readonly line: Excerpt;
  /** `null` as long as nobody took the clause out. */
  readonly kill: Kill | null;
}

export interface RuleEntry {
  readonly rule: Rule;
  readonly transition: TransitionSource;
  readonly clauses: readonly ClauseEntry[];
  readonly citedBy: readonly Property[];
}

export interface PropertyEntry {
  readonly property: Property;
  readonly cites: readonly Rule[];
  /** The clauses that it notices when they are taken out. */
  readonly kills: readonly Kill[];
}

/** A chapter of the specification, with its rules in the order of the catalogue. */
export interface ChapterEntry {
  readonly chapter: Chapter;
  /** What it is about, in a paragraph. */
  readonly opening: string;
  readonly rules: readonly RuleEntry[];
}

/** A place where the sources are silent, and the rule that decides it. */
export interface DecisionEntry extends Decision {
  readonly rule: Rule;
}

export interface Book {
  readonly rules: readonly RuleEntry[];
  /** In the order in which the catalogue meets them. */
  readonly chapters: readonly ChapterEntry[];
  /** By the place in the sources. */
  readonly decisions: readonly DecisionEntry[];
  readonly properties: readonly PropertyEntry[];
  /** `null` as long as there is no kill table. */
  readonly strength: Strength | null;
  /** `null` as long as nobody hunted for named faults. */
  readonly hunts: FaultsReport | null;
}

/** What a single page needs to know of the rest of the book. */
export interface BookContext {
  readonly kinds: ReadonlyMap<string, Property["kind"]>;
  /** How many clauses the catalogue has. */
  readonly clauses: number;
  /** Whether there is a kill table. */
  readonly counted: boolean;
}

export const contextOf = ({ rules, properties, strength }: Book): BookContext => ({
  kinds: new Map(properties.map(({ property: { id, kind } }) => [id, kind])),
  clauses: rules.reduce((sum, { clauses }) => sum + clauses.length, 0),
  counted: strength !== null,
});

export interface Materials {
  /** What each chapter is about. */
  readonly openings: ReadonlyMap<Chapter, string>;
  /** Rules by the name under which spec exports them, in the order of the catalogue. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly transitions: ReadonlyMap<string, TransitionSource>;
  readonly properties: readonly Property[];
  readonly kills: KillTable | null;
  readonly hunts: FaultsReport | null;
}

/** @throws Error with a line for each gap. */
export const makeBook = ({ rules, openings, transitions, properties, kills, hunts }: Materials): Book => {
  const empty: string[] = [];
  const filled = (value: string, field: string): void => {
    if (value.trim() === "") empty.push(`${field} is empty`);
  };
  const killOf = (id: string, kind: string, clause: string): Kill | null =>
    kills?.clauses.find((kill) => kill.rule === id && kill.kind === kind && kill.clause === clause) ?? null;

  const entries = [...rules].flatMap(([name, rule]): readonly RuleEntry[] => {
    const transition = transitions.get(name);
    const citedBy = properties.filter(({ cites }) => cites.some((id) => id === rule.id));
    for (const field of ["id", "title", "intent", "source"] as const) filled(rule[field], `rule ${rule.id}: ${field}`);
    if (rule.fidelity !== "faithful") filled(Object.values(rule.fidelity).join(""), `rule ${rule.id}: the reason of its fidelity`);
    for (const [at, { place, answer }] of (rule.decides ?? []).entries()) {
      filled(place, `rule ${rule.id}: the place of decision ${at + 1}`);
      filled(answer, `rule ${rule.id}: the answer of decision ${at + 1}`);
    }
    if (citedBy.length === 0) empty.push(`rule ${rule.id}: no property cites it`);
    if (Object.keys({ ...rule.when, ...rule.then }).length === 0) empty.push(`rule ${rule.id}: it has no clauses`);
    if (transition === undefined) {
      empty.push(`rule ${rule.id}: the model has no transition for it`);
      return [];
    }
    const said = [
      ...Object.entries(rule.when).map(([clause, [sentence, error]]) => ({ kind: "when" as const, clause, sentence, error })),
      ...Object.entries(rule.then).map(([clause, sentence]) => ({ kind: "then" as const, clause, sentence, error: null })),
    ];
    const clauses = said.flatMap(({ kind, clause, sentence, error }, at): readonly ClauseEntry[] => {
      filled(sentence, `rule ${rule.id}: the sentence of ${kind}.${clause}`);
      const line = transition.clauses.get(`${kind}.${clause}`);
      if (line === undefined) {
        empty.push(`rule ${rule.id}: the model has no line for ${kind}.${clause}`);
        return [];
      }
      const number = said.slice(0, at + 1).filter((other) => other.kind === kind).length;
      return [{ name: clause, kind, number, sentence, refusal: refusalOf(error), line, kill: killOf(rule.id, kind, clause) }];
    });
    return [{ rule, transition, clauses, citedBy }];
  });

  const chapters = [...new Set(entries.map(({ rule: { chapter } }) => chapter))].map((chapter): ChapterEntry => {
    const opening = openings.get(chapter) ?? "";
    filled(opening, `chapter ${chapter}: what it is about`);
    return { chapter, opening, rules: entries.filter(({ rule }) => rule.chapter === chapter) };
  });
  const decisions = entries.flatMap(({ rule }) => (rule.decides ?? []).map((decision): DecisionEntry => ({ ...decision, rule })));
  for (const [at, { place, rule }] of decisions.entries()) {
    const before = decisions.findIndex((decision) => decision.place === place);
    if (before < at) empty.push(`rule ${rule.id}: "${place}" is decided by ${decisions[before]!.rule.id} already`);
  }

  for (const { id, statement, source, cites } of properties) {
    filled(statement, `property ${id}: statement`);
    filled(source, `property ${id}: source`);
    if (cites.length === 0) empty.push(`property ${id}: it cites no rule`);
  }
  if (entries.length === 0) empty.push("the catalogue is empty");
  if (properties.length === 0) empty.push("the suite is empty");
  if (empty.length > 0) throw new Error(`The pages cannot be written:\n${empty.map((line) => `  ${line}`).join("\n")}`);

  return {
    rules: entries,
    chapters,
    decisions: decisions.toSorted((left, right) => byPlace.compare(left.place, right.place)),
    properties: properties.map((property) => ({
      property,
      cites: entries.map(({ rule }) => rule).filter(({ id }) => property.cites.some((cited) => cited === id)),
      kills: kills?.clauses.filter(({ killedBy }) => killedBy.includes(property.id)) ?? [],
    })),
    strength: kills === null ? null : strengthOf(kills),
    hunts,
  };
};

/** K2 stands before K10. */
const byPlace = new Intl.Collator("en", { numeric: true });

const refusalOf = (error: WhenClause[1]): ClauseEntry["refusal"] =>
  error === null ? null : { error, meaning: errorCodes[error], rejectCode: rejectCodeOf(error) };
