/** Asking in small worlds, for the tests of this room. */
import type { ErrorCode, Event } from "../spec/index.ts";
import type { EngineSession } from "./engine.ts";
import { only, query } from "./small-world.ts";

/** What the user is told. */
export const ask = (session: EngineSession, canister = "a", method = "ask", payload = ""): Extract<Event, { kind: "query-answered" }> => {
  const [event] = session.apply(query(canister, method, payload)).events;
  if (event?.kind === "query-answered") return event;
  throw new Error(`not answered: ${event?.kind === "query-refused" ? event.error : ""}`);
};

export const refused = (session: EngineSession, canister = "a", method = "ask", payload = ""): ErrorCode | undefined =>
  only(session.apply(query(canister, method, payload)).events, "query-refused")[0]?.error;

/** The reply, or the error of the reject. */
export const said = (session: EngineSession, canister = "a", method = "ask", payload = ""): string => {
  const { result } = ask(session, canister, method, payload);
  return result.kind === "reply" ? result.payload : result.error;
};
