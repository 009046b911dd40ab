/** A query while it is answered, and what a node remembers of those before: none of it is part of what a round finds. */
import { hex, type CanisterId, type Hex, type MethodName, type NestedQuery, type Result } from "../spec/index.ts";
import type { Callback } from "./state.ts";

/** A call that a composite query sent. */
export interface QueryCall {
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly scripts: Pick<Callback, "onReply" | "onReject" | "onCleanup">;
}

export interface Asking {
  /** Instructions left to the whole query. Signed: the overhead of the last call may pass it. */
  readonly left: number;
  /** Of the query that runs now: the calls that it has still to make, and its answer. */
  readonly calls: readonly QueryCall[];
  readonly answer: Result | null;
  /** The calls that were answered so far, of the whole query. */
  readonly nested: readonly NestedQuery[];
  /** Whom the user asked, and the root of the state before. */
  readonly asked: CanisterId | null;
  readonly root: () => Hex;
}

/** Nobody asks. */
export const nothingAsked: Asking = { left: 0, calls: [], answer: null, nested: [], asked: null, root: () => hex("") };

/** What a canister used of its budget for queries, in the window of this number. */
export interface Spent {
  readonly window: bigint;
  readonly instructions: number;
}
