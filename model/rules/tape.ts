/** The random tape: the clauses of `spec/rules/tape.ts`, one line each. */
import { randomnessAnswer, randomnessAsk } from "../../spec/index.ts";
import { draftOf, type Request } from "../state.ts";
import { drawOf } from "../tape.ts";
import { transition } from "../transition.ts";

export const askRandomness = transition(randomnessAsk)<{ request: Request }>({
  when: {
    method: (_before, { request }) => request.method === "raw_rand",
    empty: (_before, { request }) => request.payload === "",
  },
  then: {
    leave: (after, _before, { request }) => void draftOf(after, request.caller).outputs.shift(),
    wait: (after, _before, { request }) => void after.waiting.push(request),
  },
});

export const answerRandomness = transition(randomnessAnswer)<{ request: Request }>({
  when: {
    later: (before, { request }) => before.height >= request.sent + before.parameters.tapeLag,
  },
  then: {
    leave: (after, before, { request }) => void (after.waiting = before.waiting.filter((waiting) => waiting !== request)),
    draw: (after, before) => void (after.round.draws = before.round.draws + 1),
    respond: (after, before, { request: { caller, callback, attached } }) =>
      void draftOf(after, caller).inputs.push({
        kind: "response",
        caller,
        callback,
        refund: attached,
        result: { kind: "reply", payload: drawOf(before.round.seed, before.round.draws) },
      }),
  },
});
