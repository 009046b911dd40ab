/**
 * Messages, and where they wait. A canister has mail only while it has something to do with somebody: a queue of ingress
 * messages, and for each peer a pair of queues, one in each direction. A canister of which nobody hears for long is a single
 * record without any of this.
 */
import type {
  CallbackId,
  CanisterId,
  ContextId,
  Cycles,
  Hex,
  IngressId,
  MethodName,
  Nanoseconds,
  Origin,
  Principal,
  Result,
  Script,
  SubnetId,
  UserId,
} from "../spec/index.ts";
import type { Reserve } from "./fees.ts";
import { emptyQueue, type Link, type Queue } from "./queues.ts";
import type { Canister } from "./state.ts";

/** An accepted ingress message that no block has brought yet. Its canister may be gone by then, unless it is the management canister. */
export interface PooledIngress {
  readonly id: IngressId;
  readonly sender: UserId;
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly expiry: Nanoseconds;
}

export interface IngressMessage extends Link<IngressMessage> {
  readonly kind: "ingress";
  readonly origin: Extract<Origin, { kind: "ingress" }>;
  readonly sender: UserId;
  readonly canister: Canister;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly expiry: Nanoseconds;
  /** Whether it stands in the ingress queue of its canister, and the number under which it entered it. */
  isQueued: boolean;
  place: number;
}

/** What a message between canisters knows of its place: in which queue it stands, and where in it. */
interface Placed extends Link<Message> {
  /** `null` outside of all queues. */
  pair: Pair | null;
  side: Side;
  /** Grows along every queue. */
  place: number;
}

export type Side = "input" | "output";

export interface Request extends Placed {
  readonly kind: "request";
  /** The caller and its callback. */
  readonly origin: Extract<Origin, { kind: "canister" }>;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly attached: Cycles;
  readonly deadline: Nanoseconds | null;
  /** The deadline, or else the last moment to leave the output queue; `null` when it stands in no such queue. */
  readonly expiry: Nanoseconds | null;
}

/** What a user asks of the management canister: an ingress message that a block brought. Nothing is attached to it. */
export interface UserRequest {
  readonly kind: "user";
  readonly id: IngressId;
  readonly sender: UserId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly attached: Cycles;
  readonly expiry: Nanoseconds;
}

/** What the management canister is asked. */
export type ManagementRequest = Request | UserRequest;

export interface Response extends Placed {
  readonly kind: "response";
  /** The canister that made the call. */
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly result: Result;
  readonly refund: Cycles;
  readonly deadline: Nanoseconds | null;
  readonly expiry: Nanoseconds | null;
}

/** A message between canisters. */
export type Message = Request | Response;

/** A call that was sent and whose response was not executed yet. */
export interface Callback {
  readonly kind: "callback";
  readonly canister: Canister;
  readonly id: CallbackId;
  readonly context: ContextId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  readonly reserve: Reserve;
  readonly expiry: Nanoseconds | null;
  readonly onReply: Script;
  readonly onReject: Script;
  readonly onCleanup: Script;
  /** Whether a response to it is in an input queue of its canister. */
  isAnswered: boolean;
}

/** What a canister shares with one peer; it stands in a list of senders while its input queue is not empty. */
export interface Pair extends Link<Pair> {
  readonly owner: Canister;
  readonly peer: CanisterId;
  /** The peer, if it is a canister of this subnet. */
  there: Canister | null;
  /** The subnet of the peer; `null` for the management canister and for ids to which no route leads. */
  subnet: SubnetId | null;
  readonly inputs: Queue<Message>;
  readonly outputs: Queue<Message>;
  /** Of the slots that the peer has here, how many are taken: by its requests, by its open calls and by responses to it. */
  slots: number;
  /** How many callbacks of the owner wait for the peer. */
  calls: number;
  /** Whether it stands among the pairs of its mail with outputs, and among those that ran empty. */
  isSending: boolean;
  isEmptied: boolean;
}

export type Source = "local" | "ingress" | "remote";

export interface Mail {
  readonly ingress: Queue<IngressMessage>;
  readonly pairs: Map<CanisterId, Pair>;
  /** The pairs with inputs, in the order in which they are served. */
  readonly local: Queue<Pair>;
  readonly remote: Queue<Pair>;
  /** The pairs with outputs, those to canisters of this subnet apart; also some that had one until lately. */
  here: Pair[];
  away: Pair[];
  /** How many messages wait in all queues of a direction. */
  inputs: number;
  outputs: number;
  /** Which source of inputs has the next turn. */
  turn: Source;
}

export const emptyMail = (): Mail => ({
  ingress: emptyQueue(),
  pairs: new Map(),
  local: emptyQueue(),
  remote: emptyQueue(),
  here: [],
  away: [],
  inputs: 0,
  outputs: 0,
  turn: "local",
});

/** An ingress message outside of all queues. */
export const ingressOf = (
  canister: Canister,
  { id, sender, method, payload, expiry }: Pick<PooledIngress, "id" | "sender" | "method" | "payload" | "expiry">,
): IngressMessage => ({
  kind: "ingress",
  origin: { kind: "ingress", ingress: id },
  sender,
  canister,
  method,
  payload,
  expiry,
  isQueued: false,
  place: 0,
  next: null,
  before: null,
});

/** A request outside of all queues. */
export const requestOf = (
  origin: Request["origin"],
  callee: CanisterId,
  method: MethodName,
  payload: Hex,
  attached: Cycles,
  deadline: Nanoseconds | null,
  expiry: Nanoseconds | null,
): Request => ({
  kind: "request",
  origin,
  callee,
  method,
  payload,
  attached,
  deadline,
  expiry,
  pair: null,
  side: "output",
  place: 0,
  next: null,
  before: null,
});

/** A response outside of all queues. */
export const responseOf = (
  caller: CanisterId,
  callback: CallbackId,
  result: Result,
  refund: Cycles,
  deadline: Nanoseconds | null,
): Response => ({
  kind: "response",
  caller,
  callback,
  result,
  refund,
  deadline,
  expiry: deadline,
  pair: null,
  side: "output",
  place: 0,
  next: null,
  before: null,
});

/** Who asks. */
export const callerOf = (message: ManagementRequest | IngressMessage): Principal =>
  message.kind === "request" ? message.origin.canister : message.sender;

/** The bytes of the payload of a message; a reject has none. */
export const bytesOf = (message: Message): number => {
  if (message.kind === "request") return message.payload.length / 2;
  return message.result.kind === "reply" ? message.result.payload.length / 2 : 0;
};

/** The cycles that travel on a message. */
export const cyclesOn = (message: Message): Cycles => (message.kind === "request" ? message.attached : message.refund);
