/** Streams: the clauses of `spec/rules/streams.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import { match } from "ts-pattern";
import {
  byteLength,
  cycles,
  messageIgnore,
  messageSee,
  messageStream,
  requestBounce,
  sliceAdmit,
  streamReject,
  streamRequest,
  streamResponse,
  type Cycles,
  type ErrorCode,
  type Slice,
  type StreamMessage,
  type SubnetId,
} from "../../spec/index.ts";
import { hasMemory, hasSlot } from "../memory.ts";
import { draftStream, enterInput, leaveOutput, senderSubnetOf, streamOf } from "../reading.ts";
import type { Request, Response, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectOf } from "./answers.ts";
import { isAwaited } from "./queues.ts";

export const streamMessage = transition(messageStream)<{ to: SubnetId; message: Request | Response }>({
  when: {
    room: (before, { to }) => streamOf(before, to).messages.length < before.parameters.streamCapacity,
  },
  then: {
    leave: (after, _before, { message }) =>
      message.kind === "request"
        ? leaveOutput(after, message.caller, message.callee)
        : leaveOutput(after, message.respondent, message.caller),
    append: (after, _before, { to, message }) => append(after, to, told(message)),
    count: (after, before, { message }) => void (after.sent = cycles(before.sent + carriedBy(told(message)))),
  },
});

export const bounceRequest = transition(requestBounce)<{ request: Request; error: ErrorCode }>({
  when: {},
  then: {
    leave: (after, _before, { request }) => leaveOutput(after, request.caller, request.callee),
    reject: (after, _before, { request, error }) =>
      enterInput(after, request.caller, request.callee, rejectOf(request, error, request.attached)),
  },
});

export const admitSlice = transition(sliceAdmit)<{ slice: Slice; loopback: boolean }>({
  when: {
    routed: (before, { slice, loopback }) => loopback || [...before.routes.values()].includes(slice.from),
    contiguous: (before, { slice }) => slice.begin <= streamOf(before, slice.from).signals,
    signalled: (before, { slice }) => slice.signals <= endOf(before, slice.from),
  },
  then: {
    collect: (after, before, { slice }) => {
      const { begin, messages } = streamOf(before, slice.from);
      const seen = Math.max(0, slice.signals - begin);
      if (seen > 0) Object.assign(draftStream(after, slice.from), { begin: begin + seen, messages: messages.slice(seen) });
    },
  },
});

export const takeRequest = transition(streamRequest)<{ from: SubnetId; request: Request }>({
  when: {
    hosted: (before, { from, request }) => senderSubnetOf(before, request.caller) === from,
    exists: (before, { request }) => before.canisters.has(request.callee),
    slot: (before, { request }) => hasSlot(before, request),
    memory: (before, { request }) => hasMemory(before, request),
  },
  then: {
    enter: (after, _before, { request }) => enterInput(after, request.callee, request.caller, request),
  },
});

export const rejectRequest = transition(streamReject)<{ to: SubnetId; request: Request; error: ErrorCode }>({
  when: {},
  then: {
    append: (after, _before, { to, request, error }) => append(after, to, told(rejectOf(request, error, request.attached))),
    count: (after, before, { request }) => void (after.sent = cycles(before.sent + request.attached)),
  },
});

export const takeResponse = transition(streamResponse)<{ from: SubnetId; response: Response }>({
  when: {
    hosted: (before, { from, response }) => senderSubnetOf(before, response.respondent) === from,
    bounded: (before, { response }) => isBounded(before, response),
    answered: (before, { response }) => hasLeft(before, response),
    awaited: (before, { response }) => isAwaited(before, response),
  },
  then: {
    enter: (after, _before, { response }) => enterInput(after, response.caller, response.respondent, response),
  },
});

export const seeMessage = transition(messageSee)<{ from: SubnetId; index: number; message: StreamMessage }>({
  when: {},
  then: {
    signal: (after, _before, { from, index }) => void (draftStream(after, from).signals = index + 1),
    count: (after, before, { message }) => void (after.received = cycles(before.received + carriedBy(message))),
  },
});

export const ignoreMessage = transition(messageIgnore)<{ message: StreamMessage }>({
  when: {},
  then: {
    lose: (after, before, { message }) => void (after.lost = cycles(before.lost + carriedBy(message))),
  },
});

/** Whether an honest subnet can have sent this response. */
const isBounded = ({ canisters, parameters }: State, { caller, callback, result, refund, deadline }: Response): boolean => {
  const open = canisters.get(caller)?.callbacks.get(callback);
  if (open && (refund > open.attached || deadline !== open.deadline)) return false;
  return result.kind !== "reply" || byteLength(result.payload) <= parameters.maxPayload;
};

/** Whether the request of a call has left: nobody can have answered one that did not. */
const hasLeft = ({ canisters }: State, { caller, callback }: Response): boolean =>
  ![...(canisters.get(caller)?.outputs.values() ?? [])]
    .flat()
    .some((message) => message.kind === "request" && message.callback === callback);

/** A message as it stands in a stream. */
export const told = (message: Request | Response): StreamMessage =>
  match(message)
    .with({ kind: "request" }, ({ kind, caller, callback, callee, method, payload, attached, deadline }): StreamMessage => ({
      kind,
      caller,
      callback,
      callee,
      method,
      payload,
      attached,
      deadline,
    }))
    .with({ kind: "response" }, (response): StreamMessage => response)
    .exhaustive();

/** The cycles on a message. */
export const carriedBy = (message: StreamMessage): Cycles =>
  match(message)
    .with({ kind: "request" }, ({ attached }) => attached)
    .with({ kind: "response" }, ({ refund }) => refund)
    .with({ kind: "refund" }, ({ cycles: returned }) => returned)
    .exhaustive();

/** Puts a message at the end of a stream. */
export const append = (after: Draft<State>, to: SubnetId, message: StreamMessage): void =>
  void draftStream(after, to).messages.push(castDraft(message));

/** The index behind the last message of the stream to a subnet. */
export const endOf = (state: State, subnet: SubnetId): number => {
  const { begin, messages } = streamOf(state, subnet);
  return begin + messages.length;
};
