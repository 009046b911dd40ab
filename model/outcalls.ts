/** Requests that consensus answers: `docs/machine.md`, section 17.9. */
import { cycles, type ConsensusAnswer } from "../spec/index.ts";
import { drawn, withDrawn } from "./drawing.ts";
import { errorOf, known, tell } from "./reading.ts";
import { reject, reply } from "./responding.ts";
import {
  answerConsensus,
  askedFor,
  askOutcall,
  askSignature,
  consensusCost,
  drawNonce,
  type ConsensusAsked,
  type OutcallAsked,
  type SignatureAsked,
} from "./rules/outcalls.ts";
import type { Request, State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** A signature or a key is asked for, and an id drawn for it. */
export const askForSignature = (fire: Fire, before: State, request: Request, asked: SignatureAsked): State => {
  const fired = fire(askSignature, before, { request, asked });
  if (!fired.applied) return reject(fire, before, request, errorOf(fired.error));
  return left(before, withDrawn(fired.state, drawn(before, request, "id")), request, asked);
};

export const askForOutcall = (fire: Fire, before: State, request: Request, asked: OutcallAsked): State => {
  const fired = fire(askOutcall, before, { request, asked });
  return fired.applied ? left(before, fired.state, request, asked) : reject(fire, before, request, errorOf(fired.error));
};

const left = (before: State, after: State, request: Request, asked: ConsensusAsked): State => {
  const fee = consensusCost(before, { request, asked });
  const { caller, callback, attached } = request;
  const kept = cycles(attached - fee);
  return tell(after, { kind: "consensus-asked", request: before.nextOutcall, caller, callback, method: asked.method, fee, kept });
};

/** At the end of a round: signatures that wait get their nonces. */
export const drawNonces = (fire: Fire, before: State): State =>
  before.consensus.reduce((state, outcall) => {
    const fired = fire(drawNonce, state, { outcall });
    return fired.applied ? withDrawn(fired.state, drawn(state, outcall.request, "nonce")) : state;
  }, before);

/** What a block says to those that wait, the last first. */
export const answersIn = (fire: Fire, before: State, answers: readonly ConsensusAnswer[]): State =>
  answers.toReversed().reduce((state, answer) => {
    const fired = fire(answerConsensus, state, { answer });
    if (!fired.applied) return tell(state, { kind: "consensus-refused", request: answer.request, error: errorOf(fired.error) });
    const { request } = known(askedFor(state, answer), `a request ${answer.request} for consensus`);
    const told = tell(fired.state, { kind: "consensus-answered", request: answer.request });
    return answer.reply === null ? reject(fire, told, request, "CN0212") : reply(fire, told, request, answer.reply);
  }, before);
