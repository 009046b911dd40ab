/**
 * What an onlooker knows. A trace tells enough to follow every queue, balance, page, context and call without knowing
 * how a machine works inside; this is the notebook in which a law keeps them. It is mutable and private to one walk
 * along one trace. Numbers of cycles are plain whole numbers: a broken machine may declare anything.
 */
import {
  byId,
  type CallbackId,
  type CanisterGenesis,
  type CanisterId,
  type ContextId,
  type Event,
  type Executed,
  type Genesis,
  type Hex,
  type IngressId,
  type MethodName,
  type Origin,
  type Parameters,
  type Result,
} from "../../spec/index.ts";
import { freezingThreshold } from "../money.ts";
import { seatNodes, type TrackedNode } from "./committee.ts";

/** Where a call is on its way. A closed one was executed as a response. */
export type CallPlace = "output" | "input" | "tape" | "callee" | "response-output" | "response-input" | "closed";

export interface TrackedResponse {
  readonly result: "reply" | "reject";
  /** @unit cycles */
  readonly refund: bigint;
  /** Of the reply; a reject has none. */
  readonly bytes: number;
  /** What the callback is given: the payload of a reply, or one byte with the code of a reject. */
  readonly message: string | null;
}

export interface TrackedCall {
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly bytes: number;
  /** The argument, where the scripts tell it. */
  readonly payload: string | null;
  readonly attached: bigint;
  readonly reserve: bigint;
  /** The height of the round that executed its sending. */
  readonly sentIn: number;
  place: CallPlace;
  response: TrackedResponse | null;
}

export interface TrackedContext {
  readonly id: ContextId;
  readonly origin: Origin;
  readonly attached: bigint;
  available: bigint;
  accepted: bigint;
  status: "open" | "responded";
  openCalls: number;
}

/** What lies in an input queue. */
export type Input =
  | { readonly kind: "ingress"; readonly ingress: IngressId }
  | { readonly kind: "request"; readonly call: TrackedCall }
  | { readonly kind: "response"; readonly call: TrackedCall };

/** What lies in an output queue. */
export interface Output {
  readonly kind: "request" | "response";
  readonly call: TrackedCall;
}

export interface TrackedCanister {
  readonly id: CanisterId;
  readonly genesis: CanisterGenesis;
  balance: bigint;
  readonly pages: Map<number, Hex>;
  timer: bigint | null;
  task: boolean;
  readonly inputs: Input[];
  readonly outputs: Output[];
  readonly contexts: Map<ContextId, TrackedContext>;
  readonly calls: Map<CallbackId, TrackedCall>;
  nextContext: ContextId;
  nextCallback: CallbackId;
}

export interface TrackedIngress {
  readonly id: IngressId;
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  status: "received" | "processing" | "answered";
  result: Result | null;
}

export interface TrackedTurn {
  readonly core: number;
  readonly canister: CanisterId;
  messages: number;
  /** What its messages used, overheads included. */
  instructions: number;
  drained: boolean;
}

export interface TrackedIteration {
  readonly number: number;
  /** The counter of the round when it began. */
  readonly counter: number;
  /** The canisters that had a task or an input when it began, in canonical order. */
  readonly active: readonly CanisterId[];
  readonly turns: TrackedTurn[];
}

export interface TrackedRound {
  readonly height: number;
  readonly iterations: TrackedIteration[];
  /** The turn that is under way. */
  turn: TrackedTurn | null;
  ended: boolean;
}

export type NotExecuted = Extract<Event, { readonly kind: "not-executed" }>;

export interface World {
  readonly genesis: Genesis;
  readonly parameters: Parameters;
  /** In canonical order. */
  readonly canisters: ReadonlyMap<CanisterId, TrackedCanister>;
  height: number;
  time: bigint;
  readonly ingress: Map<IngressId, TrackedIngress>;
  /** Received, and waiting for the next block. */
  readonly received: IngressId[];
  /** Requests that wait for a tape. */
  readonly waiting: TrackedCall[];
  /** The round that is under way, or the last one. */
  round: TrackedRound | null;
  /** The message that was taken last: what follows may be its answer. */
  latest: Executed | NotExecuted | null;
  /** The nodes of the committee; none where there is none. */
  readonly nodes: ReadonlyMap<number, TrackedNode>;
}

export const openWorld = (genesis: Genesis): World => ({
  genesis,
  parameters: genesis.parameters,
  canisters: new Map(
    [...genesis.canisters].sort((left, right) => byId(left.id, right.id)).map((canister) => [canister.id, tracked(canister)]),
  ),
  height: 0,
  time: genesis.time,
  ingress: new Map(),
  received: [],
  waiting: [],
  round: null,
  latest: null,
  nodes: seatNodes(genesis),
});

const tracked = (genesis: CanisterGenesis): TrackedCanister => ({
  id: genesis.id,
  genesis,
  balance: genesis.balance,
  pages: new Map(),
  timer: null,
  task: false,
  inputs: [],
  outputs: [],
  contexts: new Map(),
  calls: new Map(),
  nextContext: 0,
  nextCallback: 0,
});

/** Whether a canister has something to execute. */
export const isActive = ({ task, inputs }: TrackedCanister): boolean => task || inputs.length > 0;

/** The counter with which a round begins. @unit instructions */
export const initialCounter = ({ roundInstructionLimit, messageInstructionLimit, messageOverhead }: Parameters): number =>
  roundInstructionLimit - (messageInstructionLimit + messageOverhead) + 1;

/** Most instructions of a callback: something is left for its cleanup. @unit instructions */
export const callbackLimit = ({ messageInstructionLimit, cleanupReserve }: Parameters): number =>
  messageInstructionLimit - Math.floor((messageInstructionLimit * cleanupReserve) / 100);

/** What each core used in an iteration, by core. @unit instructions */
export const usedByCore = ({ turns }: TrackedIteration): ReadonlyMap<number, number> => {
  const used = new Map<number, number>();
  for (const { core, instructions } of turns) used.set(core, (used.get(core) ?? 0) + instructions);
  return used;
};

/** What an iteration left of the counter of the round. @unit instructions */
export const leftBy = (iteration: TrackedIteration): number => iteration.counter - Math.max(0, ...usedByCore(iteration).values());

/** The counter of a round, after all that is known of it. @unit instructions */
export const remainingCounter = ({ parameters }: World, { iterations }: TrackedRound): number => {
  const latest = iterations.at(-1);
  return latest === undefined ? initialCounter(parameters) : leftBy(latest);
};

/** The call that an origin names, when there is one. */
export const callOf = (world: World, caller: CanisterId, callback: CallbackId): TrackedCall | undefined =>
  world.canisters.get(caller)?.calls.get(callback);

/** What a canister must keep, with the memory now in use. @unit cycles */
export const thresholdOf = ({ parameters }: World, canister: TrackedCanister, pages: number = canister.pages.size): bigint =>
  freezingThreshold(parameters, canister.genesis, pages);

/** How many calls of a canister to a callee are open. */
export const openCallsTo = (canister: TrackedCanister, callee: CanisterId): number => {
  let open = 0;
  for (const call of canister.calls.values()) if (call.place !== "closed" && call.callee === callee) open++;
  return open;
};

/** An origin in words. */
export const originText = (origin: Origin): string =>
  origin.kind === "ingress"
    ? `ingress ${origin.ingress}`
    : origin.kind === "canister"
      ? callText(origin.canister, origin.callback)
      : "the system";

/** A call in words. */
export const callText = (caller: CanisterId, callback: CallbackId): string => `call ${callback} of ${caller}`;
