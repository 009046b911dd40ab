/**
 * Worlds small enough to compute by hand, for the tests of this room. Everything is scaled to numbers that a reader can
 * add up: an instruction costs 1 cycle, a byte on the way 1, and a page that was written 1 a second.
 */
import {
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type Event,
  type EventKind,
  type Genesis,
  type Input,
  type Instruction,
  publishedParameters,
  type Parameters,
  type Script,
  type Value,
} from "../spec/index.ts";

/** Prepayment 1100, transmission reserve 64, so each call holds 1164; a callback runs with limit 900. */
export const smallParameters: Parameters = {
  ...publishedParameters,
  scheduler: "published",
  cores: 2,
  roundInstructionLimit: instructions(4000),
  messageInstructionLimit: instructions(1000),
  messageOverhead: instructions(10),
  cleanupReserve: 10,
  queueCapacity: 2,
  maxPayload: bytes(64),
  maxPages: 8,
  pageSize: bytes(1024),
  tapeLag: 1,
  fees: {
    name: "small",
    subnetSize: 13,
    referenceSubnetSize: 13,
    execution: cycles(100n),
    tenInstructions: cycles(10n),
    ingress: cycles(50n),
    ingressByte: cycles(2n),
    call: cycles(30n),
    transmissionByte: cycles(1n),
    gibSecond: cycles(2n ** 20n),
    percentSecond: cycles(1n),
  },
};

export interface SmallCanister {
  readonly balance?: bigint;
  readonly allocation?: number;
  /** @unit seconds */
  readonly freezing?: number;
  readonly onTimer?: Script;
  /** The body of its method `go`. */
  readonly go?: Script;
  readonly methods?: Readonly<Record<string, Script>>;
}

/** A genesis of these canisters; what is not said is 100,000 cycles, no allocation, no freezing threshold, and a method `go` that only replies. */
export const smallWorld = (canisters: Readonly<Record<string, SmallCanister>>, parameters: Partial<Parameters> = {}): Genesis => ({
  parameters: { ...smallParameters, ...parameters },
  time: nanoseconds(1000n),
  canisters: Object.entries(canisters).map(
    ([id, { balance = 100_000n, allocation = 0, freezing = 0, onTimer = [], go = [reply()], methods = {} }]) => ({
      id: canisterId(id),
      computeAllocation: percent(allocation),
      freezingThreshold: seconds(freezing),
      balance: cycles(balance),
      methods: Object.entries({ go, ...methods }).map(([name, body]) => ({ name, body })),
      onTimer,
    }),
  ),
});

export const message: Value = { kind: "message" };
export const bytesOf = (text: string): Value => ({ kind: "bytes", bytes: hex(text) });
export const pageOf = (page: number): Value => ({ kind: "page", page });

export const consume = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });
export const write = (page: number, value: Value | string): Instruction => ({
  op: "write",
  page,
  value: typeof value === "string" ? bytesOf(value) : value,
});
export const reply = (payload: Value | string = ""): Instruction => ({
  op: "reply",
  payload: typeof payload === "string" ? bytesOf(payload) : payload,
});
export const accept = (count: bigint): Instruction => ({ op: "accept", cycles: cycles(count) });
export const burn = (count: bigint): Instruction => ({ op: "burn", cycles: cycles(count) });
export const trap: Instruction = { op: "trap" };
export const reject: Instruction = { op: "reject" };
export const setTimer = (after: bigint | null): Instruction => ({ op: "set-timer", after: after === null ? null : nanoseconds(after) });

export interface SmallCall {
  readonly method?: string;
  readonly payload?: Value | string;
  readonly attached?: bigint;
  readonly onReply?: Script;
  readonly onReject?: Script;
  readonly onCleanup?: Script;
  readonly onRefused?: Script;
}

export const call = (callee: string, said: SmallCall = {}): Instruction => {
  const { method = "go", payload = "", attached = 0n, onReply = [], onReject = [], onCleanup = [], onRefused = [] } = said;
  const argument = typeof payload === "string" ? bytesOf(payload) : payload;
  return {
    op: "call",
    callee: canisterId(callee),
    method,
    payload: argument,
    attached: cycles(attached),
    onReply,
    onReject,
    onCleanup,
    onRefused,
  };
};

export const ingress = (id: string, canister: string, method = "go", payload = ""): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(canister),
  method,
  payload: hex(payload),
});

export const tapeOf = (byte: string) => hex(byte.repeat(32));

export const round = (elapsed = 1n, coreOrder?: readonly number[]): Input => ({
  kind: "round",
  elapsed: nanoseconds(elapsed),
  tape: tapeOf("5a"),
  ...(coreOrder === undefined ? {} : { coreOrder }),
});

/** The events of one kind. */
export const only = <Kind extends EventKind>(events: readonly Event[], kind: Kind): Extract<Event, { kind: Kind }>[] =>
  events.filter((event): event is Extract<Event, { kind: Kind }> => event.kind === kind);
