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
  type Result,
  type SentCall,
} from "../spec/index.ts";
import type { Canister, Context, Engine } from "./state.ts";

/** A call that was sent: what is said of it outside, the text of the request, and the instruction with its scripts. */
export interface FrameCall {
  readonly sent: SentCall;
  readonly payload: Hex;
  readonly instruction: Extract<Instruction, { op: "call" }>;
}

export interface Frame {
  readonly engine: Engine;
  readonly canister: Canister;
  readonly context: Context;
  readonly kind: "update" | "callback" | "task" | "cleanup";
  readonly message: Hex;
  readonly refunded: Cycles;
  readonly limit: number;
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
  /** The freezing threshold of the memory now in use; `null` when it grew and nobody asked since. */
  threshold: Cycles | null;
  readonly calls: FrameCall[];
  /** How many calls it sent to each callee; `null` when it sent none. */
  sentTo: Map<CanisterId, number> | null;
  /** The answer that it gave; its refund is what the context still holds. */
  answer: Result | null;
}

/** A frame on a canister as it is now, but with the balance that its script finds: other cycles are held meanwhile. */
export const frameOn = (
  engine: Engine,
  canister: Canister,
  context: Context,
  kind: Frame["kind"],
  limit: number,
  balance: Cycles,
  message: Hex,
  refunded: Cycles,
): Frame => ({
  engine,
  canister,
  context,
  kind,
  message,
  refunded,
  limit,
  used: 0,
  balance,
  available: context.available,
  timer: canister.timer,
  accepted: noCycles,
  burned: noCycles,
  writes: null,
  grown: 0,
  threshold: canister.threshold,
  calls: [],
  sentTo: null,
  answer: null,
});

/** The freezing threshold of the memory that the frame has now. */
export const thresholdOf = (frame: Frame): Cycles => {
  const { engine, canister } = frame;
  return (frame.threshold ??= engine.prices.threshold(canister.allocation, canister.freezing, (canister.pages?.size ?? 0) + frame.grown));
};

/** What the frame may spend: what lies above its freezing threshold. */
export const liquidOf = (frame: Frame): bigint => {
  const threshold = thresholdOf(frame);
  return frame.balance > threshold ? frame.balance - threshold : 0n;
};

export const noCycles = cycles(0n);
