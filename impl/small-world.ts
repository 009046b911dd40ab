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
  keyName,
  moduleName,
  nanoseconds,
  percent,
  principal,
  seconds,
  subnetId,
  userId,
  type CodeGenesis,
  type Event,
  type EventKind,
  type Genesis,
  type Input,
  type Instruction,
  type LowMemory,
  type Parameters,
  type Path,
  type Script,
  type Slice,
  type Value,
} from "../spec/index.ts";
import type { EngineSession } from "./engine.ts";

/** A limit that nothing reaches. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** Prepayment 1100, transmission reserve 64, so each call holds 1164; a callback runs with limit 900. */
export const smallParameters: Parameters = {
  scheduler: "published",
  cores: 2,
  roundInstructionLimit: instructions(4000),
  messageInstructionLimit: instructions(1000),
  sliceInstructionLimit: instructions(1000),
  maxPausedExecutions: 2,
  canisterOverhead: instructions(0),
  finalisationOverhead: instructions(0),
  heapDeltaIterationLimit: bytes(unlimited),
  heapDeltaRateLimit: bytes(unlimited),
  heapDeltaCapacity: bytes(unlimited),
  heapDeltaReserve: bytes(unlimited),
  allocatable: 100,
  priority: { resetInterval: 1_000, ceiling: 5, floor: 20, decay: 80 },
  messageOverhead: instructions(10),
  cleanupReserve: 10,
  queueCapacity: 2,
  guaranteedResponseMemory: bytes(64 * 64),
  bestEffortMemory: bytes(256),
  callbackLimit: 50,
  callbackQuota: 8,
  streamCapacity: 4,
  requestLifetime: nanoseconds(20n),
  bestEffortLifetime: nanoseconds(10n),
  droppedCycles: "returned",
  ingressLifetime: nanoseconds(100n),
  historyLifetime: nanoseconds(100n),
  historyCapacity: 1000,
  historyMemory: bytes(4096),
  inspectionInstructionLimit: instructions(100),
  queryInstructionLimit: instructions(1000),
  queryTreeInstructionLimit: instructions(2000),
  queryCallOverhead: instructions(20),
  queryDepth: 3,
  queryBudget: instructions(unlimited),
  queryWindow: nanoseconds(100n),
  replicatedQueryAccepts: true,
  maxPayload: bytes(64),
  maxPages: 8,
  heapPages: 4,
  pageSize: bytes(1024),
  tapeLag: 1,
  stopTimeout: nanoseconds(10n),
  installInstructionLimit: instructions(2000),
  keys: [keyName("k1"), keyName("k2")],
  signatureQueue: 2,
  outcallLimit: 2,
  installRateLimit: instructions(100),
  changesKept: 3,
  snapshotLimit: 2,
  snapshotInstructions: instructions(500),
  chunkLimit: 3,
  chunkBytes: bytes(512),
  chunkInstructions: instructions(70),
  chargePeriod: nanoseconds(2n ** 61n),
  storage: { threshold: bytes(0), capacity: bytes(unlimited), period: seconds(0) },
  fees: {
    name: "small",
    subnetSize: 13,
    referenceSubnetSize: 13,
    execution: cycles(100n),
    tenInstructions: cycles(10n),
    ingress: cycles(50n),
    ingressByte: cycles(2n),
    ingressScaled: "apart",
    call: cycles(30n),
    transmissionByte: cycles(1n),
    gibSecond: cycles(2n ** 20n),
    baseSecond: cycles(0n),
    messageGibSecond: cycles(0n),
    percentSecond: cycles(1n),
    creation: cycles(0n),
    signature: cycles(40n),
    outcall: cycles(2n),
    outcallNode: cycles(1n),
    outcallRequestByte: cycles(1n),
    outcallResponseByte: cycles(1n),
    schedule: "normal",
  },
};

export interface SmallCode {
  readonly onTimer?: Script;
  readonly onHeartbeat?: Script;
  readonly inspect?: Script;
  readonly lowMemory?: LowMemory;
  readonly onInit?: Script;
  readonly onPreUpgrade?: Script;
  readonly onPostUpgrade?: Script;
  readonly persistentHeap?: boolean;
  /** The body of its method `go`. */
  readonly go?: Script;
  readonly methods?: Readonly<Record<string, Script>>;
  /** Methods of the other modes. */
  readonly queries?: Readonly<Record<string, Script>>;
  readonly composites?: Readonly<Record<string, Script>>;
}

export interface SmallCanister extends SmallCode {
  readonly balance?: bigint;
  readonly allocation?: number;
  /** @unit seconds */
  readonly freezing?: number;
  readonly reservedLimit?: bigint;
  readonly controllers?: readonly string[];
  readonly stablePages?: number;
}

/** A genesis of these canisters; what is not said is 100,000 cycles, no allocation, no freezing threshold, and a method `go` that only replies. */
export const smallWorld = (canisters: Readonly<Record<string, SmallCanister>>, parameters: Partial<Parameters> = {}): Genesis => ({
  parameters: { ...smallParameters, ...parameters },
  time: nanoseconds(1000n),
  canisters: Object.entries(canisters).map(([id, said]) => {
    const { balance = 100_000n, allocation = 0, freezing = 0, reservedLimit, controllers, stablePages } = said;
    return {
      id: canisterId(id),
      computeAllocation: percent(allocation),
      freezingThreshold: seconds(freezing),
      balance: cycles(balance),
      ...codeOf(said),
      ...(controllers === undefined ? {} : { controllers: controllers.map(principal) }),
      ...(reservedLimit === undefined ? {} : { reservedLimit: cycles(reservedLimit) }),
      ...(stablePages === undefined ? {} : { stablePages }),
    };
  }),
});

/** The same world, in which these modules can be installed. */
export const withModules = (genesis: Genesis, modules: Readonly<Record<string, SmallCode>>): Genesis => ({
  ...genesis,
  modules: Object.entries(modules).map(([name, said]) => ({ name: moduleName(name), ...codeOf(said) })),
});

const codeOf = ({ go = [reply()], methods = {}, queries = {}, composites = {}, onTimer = [], ...said }: SmallCode): CodeGenesis => {
  const { onHeartbeat, inspect, lowMemory, onInit, onPreUpgrade, onPostUpgrade, persistentHeap } = said;
  return {
    methods: [
      ...Object.entries({ go, ...methods }).map(([name, body]) => ({ name, body })),
      ...Object.entries(queries).map(([name, body]) => ({ name, mode: "query", body }) as const),
      ...Object.entries(composites).map(([name, body]) => ({ name, mode: "composite", body }) as const),
    ],
    onTimer,
    ...(onHeartbeat && { onHeartbeat }),
    ...(inspect && { inspect }),
    ...(lowMemory && { lowMemory }),
    ...(onInit && { onInit }),
    ...(onPreUpgrade && { onPreUpgrade }),
    ...(onPostUpgrade && { onPostUpgrade }),
    ...(persistentHeap !== undefined && { persistentHeap }),
  };
};

/** The same world on a subnet with a name, from which routes lead to these canisters of others. */
export const networked = (genesis: Genesis, own: string, routes: Readonly<Record<string, string>> = {}): Genesis => ({
  ...genesis,
  network: {
    own: subnetId(own),
    routes: Object.entries(routes).map(([canister, subnet]) => ({ canister: canisterId(canister), subnet: subnetId(subnet) })),
  },
});

export const message: Value = { kind: "message" };
export const bytesOf = (text: string): Value => ({ kind: "bytes", bytes: hex(text) });
export const pageOf = (page: number): Value => ({ kind: "page", page });
export const stableSize: Value = { kind: "stable-size" };

export const consume = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });
export const write = (page: number, value: Value | string): Instruction => ({
  op: "write",
  page,
  value: typeof value === "string" ? bytesOf(value) : value,
});
export const grow = (pages: number): Instruction => ({ op: "stable-grow", pages });
export const reply = (payload: Value | string = ""): Instruction => ({
  op: "reply",
  payload: typeof payload === "string" ? bytesOf(payload) : payload,
});
export const acceptMessage: Instruction = { op: "accept-message" };
export const accept = (count: bigint): Instruction => ({ op: "accept", cycles: cycles(count) });
export const burn = (count: bigint): Instruction => ({ op: "burn", cycles: cycles(count) });
export const trap: Instruction = { op: "trap" };
export const reject: Instruction = { op: "reject" };
export const setTimer = (after: bigint | null): Instruction => ({ op: "set-timer", after: after === null ? null : nanoseconds(after) });
export const certify = (data: Value | string): Instruction => ({ op: "certify", data: typeof data === "string" ? bytesOf(data) : data });
export interface SmallCall {
  readonly method?: string;
  readonly payload?: Value | string;
  readonly attached?: bigint;
  /** Makes it a best-effort call. @unit nanoseconds */
  readonly timeout?: bigint;
  readonly onReply?: Script;
  readonly onReject?: Script;
  readonly onCleanup?: Script;
  readonly onRefused?: Script;
}

export const call = (callee: string, said: SmallCall = {}): Instruction => {
  const { method = "go", payload = "", attached = 0n, onReply = [], onReject = [], onCleanup = [], onRefused = [] } = said;
  const { timeout } = said;
  const argument = typeof payload === "string" ? bytesOf(payload) : payload;
  return {
    op: "call",
    ...(timeout === undefined ? {} : { timeout: nanoseconds(timeout) }),
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

export const ingress = (id: string, canister: string, method = "go", payload = "", expiry?: bigint): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(canister),
  method,
  payload: hex(payload),
  ...(expiry === undefined ? {} : { expiry: nanoseconds(expiry) }),
});

/** The same from this user. */
export const sentBy = (sender: string, input: Input): Input =>
  input.kind === "ingress" || input.kind === "query" || input.kind === "read-state" ? { ...input, sender: userId(sender) } : input;

/** All that is told of these inputs, and of three rounds behind them in which time stands still. */
export const led = (session: EngineSession, ...inputs: readonly Input[]): readonly Event[] =>
  [...inputs, round(0n), round(0n), round(0n)].flatMap((input) => session.apply(input).events);

export const tapeOf = (byte: string) => hex(byte.repeat(32));

export const round = (elapsed = 1n, coreOrder?: readonly number[]): Input => ({
  kind: "round",
  elapsed: nanoseconds(elapsed),
  tape: tapeOf("5a"),
  ...(coreOrder === undefined ? {} : { coreOrder }),
});

export const query = (canister: string, method = "ask", payload = ""): Extract<Input, { kind: "query" }> => ({
  kind: "query",
  canister: canisterId(canister),
  method,
  payload: hex(payload),
});

/** A round into which slices come. */
export const roundWith = (slices: readonly Slice[], elapsed = 1n): Input => ({
  ...(round(elapsed) as Extract<Input, { kind: "round" }>),
  slices,
});

/** Takes the code of a canister away. */
export const uninstall = (canister: string): Input => ({ kind: "uninstall", canister: canisterId(canister) });

export const readState = (...paths: readonly Path[]): Input => ({ kind: "read-state", paths });

/** The events of one kind. */
export const only = <Kind extends EventKind>(events: readonly Event[], kind: Kind): Extract<Event, { kind: Kind }>[] =>
  events.filter((event): event is Extract<Event, { kind: Kind }> => event.kind === kind);
