/** Codes of queries between rounds: what is refused was not executed; and what ends a whole query is never told of a call. */
import { rejectCodeOf, type ErrorCode, type Event, type Result } from "../../spec/index.ts";
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
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

/** The error of a query, or of a call that one made, against the table. */
export const wrongQuery = (event: Event): Complaint => {
  if (event.kind === "query-refused") return only(event.error, "a query was refused");
  if (event.kind !== "query-answered") return undefined;
  const rejects = [
    rejected(event.result, "a query was rejected"),
    ...event.nested.map(({ result }) => rejected(result, "a call of a query was rejected")),
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
