/** Codes of queries between rounds: what is refused was not executed; and what ends a whole query is never told of a call. */
import { managementCanister, rejectCodeOf, type ErrorCode, type Event, type Result } from "../../spec/index.ts";
import type { Complaint } from "../tracking/watch.ts";

/** Where a query can fail, and the errors with which it does. @source facts/messages.md MSG-6.2, MSG-6.4, section 4.2 */
export const failuresOfQueries = {
  "a query was refused": ["CN0020", "CN0021", "IC0301", "IC0537", "IC0508", "IC0509", "IC0536", "IC0207"],
  "a query was rejected": ["IC0502", "IC0503", "IC0504", "IC0522", "IC0406", "IC0506", "IC0525", "IC0526"],
  "a call of a query was rejected": [
    "IC0301",
    "IC0537",
    "IC0508",
    "IC0509",
    "IC0536",
    "IC0207",
    "IC0502",
    "IC0503",
    "IC0504",
    "IC0522",
    "IC0406",
    "IC0506",
  ],
  "a query to the management canister was refused": ["CN0020", "CN0021", "IC0536", "IC0408", "IC0301", "IC0512"],
  "a call of a query to the management canister was rejected": ["IC0536", "IC0408", "IC0301", "IC0512"],
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

/** The error of a query, or of a call that one made, against the table. */
export const wrongQuery = (event: Event): Complaint => {
  if (event.kind !== "query-refused" && event.kind !== "query-answered") return undefined;
  const managed = event.canister === managementCanister;
  if (event.kind === "query-refused")
    return only(event.error, managed ? "a query to the management canister was refused" : "a query was refused");
  if (managed && event.result.kind === "reject") return "the management canister rejected a query that it did not refuse";
  const rejects = [
    rejected(event.result, "a query was rejected"),
    ...event.nested.map(({ callee, result }) =>
      rejected(
        result,
        callee === managementCanister ? "a call of a query to the management canister was rejected" : "a call of a query was rejected",
      ),
    ),
  ];
  return rejects.find((complaint) => complaint !== undefined);
};

const rejected = (result: Result, place: keyof typeof failuresOfQueries): Complaint =>
  result.kind === "reply" ? undefined : (only(result.error, place) ?? mismatched(result));

const only = (error: ErrorCode, place: keyof typeof failuresOfQueries): Complaint =>
  (failuresOfQueries[place] as readonly ErrorCode[]).includes(error) ? undefined : `${place} with ${error}, which cannot happen there`;

/** A reject whose code is not that of its error. */
export const mismatched = (result: Result): Complaint =>
  result.kind === "reply" || result.code === rejectCodeOf(result.error)
    ? undefined
    : `a reject with ${result.error} has the code ${result.code} instead of ${rejectCodeOf(result.error) ?? "none"}`;
