/** Events in the words that people read: each on one line. */
import {
  hex,
  type Cause,
  type Conversion,
  type Event,
  type Executed,
  type HashTree,
  type NestedQuery,
  type Origin,
  type RefusedCall,
  type Result,
  type SentCall,
  type StreamMessage,
} from "../../spec/index.ts";
import { encode } from "../json.ts";
import { messageInWords } from "./inputs.ts";
import { bytesInWords, inGroups, originInWords, resultInWords, textInWords, witnessInWords } from "./words.ts";

/** An event on one line: its kind, who, and what is not zero. */
export const eventInWords = (event: Event): string => {
  const { kind, ...fields } = event;
  const isManaged = kind === "management-answered";
  const told = Object.entries(fields as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    if ((value === 0 && !naming.has(name)) || value === 0n || value === "none" || (Array.isArray(value) && value.length === 0)) return [];
    if (value === null && kind === "message-refused") return ["ignored"];
    if (kind === "execution-resumed" && name === "afresh") return value === true ? ["afresh"] : [];
    if (kind === "management-asked" && name === "canister") return [`for ${String(value)}`];
    if (value === null && name !== "context") return [];
    if (isManaged && name === "result") return [`result ${answerInWords(value as Result)}`];
    return [name === "canister" ? fieldInWords(name, value) : `${name} ${fieldInWords(name, value)}`];
  });
  return [kind, ...told].join(", ");
};

/** Numbers that name something: zero is a name like any other. */
const naming = new Set([
  "callback",
  "context",
  "core",
  "index",
  "height",
  "asked",
  "node",
  "from",
  "begin",
  "signals",
  "conversion",
  "snapshot",
  "replaced",
]);

const fieldInWords = (name: string, value: unknown): string => {
  if (typeof value === "bigint" || typeof value === "number") return inGroups(value);
  if (name === "data" || name === "digest") return bytesInWords(hex(value as string));
  if (typeof value === "string") return value;
  if (name === "origin") return originInWords(value as Origin);
  if (name === "cause") return causeInWords(value as Cause);
  if (name === "result") return resultInWords(value as Result);
  if (name === "message") return messageInWords(value as StreamMessage);
  if (name === "controllers") return (value as readonly string[]).join(" and ");
  if (name === "witness") return witnessInWords(value as HashTree);
  if (name === "refusedCalls") return (value as readonly RefusedCall[]).map(({ callee, error }) => `${error} to ${callee}`).join(" and ");
  if (name === "outcome") return outcomeInWords(value as Conversion);
  if (name === "calls") return (value as readonly SentCall[]).map(callInWords).join(" and ");
  if (name === "nested") return (value as readonly NestedQuery[]).map(nestedInWords).join(" and ");
  if (name === "wrote")
    return (value as Executed["wrote"]).map(([page, content]) => `page ${page} = ${bytesInWords(content)}`).join(" and ");
  return encode(value);
};

/** The management canister answers in texts. */
const answerInWords = (result: Result): string =>
  result.kind === "reply" ? `reply ${textInWords(result.payload)}` : resultInWords(result);

const outcomeInWords = (outcome: Conversion): string =>
  outcome.kind === "refunded"
    ? `${inGroups(outcome.tokens)} e8s back, ${outcome.error}`
    : `${outcome.canister} ${outcome.kind} with ${inGroups(outcome.cycles)} cycles, balance ${inGroups(outcome.balance)}`;

const causeInWords = (cause: Cause): string => {
  switch (cause.kind) {
    case "update":
      return `${cause.method} for ${originInWords(cause.origin)}${cause.attached > 0n ? ` with ${inGroups(cause.attached)}` : ""}`;
    case "response":
      return `${cause.result} to callback ${cause.callback}`;
    case "timer":
    case "heartbeat":
      return cause.kind;
    case "low-memory":
      return "low memory";
  }
};

const nestedInWords = ({ depth, caller, callee, method, result }: NestedQuery): string =>
  `${caller} to ${callee}.${method} at depth ${depth}: ${resultInWords(result)}`;

const callInWords = ({ callback, callee, method, bytes, attached, deadline, fee, reserve }: SentCall): string =>
  `callback ${callback} to ${callee}.${method} (${bytes} bytes, attached ${inGroups(attached)}, fee ${inGroups(fee)}, reserve ${inGroups(reserve)}${deadline === null ? "" : `, until ${inGroups(deadline)}`})`;
