/** How a test asks a property about a trace: the answer is one text. */
import type { Awaitable, Ledger, Scenario, Trace } from "../../spec/index.ts";
import { alone, type Case } from "../case.ts";
import type { Property, Verdict } from "../property.ts";
import { observed } from "./stories.ts";

/** `holds`, `vacuous`, or why it fails. */
export const judged = (property: Property, trace: Trace, reference: Trace = trace): string =>
  inWords(property.check({ case: alone(trace.scenario), drive: () => trace, reference: () => reference }));

/** The same for a property of two worlds: `tell` says what the machine does in each. */
export const compared = (property: Property, tried: Case, tell: (scenario: Scenario) => Trace): string =>
  inWords(property.check({ case: tried, drive: tell, reference: tell }));

const inWords = (verdict: Awaitable<Verdict>): string => {
  if (verdict instanceof Promise) throw new Error("a story is told at once");
  return verdict.kind === "fails" ? verdict.because : verdict.kind;
};

/** A trace whose ledger, at one step, has some terms moved by so much. */
export const moved = (trace: Trace, step: number, terms: Partial<Record<keyof Ledger, bigint>>): Trace => {
  const ledger: Record<string, bigint> = { ...trace.steps[step]?.observation.ledger };
  for (const [term, by] of Object.entries(terms)) ledger[term] = (ledger[term] ?? 0n) + by;
  const untyped: unknown = ledger;
  return observed(trace, step, { ledger: untyped as Ledger });
};
