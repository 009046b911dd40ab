/** The random tape: the clauses of `spec/rules/tape.ts`, one line each. */
import { randomnessAnswer, randomnessAsk } from "../../spec/index.ts";
import { enterInput, leaveOutput } from "../reading.ts";
import type { Request, Response, State } from "../state.ts";
import { drawOf } from "../tape.ts";
import { transition } from "../transition.ts";
import { isAwaited } from "./queues.ts";

export const askRandomness = transition(randomnessAsk)<{ request: Request }>({
  when: {
    method: (_before, { request }) => request.method === "raw_rand",
    empty: (_before, { request }) => request.payload === "",
  },
  then: {
    leave: (after, _before, { request }) => leaveOutput(after, request.caller, request.callee),
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
    respond: (after, before, { request }) => {
      const response = replyTo(before, request);
      if (isAwaited(before, response)) enterInput(after, request.caller, request.callee, response);
    },
  },
});

/** The reply with the next draw. */
export const replyTo = ({ round }: State, { caller, callback, callee, deadline, attached }: Request): Response => ({
  kind: "response",
  caller,
  callback,
  respondent: callee,
  deadline,
  refund: attached,
  result: { kind: "reply", payload: drawOf(round.seed, round.draws) },
});
