/**
 * Messages, calls and contexts as an onlooker keeps them. A message is one object from the queue of its sender to the
 * queue of its receiver, the loopback stream between them included; a call is what its caller keeps for the answer.
 */
import {
  rejectCodeOf,
  type CallbackId,
  type CanisterId,
  type ContextId,
  type ErrorCode,
  type IngressId,
  type MethodName,
  type Principal,
  type UserId,
} from "../../spec/index.ts";
import type { Origin, Parameters, Result, StreamMessage } from "../../spec/index.ts";
import type { CallInstruction } from "../reading.ts";

export interface TrackedRequest {
  readonly kind: "request";
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly bytes: number;
  /** The argument; `null` when an onlooker cannot know it. */
  readonly payload: string | null;
  /** @unit cycles */
  readonly attached: bigint;
  /** Of a best-effort call; `null` where the response is guaranteed. */
  readonly deadline: bigint | null;
  /** The height and the time of the round that executed its sending; `null` for a request of another subnet. */
  readonly sentIn: number | null;
  readonly sentAt: bigint | null;
}

/** What a user asks of the management canister: nothing is attached, and the answer goes to the history. */
export interface UserRequest {
  readonly kind: "ingress";
  readonly id: IngressId;
  readonly caller: UserId;
  readonly method: MethodName;
  readonly bytes: number;
  readonly payload: string;
  readonly attached: 0n;
}

/** What is asked of the management canister. */
export type TrackedPetition = TrackedRequest | UserRequest;

export interface TrackedResponse {
  readonly kind: "response";
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly respondent: CanisterId;
  readonly result: "reply" | "reject";
  /** Of a reject; `null` when it is a reply, or when an onlooker cannot know it. */
  readonly error: ErrorCode | null;
  /** Of a reply; a reject has none. */
  readonly bytes: number;
  /** What the callback is given: the payload of a reply, or one byte with the code of a reject. */
  readonly message: string | null;
  /** @unit cycles */
  readonly refund: bigint;
  readonly deadline: bigint | null;
}

export type TrackedMessage = TrackedRequest | TrackedResponse;

/** A callback of a canister: `answered` while a response to it lies in the input queue, `closed` when one was executed or discarded. */
export interface TrackedCall {
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: bigint;
  readonly deadline: bigint | null;
  /** What it holds, and how much of that is for the transmission of the response. */
  readonly reserve: bigint;
  readonly transmission: bigint;
  readonly request: TrackedRequest;
  /** The instruction that sent it; `null` when an onlooker cannot know. */
  readonly instruction: CallInstruction | null;
  status: "open" | "answered" | "closed";
  /** The response that lies in the input queue, or lay there last. */
  response: TrackedResponse | null;
}

export interface TrackedContext {
  readonly id: ContextId;
  readonly origin: Origin;
  /** Who made the call; `null` when an onlooker cannot know. */
  readonly caller: Principal | null;
  /** The request that it serves, when it serves one. */
  readonly request: TrackedRequest | null;
  readonly attached: bigint;
  readonly deadline: bigint | null;
  available: bigint;
  accepted: bigint;
  status: "open" | "responded" | "deleted";
  openCalls: number;
}

/** What a canister that got this request, or the platform in its place, says to it. */
export const responseTo = (
  { caller, callback, callee, deadline }: Pick<TrackedRequest, "caller" | "callback" | "callee" | "deadline">,
  result: Result,
  refund: bigint,
): TrackedResponse => ({
  kind: "response",
  caller,
  callback,
  respondent: callee,
  result: result.kind,
  error: result.kind === "reply" ? null : result.error,
  bytes: result.kind === "reply" ? result.payload.length / 2 : 0,
  message: result.kind === "reply" ? result.payload : `0${result.code}`,
  refund,
  deadline,
});

/** A reject with this error. */
export const rejectOf = (error: ErrorCode): Result => ({ kind: "reject", error, code: rejectCodeOf(error)! });

/** When a call that is sent at this time must be answered at the latest; `null` for one with a guaranteed response. */
export const callDeadline = ({ bestEffortLifetime }: Parameters, timeout: bigint | undefined, time: bigint): bigint | null =>
  timeout === undefined ? null : time + (timeout < bestEffortLifetime ? timeout : bestEffortLifetime);

/** A message as it comes out of the stream of another subnet; a refund is none. */
export const fromStream = (message: StreamMessage): TrackedMessage | null => {
  switch (message.kind) {
    case "request":
      return { ...message, bytes: message.payload.length / 2, sentIn: null, sentAt: null };
    case "response":
      return responseTo({ ...message, callee: message.respondent }, message.result, message.refund);
    case "refund":
      return null;
  }
};

/** The cycles on a message of a stream. @unit cycles */
export const cyclesOn = (message: StreamMessage): bigint =>
  message.kind === "request" ? message.attached : message.kind === "response" ? message.refund : message.cycles;

/** The cycles on a message in a queue. @unit cycles */
export const cyclesOf = (message: TrackedMessage): bigint => (message.kind === "request" ? message.attached : message.refund);

/** At the other end: whose queue a message in an input queue comes from, or one in an output queue goes to. */
export const senderOf = (message: TrackedMessage): CanisterId => (message.kind === "request" ? message.caller : message.respondent);
export const receiverOf = (message: TrackedMessage): CanisterId => (message.kind === "request" ? message.callee : message.caller);

/** A call in words. */
export const callText = (caller: CanisterId, callback: CallbackId): string => `call ${callback} of ${caller}`;

/** Who waits for the management canister, in words. */
export const petitionText = (petition: TrackedPetition): string =>
  petition.kind === "ingress" ? `ingress ${petition.id} of ${petition.caller}` : callText(petition.caller, petition.callback);

/** A message in words. */
export const messageText = ({ kind, caller, callback }: Pick<TrackedMessage, "kind" | "caller" | "callback">): string =>
  `the ${kind} of ${callText(caller, callback)}`;

/** An origin in words. */
export const originText = (origin: Origin): string =>
  origin.kind === "ingress"
    ? `ingress ${origin.ingress}`
    : origin.kind === "canister"
      ? callText(origin.canister, origin.callback)
      : "the system";
