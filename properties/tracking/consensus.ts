/**
 * Requests that left the layer, and wait for consensus: an onlooker knows what each of them asks for, what it costs and keeps, and
 * whether its nonce was drawn; so it knows what a block may say to it. Written from `docs/machine.md` sections 2 and 17.9 alone.
 */
import {
  askedBy,
  hex,
  isManagementMethod,
  type Asked,
  type ConsensusAnswer,
  type Draw,
  type ErrorCode,
  type Event,
  type ManagementMethod,
  type Result,
  type SignatureMethod,
} from "../../spec/index.ts";
import { outcallPrice, signaturePrice } from "../money.ts";
import { rejectOf, type TrackedRequest } from "./messages.ts";
import type { World } from "./world.ts";

/** What is asked of consensus. */
export type Outward = Extract<Asked, { readonly method: SignatureMethod | "http_request" }>;

/** A request that waits for consensus. */
export interface TrackedOutcall {
  readonly number: number;
  readonly request: TrackedRequest;
  readonly asked: Outward;
  /** What comes back with the answer. @unit cycles */
  readonly kept: bigint;
  /** The height of the round that took it up. */
  readonly since: number;
  /** Whether it was told that its nonce is drawn. */
  prepared: boolean;
}

/** What a request asks of consensus; `null` when it asks for something else. */
export const outwardBy = ({ method, payload }: Pick<TrackedRequest, "method" | "payload">): Outward | null => {
  const asked = isManagementMethod(method) && isOutward(method) ? askedBy(method, hex(payload ?? "")) : null;
  return asked !== null && "method" in asked && isOutward(asked.method) ? (asked as Outward) : null;
};

/** Whether consensus answers a method. */
export const isOutward = (method: ManagementMethod): method is Outward["method"] => method === "http_request" || needsId(method);

/** Whether it is answered with what the nodes sign together, under an id. */
export const needsId = (method: ManagementMethod): method is SignatureMethod => method === "vetkd_derive_key" || needsNonce(method);

/** Whether it is answered with a signature that is made with a nonce. */
export const needsNonce = (method: ManagementMethod): boolean => method === "sign_with_ecdsa" || method === "sign_with_schnorr";

/** @unit cycles */
export const priceOf = ({ parameters }: Pick<World, "parameters">, asked: Outward, { bytes }: Pick<TrackedRequest, "bytes">): bigint =>
  asked.method === "http_request" ? outcallPrice(parameters, bytes, asked.most) : signaturePrice(parameters);

/** Whether one more of the kind may wait for consensus. */
export const hasRoom = ({ consensus, parameters }: Pick<World, "consensus" | "parameters">, asked: Outward): boolean => {
  const alike = [...consensus.values()].filter(({ asked: other }) =>
    other.method === "http_request" || asked.method === "http_request"
      ? other.method === asked.method
      : other.method === asked.method && other.key === asked.key,
  );
  return alike.length < (asked.method === "http_request" ? parameters.outcallLimit : parameters.signatureQueue);
};

/** Whether it is about a key with which the subnet signs, or about none. */
export const isHeld = ({ parameters }: Pick<World, "parameters">, asked: Outward): boolean =>
  asked.method === "http_request" || parameters.keys.includes(asked.key);

/** Why a request does not leave the layer; `null` when it does. */
export const refusalOfOutcall = (world: World, asked: Outward, request: TrackedRequest): ErrorCode | null =>
  isHeld(world, asked) && hasRoom(world, asked) && request.attached >= priceOf(world, asked, request) ? null : "IC0406";

/** Why an answer of a block is left aside; `null` when it is taken. */
export const refusalOfAnswer = (
  { consensus, parameters }: Pick<World, "consensus" | "parameters">,
  { request: number, reply }: ConsensusAnswer,
): ErrorCode | null => {
  const outcall = consensus.get(number);
  if (outcall === undefined) return "CN0024";
  if (needsNonce(outcall.asked.method) && !outcall.prepared) return "CN0025";
  return reply !== null && reply.length / 2 > longestAnswer(parameters, outcall.asked) ? "CN0026" : null;
};

/** @unit bytes */
const longestAnswer = ({ maxPayload }: World["parameters"], asked: Outward): number =>
  asked.method === "http_request" ? Math.min(asked.most, maxPayload) : maxPayload;

/** What whoever asked is told, as a block says it. */
export const resultOf = ({ reply }: ConsensusAnswer): Result => (reply === null ? rejectOf("CN0212") : { kind: "reply", payload: reply });

/** Whether an event is what follows from an answer of consensus. */
export const isOfConsensus = ({ kind }: Event, { previous }: Pick<World, "previous">): boolean =>
  kind === "management-answered" && previous?.kind === "consensus-answered";

/** Whoever is told to have its nonce has it from the end of the round on. */
export const noteNonces = ({ consensus }: World, draws: readonly Draw[]): void => {
  for (const { purpose, canister, callback } of draws)
    for (const outcall of purpose === "nonce" ? consensus.values() : [])
      if (outcall.request.caller === canister && outcall.request.callback === callback) outcall.prepared = true;
};
