/** What messages take: slots of queues, memory for responses that the subnet guarantees, memory of best-effort messages, callbacks. */
import { byteLength, bytes, type Bytes, type CanisterId, type Parameters } from "../spec/index.ts";
import { inboxes, inputsFrom, known, pagesOf, type Remembered } from "./reading.ts";
import type { Canister, Message, Request, Response, Snapshot, State } from "./state.ts";

/** Whether the callee has room for one more request of the caller, and for the response to it. @source facts/messages.md MSG-CAP03, Q2 */
export const hasSlot = ({ canisters, parameters }: State, { caller, callee }: Pick<Request, "caller" | "callee">): boolean => {
  const holder = known(canisters.get(callee), `canister ${callee}`);
  const requests = comingFrom(holder, caller).filter(({ kind }) => kind === "request").length;
  const open = [...holder.contexts.values()].filter(
    ({ status, origin }) => status === "open" && origin.kind === "canister" && origin.canister === caller,
  ).length;
  const responses = (holder.outputs.get(caller) ?? []).filter(({ kind }) => kind === "response").length;
  return requests + open + responses < parameters.queueCapacity;
};

/** Whether a request may reserve memory for its response; one that is answered with best effort reserves none. @source facts/messages.md MSG-3.2.2 */
export const hasMemory = (state: State, { deadline }: Pick<Request, "deadline">): boolean =>
  deadline !== null || freeMemory(state) >= state.parameters.maxPayload;

/** The memory for guaranteed responses that is not in use. @source facts/messages.md MSG-3.2.1 */
export const freeMemory = ({ canisters, streams, parameters }: State): number => {
  const { maxPayload, guaranteedResponseMemory } = parameters;
  const all = [...canisters.values()];
  const reserved = sum(all.map(reservations)) * maxPayload;
  const streamed = [...streams.values()].flatMap(({ messages }) => messages);
  const held = [...all.flatMap(queued), ...all.flatMap(underwayIn), ...streamed.filter((message) => message.kind === "response")];
  const replies = sum(held.filter(({ kind, deadline }) => kind === "response" && deadline === null).map(payloadOf));
  return Math.max(0, guaranteedResponseMemory - reserved - replies);
};

/**
 * The bytes that a canister's messages take: the guaranteed responses that come or that it owes, and the replies that wait. What it is
 * executing has a context, or is gone; what is under way takes what it took in its queue. @source facts/cycles.md CYC-3.8; facts/messages.md MSG-3.2.1
 */
export const messageMemory = ({ parameters, running }: Pick<State, "parameters" | "running">, canister: Canister): number => {
  const seen = running?.canister === canister.id ? { ...canister, underway: null } : canister;
  const replies = [...queued(seen), ...underwayIn(seen)].filter(({ kind, deadline }) => kind === "response" && deadline === null);
  const corrected = running?.canister === canister.id ? (running.held?.messages ?? 0) : 0;
  return reservations(seen) * parameters.maxPayload + sum(replies.map(payloadOf)) + corrected;
};

/** The same between two executions, without what is under way. */
export const messagesBeside = ({ parameters, canisters }: State, id: CanisterId): number =>
  messageMemory({ parameters, running: null }, { ...known(canisters.get(id), `canister ${id}`), underway: null });

/** The bytes that the pages and the chunks of a canister, or of a snapshot, take. */
export const bytesOf = (parameters: Parameters, held: Remembered & Pick<Snapshot, "chunks">): number =>
  pagesOf(parameters, held) * parameters.pageSize + held.chunks.size * parameters.chunkBytes;

/** What a canister, with its snapshots, takes of the memory: what it uses, or what it is allocated, if that is more. @source facts/cycles.md CYC-4.2 */
export const memoryOf = (parameters: Parameters, canister: Canister): number =>
  Math.max(
    canister.memoryAllocation,
    bytesOf(parameters, canister) + sum([...canister.snapshots.values()].map((snapshot) => bytesOf(parameters, snapshot))),
  );

/** What the memory of a canister grows by when it becomes another. */
export const growthOf = (parameters: Parameters, now: Canister, then: Canister): number =>
  Math.max(0, memoryOf(parameters, then) - memoryOf(parameters, now));

/** The memory of all canisters. */
export const memoryInUse = ({ canisters, parameters }: State): number =>
  sum([...canisters.values()].map((canister) => memoryOf(parameters, canister)));

/** The callbacks that the subnet may still have. @source facts/messages.md MSG-CAP07 */
export const callbacksLeft = ({ canisters, parameters }: State): number =>
  Math.max(0, parameters.callbackLimit - sum([...canisters.values()].map(({ callbacks }) => callbacks.size)));

/** The bytes of best-effort messages in queues. @source facts/messages.md MSG-CAP14 */
export const bestEffortBytes = ({ canisters }: State): number =>
  sum(
    [...canisters.values()]
      .flatMap(queued)
      .filter(({ deadline }) => deadline !== null)
      .map(payloadOf),
  );

/** The bytes of a message's payload; a reject has none. */
export const payloadOf = (message: Pick<Request, "kind" | "payload"> | Pick<Response, "kind" | "result">): Bytes =>
  message.kind === "request"
    ? byteLength(message.payload)
    : message.result.kind === "reply"
      ? byteLength(message.result.payload)
      : bytes(0);

/** Whether a response to this callback waits to be executed. */
export const isAnswered = (canister: Canister, callee: CanisterId, callback: number): boolean =>
  comingFrom(canister, callee).some((message) => message.kind === "response" && message.callback === callback);

/** Guaranteed responses that the subnet has to be ready for: those that come, and those that its canisters owe. */
const reservations = (canister: Canister): number => {
  const awaited = [...canister.callbacks].filter(
    ([id, { callee, deadline }]) => deadline === null && !isAnswered(canister, callee, id),
  ).length;
  const owed = [...canister.contexts.values()].filter(
    ({ status, origin, deadline }) => status === "open" && origin.kind === "canister" && deadline === null,
  ).length;
  const asked = [...inboxes(canister).flatMap(({ messages }) => messages), ...underwayIn(canister)].filter(
    ({ kind, deadline }) => kind === "request" && deadline === null,
  ).length;
  return awaited + owed + asked;
};

/** What of a canister's inputs is being executed in slices: until it is over, it takes what it took in the queue. @source facts/messages.md Q1, Q2 */
const underwayIn = ({ underway }: Canister): readonly (Request | Response)[] =>
  underway === null || typeof underway.taken === "string" || underway.taken.kind === "ingress" ? [] : [underway.taken];

/** What came from this peer and is not executed yet. */
const comingFrom = (canister: Canister, peer: CanisterId): readonly (Request | Response)[] => [
  ...inputsFrom(canister, peer),
  ...underwayIn(canister).filter((message) => (message.kind === "request" ? message.caller : message.respondent) === peer),
];

/** Requests and responses in all queues of a canister. */
const queued = (canister: Canister): readonly Exclude<Message, { kind: "ingress" }>[] => [
  ...inboxes(canister).flatMap(({ messages }) => messages),
  ...[...canister.outputs.values()].flat(),
];

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
