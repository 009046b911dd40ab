/** Paths of what consensus answers: what leaves the layer, what does not, and what blocks say to it. */
import type { ErrorCode, Event, ManagementMethod } from "../../spec/index.ts";

export const outcallPaths = [
  "a signature is asked for",
  "a key is derived",
  "an outcall is made",
  "a signature is refused",
  "an outcall is refused",
  "a block answers who asked",
  "consensus gives a request up",
  "a block answers nobody",
  "a block answers before there is a nonce",
  "a block answers at too great a length",
  "an answer of consensus is late",
] as const;

/** Those that need worlds of their own: who asked is gone, and rounds that are skipped. */
export const rareOutcallPaths = ["an answer of consensus is for who is gone", "a block answers in a round that is skipped"] as const;

type OutcallPath = (typeof outcallPaths)[number] | (typeof rareOutcallPaths)[number];

/** What was asked for, by caller and number of the call. */
export type OutcallWalk = Map<string, ManagementMethod>;

/** The paths that the events of one input show. */
export const outcallPathsOf = (events: readonly Event[], methods: OutcallWalk): readonly OutcallPath[] => {
  const skipped = events.some(({ kind }) => kind === "round-skipped");
  return events.flatMap((event, at): readonly OutcallPath[] => {
    const behind = events[at - 2]?.kind === "consensus-answered";
    switch (event.kind) {
      case "management-asked":
        methods.set(`${event.caller} ${event.callback}`, event.method);
        return [];
      case "consensus-asked":
        return [asked[event.method] ?? "a signature is asked for"];
      case "consensus-answered":
        return ["a block answers who asked", ...(skipped ? (["a block answers in a round that is skipped"] as const) : [])];
      case "consensus-refused":
        return named(event.error);
      case "management-answered": {
        if (event.result.kind === "reply") return [];
        if (event.result.error === "CN0212") return ["consensus gives a request up"];
        const method = methods.get(`${event.caller} ${event.callback}`);
        if (method === "http_request") return ["an outcall is refused"];
        return method === "sign_with_ecdsa" || method === "sign_with_schnorr" ? ["a signature is refused"] : [];
      }
      case "response-late":
        return behind ? ["an answer of consensus is late"] : [];
      case "message-dropped":
        return behind ? ["an answer of consensus is for who is gone"] : [];
      default:
        return [];
    }
  });
};

const asked: Readonly<Partial<Record<ManagementMethod, OutcallPath>>> = {
  vetkd_derive_key: "a key is derived",
  http_request: "an outcall is made",
};

const refusals: Readonly<Partial<Record<ErrorCode, OutcallPath>>> = {
  CN0024: "a block answers nobody",
  CN0025: "a block answers before there is a nonce",
  CN0026: "a block answers at too great a length",
};

const named = (error: ErrorCode): readonly OutcallPath[] => {
  const path = refusals[error];
  return path === undefined ? [] : [path];
};
