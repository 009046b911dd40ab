/**
 * Systems whose states are values of any shape, brought to rows for the engine. A state's canonical key is a list of
 * parts; each part that was not met before gets a number, and the row of a state is the list of the numbers of its
 * parts. So a key is stored once for each of its parts, and comparing rows is comparing keys, exactly.
 */
import { exploreRows, type Complaint, type Exploration, type Limits, type Path, type Rows } from "./engine.ts";

/** A deterministic system over values that never change. */
export interface System<State, Move, Seen> {
  readonly name: string;
  readonly initial: readonly State[];
  /** What can be done in a state: the same list, in the same order, for states with equal keys. */
  movesOf(state: State): readonly Move[];
  step(state: State, move: Move): { readonly state: State; readonly observation: Seen };
  /** The canonical key of a state, part by part. States with equal keys must behave alike. */
  keyOf(state: State): readonly string[];
  /** See `Rows`. */
  measure?(state: State): number;
}

/** What must hold of every transition, whatever the path to it was. */
export interface Invariant<State, Move, Seen> {
  readonly id: string;
  readonly statement: string;
  check(transition: Transition<State, Move, Seen>): Complaint;
}

export interface Transition<State, Move, Seen> {
  readonly before: State;
  readonly move: Move;
  readonly observation: Seen;
  readonly after: State;
}

export interface Exploring<State, Move, Seen> {
  readonly system: System<State, Move, Seen>;
  readonly invariants: readonly Invariant<State, Move, Seen>[];
  readonly limits?: Limits;
  readonly onLevel?: (depth: number, states: number) => void;
}

export interface Explored<State, Move, Seen> extends Exploration {
  /** The invariant that does not hold, and a shortest way to see it. */
  readonly broken: { readonly invariant: Invariant<State, Move, Seen>; readonly walked: Walked<State, Move, Seen> } | null;
}

/** Walks all reachable states of a system and checks every invariant at every transition. */
export const explore = <State, Move, Seen>(asked: Exploring<State, Move, Seen>): Explored<State, Move, Seen> => {
  const { system, invariants, limits, onLevel } = asked;
  let blamed: Invariant<State, Move, Seen> | null = null;
  const judge = (transition: Transition<State, Move, Seen>): Complaint => {
    for (const invariant of invariants) {
      const because = invariant.check(transition);
      if (because === undefined) continue;
      blamed = invariant;
      return because;
    }
    return undefined;
  };
  const explored = exploreRows(rowsOf(system, judge), limits, onLevel);
  const { violation } = explored;
  return {
    ...explored,
    broken: violation === null || blamed === null ? null : { invariant: blamed, walked: walkPath(system, violation.path) },
  };
};

/** The states along a path: one more than there are transitions. */
export interface Walked<State, Move, Seen> {
  readonly root: State;
  readonly transitions: readonly Transition<State, Move, Seen>[];
}

/** Leads a system along a path again. */
export const walkPath = <State, Move, Seen>(system: System<State, Move, Seen>, { root, moves }: Path): Walked<State, Move, Seen> => {
  const first = system.initial[root] as State;
  let before: State = first;
  const transitions = moves.map((number): Transition<State, Move, Seen> => {
    const move = system.movesOf(before)[number]!;
    const { state: after, observation } = system.step(before, move);
    const transition = { before, move, observation, after };
    before = after;
    return transition;
  });
  return { root: first, transitions };
};

/** A part that is not there. */
const absent = 0;

/** A system as rows. Only states that were not left yet are held as values. */
const rowsOf = <State, Move, Seen>(
  system: System<State, Move, Seen>,
  judge: (transition: Transition<State, Move, Seen>) => Complaint,
): Rows => {
  const numbers = new Map<string, number>();
  const numberOf = (part: string): number => {
    const known = numbers.get(part);
    if (known !== undefined) return known;
    numbers.set(part, numbers.size + 1);
    return numbers.size;
  };
  // Room for parts that come later; what does not fit is one part together.
  const width = Math.max(...system.initial.map((state) => system.keyOf(state).length)) + 2;
  const write = (state: State, into: Int32Array): void => {
    const parts = system.keyOf(state);
    for (let at = 0; at < width - 1; at++) into[at] = at < parts.length ? numberOf(parts[at]!) : absent;
    into[width - 1] = parts.length < width ? absent : numberOf(parts.slice(width - 1).join("\n"));
  };
  const live = new Map<number, State>();
  let opened: State;
  let moves: readonly Move[] = [];
  let latest: State;
  return {
    name: system.name,
    width,
    roots: system.initial.length,
    begin: (root, into) => {
      latest = system.initial[root]!;
      write(latest, into);
      return undefined;
    },
    open: (state) => {
      opened = live.get(state) as State;
      live.delete(state);
      moves = system.movesOf(opened);
      return moves.length;
    },
    move: (number, into) => {
      const move = moves[number]!;
      const { state, observation } = system.step(opened, move);
      latest = state;
      write(state, into);
      return judge({ before: opened, move, observation, after: state });
    },
    keep: (state) => void live.set(state, latest),
    measure: () => system.measure?.(latest) ?? -Infinity,
  };
};
