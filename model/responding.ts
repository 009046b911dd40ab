/** How the management canister answers: `docs/machine.md`, section 17.2. */
import { asciiOf, type Cycles, type ErrorCode, type Hex } from "../spec/index.ts";
import { answerUser } from "./answering.ts";
import { tooLate } from "./deadlines.ts";
import { tell } from "./reading.ts";
import { rejectWith } from "./rules/answers.ts";
import { answerManagement } from "./rules/management.ts";
import { attachedTo } from "./requests.ts";
import { isAwaited } from "./rules/queues.ts";
import type { ManagementRequest, Response, State } from "./state.ts";
import type { Fire } from "./transition.ts";

export const reply = (fire: Fire, before: State, request: ManagementRequest, payload: Hex = asciiOf("")): State =>
  respond(fire, before, request, { kind: "reply", payload }, attachedTo(request));

export const reject = (fire: Fire, before: State, request: ManagementRequest, error: ErrorCode): State =>
  respond(fire, before, request, rejectWith(error), attachedTo(request));

export const respond = (fire: Fire, before: State, request: ManagementRequest, result: Response["result"], refund: Cycles): State => {
  if (request.kind === "ingress") return answerUser(fire, before, request.ingress, result);
  const { caller, callback, callee: respondent, deadline } = request;
  const response: Response = { kind: "response", caller, callback, respondent, deadline, refund, result };
  const told = tell(fire(answerManagement, before, { response }).state, { kind: "management-answered", caller, callback, result, refund });
  return isAwaited(before, response) ? told : tooLate(fire, told, response);
};
