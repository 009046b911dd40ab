/** How an answer reaches its origin: a line of the ingress history, or a response in the output queue of the respondent. */
import type { Draft } from "immer";
import { match } from "ts-pattern";
import { rejectCodeOf, type CanisterId, type ErrorCode, type Origin, type Result } from "../../spec/index.ts";
import { draftOf, known, type Answer, type State } from "../state.ts";

/** The reject that the platform gives for an error. */
export const rejectWith = (error: ErrorCode): Result => ({
  kind: "reject",
  code: known(rejectCodeOf(error), `a reject code of ${error}`),
  error,
});

/** Sends an answer to a canister; what goes to a user is written by the rule `ingress-answer`, and a task has nobody to answer. */
export const sendAnswer = (after: Draft<State>, respondent: CanisterId, origin: Origin, { result, refund }: Answer): void =>
  match(origin)
    .with({ kind: "canister" }, ({ canister, callback }) => {
      draftOf(after, respondent).outputs.push({ kind: "response", caller: canister, callback, result, refund });
    })
    .with({ kind: "ingress" }, { kind: "system" }, () => undefined)
    .exhaustive();
