/**
 * Stories: small traces written by hand, with prices that are easy to add up. Each property is shown one that it accepts
 * and, with one edit, one that it must condemn. A test leads a machine through every story, so none of them is a tale.
 *
 * The prices: an execution costs 10 and 1 for each instruction, so the prepayment is 110; an ingress message 5 and 1 for
 * each byte; a call 7 and 1 for each byte, with a reserve of 32 + 110 = 142; a page costs nothing to keep.
 */
import {
  bytes,
  canisterId,
  cycles,
  feesOfSystem,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type Event,
  type Genesis,
  type Input,
  type Instruction,
  type Ledger,
  type Observation,
  type Parameters,
  type Script,
  type Slice,
  type Step,
  type TokenLedger,
  type Trace,
} from "../../spec/index.ts";

export const network: Parameters = {
  ...publishedParameters,
  cores: 1,
  roundInstructionLimit: instructions(204),
  messageInstructionLimit: instructions(100),
  messageOverhead: instructions(2),
  cleanupReserve: 5,
  queueCapacity: 2,
  maxPayload: bytes(32),
  maxPages: 2,
  pageSize: bytes(32),
  tapeLag: 1,
  fees: {
    ...feesOfSystem,
    name: "toll",
    execution: cycles(10n),
    tenInstructions: cycles(10n),
    ingress: cycles(5n),
    ingressByte: cycles(1n),
    call: cycles(7n),
    transmissionByte: cycles(1n),
  },
};

export const canister = (id: string, methods: Readonly<Record<string, Script>>, more: Partial<CanisterGenesis> = {}): CanisterGenesis => ({
  id: canisterId(id),
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(1_000n),
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [],
  ...more,
});

export const world = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Genesis => ({
  parameters: { ...network, ...parameters },
  time: nanoseconds(0n),
  canisters,
});

const tape = hex("00".repeat(32));
export const round = (elapsed = 1n, slices?: readonly Slice[]): Input => ({
  kind: "round",
  elapsed: nanoseconds(elapsed),
  tape,
  ...(slices && { slices }),
});
export const ingress = (id: string, to: string, method: string, payload = ""): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(to),
  method,
  payload: hex(payload),
});

/** A call to method m1 of b, with these callbacks. */
export const callTo = (more: Partial<Instruction & { op: "call" }> = {}): Instruction => ({
  op: "call",
  callee: canisterId("b"),
  method: "m1",
  payload: { kind: "bytes", bytes: hex("") },
  attached: cycles(0n),
  onReply: [],
  onReject: [],
  onCleanup: [],
  onRefused: [],
  ...more,
});

export const reply = (text = ""): Instruction => ({ op: "reply", payload: { kind: "bytes", bytes: hex(text) } });
export const replyMessage: Instruction = { op: "reply", payload: { kind: "message" } };

/** What came of one input: events as they are on paper, and what is not 0 in the ledger. */
export interface Told {
  readonly input: Input;
  readonly events: readonly object[];
  readonly ledger?: Partial<Record<keyof Ledger, bigint>>;
  readonly draws?: readonly object[];
  /** In a world with tokens, all of the sums. */
  readonly tokens?: Readonly<Record<keyof TokenLedger, bigint>>;
}

export const story = (genesis: Genesis, told: readonly Told[]): Trace => {
  const minted = genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n);
  const nothing = {
    balances: minted,
    reserved: 0n,
    messages: 0n,
    contexts: 0n,
    callbacks: 0n,
    executions: 0n,
    float: 0n,
    burned: 0n,
    lost: 0n,
    sent: 0n,
    received: 0n,
    minted,
  };
  const steps = told.map(({ input, events, ledger, draws, tokens }): Step => {
    // Written by hand, and held to a machine by a test: so the units are not spelled out.
    const observation: unknown = {
      events,
      ledger: { ...nothing, ...ledger },
      draws: draws ?? [],
      stateRoot: null,
      ...(tokens && { tokens }),
    };
    return { input, observation: observation as Observation };
  });
  return { machine: "story", scenario: { genesis, inputs: told.map(({ input }) => input) }, steps };
};

/** An execution in which nothing happens but what is named. */
export const executed = (id: string, context: number, more: Readonly<Record<string, unknown>>): object => ({
  kind: "executed",
  canister: id,
  cause: { kind: "timer" },
  context,
  trap: null,
  cleanup: "none",
  instructions: 1,
  prepaid: 110n,
  charged: 11n,
  refunded: 0n,
  transmissionReserve: 0n,
  transmissionFee: 0n,
  accepted: 0n,
  burned: 0n,
  reserved: 0n,
  calls: [],
  refusedCalls: [],
  wrote: [],
  timer: null,
  balance: 0n,
  ...more,
});

export const fromUser = (id: string, method = "m0"): object => ({
  kind: "update",
  origin: { kind: "ingress", ingress: id },
  method,
  attached: 0n,
});
export const fromCall = (caller: string, callback: number, attached = 0n): object => ({
  kind: "update",
  origin: { kind: "canister", canister: caller, callback },
  method: "m1",
  attached,
});
export const sent = (callback: number, more: Readonly<Record<string, unknown>> = {}): object => ({
  callback,
  callee: "b",
  method: "m1",
  bytes: 0,
  attached: 0n,
  deadline: null,
  fee: 7n,
  reserve: 142n,
  ...more,
});

export const began = (height: number, time: bigint): object => ({ kind: "round-began", height, time });
export const ended = (height: number, iterations: number, used: number): object => ({
  kind: "round-ended",
  height,
  iterations,
  instructions: used,
});
export const turn = (iteration: number, id: string, used: number, ...events: readonly object[]): readonly object[] => [
  { kind: "turn-began", iteration, core: 0, canister: id },
  ...events,
  { kind: "turn-ended", iteration, core: 0, canister: id, instructions: used, drained: true },
];

/** An answer, and what is right behind it: the entry in the history, the end of the context. */
export const answeredUser = (id: string, context: number | null, ingressIs: string, result: object): readonly object[] => [
  { kind: "answered", canister: id, context, origin: { kind: "ingress", ingress: ingressIs }, result, refund: 0n },
  { kind: "ingress-answered", ingress: ingressIs, result },
];
export const removed = (id: string, context: number, remaining = 0): object => ({
  kind: "context-removed",
  canister: id,
  context,
  remaining,
});
export const replied = (payload: string): object => ({ kind: "reply", payload });
export const rejected = (error: string): object => ({ kind: "reject", code: Number(error[3]), error });

/** The same trace with one of its events changed: the n-th of its kind, from 0. */
export const edited = (trace: Trace, kind: Event["kind"], nth: number, change: Readonly<Record<string, unknown>>): Trace =>
  replaced(trace, kind, nth, (event) => [{ ...event, ...change }]);

/** The same trace without one of its events. */
export const without = (trace: Trace, kind: Event["kind"], nth = 0): Trace => replaced(trace, kind, nth, () => []);

/** The same trace with something right behind one of its events. */
export const followed = (trace: Trace, kind: Event["kind"], nth: number, ...more: readonly object[]): Trace =>
  replaced(trace, kind, nth, (event) => [event, ...(more as readonly Event[])]);

/** The same trace with one of its events told again. */
export const repeated = (trace: Trace, kind: Event["kind"], nth = 0): Trace => replaced(trace, kind, nth, (event) => [event, event]);

const replaced = (trace: Trace, kind: Event["kind"], nth: number, change: (event: Event) => readonly Event[]): Trace => {
  let seen = 0;
  const steps = trace.steps.map((step): Step => ({
    ...step,
    observation: {
      ...step.observation,
      events: step.observation.events.flatMap((event) => (event.kind === kind && seen++ === nth ? change(event) : [event])),
    },
  }));
  if (seen <= nth) throw new RangeError(`the story has no event ${nth} of kind ${kind}`);
  return { ...trace, steps };
};

/** The same trace with another observation at one of its steps. */
export const observed = (trace: Trace, step: number, change: Partial<Observation>): Trace => ({
  ...trace,
  steps: trace.steps.map((told, at) => (at === step ? { ...told, observation: { ...told.observation, ...change } } : told)),
});

/** The same trace in another world. */
export const setIn = (trace: Trace, genesis: Genesis): Trace => ({ ...trace, scenario: { ...trace.scenario, genesis } });
