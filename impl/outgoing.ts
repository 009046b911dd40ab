/**
 * Streams go out: what the iterations of a round left in output queues goes into streams, one message of each canister in
 * turn. Only canisters that have outputs take part; a queue whose stream is full is left alone for the rest of the step.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { bigEndian, managementCanister, randomnessAsk, streamRequest, type ErrorCode, type StreamMessage } from "../spec/index.ts";
import { leaveOutput } from "./mail.ts";
import { askManagement } from "./management.ts";
import type { Message, Pair, Request } from "./messages.ts";
import { refusalOf } from "./refusals.ts";
import { bounce, orphan } from "./responses.ts";
import type { Canister, Engine } from "./state.ts";
import { append, hasRoom } from "./streams.ts";

/** @rule message-stream */
export const streamOut = (engine: Engine): void => {
  let givers = giversOf(engine);
  while (givers.length > 0) givers = givers.filter((giver) => giveOne(engine, giver));
  engine.sending.here = engine.sending.here.filter((canister) => (canister.isSendingHere = keepSending(canister, "here")));
  engine.sending.away = engine.sending.away.filter((canister) => (canister.isSendingAway = keepSending(canister, "away")));
};

/** A canister with outputs: its queues that are neither empty nor blocked, by peer, and which of them has the next turn. */
interface Giver {
  readonly pairs: Pair[];
  next: number;
}

const encoder = new TextEncoder();
const streamDomain = encoder.encode("canon-stream");

/** The canisters that have outputs, by id, beginning with the one that a hash of the time names. */
const giversOf = ({ sending, time }: Engine): readonly Giver[] => {
  const canisters = [...new Set([...sending.here, ...sending.away])]
    .filter(({ mail }) => mail !== null && mail.outputs > 0)
    .sort((left, right) => left.index - right.index);
  if (canisters.length === 0) return [];
  const first = canisters.length === 1 ? 0 : Number(hashOf(time) % BigInt(canisters.length));
  return [...canisters.slice(first), ...canisters.slice(0, first)].map(({ mail }) => ({ pairs: withOutputs(mail!), next: 0 }));
};

const hashOf = (time: bigint): bigint => {
  const { buffer, byteOffset } = sha256(concatBytes(streamDomain, hexToBytes(bigEndian(time, 8))));
  return new DataView(buffer, byteOffset).getBigUint64(0);
};

const withOutputs = ({ here, away }: { readonly here: readonly Pair[]; readonly away: readonly Pair[] }): Pair[] =>
  [...here, ...away].filter(({ outputs }) => outputs.length > 0).sort((left, right) => (left.peer < right.peer ? -1 : 1));

/** Whether the canister gave a message; when it did not, it has none to give in this step. */
const giveOne = (engine: Engine, giver: Giver): boolean => {
  const { pairs } = giver;
  while (pairs.length > 0) {
    const at = giver.next % pairs.length;
    const pair = pairs[at]!;
    const gave = give(engine, pair, pair.outputs.first!);
    if (gave && pair.outputs.length > 0) giver.next = at + 1;
    else {
      pairs.splice(at, 1);
      giver.next = at;
    }
    if (gave) return true;
  }
  return false;
};

/** Whether the message left its queue; otherwise the queue is blocked. */
const give = (engine: Engine, { owner, subnet }: Pair, message: Message): boolean => {
  if (subnet === null) {
    leaveOutput(engine, message);
    if (message.kind === "request") askOrBounce(engine, message);
    else orphan(engine, owner.id, message.caller, message.callback, message.refund);
    return true;
  }
  if (!hasRoom(engine, subnet)) return false;
  leaveOutput(engine, message);
  append(engine, subnet, streamed(owner, message));
  return true;
};

const noSuchCanister = refusalOf(streamRequest.when.exists);
const notEmpty = refusalOf(randomnessAsk.when.empty);

/** @rule request-bounce */
const askOrBounce = (engine: Engine, request: Request): void => {
  const error = request.callee === managementCanister ? ask(engine, request) : noSuchCanister;
  if (error !== null) bounce(engine, request, error);
};

/** A request begins to wait. Says why not, when it does not. */
const ask = (engine: Engine, request: Request): ErrorCode | null =>
  request.method === "raw_rand" ? askRandomness(engine, request) : askManagement(engine, request);

/** @rule randomness-ask */
const askRandomness = (engine: Engine, request: Request): ErrorCode | null => {
  const { height: asked, totals } = engine;
  const { canister, callback } = request.origin;
  if (request.payload.length > 0) return notEmpty;
  engine.waitingRandomness.push({ request, asked });
  totals.messages += request.attached;
  engine.events.push({ kind: "randomness-asked", canister, callback, asked });
  return null;
};

const streamed = ({ id }: Canister, message: Message): StreamMessage => {
  if (message.kind === "response") {
    const { caller, callback, result, refund, deadline } = message;
    return { kind: "response", caller, callback, respondent: id, result, refund, deadline };
  }
  const { origin, callee, method, payload, attached, deadline } = message;
  return { kind: "request", caller: id, callback: origin.callback, callee, method, payload, attached, deadline };
};

/** Whether the canister still has outputs of this kind; its list of them is brought up to date. */
const keepSending = ({ mail }: Canister, kind: "here" | "away"): boolean => {
  if (mail === null) return false;
  mail[kind] = mail[kind].filter((pair) => (pair.isSending = pair.outputs.length > 0));
  return mail[kind].length > 0;
};
