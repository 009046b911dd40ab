/**
 * A frame is an execution under way: a copy of the few fields of one canister that an execution can change, with the
 * pages that it wrote laid over the pages that are there. The canister itself is not touched before the execution completes,
 * so a rollback is to forget the frame.
 */
import {
  cycles,
  type CanisterId,
  type Cycles,
  type Hex,
  type Instruction,
  type Nanoseconds,
  type RefusedCall,
  type Result,
  type SentCall,
} from "../spec/index.ts";
import type { Prices } from "./fees.ts";
import type { Callback } from "./messages.ts";
import type { Canister, Context, Engine } from "./state.ts";

/** A call that was sent: what is said of it outside, the text of the request, and the instruction with its scripts. */
export interface FrameCall {
  readonly sent: SentCall;
  readonly payload: Hex;
  readonly instruction: Extract<Instruction, { op: "call" }>;
}

/** What an execution finds when it starts: of a sliced one, when this attempt at it does. */
export interface Start {
  readonly time: Nanoseconds;
  /** By which all of it goes, whatever holds meanwhile. */
  readonly prices: Prices;
  /** With the prepayment taken off, if there is one. */
  readonly balance: Cycles;
  /** What its core may give to calls: of the memory for responses, and of the callbacks that are left. */
  readonly share: number;
  readonly callbacks: number;
}

export interface Frame {
  readonly engine: Engine;
  readonly canister: Canister;
  /** Of an inspection, `noContext`. */
  readonly context: Context;
  readonly kind: "update" | "callback" | "task" | "cleanup" | "inspection";
  readonly message: Hex;
  readonly refunded: Cycles;
  readonly limit: number;
  readonly time: Nanoseconds;
  readonly prices: Prices;
  /** The callback whose response is executed: for the script it is gone already. */
  readonly closing: Callback | null;
  used: number;
  balance: Cycles;
  available: Cycles;
  timer: Nanoseconds | null;
  accepted: Cycles;
  burned: Cycles;
  /** The pages written, whether or not their content differs. */
  writes: Map<number, Hex> | null;
  /** How many of them were never written before. */
  grown: number;
  /** The freezing threshold of the memory now in use; `null` when nobody asked since it grew. */
  threshold: Cycles | null;
  readonly calls: FrameCall[];
  /** Calls that could not be sent; `null` when there were none. */
  refusedCalls: RefusedCall[] | null;
  /** How many calls it sent to each callee; `null` when it sent none. */
  sentTo: Map<CanisterId, number> | null;
  /** What the core has left for calls. */
  share: number;
  callbacks: number;
  /** The answer that it gave; its refund is what the context still holds. */
  answer: Result | null;
  /** Whether an inspection accepted its message. */
  isAccepted: boolean;
}

/** A frame on a canister as it is now, but with the balance that its script finds: other cycles are held meanwhile. It changes nothing. */
export const frameOn = (
  engine: Engine,
  canister: Canister,
  context: Context,
  kind: Frame["kind"],
  limit: number,
  { time, prices, share, callbacks }: Start,
  balance: Cycles,
  message: Hex,
  refunded: Cycles,
  closing: Callback | null,
): Frame => ({
  engine,
  canister,
  context,
  kind,
  message,
  refunded,
  limit,
  time,
  prices,
  closing,
  used: 0,
  balance,
  available: context.available,
  timer: canister.timer,
  accepted: noCycles,
  burned: noCycles,
  writes: null,
  grown: 0,
  threshold: prices === engine.prices ? canister.threshold : null,
  calls: [],
  refusedCalls: null,
  sentTo: null,
  share,
  callbacks,
  answer: null,
  isAccepted: false,
});

/** The pages in use, those that the frame wrote for the first time included. */
export const pagesOf = ({ canister, grown }: Frame): number => (canister.pages?.size ?? 0) + grown;

/** The freezing threshold of the memory that the frame has now. */
export const thresholdOf = (frame: Frame): Cycles => {
  const { prices, canister } = frame;
  return (frame.threshold ??= prices.threshold(canister.allocation, canister.freezing, pagesOf(frame)));
};

/** What the frame may spend: what lies above its freezing threshold. */
export const liquidOf = (frame: Frame): bigint => {
  const threshold = thresholdOf(frame);
  return frame.balance > threshold ? frame.balance - threshold : 0n;
};

export const noCycles = cycles(0n);

/** What an execution has that serves nobody and leaves nothing. */
export const noContext: Context = {
  id: -1,
  origin: { kind: "system" },
  status: "responded",
  available: noCycles,
  deadline: null,
  calls: 0,
};
