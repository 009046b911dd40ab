/**
 * Walks all states that a system can reach, breadth first, and looks at every transition on the way. Level by level, so
 * that the first complaint comes at the end of a shortest path. Each state keeps where it came from, the number of its
 * parent and of the move, which is all that is needed to lead the system there again.
 */
import { newVisited, type Visited } from "./visited.ts";

/** What is wrong with a transition, or nothing. */
export type Complaint = string | undefined;

/** A system as the engine walks it: a state is a row of words, two states are one when their rows are equal. */
export interface Rows {
  readonly name: string;
  /** Words of a row. */
  readonly width: number;
  /** In how many states it may begin. */
  readonly roots: number;
  /** Writes the k-th state in which it may begin. */
  begin(root: number, into: Int32Array): Complaint;
  /** Gets ready to leave a state; how many moves it has. Moves have numbers from 0, the same whenever it is asked. */
  open(state: number, rows: Int32Array): number;
  /** Makes a move from the state that is open, and writes what comes. */
  move(move: number, into: Int32Array): Complaint;
  /** What was written last is a new state, and has this number. */
  keep?(state: number): void;
  /** How near what was written last is to something that must not be, or to a limit: the engine remembers the most. */
  measure?(): number;
}

export interface Limits {
  /** Most states that are kept. */
  readonly states?: number;
  /** Most moves from the beginning; states that far are kept, and not left. */
  readonly depth?: number;
  /** Most memory for the states. @unit bytes */
  readonly bytes?: number;
  /** The point of `performance.now()` at which no further state is left. @unit milliseconds */
  readonly deadline?: number;
  /** See `VisitedOptions`. */
  readonly bits?: number;
}

/** How a state is reached: where it began, and the numbers of the moves. */
export interface Path {
  readonly root: number;
  readonly moves: readonly number[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** States that are first reached by so many moves, from 0. */
  readonly widths: readonly number[];
  /** States that were found and not left by all of their moves. */
  readonly frontier: number;
  /** What ended the walk before there was nothing new. */
  readonly stopped: "states" | "memory" | "depth" | "time" | null;
  readonly violation: { readonly path: Path; readonly because: string } | null;
  /** The greatest measure, and a shortest path to it. */
  readonly worst: { readonly measure: number; readonly path: Path } | null;
  /** Fingerprints that were equal while the states were not: each was seen through. */
  readonly collisions: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

/** As much as a walk takes when nobody sets a limit. @unit bytes */
const mostBytes = 3 * 1024 ** 3;
const mostStates = 50_000_000;

export const exploreRows = (system: Rows, limits: Limits = {}, onLevel?: (depth: number, states: number) => void): Exploration => {
  const began = performance.now();
  const { states: limit = mostStates, depth: mostDepth = Infinity, deadline = Infinity, bytes = mostBytes, bits = 32 } = limits;
  const visited: Visited = newVisited({ width: system.width, limit, mostBytes: bytes, bits });
  const tree = newTree();
  const row = new Int32Array(system.width);
  const widths: number[] = [];
  let transitions = 0;
  let left = 0;
  let worst = -Infinity;
  let worstAt = -1;
  let stopped: Exploration["stopped"] = null;
  let violation: Exploration["violation"] = null;

  /** Keeps what was written last; whether there was room. */
  const found = (parent: number, move: number): boolean => {
    const state = visited.add(row);
    if (state === -1) return true;
    if (state < 0) return false;
    tree.add(state, parent, move);
    system.keep?.(state);
    const measure = system.measure?.() ?? -Infinity;
    if (measure > worst) {
      worst = measure;
      worstAt = state;
    }
    return true;
  };
  const full = (): Exploration["stopped"] => (visited.size() >= limit ? "states" : "memory");

  for (let root = 0; root < system.roots && stopped === null && violation === null; root++) {
    const because = system.begin(root, row);
    if (because !== undefined) violation = { path: { root, moves: [] }, because };
    else if (!found(noParent, root)) stopped = full();
  }

  walk: for (let end = visited.size(); left < end && violation === null && stopped === null; end = visited.size()) {
    widths.push(end - left);
    onLevel?.(widths.length - 1, end);
    if (widths.length > mostDepth) {
      stopped = "depth";
      break;
    }
    for (; left < end; left++) {
      if ((left & 0xff) === 0 && performance.now() >= deadline) {
        stopped = "time";
        break walk;
      }
      const moves = system.open(left, visited.rows());
      for (let move = 0; move < moves; move++) {
        const because = system.move(move, row);
        transitions++;
        if (because !== undefined) {
          const { root, moves: before } = tree.pathTo(left);
          violation = { path: { root, moves: [...before, move] }, because };
          break walk;
        }
        if (!found(left, move)) {
          stopped = full();
          break walk;
        }
      }
    }
  }
  const frontier = visited.size() - left;
  // A level that was begun and not finished is told with what it has so far.
  const counted = widths.reduce((sum, width) => sum + width, 0);
  if (visited.size() > counted) widths.push(visited.size() - counted);
  return {
    states: visited.size(),
    transitions,
    widths,
    frontier,
    stopped,
    violation,
    worst: worstAt < 0 ? null : { measure: worst, path: tree.pathTo(worstAt) },
    collisions: visited.collisions(),
    bytes: visited.bytes() + tree.bytes(),
    milliseconds: performance.now() - began,
  };
};

const noParent = 0xffff_ffff;

/** Where each state came from. */
const newTree = () => {
  let parents = new Uint32Array(1 << 12);
  let moves = new Uint32Array(1 << 12);
  return {
    add: (state: number, parent: number, move: number): void => {
      if (state >= parents.length) {
        const [moreParents, moreMoves] = [new Uint32Array(parents.length * 2), new Uint32Array(parents.length * 2)];
        moreParents.set(parents);
        moreMoves.set(moves);
        [parents, moves] = [moreParents, moreMoves];
      }
      parents[state] = parent;
      moves[state] = move;
    },
    pathTo: (state: number): Path => {
      const path: number[] = [];
      let at = state;
      for (; parents[at] !== noParent; at = parents[at]!) path.unshift(moves[at]!);
      return { root: moves[at]!, moves: path };
    },
    bytes: (): number => parents.byteLength + moves.byteLength,
  };
};
