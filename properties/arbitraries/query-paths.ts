/** Paths of queries: what becomes of a question, between two rounds or in one. */
import { asciiOf, managementCanister, type ErrorCode, type Event, type Result } from "../../spec/index.ts";

export const queryPaths = [
  "a query calls another one",
  "a query finds no budget left",
  "a query is called too deep",
  "a query uses up what is left to the whole one",
  "a query traps",
  "a call of a query finds nobody",
  "nobody answers a query",
  "a composite query is called in a round",
] as const;

/** Of queries that ask for a status. */
export const statusPaths = [
  "a user learns a status",
  "a query learns a status",
  "a query learns that somebody does not run",
  "a user asks for a status that is not for him",
  "a query asks for a status that is not for it",
  "a status of nobody is asked for",
  "a status is asked for in words that make no sense",
  "the management canister is asked for what it tells no query",
] as const;

export const allQueryPaths = [...queryPaths, ...statusPaths] as const;

type QueryPath = (typeof allQueryPaths)[number];

export const queryPathsOf = (event: Event): readonly QueryPath[] => {
  switch (event.kind) {
    case "query-refused":
      if (event.canister === managementCanister) return event.error === "IC0512" ? [forbidden] : named(event.error);
      return event.error === "CN0021" ? ["a query finds no budget left"] : [];
    case "query-answered": {
      const { result, nested } = event;
      if (event.canister === managementCanister) return ["a user learns a status", ...asleep(result)];
      const missed = nested.some((call) => call.result.kind === "reject" && nowhere.includes(call.result.error));
      const end = result.kind === "reject" ? ends[result.error] : undefined;
      return [
        ...(nested.length > 0 ? (["a query calls another one"] as const) : []),
        ...(missed ? (["a call of a query finds nobody"] as const) : []),
        ...(end === undefined ? [] : [end]),
        ...nested.filter(({ callee }) => callee === managementCanister).flatMap((call) => statusPathsOf(call.result)),
      ];
    }
    case "not-executed":
      return event.error === "IC0527" ? ["a composite query is called in a round"] : [];
    default:
      return [];
  }
};

/** What a query hears of the management canister. */
const statusPathsOf = (result: Result): readonly QueryPath[] => {
  if (result.kind === "reply") return ["a query learns a status", ...asleep(result)];
  return result.error === "IC0512" ? ["a query asks for a status that is not for it"] : named(result.error);
};

const asleep = (result: Result): readonly QueryPath[] =>
  result.kind === "reply" && result.payload !== asciiOf("running") ? ["a query learns that somebody does not run"] : [];

const named = (error: ErrorCode): readonly QueryPath[] => {
  const path = refusals[error];
  return path === undefined ? [] : [path];
};

const forbidden: QueryPath = "a user asks for a status that is not for him";

const refusals: Readonly<Partial<Record<ErrorCode, QueryPath>>> = {
  IC0301: "a status of nobody is asked for",
  IC0408: "a status is asked for in words that make no sense",
  IC0536: "the management canister is asked for what it tells no query",
};

const nowhere: readonly ErrorCode[] = ["IC0301", "IC0536", "IC0537"];

const ends: Readonly<Partial<Record<ErrorCode, QueryPath>>> = {
  IC0525: "a query is called too deep",
  IC0526: "a query uses up what is left to the whole one",
  IC0506: "nobody answers a query",
  IC0502: "a query traps",
  IC0503: "a query traps",
  IC0504: "a query traps",
  IC0522: "a query traps",
};
