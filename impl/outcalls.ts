/** What the execution layer cannot answer itself: requests that leave it, what they are prepared with, and the answers of a block. */
import {
  consensusAnswer,
  cycles,
  outcallAsk,
  signatureAsk,
  type ConsensusAnswer,
  type Cycles,
  type ErrorCode,
  type Height,
  type Hex,
} from "../spec/index.ts";
import { enterConsensus, leaveConsensus, lengthOf, needsNonce, type AskedOfConsensus, type WaitingConsensus } from "./consensus.ts";
import { drawFor } from "./generator.ts";
import { requestOf, type Request } from "./messages.ts";
import { consensusGaveUp, refusalOf, rejectWith } from "./refusals.ts";
import { answerRequest } from "./requests.ts";
import type { Engine } from "./state.ts";

/** A request that was sent at this height leaves the layer, or is refused. */
export const askConsensus = (engine: Engine, request: Request, asked: AskedOfConsensus, sent: Height): void => {
  const { consensus, height: since, totals, events } = engine;
  const fee = priceOf(engine, request, asked);
  const error = refusalOfAsking(engine, request, asked, fee);
  if (error !== null) return answerRequest(engine, request, rejectWith(error));
  const { origin } = request;
  const kept = cycles(request.attached - fee);
  totals.messages -= fee;
  totals.burned += fee;
  const id = asked.method === "http_request" ? null : drawFor(engine, "id", request, sent);
  const number = consensus.next++;
  enterConsensus(consensus, { number, request: withLeft(request, kept), asked, sent, since, id, nonce: null });
  events.push({
    kind: "consensus-asked",
    request: number,
    caller: origin.canister,
    callback: origin.callback,
    method: asked.method,
    fee,
    kept,
  });
};

/**
 * At the end of a round: whoever was taken up in an earlier one gets its nonce. They stand in the order in which they were.
 * @rule nonce-draw
 */
export const drawNonces = (engine: Engine): void => {
  const { consensus, height } = engine;
  const { bare } = consensus;
  if (bare.length === 0) return;
  let due = 0;
  while (due < bare.length && bare[due]!.since < height) due++;
  for (const one of bare.splice(0, due)) one.nonce = drawFor(engine, "nonce", one.request, one.sent);
};

/** The answers of a block, the last one first. */
export const takeAnswers = (engine: Engine, answers: readonly ConsensusAnswer[]): void => {
  for (let at = answers.length - 1; at >= 0; at--) takeAnswer(engine, answers[at]!);
};

/** @rule consensus-answer */
const takeAnswer = (engine: Engine, { request: number, reply }: ConsensusAnswer): void => {
  const { consensus, events } = engine;
  const waiting = consensus.waiting.get(number);
  const error = refusalOfAnswer(engine, waiting, reply);
  if (waiting === undefined || error !== null) return void events.push({ kind: "consensus-refused", request: number, error: error! });
  leaveConsensus(consensus, waiting);
  events.push({ kind: "consensus-answered", request: number });
  answerRequest(engine, waiting.request, reply === null ? gaveUp : { kind: "reply", payload: reply });
};

const priceOf = ({ prices }: Engine, { payload }: Request, asked: AskedOfConsensus): Cycles =>
  asked.method === "http_request" ? prices.outcall(payload.length / 2, asked.most) : prices.signature;

/**
 * Why a request does not leave the layer; `null` when it does.
 * @rule signature-ask
 * @rule outcall-ask
 */
const refusalOfAsking = (engine: Engine, { attached }: Request, asked: AskedOfConsensus, fee: Cycles): ErrorCode | null => {
  const { keys, signatureQueue, outcallLimit } = engine.genesis.parameters;
  const length = lengthOf(engine.consensus, asked);
  if (asked.method === "http_request") {
    if (length >= outcallLimit) return tooManyOutcalls;
    return attached < fee ? outcallNotFunded : null;
  }
  if (!keys.includes(asked.key)) return noSuchKey;
  if (length >= signatureQueue) return tooManySignatures;
  return attached < fee ? signatureNotFunded : null;
};

const refusalOfAnswer = (engine: Engine, waiting: WaitingConsensus | undefined, reply: Hex | null): ErrorCode | null => {
  if (waiting === undefined) return noSuchRequest;
  const { asked, nonce } = waiting;
  if (nonce === null && needsNonce(asked)) return notPrepared;
  const { maxPayload } = engine.genesis.parameters;
  const most = asked.method === "http_request" ? Math.min(asked.most, maxPayload) : maxPayload;
  return reply !== null && reply.length / 2 > most ? tooLong : null;
};

const withLeft = ({ origin, callee, method, payload, deadline, expiry }: Request, left: Cycles): Request =>
  requestOf(origin, callee, method, payload, left, deadline, expiry);

const noSuchKey = refusalOf(signatureAsk.when.held);
const tooManySignatures = refusalOf(signatureAsk.when.room);
const signatureNotFunded = refusalOf(signatureAsk.when.funded);
const tooManyOutcalls = refusalOf(outcallAsk.when.room);
const outcallNotFunded = refusalOf(outcallAsk.when.funded);
const noSuchRequest = refusalOf(consensusAnswer.when.waits);
const notPrepared = refusalOf(consensusAnswer.when.prepared);
const tooLong = refusalOf(consensusAnswer.when.sized);
const gaveUp = rejectWith(consensusGaveUp);
