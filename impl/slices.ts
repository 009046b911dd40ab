/**
 * Streams come in: slices of other subnets, and of this one, whose loopback stream is a stream like all others. Whatever a
 * slice brings is taken, answered or ignored; nothing of it waits, for it would hold up everything behind it.
 */
import {
  cycles,
  sliceAdmit,
  streamRequest,
  type CanisterId,
  type Cycles,
  type ErrorCode,
  type Slice,
  type StreamMessage,
  type SubnetId,
} from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { hasSlot } from "./induct.ts";
import { awaiting, enterInput, pairOf } from "./mail.ts";
import { requestOf, responseOf } from "./messages.ts";
import { listed } from "./queues.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { creditLate } from "./responses.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { append, collect, cyclesIn, heldBy, messagesOf, streamTo } from "./streams.ts";
import { hasMemory } from "./usage.ts";

/**
 * The loopback stream as it is now, then the slices of others, by subnet. What the input says of this subnet's own stream is
 * not believed: no route leads here.
 */
export const takeSlices = (engine: Engine, slices: readonly Slice[]): void => {
  const { own } = engine;
  const loopback = streamTo(engine, own);
  const { begin } = loopback;
  if (heldBy(loopback) > 0) takeSlice(engine, { from: own, begin, messages: messagesOf(loopback), signals: begin + heldBy(loopback) });
  for (const slice of [...slices].sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0))) {
    const error = refusalOfSlice(engine, slice);
    if (error === null) takeSlice(engine, slice);
    else engine.events.push({ kind: "slice-refused", from: slice.from, error });
  }
};

const unrouted = refusalOf(sliceAdmit.when.routed);
const notContiguous = refusalOf(sliceAdmit.when.contiguous);
const beyondStream = refusalOf(sliceAdmit.when.signalled);
const noSuchCanister = refusalOf(streamRequest.when.exists);
const noSlot = refusalOf(streamRequest.when.slot);
const noMemory = refusalOf(streamRequest.when.memory);

/**
 * @rule slice-admit
 * @rule message-see
 */
const takeSlice = (engine: Engine, slice: Slice): void => {
  const { from, begin, messages, signals } = slice;
  const stream = engine.streams.get(from);
  if (stream !== undefined && signals > stream.begin) collect(engine, stream, signals);
  const seen = stream?.signals ?? 0;
  if (begin + messages.length <= seen) return;
  const taken = streamTo(engine, from);
  for (let index = seen; index < begin + messages.length; index++) {
    const message = messages[index - begin]!;
    taken.signals = index + 1;
    engine.totals.received += cyclesIn(message);
    takeMessage(engine, from, index, message);
  }
  engine.events.push({ kind: "slice-taken", from, signals: taken.signals });
};

const refusalOfSlice = ({ streams, subnets }: Engine, { from, begin, signals }: Slice): ErrorCode | null => {
  const stream = streams.get(from);
  if (!subnets.has(from)) return unrouted;
  if (begin > (stream?.signals ?? 0)) return notContiguous;
  return signals > (stream === undefined ? 0 : stream.begin + heldBy(stream)) ? beyondStream : null;
};

const takeMessage = (engine: Engine, from: SubnetId, index: number, message: StreamMessage): void => {
  switch (message.kind) {
    case "request":
      return takeRequest(engine, from, index, message);
    case "response":
      return takeResponse(engine, from, index, message);
    case "refund":
      return takeRefund(engine, from, index, message);
    default: {
      const never: never = message;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/**
 * @rule stream-request
 * @rule stream-reject
 */
const takeRequest = (engine: Engine, from: SubnetId, index: number, message: Extract<StreamMessage, { kind: "request" }>): void => {
  const { caller, callback, callee: respondent, method, payload, attached, deadline } = message;
  if (!isHosted(engine, caller, from)) return ignore(engine, from, index, attached);
  const callee = engine.byId.get(respondent);
  const error =
    callee === undefined ? noSuchCanister : !hasSlot(engine, callee, caller) ? noSlot : !hasMemory(engine, message) ? noMemory : null;
  if (callee === undefined || error !== null) {
    engine.events.push({ kind: "message-refused", from, index, error });
    append(engine, from, { kind: "response", caller, callback, respondent, result: rejectWith(error!), refund: attached, deadline });
    return;
  }
  const origin = { kind: "canister", canister: caller, callback } as const;
  enterInput(engine, pairOf(engine, callee, caller), requestOf(origin, respondent, method, payload, attached, deadline, deadline), null);
  engine.events.push({ kind: "request-inducted", caller, callback, callee: respondent });
};

/** @rule stream-response */
const takeResponse = (engine: Engine, from: SubnetId, index: number, message: Extract<StreamMessage, { kind: "response" }>): void => {
  const { caller: id, callback, respondent, result, refund, deadline } = message;
  const caller = engine.byId.get(id);
  if (!isHosted(engine, respondent, from) || caller === undefined || !isBounded(engine, caller, message) || !hasLeft(caller, message)) {
    return ignore(engine, from, index, refund);
  }
  const awaited = awaiting(caller, callback);
  if (awaited?.callee !== respondent) return creditLate(engine, caller, callback, refund);
  enterInput(engine, pairOf(engine, caller, respondent), responseOf(id, callback, result, refund, deadline), awaited);
  engine.events.push({ kind: "response-inducted", caller: id, callback, result: result.kind });
};

/** @rule refund-induct */
const takeRefund = (engine: Engine, from: SubnetId, index: number, message: Extract<StreamMessage, { kind: "refund" }>): void => {
  const canister = engine.byId.get(message.canister);
  if (canister === undefined) return ignore(engine, from, index, message.cycles);
  setBalance(engine, canister, cycles(balanceOf(canister) + message.cycles));
  engine.events.push({ kind: "refund-inducted", canister: canister.id, cycles: message.cycles, balance: balanceOf(canister) });
};

/** @rule message-ignore */
const ignore = (engine: Engine, from: SubnetId, index: number, lost: Cycles): void => {
  engine.totals.lost += lost;
  engine.events.push({ kind: "message-refused", from, index, error: null });
};

/** Whether an honest subnet can have sent this response: also one that comes after another one gives back no more than was attached. */
const isBounded = (
  { genesis }: Engine,
  caller: Canister,
  { callback, result, refund, deadline }: Extract<StreamMessage, { kind: "response" }>,
): boolean => {
  const open = caller.callbacks?.get(callback);
  if (open !== undefined && (refund > open.attached || deadline !== open.expiry)) return false;
  return result.kind !== "reply" || result.payload.length / 2 <= genesis.parameters.maxPayload;
};

/** Whether the request of a call is no longer in the output queue of its caller: until then nobody can have answered it. */
const hasLeft = ({ mail, callbacks }: Canister, { callback }: Extract<StreamMessage, { kind: "response" }>): boolean => {
  const open = callbacks?.get(callback);
  const pair = open && mail?.pairs.get(open.callee);
  return pair === undefined || !listed(pair.outputs).some((sent) => sent.kind === "request" && sent.origin.callback === callback);
};

/** Whether a canister can have sent something from a subnet. Where no route leads it was here, whether or not it still is. */
const isHosted = ({ own, routes }: Engine, canister: CanisterId, subnet: SubnetId): boolean => (routes.get(canister) ?? own) === subnet;
