/**
 * Refusals. Their codes stand in the rules, from where every file takes the ones that it needs, once; here are those that
 * an effect and not a condition names. A reject is its error code and nothing else, so there is one value for each code,
 * made once too.
 */
import { errorCodes, rejectCodeOf, type CanisterStatus, type ErrorCode, type Result, type WhenClause } from "../spec/index.ts";

/** The code with which a clause refuses. @throws Error for a clause that refuses nothing. */
export const refusalOf = ([sentence, refusal]: WhenClause): ErrorCode => {
  if (refusal === null) throw new Error(`"${sentence}" refuses nothing`);
  return refusal;
};

/** Why a canister that does not run refuses what these clauses are asked about. */
export const refusalsByStatus = (
  when: Readonly<Record<"unstopped" | "unstopping", WhenClause>>,
): Record<CanisterStatus, ErrorCode | null> => ({
  running: null,
  stopping: refusalOf(when.unstopping),
  stopped: refusalOf(when.unstopped),
});

/** The reject with this error. @throws Error for a code that is not of the IC: it has no reject code. */
export const rejectWith = (error: ErrorCode): Result => {
  const reject = rejects.get(error);
  if (reject === undefined) throw new Error(`${error} has no reject code`);
  return reject;
};

/** What a script asks for itself. */
export const trapAskedFor: ErrorCode = "IC0503";

/** The error of a canister's own reject, and of those that the platform makes in the name of one that has no code any more. */
export const rejectedByCanister: ErrorCode = "IC0406";

/** What the platform answers when nobody else can. */
export const didNotReply: ErrorCode = "IC0506";

/** A request that did not leave its subnet: too late, or no room for it. */
export const requestTimedOut: ErrorCode = "CN0210";
export const requestShed: ErrorCode = "CN0211";

/** What left the layer and did not come to an end outside of it. */
export const consensusGaveUp: ErrorCode = "CN0212";

/** A best-effort call without its response: none came in time, or there was no room for it. */
export const deadlineExpired: ErrorCode = "IC0601";
export const responseDropped: ErrorCode = "IC0602";

/** A request to stop a canister that was started instead, or that went on for too long. */
export const stopCancelled: ErrorCode = "IC0511";
export const stopTimedOut: ErrorCode = "IC0206";

/** An ingress message that nobody began to execute. */
export const ingressTimedOut: ErrorCode = "IC0202";

const rejects: ReadonlyMap<ErrorCode, Result> = new Map(
  (Object.keys(errorCodes) as ErrorCode[]).flatMap((error): [ErrorCode, Result][] => {
    const code = rejectCodeOf(error);
    return code === null ? [] : [[error, Object.freeze({ kind: "reject", code, error })]];
  }),
);
