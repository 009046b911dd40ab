/** Requests for randomness, and who is answered from the generator of a round. */
import type { Height } from "../spec/index.ts";
import { drawFor } from "./generator.ts";
import type { Request } from "./messages.ts";
import { respondTo } from "./requests.ts";
import type { Engine } from "./state.ts";

/** A request that waits for a tape. */
export interface WaitingRandomness {
  readonly request: Request;
  readonly asked: Height;
}

/**
 * Answers every request that waited long enough. Requests begin to wait in the order of the rounds that asked, so those
 * that are due stand before those that are not.
 * @rule randomness-answer
 */
export const answerRandomness = (engine: Engine): void => {
  const { waitingRandomness: waiting, height: round } = engine;
  const { tapeLag } = engine.genesis.parameters;
  let due = 0;
  while (due < waiting.length && round >= waiting[due]!.asked + tapeLag) due++;
  if (due === 0) return;
  for (const one of waiting.splice(0, due)) answer(engine, one);
};

const answer = (engine: Engine, { request, asked }: WaitingRandomness): void => {
  const { origin, attached } = request;
  const payload = drawFor(engine, "randomness", request, asked);
  engine.totals.messages -= attached;
  engine.events.push({ kind: "randomness-answered", canister: origin.canister, callback: origin.callback });
  respondTo(engine, request, { kind: "reply", payload }, attached);
};
