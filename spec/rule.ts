/**
 * A rule is one sentence of the specification that runs. It is said here, once, as named clauses: `when` clauses are
 * conditions, tried in the order in which they stand, each with the error code of its refusal; `then` clauses are
 * effects, which read the state before and write the state after, so that their order does not matter.
 * The model gives every clause one executable line; everything that can be counted about a clause is evidence.
 */
import type { ErrorCode } from "./codes.ts";

/** A condition: its sentence, and the error code when it is false; `null` when nothing is refused, the rule just does not apply. */
export type WhenClause = readonly [sentence: string, refusal: ErrorCode | null];

/** Where a rule comes from: our fact sheet, a seed document, or a section of the IC interface specification. */
export type Source = string;

/** How close a rule is to the real network; anything but `faithful` says why. */
export type Fidelity = "faithful" | { readonly simplified: string } | { readonly different: string };

export type Chapter =
  | "rounds"
  | "streams"
  | "queues"
  | "scheduling"
  | "priorities"
  | "limits"
  | "ingress"
  | "execution"
  | "slicing"
  | "calls"
  | "responses"
  | "deadlines"
  | "cycles"
  | "tokens"
  | "charges"
  | "queries"
  | "timers"
  | "canisters"
  | "management"
  | "code"
  | "tape"
  | "committee"
  | "certification";

/** A place where the sources are silent or disagree, and what is decided here. */
export interface Decision {
  /** Its number in `facts/messages.md`, section 2.K, or another fact. */
  readonly place: string;
  readonly answer: string;
}

export interface Rule<When extends string = string, Then extends string = string> {
  /** Permanent, kebab-case. */
  readonly id: string;
  readonly chapter: Chapter;
  readonly title: string;
  /** What the rule is for, in a paragraph. */
  readonly intent: string;
  readonly source: Source;
  readonly fidelity: Fidelity;
  readonly decides?: readonly Decision[];
  readonly when: Readonly<Record<When, WhenClause>>;
  readonly then: Readonly<Record<Then, string>>;
}

/** Says a rule. The names of its clauses become part of its type, so a room that forgets one does not compile. */
export const rule = <const When extends string, const Then extends string>(said: Rule<When, Then>): Rule<When, Then> => said;

/** A clause by its address. */
export interface ClauseId {
  readonly rule: string;
  readonly kind: "when" | "then";
  readonly clause: string;
}

/** The clauses of a rule, conditions first, in the order of the rule. */
export const clausesOf = (said: Rule): readonly ClauseId[] => [
  ...Object.keys(said.when).map((clause): ClauseId => ({ rule: said.id, kind: "when", clause })),
  ...Object.keys(said.then).map((clause): ClauseId => ({ rule: said.id, kind: "then", clause })),
];

/** `rule.when.clause` or `rule.then.clause`: the text of a clause's address. */
export const clauseName = ({ rule: id, kind, clause }: ClauseId): string => `${id}.${kind}.${clause}`;
