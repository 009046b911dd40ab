/**
 * A transition is a rule made executable: for every clause one function. A clause that is left out does not compile.
 * `fire` tries the conditions in the order of the rule; the first false one refuses. Effects read the state before
 * and write the state after, so their order does not matter.
 */
import { enableMapSet, Immer, type Draft } from "immer";
import type { ClauseId, ErrorCode, Rule, WhenClause } from "../spec/index.ts";
import type { State } from "./state.ts";

enableMapSet();

export type Condition<Args> = (before: State, args: Args) => boolean;
export type Effect<Args> = (after: Draft<State>, before: State, args: Args) => void;

export interface Transition<Args> {
  readonly rule: Rule;
  readonly when: Readonly<Record<string, Condition<Args>>>;
  readonly then: Readonly<Record<string, Effect<Args>>>;
}

/** Makes a rule executable. */
export const transition =
  <When extends string, Then extends string>(said: Rule<When, Then>) =>
  <Args>(body: {
    readonly when: Readonly<Record<When, Condition<Args>>>;
    readonly then: Readonly<Record<Then, Effect<Args>>>;
  }): Transition<Args> => ({
    rule: said,
    ...body,
  });

export type Fired =
  | { readonly applied: true; readonly state: State }
  /** Refused by this condition; the state is as before. */
  | { readonly applied: false; readonly state: State; readonly clause: string; readonly error: ErrorCode | null };

/** Applies a rule to a state. */
export type Fire = <Args>(transition: Transition<Args>, before: State, args: Args) => Fired;

/** Another condition, or another effect, in place of a clause. */
export interface Replacement {
  readonly clause: ClauseId;
  readonly body: Condition<never> | Effect<never>;
}

/** A clause of a transition with another body. @throws Error when the rule has no such clause. */
export const replacing = <Args, Kind extends "when" | "then">(
  { rule: said, ...body }: Transition<Args>,
  kind: Kind,
  clause: string,
  by: Transition<Args>[Kind][string],
): Replacement => {
  if (!(clause in body[kind])) throw new Error(`${said.id} has no clause ${kind}.${clause}`);
  return { clause: { rule: said.id, kind, clause }, body: by };
};

export interface Reading {
  /** A condition taken as true, or an effect left out: the specification without one of its clauses. */
  readonly mutation?: ClauseId | undefined;
  /** A clause that is read as if it said something else. */
  readonly replacement?: Replacement | undefined;
  /** Is told of every clause that was tried, or would have been, had it not been taken out. */
  readonly witness?: ((clause: ClauseId, outcome: "held" | "failed" | "applied" | "left-out") => void) | undefined;
  /** Freezes every state, so that a write outside an effect throws. Slow; for tests. */
  readonly freeze?: boolean | undefined;
}

/** The way in which rules are read: as they are said, or with one clause taken out or replaced. */
export const reading = ({ mutation, replacement, witness, freeze = false }: Reading): Fire => {
  const { produce } = new Immer({ autoFreeze: freeze });
  const isOut = (id: string, kind: ClauseId["kind"], clause: string) =>
    mutation !== undefined && mutation.rule === id && mutation.kind === kind && mutation.clause === clause;
  return (asSaid, before, args) => {
    const fired = replacement?.clause.rule === asSaid.rule.id ? withOther(asSaid, replacement) : asSaid;
    const { rule: said } = fired;
    for (const [clause, [, error]] of Object.entries(said.when as Record<string, WhenClause>)) {
      if (isOut(said.id, "when", clause)) {
        witness?.({ rule: said.id, kind: "when", clause }, "left-out");
        continue;
      }
      const held = fired.when[clause]!(before, args);
      witness?.({ rule: said.id, kind: "when", clause }, held ? "held" : "failed");
      if (!held) return { applied: false, state: before, clause, error };
    }
    const state = produce(before, (after) => {
      for (const clause of Object.keys(said.then)) {
        const isLeft = isOut(said.id, "then", clause);
        if (!isLeft) fired.then[clause]!(after, before, args);
        witness?.({ rule: said.id, kind: "then", clause }, isLeft ? "left-out" : "applied");
      }
    });
    return { applied: true, state };
  };
};

const withOther = <Args>(fired: Transition<Args>, { clause: { kind, clause }, body }: Replacement): Transition<Args> => ({
  ...fired,
  [kind]: { ...fired[kind], [clause]: body },
});
