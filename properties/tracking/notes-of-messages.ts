/** How an event about a message under way changes what an onlooker knows: it leaves one queue or stream and enters another. */
import { hex, managementCanister, type CanisterId } from "../../spec/index.ts";
import type { NotesOf } from "./absorb.ts";
import {
  fromStream,
  rejectOf,
  responseTo,
  type TrackedCall,
  type TrackedMessage,
  type TrackedRequest,
  type TrackedResponse,
} from "./messages.ts";
import { isRequestOf, isResponseTo } from "./matching.ts";
import { enterInput, leaveInput, leaveOutput, replaceInput, withdraw } from "./queues.ts";
import { endOf, streamTo } from "./streams.ts";
import { callOf, isLocal, type TrackedCanister, type World } from "./world.ts";

export const messageNotes: NotesOf<
  | "request-inducted"
  | "request-bounced"
  | "response-inducted"
  | "response-late"
  | "callback-expired"
  | "message-dropped"
  | "cycles-dropped"
  | "message-streamed"
  | "stream-collected"
  | "slice-taken"
  | "slice-refused"
  | "message-refused"
  | "refund-inducted"
  | "randomness-asked"
  | "randomness-answered"
> = {
  "request-inducted": (world, { caller, callback, callee }) => {
    const request = world.arrival?.tracked ?? outOf(world, caller, callee, isRequestOf(callback));
    const canister = world.canisters.get(callee);
    if (request != null && canister !== undefined) enter(world, canister, request);
  },
  "request-bounced": (world, { caller, callback, error }) => {
    const call = callOf(world, caller, callback);
    if (call === undefined) return;
    outOf(world, caller, call.callee, isRequestOf(callback));
    respond(world, call, responseTo(call, rejectOf(error), call.attached));
  },
  "response-inducted": (world, { caller, callback }) => {
    const call = callOf(world, caller, callback);
    if (call === undefined) return;
    const response = world.arrival?.tracked ?? outOf(world, call.callee, caller, isAnswerTo(caller, callback));
    if (response?.kind === "response") respond(world, call, response);
  },
  "response-late": (world, { caller, callback, balance }) => {
    const callee = callOf(world, caller, callback)?.callee;
    if (world.arrival === null && callee !== undefined) outOf(world, callee, caller, isAnswerTo(caller, callback));
    const canister = world.canisters.get(caller);
    if (canister !== undefined) canister.balance = balance;
  },
  "callback-expired": (world, { caller, callback }) => {
    const call = callOf(world, caller, callback);
    if (call !== undefined) respond(world, call, responseTo(call, rejectOf("IC0601"), 0n));
  },
  "message-dropped": (world, { canister: id, queue, message: kind, caller, callback, reason }) => {
    const canister = world.canisters.get(id);
    if (id === managementCanister) withdraw(world.waiting, isOf(caller, callback));
    if (canister === undefined) return;
    const wanted = (message: TrackedMessage): boolean =>
      message.kind === kind && message.caller === caller && message.callback === callback;
    if (queue === "output") {
      for (const peer of [...canister.queues.outputs.keys()]) if (leaveOutput(canister.queues, peer, wanted) !== undefined) return;
      return;
    }
    const call = kind === "response" ? callOf(world, caller, callback) : undefined;
    if (call === undefined) leaveInput(canister.queues, caller, wanted);
    else if (reason === "shed") {
      const reject = responseTo(call, rejectOf("IC0602"), 0n);
      replaceInput(canister.queues, call.callee, wanted, reject);
      call.response = reject;
    } else leaveInput(canister.queues, call.callee, wanted);
  },
  "cycles-dropped": ({ canisters }, { owner, cycles, fate }) => {
    const canister = canisters.get(owner);
    if (canister !== undefined && fate === "returned") canister.balance += cycles;
  },
  "message-streamed": (world, { to, message }) => {
    const stream = streamTo(world, to);
    const left = answersArrival(world)
      ? undefined
      : message.kind === "request"
        ? outOf(world, message.caller, message.callee, isRequestOf(message.callback))
        : message.kind === "response"
          ? outOf(world, message.respondent, message.caller, isAnswerTo(message.caller, message.callback))
          : undefined;
    stream.messages.push({ index: endOf(stream), message, tracked: left ?? fromStream(message) });
  },
  "stream-collected": (world, { to, begin }) => {
    const stream = streamTo(world, to);
    while (stream.messages.length > 0 && stream.messages[0]!.index < begin) stream.messages.shift();
    stream.begin = begin;
  },
  "slice-taken": (world, { from, signals }) => {
    streamTo(world, from).signals = signals;
  },
  "slice-refused": () => {},
  "message-refused": () => {},
  "refund-inducted": ({ canisters }, { canister: id, balance }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) canister.balance = balance;
  },
  "randomness-asked": (world, { canister, callback }) => {
    const call = callOf(world, canister, callback);
    if (call === undefined) return;
    outOf(world, canister, call.callee, isRequestOf(callback));
    world.waiting.push(call.request);
  },
  "randomness-answered": (world, { canister, callback }, { observation: { draws } }) => {
    // That of a caller who is gone is told of once more, as it is dropped.
    if (world.canisters.has(canister)) withdraw(world.waiting, isOf(canister, callback));
    const call = callOf(world, canister, callback);
    if (call?.status !== "open") return;
    const draw = draws.find(
      (candidate) => candidate.purpose === "randomness" && candidate.canister === canister && candidate.callback === callback,
    );
    const answer = responseTo(call, { kind: "reply", payload: draw?.bytes ?? hex("") }, call.attached);
    respond(world, call, draw === undefined ? { ...answer, bytes: 32, message: null } : answer);
  },
};

const isOf =
  (caller: CanisterId, callback: number) =>
  (request: TrackedRequest): boolean =>
    request.caller === caller && request.callback === callback;

/** Whether a message that enters a stream is the reject of the one that was refused just before. */
export const answersArrival = ({ previous }: Pick<World, "previous">): boolean =>
  previous?.kind === "message-refused" && previous.error !== null;

export const isAnswerTo =
  (caller: CanisterId, callback: number) =>
  (message: TrackedMessage): boolean =>
    message.caller === caller && isResponseTo(callback)(message);

const outOf = (
  { canisters }: World,
  sender: CanisterId,
  receiver: CanisterId,
  wanted: (message: TrackedMessage) => boolean,
): TrackedMessage | undefined => {
  const canister = canisters.get(sender);
  return canister === undefined ? undefined : leaveOutput(canister.queues, receiver, wanted);
};

const enter = (world: World, canister: TrackedCanister, message: TrackedMessage): void =>
  enterInput(canister.queues, message, (peer) => (isLocal(world, peer) ? "local" : "remote"));

/** A response is in the queue of the caller. */
export const respond = (world: World, call: TrackedCall, response: TrackedResponse): void => {
  if (call.status === "open") call.status = "answered";
  call.response = response;
  const canister = world.canisters.get(call.caller);
  if (canister !== undefined) enter(world, canister, response);
};
