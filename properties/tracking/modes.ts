/**
 * What may be done where, and what may be read: an update, a callback, a cleanup of one, a task, an inspection, code that goes and code that
 * comes in an installation; a query in a round, and between two rounds a query, a composite one, a callback of it, a cleanup of that. From
 * `docs/machine.md` sections 5 and 17.5.
 */
import type { Parameters, Value } from "../../spec/index.ts";

export type Mode = "update" | "callback" | "cleanup" | "task" | "inspection" | "departure" | "arrival" | Asking;
type Asking = "replicated-query" | "query" | "composite-query" | "query-callback" | "query-cleanup";

/** A query of any kind, or anything of one. */
export const isAsking = (mode: Mode): boolean => asking.has(mode);

export const mayAnswer = (mode: Mode): boolean => answering.has(mode);

export const maySend = (mode: Mode): boolean => sending.has(mode);

/** Whether a call is one of a composite query, which waits for its turn. */
export const isComposite = (mode: Mode): boolean => mode === "composite-query" || mode === "query-callback";

/** Certified data outlive an execution: nobody sets them who leaves nothing behind, or has only to clean up. */
export const mayCertify = (mode: Mode): boolean => certifying.has(mode);

/** Whether an execution may accept cycles. */
export const mayAccept = ({ mode, parameters }: Place): boolean => accepting.has(mode) && spends({ mode, parameters });

/** Whether it may burn cycles. */
export const mayBurn = ({ mode, parameters }: Place): boolean => mode !== "inspection" && spends({ mode, parameters });

/** Whether a value is there to be read. */
export const mayRead = (kind: Value["kind"], mode: Mode): boolean => readers[kind]?.has(mode) ?? true;

/** Whether somebody may not read a value. */
export const isGuarded = (kind: Value["kind"]): boolean => kind in readers;

interface Place {
  readonly mode: Mode;
  readonly parameters: Parameters;
}

/** Whether an execution may accept or burn cycles, as far as queries go. */
const spends = ({ mode, parameters }: Place): boolean =>
  !asking.has(mode) || (mode === "replicated-query" && parameters.replicatedQueryAccepts);

const modes = (...names: readonly Mode[]): ReadonlySet<Mode> => new Set(names);

const asking = modes("replicated-query", "query", "composite-query", "query-callback", "query-cleanup");
const answering = modes("update", "callback", "replicated-query", "query", "composite-query", "query-callback");
const accepting = modes("update", "callback", "replicated-query");
const sending = modes("update", "callback", "task", "composite-query", "query-callback");
const certifying = modes("update", "callback", "task", "departure", "arrival");

/** Who reads what not everybody reads. */
const readers: Readonly<Partial<Record<Value["kind"], ReadonlySet<Mode>>>> = {
  message: modes("update", "callback", "replicated-query", "query", "composite-query", "query-callback", "inspection", "arrival"),
  available: modes("update", "callback", "replicated-query"),
  refunded: modes("callback"),
  deadline: modes("update", "callback", "replicated-query", "query", "composite-query", "query-callback"),
  "reject-code": modes("callback", "query-callback", "cleanup"),
  method: modes("inspection"),
  certificate: modes("query", "composite-query"),
};
