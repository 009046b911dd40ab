/** What there is to check: the rules with their clauses and the properties with what they cite, as plain data. */
import { clausesOf, rules, type Chapter, type Rule } from "../spec/index.ts";
import type { Property } from "../properties/index.ts";
import { catalogueHash } from "./catalogue.ts";
import type { Listing } from "./report.ts";

export interface RuleSummary {
  readonly id: string;
  readonly chapter: Chapter;
  readonly title: string;
  readonly clauses: readonly { readonly kind: "when" | "then"; readonly clause: string }[];
}

export interface PropertySummary {
  readonly id: string;
  readonly kind: "law" | "agreement";
  readonly statement: string;
  readonly cites: readonly string[];
}

export const listing = (properties: readonly Property[]): Listing => ({
  report: "canon-list",
  version: 1,
  catalogue: catalogueHash(),
  rules: rules.map((said: Rule) => ({
    id: said.id,
    chapter: said.chapter,
    title: said.title,
    clauses: clausesOf(said).map(({ kind, clause }) => ({ kind, clause })),
  })),
  properties: properties.map(({ id, kind, statement, cites }) => ({ id, kind, statement, cites })),
});

/** What a filter chose, or what the words that match nothing may have meant. */
export type Selection =
  | { readonly kind: "chosen"; readonly properties: readonly Property[] }
  | { readonly kind: "unknown"; readonly word: string; readonly nearest: string | null };

/** The properties with one of these ids, or that cite a rule with one of these ids; all of them without a filter. */
export const select = (properties: readonly Property[], words: readonly string[]): Selection => {
  if (words.length === 0) return { kind: "chosen", properties };
  const names = [...properties.map(({ id }) => id), ...rules.map(({ id }) => id)];
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) return { kind: "unknown", word: unknown, nearest: nearestOf(unknown, names) };
  const chosen = properties.filter(({ id, cites }) => words.includes(id) || cites.some((rule) => words.includes(rule)));
  const lonely = words.find((word) => !chosen.some(({ id, cites }) => id === word || cites.some((rule) => rule === word)));
  return lonely === undefined ? { kind: "chosen", properties: chosen } : { kind: "unknown", word: lonely, nearest: null };
};

/** The name that a word may have meant: the nearest by edits, when it is near enough, or one that contains it. */
export const nearestOf = (word: string, names: readonly string[]): string | null => {
  const ranked = names.map((name) => ({ name, distance: edits(word, name) })).sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best && best.distance <= Math.max(2, Math.floor(word.length / 3))) return best.name;
  return names.find((name) => name.includes(word)) ?? null;
};

/** How many letters must be added, dropped or changed to get from one word to the other. */
const edits = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[right.length]!;
};
