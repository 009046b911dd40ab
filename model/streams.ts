/** Streams, in and out: `docs/machine.md`, section 4.2. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { match } from "ts-pattern";
import {
  bigEndian,
  byId,
  managementCanister,
  type CanisterId,
  type ErrorCode,
  type Slice,
  type StreamMessage,
  type SubnetId,
} from "../spec/index.ts";
import { tooLate } from "./deadlines.ts";
import { rejectOf } from "./rules/answers.ts";
import { inductRefund } from "./rules/deadlines.ts";
import {
  admitSlice,
  bounceRequest,
  endOf,
  ignoreMessage,
  rejectRequest,
  seeMessage,
  streamMessage,
  takeRequest,
  takeResponse,
  told,
} from "./rules/streams.ts";
import { askRandomness } from "./rules/tape.ts";
import { askFor } from "./management.ts";
import { canisterOf, errorOf, inOrder, outboxes, streamOf, subnetOf, tell } from "./reading.ts";
import type { Request, Response, State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Takes in the loopback stream, and then the slices of other subnets by their ids. */
export const streamsIn = (fire: Fire, before: State, slices: readonly Slice[]): State => {
  const { own } = before;
  const { begin, messages } = streamOf(before, own);
  const loopback: readonly Slice[] = messages.length === 0 ? [] : [{ from: own, begin, messages, signals: begin + messages.length }];
  const ordered = [...slices].sort((left, right) => byId(left.from, right.from));
  return [...loopback, ...ordered].reduce((state, slice) => takeSlice(fire, state, slice, loopback.includes(slice)), before);
};

const takeSlice = (fire: Fire, before: State, slice: Slice, loopback: boolean): State => {
  const { from } = slice;
  const admitted = fire(admitSlice, before, { slice, loopback });
  if (!admitted.applied) return tell(before, { kind: "slice-refused", from, error: errorOf(admitted.error) });
  const { begin } = streamOf(admitted.state, from);
  const collected =
    begin > streamOf(before, from).begin ? tell(admitted.state, { kind: "stream-collected", to: from, begin }) : admitted.state;
  const { signals } = streamOf(before, from);
  const fresh = slice.messages.map((message, at) => ({ message, index: slice.begin + at })).filter(({ index }) => index >= signals);
  const state = fresh.reduce((now, { message, index }) => takeOne(fire, now, { from, index, message }), collected);
  return fresh.length === 0 ? state : tell(state, { kind: "slice-taken", from, signals: streamOf(state, from).signals });
};

interface Coming {
  readonly from: SubnetId;
  readonly index: number;
  readonly message: StreamMessage;
}

const takeOne = (fire: Fire, before: State, coming: Coming): State => {
  const seen = fire(seeMessage, before, coming).state;
  return match(coming.message)
    .with({ kind: "request" }, (message) => takeCall(fire, seen, coming, { ...message, sent: before.height, at: before.time }))
    .with({ kind: "response" }, (response) => takeAnswer(fire, seen, coming, response))
    .with({ kind: "refund" }, ({ canister, cycles: returned }) => {
      const fired = fire(inductRefund, seen, { canister, returned });
      return fired.applied
        ? tell(fired.state, { kind: "refund-inducted", canister, cycles: returned, balance: canisterOf(fired.state, canister).balance })
        : ignore(fire, seen, coming);
    })
    .exhaustive();
};

const takeCall = (fire: Fire, before: State, coming: Coming, request: Request): State => {
  const { from, index } = coming;
  const { caller, callback, callee } = request;
  const fired = fire(takeRequest, before, { from, request });
  if (fired.applied) return tell(fired.state, { kind: "request-inducted", caller, callback, callee });
  if (fired.clause === "hosted") return ignore(fire, before, coming);
  const error = errorOf(fired.error);
  return tell(
    fire(rejectRequest, before, { to: from, request, error }).state,
    { kind: "message-refused", from, index, error },
    { kind: "message-streamed", to: from, index: endOf(before, from), message: told(rejectOf(request, error, request.attached)) },
  );
};

const takeAnswer = (fire: Fire, before: State, coming: Coming, response: Response): State => {
  const { caller, callback, result } = response;
  const fired = fire(takeResponse, before, { from: coming.from, response });
  if (fired.applied) return tell(fired.state, { kind: "response-inducted", caller, callback, result: result.kind });
  const isOurs = fired.clause === "awaited" && before.canisters.has(caller);
  return isOurs ? tooLate(fire, before, response) : ignore(fire, before, coming);
};

const ignore = (fire: Fire, before: State, { from, index, message }: Coming): State =>
  tell(fire(ignoreMessage, before, { message }).state, { kind: "message-refused", from, index, error: null });

/** One of the canisters that take turns: its output queues, of which the first is next. */
interface Sender {
  readonly id: CanisterId;
  readonly peers: readonly CanisterId[];
}

/** Puts what is left in output queues into streams, one message of a canister at a time, until nobody has one to give. */
export const streamsOut = (fire: Fire, before: State): State => {
  let state = before;
  let senders = turned(before);
  while (senders.length > 0) {
    const still: Sender[] = [];
    for (const { id, peers } of senders) {
      const given = give(fire, state, id, peers);
      state = given.state;
      if (given.peers.length > 0) still.push({ id, peers: given.peers });
    }
    senders = still;
  }
  return state;
};

const turned = (before: State): readonly Sender[] => {
  const senders = inOrder(before)
    .map((canister): Sender => ({ id: canister.id, peers: outboxes(canister).map(([peer]) => peer) }))
    .filter(({ peers }) => peers.length > 0);
  if (senders.length === 0) return [];
  const text = new Uint8Array([...utf8ToBytes("canon-stream"), ...hexToBytes(bigEndian(before.time, 8))]);
  const first = Number(BigInt(`0x${bytesToHex(sha256(text).slice(0, 8))}`) % BigInt(senders.length));
  return [...senders.slice(first), ...senders.slice(0, first)];
};

/** One message of the first queue that can give one; that queue goes behind the others, and those before it are blocked. */
const give = (fire: Fire, before: State, id: CanisterId, peers: readonly CanisterId[]): { state: State; peers: readonly CanisterId[] } => {
  for (const [at, peer] of peers.entries()) {
    const [message] = canisterOf(before, id).outputs.get(peer) ?? [];
    const state = message === undefined ? null : leave(fire, before, message);
    if (state !== null) return { state, peers: [...peers.slice(at + 1), peer] };
  }
  return { state: before, peers: [] };
};

const leave = (fire: Fire, before: State, message: Request | Response): State | null => {
  if (message.kind === "request" && message.callee === managementCanister) return ask(fire, before, message);
  const to = subnetOf(before, message.kind === "request" ? message.callee : message.caller);
  if (to === null) return message.kind === "request" ? bounce(fire, before, message, "IC0301") : tooLate(fire, before, message, true);
  const fired = fire(streamMessage, before, { to, message });
  return fired.applied ? tell(fired.state, { kind: "message-streamed", to, index: endOf(before, to), message: told(message) }) : null;
};

const ask = (fire: Fire, before: State, request: Request): State => {
  const fired = fire(askRandomness, before, { request });
  if (!fired.applied && fired.clause === "method") return askAnother(fire, before, request);
  if (!fired.applied) return bounce(fire, before, request, errorOf(fired.error));
  const { caller: canister, callback, sent: asked } = request;
  return tell(fired.state, { kind: "randomness-asked", canister, callback, asked });
};

const askAnother = (fire: Fire, before: State, request: Request): State => {
  const asked = askFor(fire, before, request);
  return "error" in asked ? bounce(fire, before, request, asked.error) : asked;
};

const bounce = (fire: Fire, before: State, request: Request, error: ErrorCode): State => {
  const { caller, callback } = request;
  return tell(fire(bounceRequest, before, { request, error }).state, { kind: "request-bounced", caller, callback, error });
};
