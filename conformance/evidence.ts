/**
 * Evidence: what was counted while machines were tried. Inputs as they were drawn and as they were refused, and for
 * each clause of the catalogue how often the reference met it. Nothing here judges; a report is made of it.
 */
import type { Reading } from "../model/index.ts";
import { pathsOf, type Path } from "../properties/index.ts";
import { clauses, rules, type ClauseId, type ErrorCode, type Event, type InputKind, type Trace } from "../spec/index.ts";

/** What the reference tells of a clause: a condition was true or false, or an effect took place. */
export type Witness = NonNullable<Reading["witness"]>;

/** One kind of input: how many were given to the machine, and how many of them, or of the slices in them, it refused, by error. */
export interface InputTally {
  readonly kind: InputKind;
  readonly drawn: number;
  readonly refused: readonly { readonly error: ErrorCode; readonly count: number }[];
}

/** One clause: a condition held or failed this often, an effect applied this often. */
export interface ClauseTally {
  readonly rule: string;
  readonly kind: "when" | "then";
  readonly clause: string;
  readonly fired: number;
  readonly refused: number;
}

export interface Evidence {
  /** For the reference to call. */
  readonly witness: Witness;
  /** Counts the inputs of a trace of the machine on trial, and the paths that it took. */
  see(trace: Trace): void;
  inputs(): readonly InputTally[];
  /** In how many traces each path was taken. */
  paths(): ReadonlyMap<Path, number>;
  /** Every clause of the catalogue, in its order. */
  clauses(): readonly ClauseTally[];
}

export const gatherEvidence = (): Evidence => {
  const counts = new Map(rules.map(({ id }) => [id, { when: new Map<string, Count>(), then: new Map<string, Count>() }]));
  for (const { rule, kind, clause } of clauses) counts.get(rule)![kind].set(clause, { fired: 0, refused: 0 });
  const inputs = new Map<InputKind, { drawn: number; refused: Map<ErrorCode, number> }>();
  const taken = new Map<Path, number>();
  const countOf = ({ rule, kind, clause }: ClauseId): Count => {
    const count = counts.get(rule)?.[kind].get(clause);
    if (!count) throw new Error(`the reference told of a clause that the catalogue does not know: ${rule}.${kind}.${clause}`);
    return count;
  };
  return {
    witness: (clause, outcome) => {
      const count = countOf(clause);
      if (outcome === "failed") count.refused++;
      else if (outcome !== "left-out") count.fired++;
    },
    see: (trace) => {
      for (const path of pathsOf(trace)) taken.set(path, (taken.get(path) ?? 0) + 1);
      for (const { input, observation } of trace.steps) {
        const tally = inputs.get(input.kind) ?? { drawn: 0, refused: new Map<ErrorCode, number>() };
        inputs.set(input.kind, tally);
        tally.drawn++;
        for (const event of observation.events) {
          if (!atTheDoor(event)) continue;
          tally.refused.set(event.error, (tally.refused.get(event.error) ?? 0) + 1);
        }
      }
    },
    inputs: () =>
      inputKinds.flatMap((kind) => {
        const tally = inputs.get(kind);
        if (!tally) return [];
        const refused = [...tally.refused].sort(([left], [right]) => (left < right ? -1 : 1)).map(([error, count]) => ({ error, count }));
        return [{ kind, drawn: tally.drawn, refused }];
      }),
    paths: () => taken,
    clauses: () =>
      clauses.map((clause) => {
        const { fired, refused } = countOf(clause);
        return { ...clause, fired, refused };
      }),
  };
};

const refusals = [
  "ingress-refused",
  "query-refused",
  "top-up-refused",
  "uninstall-refused",
  "read-state-refused",
  "canister-create-refused",
  "canister-delete-refused",
  "allocation-refused",
  "transfer-refused",
  "conversion-refused",
  "round-refused",
  "slice-refused",
  "block-refused",
  "share-refused",
] as const;

const atTheDoor = (event: Event): event is Extract<Event, { readonly kind: (typeof refusals)[number] }> =>
  (refusals as readonly string[]).includes(event.kind);

interface Count {
  fired: number;
  refused: number;
}

/** Every kind of input, in the order of the specification. */
export const inputKinds: readonly InputKind[] = [
  "ingress",
  "query",
  "round",
  "create-canister",
  "delete-canister",
  "set-compute-allocation",
  "top-up",
  "set-fees",
  "transfer",
  "pay",
  "notify",
  "reward",
  "set-rate",
  "uninstall",
  "read-state",
  "finalise",
  "share",
  "restart",
];

/** Whether a clause was reached: a condition on both sides would be better, but once is once. */
export const reached = ({ fired, refused }: ClauseTally): boolean => fired + refused > 0;

/** The rules that took place: one of their effects applied, or, for a rule without effects, a condition was looked at. */
export const rulesFired = (tallies: readonly ClauseTally[]): ReadonlySet<string> => {
  const withEffects = new Set(tallies.filter(({ kind }) => kind === "then").map(({ rule }) => rule));
  return new Set(
    tallies
      .filter((tally) => (withEffects.has(tally.rule) ? tally.kind === "then" && tally.fired > 0 : reached(tally)))
      .map(({ rule }) => rule),
  );
};
