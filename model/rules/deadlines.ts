/** Deadlines: the clauses of `spec/rules/deadlines.ts`, one line each. */
import type { Draft } from "immer";
import {
  callbackExpire,
  cycles,
  cyclesLose,
  cyclesReturn,
  messageExpire,
  messageShed,
  refundInduct,
  refundStream,
  requestExpire,
  responseLate,
  responseOrphan,
  type CallbackId,
  type CanisterId,
  type Cycles,
  type Nanoseconds,
  type SubnetId,
} from "../../spec/index.ts";
import { bestEffortBytes, isAnswered, payloadOf } from "../memory.ts";
import { canisterOf, draftOf, enterInput, inputsFrom, leaveOutput, move, subnetOf } from "../reading.ts";
import type { Inbox, Request, Response, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectOf, rejectWith } from "./answers.ts";
import { callbackOf } from "./responses.ts";
import { append } from "./streams.ts";

/** A message and where it waits: in a queue of the canister, for the peer. */
export interface Place {
  readonly canister: CanisterId;
  readonly queue: "input" | "output";
  readonly peer: CanisterId;
  readonly message: Request | Response;
}

export const expireRequest = transition(requestExpire)<{ request: Request }>({
  when: {
    late: (before, { request }) => (request.deadline ?? request.at + before.parameters.requestLifetime) < before.time,
  },
  then: {
    leave: (after, _before, { request }) =>
      remove(after, { canister: request.caller, queue: "output", peer: request.callee, message: request }),
    reject: (after, _before, { request }) =>
      enterInput(after, request.caller, request.callee, rejectOf(request, "CN0210", request.attached)),
  },
});

export const expireMessage = transition(messageExpire)<{ place: Place }>({
  when: {
    late: (before, { place: { message } }) => isLate(before, message.deadline),
  },
  then: {
    leave: (after, _before, { place }) => remove(after, place),
  },
});

export const expireCallback = transition(callbackExpire)<{ canister: CanisterId; callback: CallbackId }>({
  when: {
    late: (before, { canister, callback }) => isLate(before, callbackIn(before, canister, callback).deadline),
    unanswered: (before, { canister, callback }) =>
      !isAnswered(canisterOf(before, canister), callbackIn(before, canister, callback).callee, callback),
  },
  then: {
    reject: (after, before, { canister, callback }) => {
      const { callee, deadline } = callbackIn(before, canister, callback);
      enterInput(after, canister, callee, {
        kind: "response",
        caller: canister,
        callback,
        respondent: callee,
        deadline,
        result: rejectWith("IC0601"),
        refund: cycles(0n),
      });
    },
  },
});

export const dropResponse = transition(responseLate)<{ response: Response; queued: boolean }>({
  when: {},
  then: {
    leave: (after, _before, { response, queued }) => {
      if (queued) leaveOutput(after, response.respondent, response.caller);
    },
    credit: (after, _before, { response }) => move(after, response.caller, response.refund),
  },
});

export const orphanResponse = transition(responseOrphan)<{ response: Response; queued: boolean }>({
  when: {},
  then: {
    leave: (after, _before, { response, queued }) => {
      if (queued) leaveOutput(after, response.respondent, response.caller);
    },
  },
});

export const shedMessage = transition(messageShed)<{ place: Place }>({
  when: {
    over: (before) => bestEffortBytes(before) > before.parameters.bestEffortMemory,
  },
  then: {
    leave: (after, _before, { place }) => {
      if (!isAnswer(place)) remove(after, place);
    },
    reject: (after, _before, { place: { queue, message } }) => {
      if (queue === "output" && message.kind === "request")
        enterInput(after, message.caller, message.callee, rejectOf(message, "CN0211", message.attached));
    },
    replace: (after, before, { place }) => {
      const { canister, peer, message } = place;
      if (!isAnswer(place) || message.kind !== "response") return;
      const at = inputsFrom(canisterOf(before, canister), peer).indexOf(message);
      inboxIn(after, canister, peer).messages[at] = { ...message, result: rejectWith("IC0602"), refund: cycles(0n) };
    },
  },
});

export const loseCycles = transition(cyclesLose)<{ owner: CanisterId; lost: Cycles }>({
  when: {
    lossy: (before, { owner }) => before.parameters.droppedCycles === "lost" || subnetOf(before, owner) === null,
  },
  then: {
    lose: (after, before, { lost }) => void (after.lost = cycles(before.lost + lost)),
  },
});

export const returnCycles = transition(cyclesReturn)<{ owner: CanisterId; returned: Cycles }>({
  when: {
    here: (before, { owner }) => before.canisters.has(owner),
  },
  then: {
    credit: (after, _before, { owner, returned }) => move(after, owner, returned),
  },
});

export const streamRefund = transition(refundStream)<{ to: SubnetId; owner: CanisterId; returned: Cycles }>({
  when: {},
  then: {
    append: (after, _before, { to, owner, returned }) => append(after, to, { kind: "refund", canister: owner, cycles: returned }),
    count: (after, before, { returned }) => void (after.sent = cycles(before.sent + returned)),
  },
});

export const inductRefund = transition(refundInduct)<{ canister: CanisterId; returned: Cycles }>({
  when: {
    here: (before, { canister }) => before.canisters.has(canister),
  },
  then: {
    credit: (after, _before, { canister, returned }) => move(after, canister, returned),
  },
});

/** A response in the queue of the one who waits for it: it cannot just go. */
export const isAnswer = ({ queue, message }: Place): boolean => queue === "input" && message.kind === "response";

const isLate = ({ time }: State, deadline: Nanoseconds | null): boolean => deadline !== null && deadline < time;

const callbackIn = (before: State, caller: CanisterId, callback: CallbackId) => callbackOf(before, { caller, callback });

/** Takes a message out of the middle of its queue. */
const remove = (after: Draft<State>, { canister: id, queue, peer, message }: Place): void => {
  const canister = draftOf(after, id);
  if (queue === "output") return void canister.outputs.set(peer, lacking(canister.outputs.get(peer) ?? [], message));
  const inbox = inboxIn(after, id, peer);
  inbox.messages = lacking(inbox.messages, message);
  const isFull = ({ messages }: Draft<Inbox>) => messages.length > 0;
  [canister.local, canister.remote] = [canister.local.filter(isFull), canister.remote.filter(isFull)];
};

/** A list without the first message that equals the given one. */
const lacking = (messages: readonly Draft<Request | Response>[], message: Request | Response): Draft<Request | Response>[] => {
  const at = messages.findIndex((other) => isSame(other as Request | Response, message));
  return messages.filter((_, number) => number !== at);
};

const isSame = (left: Request | Response, right: Request | Response): boolean =>
  left.caller === right.caller &&
  left.callback === right.callback &&
  left.deadline === right.deadline &&
  payloadOf(left) === payloadOf(right) &&
  (left.kind === "request"
    ? right.kind === "request" && left.attached === right.attached && left.payload === right.payload && left.method === right.method
    : right.kind === "response" && left.refund === right.refund);

const inboxIn = (after: Draft<State>, id: CanisterId, peer: CanisterId): Draft<Inbox> => {
  const { local, remote } = draftOf(after, id);
  return [...local, ...remote].find((inbox) => inbox.peer === peer)!;
};
