/**
 * A property is a named claim about machines, as a value: it makes cases and judges what a machine did in them. It
 * knows no machine; it is handed `drive`, which is bound to the machine on trial, and `reference`, bound to the model.
 */
import type * as fc from "fast-check";
import type { Awaitable, RuleId, Scenario, Source, Trace } from "../spec/index.ts";
import type { Case } from "./case.ts";
import type { Custom, Vocabulary } from "./vocabulary.ts";

/** What a property says of one case. `at` is the index of the step that shows it, from 0. */
export type Verdict =
  | { readonly kind: "holds" }
  | { readonly kind: "fails"; readonly at: number | null; readonly because: string }
  | { readonly kind: "vacuous"; readonly because: string };

export interface Trial {
  readonly case: Case;
  /** Leads a scenario through the door of the machine on trial, booted afresh. */
  drive(scenario: Scenario): Awaitable<Trace>;
  /** The same on the reference state machine. */
  reference(scenario: Scenario): Awaitable<Trace>;
}

export interface Property {
  /** Permanent, a fact in kebab-case. */
  readonly id: string;
  /** The claim, as one sentence. */
  readonly statement: string;
  readonly source: Source;
  /** The rules that this property checks. */
  readonly cites: readonly RuleId[];
  /** What its worlds must have to show anything: where the machine leaves one of them out, the property says nothing of it. */
  readonly needs?: readonly Custom[];
  /** A law knows no reference; agreement compares with the model. */
  readonly kind: "law" | "agreement";
  /** Draws cases that use only this vocabulary. */
  cases(vocabulary: Vocabulary): fc.Arbitrary<Case>;
  check(trial: Trial): Awaitable<Verdict>;
  /** For a law on one trace: the judgement alone. Such laws can share a trace. */
  readonly judge?: (trace: Trace) => Verdict;
}

export const holds: Verdict = { kind: "holds" };
export const fails = (at: number | null, because: string): Verdict => ({ kind: "fails", at, because });
export const vacuous = (because: string): Verdict => ({ kind: "vacuous", because });

/** The verdict of a judgement. A trace so absurd that it cannot be read breaks the property: it must not break the kit. */
export const readable = (judge: () => Verdict): Verdict => {
  try {
    return judge();
  } catch (reason) {
    return fails(null, `the trace makes no sense: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
};

/** The verdict on two traces, when both are there. */
export const judgeBoth = (
  one: Awaitable<Trace>,
  other: Awaitable<Trace>,
  judge: (one: Trace, other: Trace) => Verdict,
): Awaitable<Verdict> =>
  one instanceof Promise || other instanceof Promise
    ? Promise.all([one, other]).then(([first, second]) => readable(() => judge(first, second)))
    : readable(() => judge(one, other));

/** What a property says of itself. */
export type Claim = Pick<Property, "id" | "statement" | "source" | "cites" | "needs">;

/** A law that one trace shows: it drives the case's scenario once and judges the trace. */
export const traceLaw = (said: Omit<Property, "kind" | "check"> & { readonly judge: (trace: Trace) => Verdict }): Property => ({
  ...said,
  kind: "law",
  check: ({ case: { scenario }, drive }) => {
    const driven = drive(scenario);
    return driven instanceof Promise ? driven.then(said.judge) : said.judge(driven);
  },
});
