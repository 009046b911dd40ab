/** Asking in small worlds, for the tests of this room. */
import type { ErrorCode, Event } from "../spec/index.ts";
import type { EngineSession } from "./engine.ts";
import { only, query, sentBy } from "./small-world.ts";

type Answered = Extract<Event, { kind: "query-answered" }>;

/** What the user is told; who it is does not matter where nobody says. */
export const ask = (session: EngineSession, canister = "a", method = "ask", payload = "", sender?: string): Answered => {
  const asked = query(canister, method, payload);
  const [event] = session.apply(sender === undefined ? asked : sentBy(sender, asked)).events;
  if (event?.kind === "query-answered") return event;
  throw new Error(`not answered: ${event?.kind === "query-refused" ? event.error : ""}`);
};

export const refused = (session: EngineSession, canister = "a", method = "ask", payload = ""): ErrorCode | undefined =>
  only(session.apply(query(canister, method, payload)).events, "query-refused")[0]?.error;

/** The reply, or the error of the reject. */
export const said = (session: EngineSession, canister = "a", method = "ask", payload = "", sender?: string): string => {
  const { result } = ask(session, canister, method, payload, sender);
  return result.kind === "reply" ? result.payload : result.error;
};
