/** Messages on their way and where they wait, and the call contexts that they open: as plain data. */
import type {
  CallbackId,
  CanisterId,
  Cycles,
  Height,
  Hex,
  IngressId,
  MethodName,
  Nanoseconds,
  Origin,
  Principal,
  Result,
  StreamMessage,
  UserId,
} from "../spec/index.ts";

/** A request under way from the caller to the callee. */
export interface Request {
  readonly kind: "request";
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly callee: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly attached: Cycles;
  /** `null` where the response is guaranteed. */
  readonly deadline: Nanoseconds | null;
  /** The height of the round that executed its sending, and its time. */
  readonly sent: Height;
  readonly at: Nanoseconds;
}

/** A response under way back to the caller. */
export interface Response {
  readonly kind: "response";
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly respondent: CanisterId;
  readonly deadline: Nanoseconds | null;
  readonly result: Result;
  readonly refund: Cycles;
}

/** An ingress message, to a canister or to the management canister. */
export interface Ingress {
  readonly kind: "ingress";
  readonly ingress: IngressId;
  readonly sender: UserId;
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly expiry: Nanoseconds;
}

export type Message = Ingress | Request | Response;

/** What is asked of the management canister. */
export type ManagementRequest = Request | Ingress;

/** Who is served, and what is there to be accepted as long as an answer is owed. */
export type Context =
  ({ readonly status: "open"; readonly available: Cycles } & Served) | ({ readonly status: "responded" | "deleted" } & Served);

interface Served {
  readonly origin: Origin;
  /** Who made the call; of a task the management canister. */
  readonly caller: Principal;
  /** That of the call; `null` where its response is guaranteed, and where there is no call. */
  readonly deadline: Nanoseconds | null;
}

/** The messages from one canister that wait, never none. */
export interface Inbox {
  readonly peer: CanisterId;
  readonly messages: readonly (Request | Response)[];
}

/** Where inputs come from, and in which circle they are served. */
export const sources = ["local", "ingress", "remote"] as const;
export type Source = (typeof sources)[number];

/** What takes turns on a canister, and in which circle. */
export const turns = ["timer", "heartbeat", "message"] as const;
export type Turn = (typeof turns)[number];

/** The messages for one subnet. */
export interface Stream {
  /** The index of the first message. */
  readonly begin: number;
  readonly messages: readonly StreamMessage[];
  /** The index of the first message of the other direction that was not seen. */
  readonly signals: number;
}
