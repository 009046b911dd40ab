/**
 * What an onlooker knows of the work that canisters have, from events alone: how many inputs wait, whether tasks of the
 * round wait, whether the hook for low memory does, and whether an execution is under way. Whoever judges what a scheduler
 * owes a canister has to know whether the canister wanted anything.
 */
import type { CallbackId, CanisterId, Event, IngressId } from "../spec/index.ts";

export interface Workload {
  /** Messages in the input queues, the one that is under way included. */
  readonly inputs: number;
  /** Whether tasks were chosen in this round. */
  readonly tasks: boolean;
  /** Whether it is neither stopping nor stopped. */
  readonly running: boolean;
  /** Whether the hook waits, or is under way. One that waits is no work for a canister that does not run. */
  readonly hook: boolean;
  /** Whether an execution is under way. */
  readonly long: boolean;
  /** The ingress messages among the inputs: of one that is too old an event tells the id alone. */
  readonly ingress: readonly IngressId[];
  /** The last of its calls that the management canister answered: an answer that nobody waits for is no input. */
  readonly answered: CallbackId | null;
}

export const noWork: Workload = { inputs: 0, tasks: false, running: true, hook: false, long: false, ingress: [], answered: null };

export const hasWork = ({ inputs, tasks, running, hook, long }: Workload): boolean => inputs > 0 || tasks || (hook && running) || long;

/**
 * Notes what an event adds to what canisters have to do, or takes from it. Tasks are gone when the round is over.
 * @returns the canister of the event that the onlooker has never heard of, or `null`.
 */
export const noteWork = (workloads: Map<CanisterId, Workload>, event: Event): CanisterId | null => {
  const note = (id: CanisterId, change: (known: Workload) => Partial<Workload>): CanisterId | null => {
    const known = workloads.get(id);
    if (known === undefined) return id;
    workloads.set(id, { ...known, ...change(known) });
    return null;
  };
  const one = ({ inputs }: Workload) => ({ inputs: inputs + 1 });
  const less = ({ inputs }: Workload) => ({ inputs: inputs - 1 });
  /** Whoever asked may have been deleted since. */
  const noteAnswer = (id: CanisterId, callback: CallbackId): CanisterId | null =>
    workloads.has(id) ? note(id, (known) => ({ ...one(known), answered: callback })) : null;
  switch (event.kind) {
    case "ingress-inducted":
      // What is asked of the management canister is no work for the canister that pays for it.
      if (event.canister === null || event.asked !== undefined) return null;
      return note(event.canister, (known) => ({ ...one(known), ingress: [...known.ingress, event.ingress] }));
    case "ingress-expired": {
      const [holder] = [...workloads].find(([, { ingress }]) => ingress.includes(event.ingress)) ?? [];
      return holder === undefined
        ? null
        : note(holder, (known) => ({ ...less(known), ingress: known.ingress.filter(isNot(event.ingress)) }));
    }
    case "randomness-answered":
      return noteAnswer(event.canister, event.callback);
    case "management-answered":
      return noteAnswer(event.caller, event.callback);
    case "response-late":
      return note(event.caller, (known) => (known.answered === event.callback ? { ...less(known), answered: null } : {}));
    case "request-inducted":
      return note(event.callee, one);
    case "request-bounced":
    case "response-inducted":
    case "callback-expired":
      return note(event.caller, one);
    case "message-dropped":
      // A response that is shed leaves a reject in its place.
      return event.queue === "input" && event.message === "request" ? note(event.canister, less) : null;
    case "tasks-chosen":
      return note(event.canister, () => ({ tasks: event.turn !== "message" }));
    case "hook-ready":
      return note(event.canister, () => ({ hook: true }));
    case "execution-paused":
      return note(event.canister, () => ({ long: true }));
    case "executed":
    case "not-executed": {
      const { cause } = event;
      if (cause.kind === "update" || cause.kind === "response") {
        const served = cause.kind === "update" && cause.origin.kind === "ingress" ? cause.origin.ingress : null;
        return note(event.canister, (known) => ({ ...less(known), long: false, ingress: known.ingress.filter(isNot(served)) }));
      }
      return note(event.canister, () => ({ long: false, ...(cause.kind === "low-memory" && { hook: false }) }));
    }
    case "response-discarded":
    case "callback-refused":
      return note(event.canister, (known) => ({ ...less(known), long: false }));
    case "canister-stopping":
    case "canister-started":
      return note(event.canister, () => ({ running: event.kind === "canister-started" }));
    case "uninstalled":
    case "ran-dry":
      return note(event.canister, () => ({ hook: false }));
    case "snapshot-loaded":
      return note(event.canister, () => ({ hook: false }));
    case "installation-ran":
      return event.trap === null ? note(event.canister, () => ({ hook: false })) : null;
    case "canister-created":
      workloads.set(event.canister, noWork);
      return null;
    case "conversion-settled":
      if (event.outcome.kind === "created") workloads.set(event.outcome.canister, noWork);
      return null;
    case "canister-deleted":
      workloads.delete(event.canister);
      return null;
    case "round-ended":
      for (const [id, known] of workloads) if (known.tasks) workloads.set(id, { ...known, tasks: false });
      return null;
    default:
      return null;
  }
};

const isNot =
  (gone: IngressId | null) =>
  (id: IngressId): boolean =>
    id !== gone;
