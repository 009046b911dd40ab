/** How an answer reaches its origin: a line of the ingress history, or a response in the output queue of the respondent. */
import type { Draft } from "immer";
import { match } from "ts-pattern";
import {
  rejectCodeOf,
  type CanisterId,
  type Cycles,
  type ErrorCode,
  type Nanoseconds,
  type Origin,
  type Result,
} from "../../spec/index.ts";
import { enterOutput, known } from "../reading.ts";
import type { Answer, Request, Response, State } from "../state.ts";

/** The reject that the platform gives for an error. */
export const rejectWith = (error: ErrorCode): Result => ({
  kind: "reject",
  code: known(rejectCodeOf(error), `a reject code of ${error}`),
  error,
});

/** The response of the platform to a request that nobody executed. */
export const rejectOf = ({ caller, callback, callee, deadline }: Request, error: ErrorCode, refund: Cycles): Response => ({
  kind: "response",
  caller,
  callback,
  respondent: callee,
  deadline,
  result: rejectWith(error),
  refund,
});

/** To whom an answer goes, and until when it is waited for. */
export interface Debt {
  readonly origin: Origin;
  readonly deadline: Nanoseconds | null;
}

/** Sends an answer to a canister; what goes to a user is written by the rule `ingress-answer`, and a task has nobody to answer. */
export const sendAnswer = (after: Draft<State>, respondent: CanisterId, { origin, deadline }: Debt, { result, refund }: Answer): void =>
  match(origin)
    .with({ kind: "canister" }, ({ canister, callback }) =>
      enterOutput(after, respondent, canister, { kind: "response", caller: canister, callback, respondent, deadline, result, refund }),
    )
    .with({ kind: "ingress" }, { kind: "system" }, () => undefined)
    .exhaustive();
