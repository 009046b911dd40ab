/** The instruction that sends a call: what it costs, what limits it, and what a canister learns when it cannot be sent. */
import {
  bitcoinPrefix,
  byteLength,
  callSend,
  cycles,
  managementCanister,
  nanoseconds,
  queryCall,
  systemCall,
  type CanisterId,
  type ErrorCode,
  type Hex,
  type Instruction,
  type Nanoseconds,
} from "../spec/index.ts";
import { abilities } from "./abilities.ts";
import { wholeOf } from "./fees.ts";
import { isPlenty, liquidOf, thresholdWith, type Asking, type Frame } from "./frame.ts";
import { refusalOf } from "./refusals.ts";
import type { Engine } from "./state.ts";

export type CallInstruction = Extract<Instruction, { op: "call" }>;

/** How an attempt to send ended: sent, or with the error of a trap, or refused, so that `onRefused` is to run. */
export type Attempt = { readonly kind: "sent" } | { readonly kind: "trapped"; readonly error: ErrorCode } | { readonly kind: "refused" };

/**
 * Sends a call out of a frame, or finds out why it cannot.
 * @rule call-send
 */
export const sendCall = (frame: Frame, instruction: CallInstruction, payload: Hex): Attempt => {
  const { prices } = frame;
  const { maxPayload } = frame.engine.genesis.parameters;
  const { method, attached, timeout } = instruction;
  const barred = trapOfSending(frame, instruction);
  if (barred !== null) return { kind: "trapped", error: barred };
  if (abilities[frame.kind].calls === "queries") return ask(frame.asking!, instruction, payload, maxPayload);
  if (payload.length / 2 > maxPayload) return trapped.tooLarge;
  const callee = calleeOf(frame.engine, instruction);
  const fee = prices.call(payload.length / 2);
  const reserve = wholeOf(prices.reserve);
  const cost = attached + fee + reserve;
  const bytes = timeout === undefined ? maxPayload : 0;
  const isRich = isPlenty(frame, frame.balance - cost, bytes);
  if (!isRich && attached > liquidOf(frame)) return trapped.notAttachable;
  const error = unavailable(frame, callee, timeout) ?? (isRich ? null : unaffordable(frame, cost, bytes));
  if (error !== null) {
    (frame.refusedCalls ??= []).push({ callee, error });
    return refused;
  }
  const callback = frame.canister.nextCallback + frame.calls.length;
  const deadline = timeout === undefined ? null : deadlineOf(frame, timeout);
  frame.balance = cycles(frame.balance - cost);
  frame.calls.push({
    sent: { callback, callee, method, bytes: byteLength(payload), attached, deadline, fee, reserve },
    payload,
    instruction,
  });
  frame.sentTo ??= new Map();
  frame.sentTo.set(callee, (frame.sentTo.get(callee) ?? 0) + 1);
  frame.share -= bytes;
  frame.messageBytes += bytes;
  if (bytes > 0) frame.threshold = null;
  if (frame.callbacks > 0) frame.callbacks--;
  return sent;
};

/** Why it may not send this, whatever the payload is. */
export const trapOfSending = ({ kind }: Frame, { attached }: CallInstruction): ErrorCode | null => {
  const { calls } = abilities[kind];
  return calls === "none" ? noSender : calls === "queries" && attached > 0n ? noPayer : null;
};

/**
 * A call of a composite query waits until what runs is over.
 * @rule query-call
 */
const ask = ({ calls }: Asking, instruction: CallInstruction, payload: Hex, maxPayload: number): Attempt => {
  if (payload.length / 2 > maxPayload) return trapped.tooLargeToAsk;
  calls.push({ payload, instruction });
  return sent;
};

/**
 * Whom a request goes to, which is whom it names, but for what is asked of Bitcoin.
 * @rule bitcoin-route
 */
const calleeOf = ({ genesis }: Engine, { callee, method }: CallInstruction): CanisterId =>
  callee === managementCanister && method.startsWith(bitcoinPrefix) ? (genesis.bitcoin ?? callee) : callee;

/** What the platform lacks for this call: a slot, memory for the response, a callback. */
const unavailable = (
  { engine, canister, calls, sentTo, share, callbacks, closing }: Frame,
  callee: CanisterId,
  timeout: Nanoseconds | undefined,
): ErrorCode | null => {
  const { queueCapacity, maxPayload, callbackQuota } = engine.genesis.parameters;
  const open = (canister.mail?.pairs.get(callee)?.calls ?? 0) - (closing?.callee === callee ? 1 : 0);
  if (open + (sentTo?.get(callee) ?? 0) >= queueCapacity) return noSlot;
  if (timeout === undefined && share < maxPayload) return noMemory;
  if (callbacks === 0 && (canister.callbacks?.size ?? 0) - (closing === null ? 0 : 1) + calls.length >= callbackQuota) return noCallback;
  return null;
};

/** What the canister lacks for it: cycles for the call, and for the memory that the response takes at the canister. */
const unaffordable = (frame: Frame, cost: bigint, bytes: number): ErrorCode | null => {
  if (cost > liquidOf(frame)) return unfunded;
  return frame.balance - cost < thresholdWith(frame, 0, bytes, frame.reserved) ? unstored : null;
};

/** A timeout beyond the longest counts as the longest. */
const deadlineOf = ({ engine, time }: Frame, timeout: Nanoseconds): Nanoseconds => {
  const { bestEffortLifetime } = engine.genesis.parameters;
  return nanoseconds(time + (timeout < bestEffortLifetime ? timeout : bestEffortLifetime));
};

const noSender = refusalOf(systemCall.when.sender);
const noPayer = refusalOf(systemCall.when.payer);
const noSlot = refusalOf(callSend.when.slot);
const noMemory = refusalOf(callSend.when.memory);
const noCallback = refusalOf(callSend.when.callbacks);
const unfunded = refusalOf(callSend.when.funded);
const unstored = refusalOf(callSend.when.stored);

const sent: Attempt = { kind: "sent" };
const refused: Attempt = { kind: "refused" };
const trapped = {
  tooLargeToAsk: { kind: "trapped", error: refusalOf(queryCall.when.sized) },
  tooLarge: { kind: "trapped", error: refusalOf(callSend.when.sized) },
  notAttachable: { kind: "trapped", error: refusalOf(callSend.when.attachable) },
} as const;
