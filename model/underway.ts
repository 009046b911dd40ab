/**
 * Long executions, as they are kept between two rounds. A paused one has an attempt; an aborted one has none: only its
 * message, its prepayment and its seniority are left.
 */
import { cycles, nanoseconds, type Cycles, type FeeTable, type Height, type Nanoseconds, type Task } from "../spec/index.ts";
import { nothingShared, type Shared } from "./round-state.ts";
import type { Message } from "./state.ts";

/** What an attempt to execute a long execution did so far, and what it saw when it began. */
export interface Attempt {
  readonly time: Nanoseconds;
  /** The prices that it goes by; of an attempt that begins, those that hold. */
  readonly fees: FeeTable | null;
  /** With the prepayment taken off. */
  readonly balance: Cycles;
  /** Bytes of the memory for messages, the one that is executed not counted. */
  readonly messages: number;
  /** What its core could give of what cores share. */
  readonly left: Shared;
  /** What the whole execution uses: a script is deterministic, so its first run tells. */
  readonly total: number;
  readonly slices: number;
  readonly instructions: number;
  /** Reception fees of ingress that was inducted meanwhile. */
  readonly postponed: Cycles;
}

/** An execution that needs more than a slice. */
export interface Underway {
  readonly taken: Message | Task;
  readonly prepaid: Cycles;
  /** The round in which it was first paused. */
  readonly since: Height;
  /** `null` when it is aborted. */
  readonly attempt: Attempt | null;
}

/** What a long execution finds at its last slice. */
export interface Held {
  readonly prepaid: Cycles;
  readonly time: Nanoseconds;
  /** What came to the balance since the start of the attempt. */
  readonly gained: Cycles;
  /** What the memory for messages has to be corrected by, to be that of the start of the attempt. @unit bytes */
  readonly messages: number;
  readonly postponed: Cycles;
  /** What it may take of what cores share: as its core could give it at the start of the attempt. */
  readonly left: Shared;
  /** What the core of its last slice can give. */
  readonly core: Shared;
}

/** An attempt that did nothing yet. */
export const freshAttempt: Attempt = {
  time: nanoseconds(0n),
  balance: cycles(0n),
  fees: null,
  messages: 0,
  left: nothingShared,
  total: 0,
  slices: 0,
  instructions: 0,
  postponed: cycles(0n),
};
