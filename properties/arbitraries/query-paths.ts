/** Paths of queries: what becomes of a question, between two rounds or in one. */
import type { ErrorCode, Event } from "../../spec/index.ts";

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

type QueryPath = (typeof queryPaths)[number];

export const queryPathsOf = (event: Event): readonly QueryPath[] => {
  switch (event.kind) {
    case "query-refused":
      return event.error === "CN0021" ? ["a query finds no budget left"] : [];
    case "query-answered": {
      const { result, nested } = event;
      const missed = nested.some((call) => call.result.kind === "reject" && nowhere.includes(call.result.error));
      const end = result.kind === "reject" ? ends[result.error] : undefined;
      return [
        ...(nested.length > 0 ? (["a query calls another one"] as const) : []),
        ...(missed ? (["a call of a query finds nobody"] as const) : []),
        ...(end === undefined ? [] : [end]),
      ];
    }
    case "not-executed":
      return event.error === "IC0527" ? ["a composite query is called in a round"] : [];
    default:
      return [];
  }
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
