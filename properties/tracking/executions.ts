/**
 * Executions in slices, as an onlooker keeps them: what was taken from a queue and is not over yet, what is held for it, and
 * what its present attempt saw when it began. Written from `docs/machine.md` section 10 alone.
 */
import type { CanisterId, Cause, Event, Instruction, Parameters } from "../../spec/index.ts";
import { flattened, readingOf } from "../reading.ts";
import { messageMemory } from "./holdings.ts";
import { cyclesOf, type TrackedMessage } from "./messages.ts";
import type { Discarded, TrackedCanister, Unpaid, World } from "./world.ts";

export interface TrackedExecution {
  readonly cause: Cause;
  /** The request or the response that it is the execution of; `null` for a task and for a message of a user. */
  readonly message: TrackedMessage | null;
  /** The round in which it was first paused. */
  readonly since: number;
  /** Taken from the balance, at the prices of the last attempt; 0 for a response. @unit cycles */
  prepaid: bigint;
  /** `null` when it was aborted. */
  attempt: TrackedAttempt | null;
}

export interface TrackedAttempt {
  /**
   * What it saw when it began: the time, the prices, the balance without the prepayment, its memory for messages, what was left
   * of the core's share and copy, and the memory in use. What it did then it must not do otherwise because more has come since.
   */
  readonly time: bigint;
  readonly prices: Parameters;
  balance: bigint;
  readonly messages: number;
  readonly share: number;
  readonly callbacks: number;
  readonly used: number;
  slices: number;
  instructions: number;
  /** Fees of messages of users that entered the queue meanwhile. @unit cycles */
  postponed: bigint;
}

/** All instructions of the scripts of which something of this cause may run: callbacks keep those with which they were sent. */
export const readableFor = ({ genesis, calls }: TrackedCanister, cause: Cause): readonly Instruction[] => {
  const sent = cause.kind === "response" ? calls.get(cause.callback)?.instruction : null;
  return sent == null ? readingOf(genesis).instructions : flattened([sent]);
};

/** Of an event with which a message or a task leaves its queue, whose and which: what goes on or ends later left it earlier. */
export const takenIn = (event: Event, { canisters }: Pick<World, "canisters">): Taking | null => {
  switch (event.kind) {
    case "executed":
    case "not-executed":
    case "execution-paused":
      return canisters.get(event.canister)?.execution == null ? event : null;
    case "callback-refused":
      if (canisters.get(event.canister)?.execution != null) return null;
      return { canister: event.canister, cause: { kind: "response", callback: event.callback, result: "reply" } };
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

/** Whether an event tells of a response that was taken, and runs no callback. */
export const isUnexecuted = (event: Event): event is Discarded | Unpaid =>
  event.kind === "response-discarded" || event.kind === "callback-refused";

/** The cycles that an execution under way holds. @unit cycles */
export const heldBy = ({ prepaid, message }: TrackedExecution): bigint => prepaid + (message === null ? 0n : cyclesOf(message));

/** An attempt of a canister that begins now, with this balance. */
export const attemptNow = ({ time, round, parameters }: World, canister: TrackedCanister, balance: bigint): TrackedAttempt => {
  const iteration = round?.iterations.at(-1);
  const core = round?.turn?.core ?? 0;
  return {
    time,
    prices: parameters,
    balance,
    messages: messageMemory(canister, parameters),
    share: iteration?.shares[core] ?? 0,
    callbacks: iteration?.callbacks[core] ?? 0,
    used: iteration?.used[core] ?? 0,
    slices: 0,
    instructions: 0,
    postponed: 0n,
  };
};

/** The fees that wait until the execution of a canister is over; none but while it is paused. @unit cycles */
export const postponedOf = ({ execution }: TrackedCanister): bigint => execution?.attempt?.postponed ?? 0n;

/** The prices by which a canister executes: those of its attempt, or those of now. */
export const pricesOf = ({ parameters }: Pick<World, "parameters">, canister: TrackedCanister | undefined): Parameters =>
  canister?.execution?.attempt?.prices ?? parameters;

export const isPaused = ({ execution }: TrackedCanister): boolean => execution?.attempt != null;
