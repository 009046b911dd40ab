/**
 * Messages of users as an onlooker keeps them; and of those to the management canister, what they ask, who pays for them, and why
 * they are refused at the door. Written from `docs/machine.md` sections 3 and 17.12 alone.
 */
import {
  isForCanisters,
  isManagementMethod,
  isProvisional,
  managementCanister,
  type CanisterId,
  type ErrorCode,
  type Event,
  type Hex,
  type IngressId,
  type MethodName,
  type Result,
  type UserId,
} from "../../spec/index.ts";
import { receptionFee } from "../money.ts";
import { thresholdOf } from "./holdings.ts";
import { isAllowed, namedIn, petitionsIn, refusedAtOnce, type TrackedAsking } from "./management.ts";
import { petitionText, type TrackedPetition, type UserRequest } from "./messages.ts";
import type { World } from "./world.ts";

export interface TrackedIngress {
  readonly id: IngressId;
  readonly sender: UserId;
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly expiry: bigint;
  status: "received" | "processing" | "answered" | "done";
  result: Result | null;
  /** The time of the round that answered it. */
  answeredAt: bigint | null;
}

type Letter = Pick<TrackedIngress, "sender" | "canister" | "method" | "payload">;

/** Whether a message of a user is for the management canister. */
export const isForManagement = ({ canister }: Pick<TrackedIngress, "canister">): boolean => canister === managementCanister;

/** Who pays for the reception of a message; `null` where nobody does, as for cycles from nothing. */
export const payerOf = (letter: Pick<Letter, "canister" | "method" | "payload">): CanisterId | null => {
  if (!isForManagement(letter)) return letter.canister;
  return isProvisional(letter.method) ? null : namedIn(letter);
};

/** A message as it waits for the management canister; `null` for one that never gets so far. */
export const askingOf = (world: Pick<World, "genesis">, letter: TrackedIngress): TrackedAsking | null => {
  if (!isForManagement(letter) || pointless(world, letter) !== null) return null;
  const { id, sender: caller, method, payload } = letter;
  const request: UserRequest = { kind: "ingress", id, caller, method, bytes: payload.length / 2, payload, attached: 0n };
  return { request, named: namedIn(letter) };
};

/** Why no user may ask this of anybody; `null` when some may. */
const pointless = ({ genesis }: Pick<World, "genesis">, { method, payload }: Pick<Letter, "method" | "payload">): ErrorCode | null => {
  const routed = genesis.bitcoin !== undefined && method.startsWith("bitcoin_");
  if (!isManagementMethod(method) && method !== "raw_rand" && !routed) return "IC0536";
  if (isProvisional(method) && genesis.provisional === undefined) return "IC0536";
  if (isForCanisters(method)) return "IC0406";
  return refusedAtOnce({ genesis }, { method, bytes: payload.length / 2, payload });
};

/** Why a message to the management canister is refused at the door; `null` when it gets in. */
export const refusedToUser = (world: World, letter: Letter): ErrorCode | null => {
  const error = pointless(world, letter);
  const named = namedIn(letter);
  if (error !== null || named === null) return error;
  const canister = world.canisters.get(named);
  if (canister === undefined) return "IC0301";
  if (!isManagementMethod(letter.method) || !isAllowed(canister, letter.method, letter.sender)) return "IC0512";
  if (payerOf(letter) === null) return null;
  return canister.balance < thresholdOf(world, canister) + receptionFee(world.parameters, letter.payload.length / 2) ? "IC0207" : null;
};

/** What somebody hears who asked the management canister. */
export interface Ruling {
  /** The request, if it still waits to be executed. */
  readonly asking: TrackedAsking | undefined;
  readonly result: Result;
  /** Who asked, in words. */
  readonly what: string;
  readonly caller: TrackedPetition["caller"];
}

/** What an event tells whoever asked the management canister; `null` where it tells nobody. */
export const rulingOf = (event: Event, world: Pick<World, "management" | "canisters">): Ruling | null => {
  if (event.kind !== "management-answered" && event.kind !== "ingress-answered") return null;
  const isIt = isAnsweredBy(event);
  const request = petitionsIn(world).find(isIt);
  if (request === undefined && event.kind === "ingress-answered") return null;
  const asking = world.management.find((one) => isIt(one.request));
  if (event.kind === "management-answered") {
    const { caller, callback, result } = event;
    return { asking, result, what: `call ${callback} of ${caller}`, caller };
  }
  return request === undefined ? null : { asking, result: event.result, what: petitionText(request), caller: request.caller };
};

/** Whether it is this request that an event answers. */
export const isAnsweredBy =
  (event: Extract<Event, { readonly kind: "management-answered" | "ingress-answered" }>) =>
  (request: TrackedPetition): boolean =>
    event.kind === "ingress-answered"
      ? request.kind === "ingress" && request.id === event.ingress
      : request.kind === "request" && request.caller === event.caller && request.callback === event.callback;
