/**
 * Refusals. Their codes stand in the rules, from where every file takes the ones that it needs, once. A reject is its
 * error code and nothing else, so there is one value for each code, made once too.
 */
import { errorCodes, rejectCodeOf, type ErrorCode, type Result, type WhenClause } from "../spec/index.ts";

/** The code with which a clause refuses. @throws Error for a clause that refuses nothing. */
export const refusalOf = ([sentence, refusal]: WhenClause): ErrorCode => {
  if (refusal === null) throw new Error(`"${sentence}" refuses nothing`);
  return refusal;
};

/** The reject with this error. @throws Error for a code that is not of the IC: it has no reject code. */
export const rejectWith = (error: ErrorCode): Result => {
  const reject = rejects.get(error);
  if (reject === undefined) throw new Error(`${error} has no reject code`);
  return reject;
};

const rejects: ReadonlyMap<ErrorCode, Result> = new Map(
  (Object.keys(errorCodes) as ErrorCode[]).flatMap((error): [ErrorCode, Result][] => {
    const code = rejectCodeOf(error);
    return code === null ? [] : [[error, Object.freeze({ kind: "reject", code, error })]];
  }),
);
