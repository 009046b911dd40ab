/**
 * What may be done where: an update, a callback, a cleanup of one, a task, an inspection, an installation; a query in a round, and
 * between two rounds a query, a composite one or a callback of it, a cleanup of that. From `docs/machine.md` sections 5 and 17.5.
 */
import type { Parameters } from "../../spec/index.ts";

export type Mode = "update" | "callback" | "cleanup" | "task" | "inspection" | "installation" | Asking;
type Asking = "replicated-query" | "query" | "composite-query" | "query-cleanup";

/** A query of any kind, or anything of one. */
export const isAsking = (mode: Mode): boolean => asking.has(mode);

export const mayAnswer = (mode: Mode): boolean => answering.has(mode);

export const maySend = (mode: Mode): boolean => sending.has(mode);

/** Certified data outlive an execution: nobody sets them who leaves nothing behind, or has only to clean up. */
export const mayCertify = (mode: Mode): boolean => certifying.has(mode);

/** Whether an execution may accept cycles. */
export const mayAccept = ({ mode, parameters }: Place): boolean => accepting.has(mode) && spends({ mode, parameters });

/** Whether it may burn cycles. */
export const mayBurn = ({ mode, parameters }: Place): boolean => mode !== "inspection" && spends({ mode, parameters });

interface Place {
  readonly mode: Mode;
  readonly parameters: Parameters;
}

/** Whether an execution may accept or burn cycles, as far as queries go. */
const spends = ({ mode, parameters }: Place): boolean =>
  !asking.has(mode) || (mode === "replicated-query" && parameters.replicatedQueryAccepts);

const asking: ReadonlySet<Mode> = new Set<Asking>(["replicated-query", "query", "composite-query", "query-cleanup"]);
const answering: ReadonlySet<Mode> = new Set<Mode>(["update", "callback", "replicated-query", "query", "composite-query"]);
const accepting: ReadonlySet<Mode> = new Set<Mode>(["update", "callback", "replicated-query"]);
const sending: ReadonlySet<Mode> = new Set<Mode>(["update", "callback", "task", "composite-query"]);
const certifying: ReadonlySet<Mode> = new Set<Mode>(["update", "callback", "task", "installation"]);
