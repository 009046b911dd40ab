/** Paths of cycles from nothing: who gets some, what comes back with them, and who gets none. */
import { isProvisional, type ErrorCode, type Event, type Genesis, type MethodName } from "../../spec/index.ts";

export const provisionPaths = [
  "a canister gets cycles from nothing",
  "somebody who is not there is to get cycles from nothing",
  "a canister is made from nothing with as many cycles as are said",
  "a canister is made from nothing with the usual cycles",
  "a canister that is to be made from nothing wants more than there is",
  "a canister that is to be made from nothing names too many controllers",
  "attached cycles come back, and others are made from nothing",
  "cycles from nothing are asked for in words that make no sense",
  "cycles from nothing are asked for where there are none",
] as const;

/** Those that need worlds of their own: memory that is scarce. */
export const scarceProvisionPaths = [
  "memory of a canister that is made from nothing sets cycles aside",
  "memory of a canister that is to be made from nothing cannot be paid",
  "memory of a canister that is to be made from nothing would set too much aside",
] as const;

/** All of them, in the order in which they are listed. */
export const allProvisionPaths = [...provisionPaths, ...scarceProvisionPaths] as const;

type ProvisionPath = (typeof allProvisionPaths)[number];

/** Calls for cycles from nothing: the method of each, by caller and number. */
export type ProvisionWalk = Map<string, MethodName>;

/** The paths that the events of one input show, in a world that begins like this. */
export const provisionPathsOf = (events: readonly Event[], { provisional }: Genesis, asked: ProvisionWalk): readonly ProvisionPath[] =>
  events.flatMap((event, at): readonly ProvisionPath[] => {
    switch (event.kind) {
      case "executed":
        for (const { callback, method } of event.calls) if (isProvisional(method)) asked.set(`${event.canister} ${callback}`, method);
        return [];
      case "request-bounced":
        return asked.has(`${event.caller} ${event.callback}`) ? named(bounces, event.error) : [];
      case "management-answered": {
        if (!asked.has(`${event.caller} ${event.callback}`)) return [];
        if (event.result.kind === "reject") return named(refusals, event.result.error);
        return [
          ...events.slice(Math.max(0, at - 2), at).flatMap((previous) => pathsOfMaking(previous, provisional)),
          ...(event.refund > 0n ? (["attached cycles come back, and others are made from nothing"] as const) : []),
        ];
      }
      default:
        return [];
    }
  });

const pathsOfMaking = (event: Event, usual: Genesis["provisional"]): readonly ProvisionPath[] => {
  switch (event.kind) {
    case "cycles-provided":
      return ["a canister gets cycles from nothing"];
    case "canister-created":
      return [
        event.balance === usual
          ? "a canister is made from nothing with the usual cycles"
          : "a canister is made from nothing with as many cycles as are said",
      ];
    case "memory-reserved":
      return ["memory of a canister that is made from nothing sets cycles aside"];
    default:
      return [];
  }
};

type Table = Readonly<Partial<Record<ErrorCode, ProvisionPath>>>;

const bounces: Table = {
  IC0408: "cycles from nothing are asked for in words that make no sense",
  IC0536: "cycles from nothing are asked for where there are none",
};

const refusals: Table = {
  IC0301: "somebody who is not there is to get cycles from nothing",
  IC0101: "a canister that is to be made from nothing wants more than there is",
  IC0504: "a canister that is to be made from nothing names too many controllers",
  IC0531: "memory of a canister that is to be made from nothing cannot be paid",
  IC0533: "memory of a canister that is to be made from nothing would set too much aside",
};

const named = (table: Table, error: ErrorCode): readonly ProvisionPath[] => {
  const path = table[error];
  return path === undefined ? [] : [path];
};
