/**
 * What is told of queries: questions that users ask between two rounds. A query is answered at once on the state as it is,
 * and what it writes is forgotten; how its calls were answered is told, because nothing else of them can be seen.
 */
import type { ErrorCode } from "./codes.ts";
import type { CanisterId, MethodName } from "./identifiers.ts";
import type { Result } from "./observation.ts";
import type { Instructions } from "./units.ts";

/** A call that a composite query made, and its answer. */
export interface NestedQuery {
  /** How deep below the query of the user it ran: 1 for a call of that query itself. */
  readonly depth: number;
  readonly caller: CanisterId;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly result: Result;
}

export type QueryEvent =
  | {
      readonly kind: "query-answered";
      readonly canister: CanisterId;
      readonly method: MethodName;
      readonly result: Result;
      /** Used by the query and all that it called, the overheads of calls included. */
      readonly instructions: Instructions;
      /** The calls that were answered, in the order in which they were. */
      readonly nested: readonly NestedQuery[];
    }
  /** Nothing was executed. */
  | { readonly kind: "query-refused"; readonly canister: CanisterId; readonly method: MethodName; readonly error: ErrorCode };
