/** Paths of the management canister: what becomes of what is asked of it, and of messages to who does not run. */
import type { ErrorCode, Event, Input } from "../../spec/index.ts";

export const managedPaths = [
  "a canister is stopped",
  "a canister is started",
  "cycles are deposited",
  "the management canister tells a status",
  "the management canister takes code away",
  "the management canister deletes a canister",
  "the management canister knows no such canister",
  "somebody asks who may not",
  "a canister that is not stopped is not deleted",
  "a request to stop is given up",
  "a request to stop is cancelled",
  "an answer of the management canister is late",
  "a message of a user is sent to a canister that does not run",
  "a call finds its canister stopped",
  "a call finds its canister stopping",
  "a query finds its canister not running",
] as const;

type ManagedPath = (typeof managedPaths)[number];

/** The paths that the events of one input show. */
export const managedPathsOf = (events: readonly Event[], input: Input): readonly ManagedPath[] =>
  events.flatMap((event, at): readonly ManagedPath[] => {
    switch (event.kind) {
      case "canister-stopped":
        return ["a canister is stopped"];
      case "canister-started":
        return ["a canister is started"];
      case "cycles-deposited":
        return event.cycles > 0n ? ["cycles are deposited"] : [];
      case "uninstalled":
        return input.kind === "round" ? ["the management canister takes code away"] : [];
      case "canister-deleted":
        return input.kind === "round" ? ["the management canister deletes a canister"] : [];
      case "management-answered":
        return event.result.kind === "reply"
          ? event.result.payload === ""
            ? []
            : ["the management canister tells a status"]
          : named(refusals, event.result.error);
      case "response-late":
        return events[at - 1]?.kind === "management-answered" ? ["an answer of the management canister is late"] : [];
      case "ingress-refused":
        return isOfStatus(event.error) ? ["a message of a user is sent to a canister that does not run"] : [];
      case "not-executed":
        return named(unexecuted, event.error);
      case "query-refused":
        return isOfStatus(event.error) ? ["a query finds its canister not running"] : [];
      default:
        return [];
    }
  });

const isOfStatus = (error: ErrorCode): boolean => error === "IC0508" || error === "IC0509";

type Table = Readonly<Partial<Record<ErrorCode, ManagedPath>>>;

const refusals: Table = {
  IC0301: "the management canister knows no such canister",
  IC0512: "somebody asks who may not",
  IC0510: "a canister that is not stopped is not deleted",
  IC0206: "a request to stop is given up",
  IC0511: "a request to stop is cancelled",
};

const unexecuted: Table = { IC0508: "a call finds its canister stopped", IC0509: "a call finds its canister stopping" };

const named = (table: Table, error: ErrorCode): readonly ManagedPath[] => {
  const path = table[error];
  return path === undefined ? [] : [path];
};
