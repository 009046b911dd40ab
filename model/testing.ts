/** Small worlds for the tests of the model: two canisters on one core, with prices that are easy to add up. */
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  drive,
  feesOf2025,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type Event,
  type EventKind,
  type Genesis,
  type Hex,
  type Input,
  type Instruction,
  type Parameters,
  type Script,
  type Trace,
  type Value,
} from "../spec/index.ts";
import { createModel } from "./index.ts";

export const smallParameters: Parameters = {
  ...publishedParameters,
  cores: 1,
  roundInstructionLimit: instructions(1_000),
  messageInstructionLimit: instructions(100),
  messageOverhead: instructions(2),
  maxPayload: bytes(32),
  queueCapacity: 2,
  maxPages: 4,
  pageSize: bytes(32),
  fees: feesOf2025,
};

/** A canister whose methods are scripts by name. */
export const canister = (id: string, methods: Readonly<Record<string, Script>>, more: Partial<CanisterGenesis> = {}): CanisterGenesis => ({
  id: canisterId(id),
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(1_000_000_000_000n),
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [],
  ...more,
});

export const world = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Genesis => ({
  parameters: { ...smallParameters, ...parameters },
  time: nanoseconds(0n),
  canisters,
});

export const literal = (text: string): Value => ({ kind: "bytes", bytes: hex(text) });

/** A call with continuations that do nothing unless they are given. */
export const call = (callee: string, method: string, more: Partial<Instruction & { op: "call" }> = {}): Instruction => ({
  op: "call",
  callee: canisterId(callee),
  method,
  payload: literal(""),
  attached: cycles(0n),
  onReply: [],
  onReject: [],
  onCleanup: [],
  onRefused: [],
  ...more,
});

/** What is said in words, a method of the management canister and its argument. */
export const spoken = (said: string): { readonly method: string; readonly payload: Hex } => {
  const [method = "", ...words] = said.split(" ");
  return { method, payload: asciiOf(words.join(" ")) };
};

/** A call that asks this of the management canister. */
export const asks = (said: string, more: Partial<Instruction & { op: "call" }> = {}): Instruction => {
  const { method, payload } = spoken(said);
  return call("aaaaa-aa", method, { payload: literal(payload), ...more });
};

export const replyWith = (payload: Value): Instruction => ({ op: "reply", payload });

export const ingress = (id: string, to: string, method: string, payload = ""): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(to),
  method,
  payload: hex(payload),
});

export const query = (to: string, method: string, payload = ""): Input & { kind: "query" } => ({
  kind: "query",
  canister: canisterId(to),
  method,
  payload: hex(payload),
});

export const round = (number = 1, elapsed = 1n, more: Partial<Input & { kind: "round" }> = {}): Input => ({
  kind: "round",
  elapsed: nanoseconds(elapsed),
  tape: hex(number.toString(16).padStart(64, "0")),
  ...more,
});

/** All events of a trace, or of one of its subnets. */
export const eventsOf = ({ steps }: Trace, of?: number): readonly Event[] =>
  steps.filter(({ subnet = 0 }) => of === undefined || of === subnet).flatMap(({ observation }) => observation.events);

/** All events of a trace that are of this kind. */
export const eventsOfKind = <Kind extends EventKind>(trace: Trace, kind: Kind): readonly (Event & { kind: Kind })[] =>
  eventsOf(trace).filter((event): event is Event & { kind: Kind } => event.kind === kind);

/** Whether no cycle is missing after any step. */
export const balanced = ({ steps }: Trace): boolean =>
  steps.every(({ observation: { ledger } }) => {
    const { balances, reserved, messages, contexts, callbacks, executions, float, burned, lost, sent, minted, received } = ledger;
    return balances + reserved + messages + contexts + callbacks + executions + float + burned + lost + sent === minted + received;
  });

/** So many rounds, one after another. */
export const rounds = (count: number, more: Partial<Input & { kind: "round" }> = {}): readonly Input[] =>
  Array.from({ length: count }, (_, k) => round(k + 1, 1n, more));

/** Executes so many instructions in all, and replies. */
export const working = (count: number): Script => [
  { op: "consume", instructions: instructions(count - 1) },
  { op: "reply", payload: literal("") },
];

/** A reference that freezes its states, so that a write outside an effect throws. */
export const frozen = createModel({ freeze: true });

export const run = (genesis: Genesis, inputs: readonly Input[]): Trace => drive(frozen, { genesis, inputs }) as Trace;
