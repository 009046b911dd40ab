/** Calls: the clauses of `spec/rules/calls.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  bitcoinPrefix,
  bitcoinRoute,
  byteLength,
  callRefuse,
  callReject,
  callReply,
  callSend,
  cycles,
  managementCanister,
  type CanisterId,
  type Cycles,
  type ErrorCode,
  type Hex,
  type MethodName,
} from "../../spec/index.ts";
import { callFee, covers, liquid, prepayment, transmissionCost } from "../money.ts";
import { availableOf, canisterOf, draftOf, enterOutput, runningOf } from "../reading.ts";
import type { Callback, Context, Request, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectWith, sendAnswer, type Debt } from "./answers.ts";

/** A call as its execution asks for it; the platform adds the number of the callback and what it holds. */
export interface CallRequest {
  readonly request: Omit<Request, "callback">;
  readonly scripts: Pick<Callback, "onReply" | "onReject" | "onCleanup">;
}

export const routeCall = transition(bitcoinRoute)<{ callee: CanisterId; method: MethodName }>({
  when: {
    platform: (_before, { callee }) => callee === managementCanister,
    method: (_before, { method }) => method.startsWith(bitcoinPrefix),
  },
  then: {
    callee: (after, before) => void (after.running!.routed = before.bitcoin),
  },
});

export const sendCall = transition(callSend)<CallRequest>({
  when: {
    sized: (before, { request }) => byteLength(request.payload) <= before.parameters.maxPayload,
    attachable: (before, { request }) => request.attached <= liquid(before, canisterOf(before, request.caller)),
    slot: (before, { request }) => openCallsTo(before, request) < before.parameters.queueCapacity,
    memory: (before, { request }) => request.deadline !== null || before.round.left.memory >= before.parameters.maxPayload,
    callbacks: (before, { request }) =>
      canisterOf(before, request.caller).callbacks.size < before.parameters.callbackQuota || before.round.left.callbacks >= 1,
    funded: (before, { request }) => withheld(before, request) <= liquid(before, canisterOf(before, request.caller)),
    stored: (before, { request }) =>
      request.deadline !== null ||
      covers(before, canisterOf(before, request.caller), withheld(before, request), before.parameters.maxPayload),
  },
  then: {
    debit: (after, before, { request }) =>
      void (draftOf(after, request.caller).balance = cycles(canisterOf(before, request.caller).balance - withheld(before, request))),
    burn: (after, before, { request }) =>
      void (after.burned = cycles(before.burned + callFee(before.parameters, byteLength(request.payload)))),
    reserve: (after, before, { request, scripts }) =>
      void draftOf(after, request.caller).callbacks.set(canisterOf(before, request.caller).nextCallback, {
        context: runningOf(before).context,
        callee: request.callee,
        attached: request.attached,
        deadline: request.deadline,
        ...reserveOf(before),
        ...castDraft(scripts),
      }),
    name: (after, before, { request }) =>
      void (draftOf(after, request.caller).nextCallback = canisterOf(before, request.caller).nextCallback + 1),
    share: (after, before, { request }) =>
      void (after.round.left.memory = before.round.left.memory - (request.deadline === null ? before.parameters.maxPayload : 0)),
    count: (after, before) => void (after.round.left.callbacks = Math.max(0, before.round.left.callbacks - 1)),
    send: (after, before, { request }) =>
      enterOutput(after, request.caller, request.callee, { ...request, callback: canisterOf(before, request.caller).nextCallback }),
  },
});

export const reply = transition(callReply)<{ payload: Hex }>({
  when: {
    unanswered: (before) => isUnanswered(before),
    sized: (before, { payload }) => byteLength(payload) <= before.parameters.maxPayload,
  },
  then: {
    answer: (after, before, { payload }) =>
      void (after.running!.answer = { result: { kind: "reply", payload }, refund: availableNow(before) }),
    empty: (after, before) => makeAvailable(after, before, cycles(0n)),
  },
});

export const reject = transition(callReject)<Record<never, never>>({
  when: {
    unanswered: (before) => isUnanswered(before),
  },
  then: {
    answer: (after, before) => void (after.running!.answer = { result: rejectWith("IC0406"), refund: availableNow(before) }),
    empty: (after, before) => makeAvailable(after, before, cycles(0n)),
  },
});

export const refuse = transition(callRefuse)<Debt & { canister: CanisterId; error: ErrorCode; attached: Cycles }>({
  when: {},
  then: {
    reject: (after, _before, { canister, origin, deadline, error, attached }) =>
      sendAnswer(after, canister, { origin, deadline }, { result: rejectWith(error), refund: attached }),
  },
});

/** The call context of the execution that is going on; an inspection has none, and neither has a query between rounds. */
export const contextNow = (before: State): Context | null => {
  const { canister, context } = runningOf(before);
  return canisterOf(before, canister).contexts.get(context) ?? null;
};

/** What the execution that is going on may accept now. */
export const availableNow = (before: State): Cycles => {
  const context = contextNow(before);
  return context === null ? cycles(0n) : availableOf(context);
};

/** Sets what may be accepted on the context of the execution that is going on; a responded context holds nothing. */
export const makeAvailable = (after: Draft<State>, before: State, available: Cycles): void => {
  const { canister, context } = runningOf(before);
  const opened = draftOf(after, canister).contexts.get(context);
  if (opened?.status === "open") opened.available = available;
};

/** What the platform holds for the way back and for the callback. */
export const reserveOf = ({ parameters }: State): Pick<Callback, "transmission" | "execution"> => ({
  transmission: transmissionCost(parameters, parameters.maxPayload),
  execution: prepayment(parameters),
});

const openCallsTo = (before: State, { caller, callee }: CallRequest["request"]): number =>
  [...canisterOf(before, caller).callbacks.values()].filter((callback) => callback.callee === callee).length;

const withheld = (before: State, { attached, payload }: CallRequest["request"]): Cycles => {
  const { transmission, execution } = reserveOf(before);
  return cycles(attached + callFee(before.parameters, byteLength(payload)) + transmission + execution);
};

const isUnanswered = (before: State): boolean => {
  const { answer, phase } = runningOf(before);
  return answer === null && (["query", "composite", "query callback"].includes(phase) || contextNow(before)?.status === "open");
};
