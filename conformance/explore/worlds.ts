/**
 * Small worlds to be walked in full, as plain data: the geneses in which a world may begin, and the moves that its
 * adversary has in every state. A move is a few inputs in a row; a message that a user sends gets a fresh id when the
 * move is made. What makes a world small is that only so many messages may be under way to each canister at once.
 */
import {
  bytes,
  canisterId,
  cycles,
  faultsOf,
  feesOfSystem,
  hex,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Hex,
  type Input,
  type Instruction,
  type Parameters,
  type Script,
} from "../../spec/index.ts";

/** How small a world is. */
export interface Scope {
  readonly canisters: number;
  readonly cores: number;
  /** The compute allocations that a canister may have; every combination is tried. @unit percent */
  readonly allocations: readonly number[];
  /** Most ingress messages that are under way to one canister at once. */
  readonly inputs: number;
  readonly scheduler: Parameters["scheduler"];
  /** Slices of a long message; with 1, there are no long messages. Of the scheduler world alone. */
  readonly slices: number;
}

/** What the adversary may do: inputs in a row, where the ids of ingress messages are still to be given. */
export type Move = readonly Act[];
export type Act = Exclude<Input, { kind: "ingress" }> | Omit<Extract<Input, { kind: "ingress" }>, "id">;

export interface SmallWorld {
  readonly id: WorldName;
  /** Every genesis in which it may begin. */
  readonly geneses: readonly Genesis[];
  readonly moves: readonly Move[];
  /** A move that would bring more ingress messages under way to one canister is not offered. */
  readonly underWay: number;
  /** Slices of its longest message. */
  readonly slices: number;
}

export const worldNames = ["scheduler", "calls", "timers"] as const;
export type WorldName = (typeof worldNames)[number];

/** What the worlds are about, in a sentence. */
export const worldTitles: Readonly<Record<WorldName, string>> = {
  scheduler: "each round, any of the canisters get a message whose slices take a whole core each; every combination of allocations",
  calls: "canisters call each other in a ring, with cycles: replies, rejects, traps, cleanup, full queues, restarts",
  timers: "canisters arm timers that fire, trap or arm themselves again, while time goes on in small and large steps",
};

/** A named world in a scope. Where a scope leaves no world, it has no genesis. */
export const smallWorld = (id: WorldName, scope: Scope): SmallWorld => {
  const make = { scheduler: schedulerWorld, calls: callWorld, timers: timerWorld }[id];
  return { id, underWay: scope.inputs, slices: scope.slices, ...make(scope) };
};

/** The scope in which a world is walked when nobody says another one. */
export const usualScopes: Readonly<Record<WorldName, Scope>> = {
  scheduler: { canisters: 3, cores: 2, allocations: [0, 20, 40], inputs: 2, scheduler: "published", slices: 1 },
  calls: { canisters: 2, cores: 2, allocations: [0], inputs: 1, scheduler: "published", slices: 1 },
  timers: { canisters: 2, cores: 2, allocations: [0], inputs: 1, scheduler: "published", slices: 1 },
};

type Made = Pick<SmallWorld, "geneses" | "moves">;

/**
 * A slice is as long as a round, and a short message is one slice: a core serves the canister that it was dealt first,
 * and no other. Of its geneses those are left that fit the network.
 */
const schedulerWorld = (scope: Scope): Made => {
  const { canisters, slices } = scope;
  const parameters = parametersOf(scope, { roundInstructionLimit: instructions(12), messageInstructionLimit: instructions(10 * slices) });
  const long: Script = [{ op: "consume", instructions: instructions(10 * slices - 1) }, reply()];
  const methods = { short: [reply()], ...(slices > 1 && { long }) };
  const geneses = combinations(canisters, scope.allocations)
    .map((allocations) =>
      world(
        parameters,
        allocations.map((allocation, at) => canister(at, methods, { computeAllocation: percent(allocation) })),
      ),
    )
    .filter((genesis) => faultsOf(genesis).length === 0);
  const kinds = Object.keys(methods);
  const moves = Array.from({ length: (kinds.length + 1) ** canisters }, (_, number): Move => {
    const sent = Array.from({ length: canisters }, (_unused, at) => Math.floor(number / (kinds.length + 1) ** at) % (kinds.length + 1));
    return [...sent.flatMap((kind, at) => (kind === 0 ? [] : [message(idOf(at), kinds[kind - 1]!)])), round(1n)];
  });
  return { geneses, moves };
};

/** Every canister asks the next one in the ring. The payload says how it goes: odd, the callee accepts and replies; even, it traps. */
const callWorld = (scope: Scope): Made => {
  const canisters = Array.from({ length: scope.canisters }, (_, at) => {
    const next = idOf((at + 1) % scope.canisters);
    const ask: Script = [
      {
        op: "call",
        callee: next,
        method: "serve",
        payload: { kind: "message" },
        attached: cycles(1n),
        onReply: [write(0, "01"), reply()],
        onReject: [write(0, "00"), { op: "trap" }],
        onCleanup: [write(1, "01")],
        onRefused: [{ op: "reject" }],
      },
    ];
    const serve: Script = [
      { op: "when-odd", value: { kind: "message" }, then: [{ op: "accept", cycles: cycles(1n) }, reply()], otherwise: [{ op: "trap" }] },
    ];
    return canister(at, { ask, serve }, { balance: cycles(2n) });
  });
  const ids = canisters.map(({ id }) => id);
  return {
    // Time stands still: what is left in a round goes through the loopback stream, in turns that the time decides. With these
    // times, each of two or of three canisters is the first.
    geneses: [3n, 4n, 5n].map((time) => ({
      ...world(parametersOf(scope, { roundInstructionLimit: instructions(16), queueCapacity: 1 }), canisters),
      time: nanoseconds(time),
    })),
    moves: [
      [round(0n)],
      [{ kind: "restart" }],
      ...ids.flatMap((id): readonly Move[] => [[message(id, "ask", "01")], [message(id, "ask", "00")]]),
    ],
  };
};

/** The last page decides what a timer does: odd, it arms itself again; even, it traps. */
const timerWorld = (scope: Scope): Made => {
  const arm = (after: bigint | null): Instruction => ({ op: "set-timer", after: after === null ? null : nanoseconds(after) });
  const canisters = Array.from({ length: scope.canisters }, (_, at) =>
    canister(
      at,
      { soon: [write(0, "00"), arm(1n), reply()], often: [write(0, "01"), arm(2n), reply()], never: [arm(null), reply()] },
      { onTimer: [{ op: "when-odd", value: { kind: "page", page: 0 }, then: [arm(2n)], otherwise: [arm(3n), { op: "trap" }] }] },
    ),
  );
  return {
    geneses: [world(parametersOf(scope, { roundInstructionLimit: instructions(16) }), canisters)],
    moves: [
      [round(1n)],
      [round(3n)],
      [{ kind: "restart" }],
      ...canisters.flatMap(({ id }) => ["soon", "often", "never"].map((method): Move => [message(id, method)])),
    ],
  };
};

/** The greatest number of the wire: nothing comes to it. */
const unlimited = BigInt(Number.MAX_SAFE_INTEGER);

/** Nothing costs anything, so that balances change by transfers alone and need not run out. */
const parametersOf = ({ cores, scheduler }: Scope, more: Partial<Parameters>): Parameters => ({
  ...publishedParameters,
  scheduler,
  cores,
  messageInstructionLimit: instructions(10),
  sliceInstructionLimit: instructions(10),
  allocatable: 100,
  messageOverhead: instructions(2),
  maxPayload: bytes(32),
  maxPages: 2,
  pageSize: bytes(8),
  // Nothing grows too old, and the history never runs out.
  requestLifetime: nanoseconds(unlimited),
  // Nothing is set aside for memory, however much of it is in use.
  storage: { ...publishedParameters.storage, period: seconds(0) },
  // Nobody is charged for existing, or no two states would be alike.
  chargePeriod: nanoseconds(unlimited),
  bestEffortLifetime: nanoseconds(unlimited),
  ingressLifetime: nanoseconds(unlimited),
  historyLifetime: nanoseconds(unlimited),
  historyCapacity: Number(unlimited),
  historyMemory: bytes(Number(unlimited)),
  // The reset of priorities is out of reach: without it the current scheduler does not look at the height.
  priority: { ...publishedParameters.priority, resetInterval: Number(unlimited) },
  fees: feesOfSystem,
  ...more,
});

const world = (parameters: Parameters, canisters: readonly CanisterGenesis[]): Genesis => ({
  parameters,
  time: nanoseconds(0n),
  canisters,
});

const canister = (at: number, methods: Readonly<Record<string, Script>>, more: Partial<CanisterGenesis> = {}): CanisterGenesis => ({
  id: idOf(at),
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(0n),
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [],
  ...more,
});

/** `a`, `b`, `c` and so on. */
const idOf = (at: number): CanisterId => canisterId(String.fromCharCode("a".charCodeAt(0) + at));

const message = (to: CanisterId, method: string, payload = ""): Act => ({ kind: "ingress", canister: to, method, payload: hex(payload) });

const round = (elapsed: bigint): Act => ({ kind: "round", elapsed: nanoseconds(elapsed), tape: emptyTape });

const emptyTape: Hex = hex("00".repeat(32));

const reply = (): Instruction => ({ op: "reply", payload: { kind: "bytes", bytes: hex("") } });

const write = (page: number, content: string): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: hex(content) } });

const combinations = (length: number, of: readonly number[]): readonly (readonly number[])[] =>
  length === 0 ? [[]] : combinations(length - 1, of).flatMap((rest) => of.map((last) => [...rest, last]));
