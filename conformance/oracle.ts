/**
 * The exact oracle: two traces of the same inputs, and the first place where they part. A step is compared in the
 * order in which people read it: events one by one, then the ledger, the tokens, the draws and the state root. A root that a
 * machine does not compute (`null`) is not compared.
 */
import type { Observation, StateView, Step, Trace } from "../spec/index.ts";
import { encode } from "./json.ts";

/** One field with its two values, as text; a value that is not there is `nothing`. */
export interface Difference {
  /** Where it lies, as in `events[3].refund`. */
  readonly field: string;
  readonly expected: string;
  readonly came: string;
}

export interface Parting {
  /** The index of the input, from 0. */
  readonly at: number;
  /** What differs in the observation of this input, the first first. */
  readonly differences: readonly Difference[];
}

/** Where a trace first parts from the one that is expected; `null` when it does not. */
export const firstParting = (expected: readonly Step[], came: readonly Step[]): Parting | null => {
  for (let at = 0; at < Math.max(expected.length, came.length); at++) {
    const differences = differencesOf(expected[at]?.observation, came[at]?.observation);
    if (differences.length > 0) return { at, differences };
  }
  return null;
};

/** What differs between two observations. Of events only the first that differ are named: after them all do. */
export const differencesOf = (expected: Observation | undefined, came: Observation | undefined): readonly Difference[] => {
  if (!expected || !came) return expected === came ? [] : [{ field: "the step", expected: shown(expected), came: shown(came) }];
  const count = Math.max(expected.events.length, came.events.length);
  // The same fields in another order are another text, and no difference.
  const events = Array.from({ length: count }, (_, at) => at)
    .filter((at) => encode(expected.events[at]) !== encode(came.events[at]))
    .map((at) => eventDifferences(expected.events[at], came.events[at], `events[${at}]`))
    .find((differences) => differences.length > 0);
  const roots = expected.stateRoot === null || came.stateRoot === null;
  return [
    ...(events ?? []),
    ...fieldDifferences(expected.ledger, came.ledger, "ledger"),
    ...fieldDifferences(expected.tokens, came.tokens, "tokens"),
    ...fieldDifferences(expected.draws, came.draws, "draws"),
    ...(roots ? [] : fieldDifferences(expected.stateRoot, came.stateRoot, "stateRoot")),
  ];
};

/** Events of different kinds are shown whole: their fields have nothing to do with each other. */
const eventDifferences = (
  expected: { kind: string } | undefined,
  came: { kind: string } | undefined,
  field: string,
): readonly Difference[] =>
  expected?.kind === came?.kind ? fieldDifferences(expected, came, field) : [{ field, expected: shown(expected), came: shown(came) }];

/** The leaves that differ between two plain values, in the order of the fields. */
export const fieldDifferences = (expected: unknown, came: unknown, field: string): readonly Difference[] => {
  if (encode(expected) === encode(came)) return [];
  const [left, right] = [entriesOf(expected), entriesOf(came)];
  if (!left || !right || Array.isArray(expected) !== Array.isArray(came)) return [{ field, expected: shown(expected), came: shown(came) }];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    fieldDifferences(left.get(key), right.get(key), Array.isArray(expected) ? `${field}[${key}]` : field ? `${field}.${key}` : key),
  );
};

/** What differs between two states. Lists of named things are compared by name. */
export const stateDifferences = (expected: StateView, came: StateView): readonly Difference[] =>
  fieldDifferences(byName(expected), byName(came), "");

const byName = ({ canisters, ingress, streams, ...rest }: StateView): unknown => ({
  ...rest,
  ...Object.fromEntries(
    canisters.map(({ id, contexts, callbacks, pages, ...canister }) => [
      `canister ${id}`,
      { ...canister, pages: Object.fromEntries(pages), contexts: named(contexts), callbacks: named(callbacks) },
    ]),
  ),
  ...Object.fromEntries(ingress.map(([id, status]) => [`ingress ${id}`, status])),
  ...Object.fromEntries(streams.map(({ to, ...stream }) => [`stream to ${to}`, stream])),
});

const named = <T extends { readonly id: number }>(items: readonly T[]): unknown => Object.fromEntries(items.map((item) => [item.id, item]));

/** The steps that both worlds of a case have: a restart that only the second one has is left out. */
export const alignedSteps = (twin: Trace, restartedBefore: readonly number[]): readonly Step[] => {
  const inserted = new Set<number>();
  [...new Set(restartedBefore)].sort((left, right) => left - right).forEach((at, earlier) => inserted.add(at + earlier));
  return twin.steps.filter((_, at) => !inserted.has(at));
};

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : typeof value === "bigint" ? value.toString() : encode(value);
};

const entriesOf = (value: unknown): ReadonlyMap<string, unknown> | null =>
  typeof value === "object" && value !== null ? new Map(Object.entries(value)) : null;
