/** Induction: what canisters of this subnet sent each other goes straight to its queues, after each iteration. */
import { byId } from "../spec/index.ts";
import { tooLate } from "./deadlines.ts";
import { outboxes, canisterOf, inOrder, tell } from "./reading.ts";
import type { Request, Response, State } from "./state.ts";
import { inductRequest, inductResponse } from "./rules/queues.ts";
import type { Fire } from "./transition.ts";

/** Canister by canister: to itself first, then peer by peer; each queue until a message stays. */
export const induct = (fire: Fire, before: State): State =>
  inOrder(before).reduce((state, { id }) => {
    const selfFirst = [...outboxes(canisterOf(state, id))].sort(
      ([left], [right]) => Number(right === id) - Number(left === id) || byId(left, right),
    );
    return selfFirst.reduce((now, [, messages]) => inductQueue(fire, now, messages), state);
  }, before);

const inductQueue = (fire: Fire, before: State, messages: readonly (Request | Response)[]): State => {
  let state = before;
  for (const message of messages) {
    const next = message.kind === "request" ? inductOne(fire, state, message) : inductAnswer(fire, state, message);
    if (next === null) break;
    state = next;
  }
  return state;
};

const inductOne = (fire: Fire, before: State, request: Request): State | null => {
  const fired = fire(inductRequest, before, { request });
  if (!fired.applied) return null;
  const { caller, callback, callee } = request;
  return tell(fired.state, { kind: "request-inducted", caller, callback, callee });
};

const inductAnswer = (fire: Fire, before: State, response: Response): State | null => {
  const { caller, callback, result } = response;
  const fired = fire(inductResponse, before, { response });
  if (fired.applied) return tell(fired.state, { kind: "response-inducted", caller, callback, result: result.kind });
  if (fired.clause === "here") return null;
  return tooLate(fire, before, response, true);
};
