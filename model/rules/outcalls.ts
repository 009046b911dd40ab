/** Requests that leave the layer: the clauses of `spec/rules/outcalls.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  byteLength,
  consensusAnswer,
  cycles,
  nonceDraw,
  outcallAsk,
  signatureAsk,
  type Asked,
  type ConsensusAnswer,
  type Cycles,
} from "../../spec/index.ts";
import { outcallCost, signatureCost } from "../money.ts";
import type { Outcall, Request, State } from "../state.ts";
import { drawOf } from "../tape.ts";
import { transition } from "../transition.ts";

/** What a request asks for that consensus is to answer. */
type AskedOf<M extends Asked["method"]> = Extract<Asked, { method: M }>;
export type SignatureAsked = Extract<Asked, { readonly key: unknown }>;
export type OutcallAsked = AskedOf<"http_request">;
export type ConsensusAsked = SignatureAsked | OutcallAsked;

interface Asking<A extends ConsensusAsked> {
  readonly request: Request;
  readonly asked: A;
}

/** What is burned for a request of consensus, whatever becomes of it. */
export const consensusCost = ({ parameters }: State, { request, asked }: Asking<ConsensusAsked>): Cycles =>
  asked.method === "http_request" ? outcallCost(parameters, byteLength(request.payload), asked.most) : signatureCost(parameters);

const isFunded = (before: State, asking: Asking<ConsensusAsked>): boolean => asking.request.attached >= consensusCost(before, asking);

const burn = (after: Draft<State>, before: State, asking: Asking<ConsensusAsked>): void =>
  void (after.burned = cycles(before.burned + consensusCost(before, asking)));

const wait = (after: Draft<State>, before: State, asking: Asking<ConsensusAsked>): void => {
  const { request, asked } = asking;
  const kept = cycles(request.attached - consensusCost(before, asking));
  const outcall: Outcall = {
    number: before.nextOutcall,
    request: { ...request, attached: kept },
    asked,
    since: before.height,
    nonce: null,
  };
  after.consensus.push(castDraft(outcall));
  after.nextOutcall = before.nextOutcall + 1;
};

const isLike = ({ key, method }: SignatureAsked, { asked }: Outcall): boolean =>
  asked.method === method && "key" in asked && asked.key === key;

export const askSignature = transition(signatureAsk)<Asking<SignatureAsked>>({
  when: {
    held: ({ parameters }, { asked }) => parameters.keys.includes(asked.key),
    room: ({ consensus, parameters }, { asked }) => consensus.filter((other) => isLike(asked, other)).length < parameters.signatureQueue,
    funded: (before, asking) => isFunded(before, asking),
  },
  then: {
    burn: (after, before, asking) => burn(after, before, asking),
    wait: (after, before, asking) => wait(after, before, asking),
    draw: (after, before) => void (after.round.draws = before.round.draws + 1),
  },
});

export const askOutcall = transition(outcallAsk)<Asking<OutcallAsked>>({
  when: {
    room: ({ consensus, parameters }) => consensus.filter(({ asked }) => asked.method === "http_request").length < parameters.outcallLimit,
    funded: (before, asking) => isFunded(before, asking),
  },
  then: {
    burn: (after, before, asking) => burn(after, before, asking),
    wait: (after, before, asking) => wait(after, before, asking),
  },
});

const takesNonce = ({ asked: { method } }: Outcall): boolean => method === "sign_with_ecdsa" || method === "sign_with_schnorr";

export const drawNonce = transition(nonceDraw)<{ outcall: Outcall }>({
  when: {
    signed: (_before, { outcall }) => takesNonce(outcall),
    bare: (_before, { outcall }) => outcall.nonce === null,
    later: (before, { outcall }) => before.height > outcall.since,
  },
  then: {
    draw: (after, before) => void (after.round.draws = before.round.draws + 1),
    keep: (after, { consensus, round }, { outcall }) =>
      void (after.consensus = castDraft(
        consensus.map((other) => (other === outcall ? { ...other, nonce: drawOf(round.seed, round.draws) } : other)),
      )),
  },
});

/** Who waits for an answer, if somebody does. */
export const askedFor = ({ consensus }: State, { request }: ConsensusAnswer): Outcall | undefined =>
  consensus.find(({ number }) => number === request);

export const answerConsensus = transition(consensusAnswer)<{ answer: ConsensusAnswer }>({
  when: {
    waits: (before, { answer }) => askedFor(before, answer) !== undefined,
    prepared: (before, { answer }) => {
      const outcall = askedFor(before, answer);
      return outcall === undefined || !takesNonce(outcall) || outcall.nonce !== null;
    },
    sized: (before, { answer }) => lengthOf(answer) <= mostFor(before, askedFor(before, answer)),
  },
  then: {
    leave: (after, { consensus }, { answer }) =>
      void (after.consensus = castDraft(consensus.filter(({ number }) => number !== answer.request))),
  },
});

const mostFor = ({ parameters: { maxPayload } }: State, outcall: Outcall | undefined): number =>
  outcall?.asked.method === "http_request" ? Math.min(outcall.asked.most, maxPayload) : maxPayload;

const lengthOf = ({ reply }: ConsensusAnswer): number => (reply === null ? 0 : byteLength(reply));
