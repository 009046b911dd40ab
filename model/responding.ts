/** How the management canister answers: `docs/machine.md`, section 17.2. */
import { asciiOf, type Cycles, type ErrorCode, type Hex } from "../spec/index.ts";
import { tooLate } from "./deadlines.ts";
import { tell } from "./reading.ts";
import { rejectWith } from "./rules/answers.ts";
import { answerManagement } from "./rules/management.ts";
import { isAwaited } from "./rules/queues.ts";
import type { Request, Response, State } from "./state.ts";
import type { Fire } from "./transition.ts";

export const reply = (fire: Fire, before: State, request: Request, payload: Hex = asciiOf("")): State =>
  respond(fire, before, request, { kind: "reply", payload }, request.attached);

export const reject = (fire: Fire, before: State, request: Request, error: ErrorCode): State =>
  respond(fire, before, request, rejectWith(error), request.attached);

export const respond = (fire: Fire, before: State, request: Request, result: Response["result"], refund: Cycles): State => {
  const { caller, callback, callee: respondent, deadline } = request;
  const response: Response = { kind: "response", caller, callback, respondent, deadline, refund, result };
  const told = tell(fire(answerManagement, before, { response }).state, { kind: "management-answered", caller, callback, result, refund });
  return isAwaited(before, response) ? told : tooLate(fire, told, response);
};
