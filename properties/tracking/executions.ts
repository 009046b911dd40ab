/**
 * Executions in slices, as an onlooker keeps them: what was taken from a queue and is not over yet, what is held for it, and
 * what its present attempt saw when it began. Written from `docs/machine.md` section 10 alone.
 */
import type { CanisterId, Cause, Event } from "../../spec/index.ts";
import { cyclesOf, type TrackedMessage } from "./messages.ts";
import type { TrackedCanister, World } from "./world.ts";

export interface TrackedExecution {
  readonly cause: Cause;
  /** The request or the response that it is the execution of; `null` for a task and for a message of a user. */
  readonly message: TrackedMessage | null;
  /** The round in which it was first paused. */
  readonly since: number;
  /** Taken from the balance; 0 for a response. @unit cycles */
  readonly prepaid: bigint;
  /** `null` when it was aborted. */
  attempt: TrackedAttempt | null;
}

export interface TrackedAttempt {
  /** What it saw when it began: the time, the balance without the prepayment, what was left of the core's share and copy. */
  readonly time: bigint;
  readonly balance: bigint;
  readonly share: number;
  readonly callbacks: number;
  slices: number;
  instructions: number;
  /** Fees of messages of users that entered the queue meanwhile. @unit cycles */
  postponed: bigint;
}

/** Of an event with which a message or a task leaves its queue, whose and which: what goes on or ends later left it earlier. */
export const takenIn = (event: Event, { canisters }: Pick<World, "canisters">): Taking | null => {
  switch (event.kind) {
    case "executed":
    case "not-executed":
    case "execution-paused":
      return canisters.get(event.canister)?.execution == null ? event : null;
    case "response-discarded":
      return { canister: event.canister, cause: { kind: "response", callback: event.callback, result: "reply" } };
    default:
      return null;
  }
};

export interface Taking {
  readonly canister: CanisterId;
  readonly cause: Cause;
}

/** The cycles that an execution under way holds. @unit cycles */
export const heldBy = ({ prepaid, message }: TrackedExecution): bigint => prepaid + (message === null ? 0n : cyclesOf(message));

/** An attempt that begins now, with this balance. */
export const attemptNow = ({ time, round }: World, balance: bigint): TrackedAttempt => {
  const iteration = round?.iterations.at(-1);
  const core = round?.turn?.core ?? 0;
  return {
    time,
    balance,
    share: iteration?.shares[core] ?? 0,
    callbacks: iteration?.callbacks[core] ?? 0,
    slices: 0,
    instructions: 0,
    postponed: 0n,
  };
};

/** The fees that wait until the execution of a canister is over; none but while it is paused. @unit cycles */
export const postponedOf = ({ execution }: TrackedCanister): bigint => execution?.attempt?.postponed ?? 0n;

export const isPaused = ({ execution }: TrackedCanister): boolean => execution?.attempt != null;
