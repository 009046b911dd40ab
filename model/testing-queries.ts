/** Questions for the tests of the model: canisters that answer them, and what came back. */
import {
  drive,
  instructions,
  nanoseconds,
  type CanisterGenesis,
  type Input,
  type Instruction,
  type Mode,
  type Parameters,
  type QueryEvent,
  type Script,
  type Trace,
  type Value,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { call, canister, eventsOf, query, replyWith, world } from "./testing.ts";

/** A canister that exports these methods by mode, with a method "write" that sets page 0 to what it is given. */
export const answering = (
  id: string,
  { query: queries = {}, composite = {}, update = {} }: Partial<Record<Mode, Readonly<Record<string, Script>>>>,
  more: Partial<CanisterGenesis> = {},
): CanisterGenesis => {
  const given = { query: queries, composite, update: { write: [writing({ kind: "message" })], ...update } };
  const methods = (["query", "composite", "update"] as const).flatMap((mode) =>
    Object.entries(given[mode]).map(([name, body]) => ({ name, mode, body })),
  );
  return canister(id, {}, { methods, ...more });
};

/** Writes page 0. */
export const writing = (value: Value): Instruction => ({ op: "write", page: 0, value });

export const asking: Partial<Parameters> = {
  queryInstructionLimit: instructions(100),
  queryTreeInstructionLimit: instructions(200),
  queryCallOverhead: instructions(10),
  queryDepth: 2,
  queryWindow: nanoseconds(10n),
};

export const led = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters> = {}): Trace =>
  drive(createModel({ freeze: true }), { genesis: world(canisters, { ...asking, ...parameters }), inputs }) as Trace;

export const told = (trace: Trace): readonly QueryEvent[] =>
  eventsOf(trace).filter((event): event is QueryEvent => event.kind === "query-answered" || event.kind === "query-refused");

/** What comes back for each query: the bytes of a reply, or an error. */
export const outcomes = (trace: Trace): readonly string[] =>
  told(trace).map((event) =>
    event.kind === "query-refused" ? event.error : event.result.kind === "reply" ? event.result.payload : event.result.error,
  );

export const used = (trace: Trace): readonly number[] =>
  told(trace).map((event) => (event.kind === "query-answered" ? event.instructions : 0));

export const page: Value = { kind: "page", page: 0 };
export const read: Script = [replyWith(page)];
export const message = replyWith({ kind: "message" });

/** Calls, and answers with what comes back. */
export const passOn = (to: string, method: string, more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  call(to, method, { onReply: [message], onReject: [message], ...more });

/** What a query of this body comes to, beside a canister `b` that can be read. */
export const asked = (body: Script, mode: "query" | "composite" = "query", parameters: Partial<Parameters> = {}): string =>
  outcomes(
    led([answering("a", { [mode]: { ask: body } }), answering("b", { query: { read } })], [query("a", "ask", "07")], parameters),
  )[0]!;
