/**
 * What the management canister does with what is asked of it, told before it is told: an onlooker knows who asked, in which
 * order, who controls whom, and what a canister still owes. Written from `docs/machine.md` section 17 alone.
 */
import {
  asciiOf,
  askedBy,
  hex,
  isManagementMethod,
  isProvisional,
  managementCanister,
  type Asked,
  type CanisterId,
  type ErrorCode,
  type Event,
  type ManagementMethod,
  type Principal,
  type Result,
} from "../../spec/index.ts";
import { isOutward, outwardBy, refusalOfOutcall } from "./consensus.ts";
import { foreseeKeeping, installationIn, refusalOfJoining, storedIn } from "./chunks.ts";
import { digestOf } from "../hashing.ts";
import { infoOf } from "./histories.ts";
import { foreseeInstallation, refusalOfInstallation } from "./installations.ts";
import { rejectOf, type TrackedPetition, type TrackedRequest } from "./messages.ts";
import { countInputs } from "./queues.ts";
import { isMade, nextId, portionOf, refusalOfMaking, refusalOfSettings } from "./settings.ts";
import { foreseeLoading, foreseeTaking, listOf } from "./snapshots.ts";
import type { TrackedCanister, World } from "./world.ts";

/** A request that waits for the management canister. */
export interface TrackedAsking {
  readonly request: TrackedPetition;
  /** The canister that it names; `null` when it asks for a new one. */
  readonly named: CanisterId | null;
}

/** A request to stop that waits with the canister, since this time. */
export interface TrackedStop {
  readonly request: TrackedPetition;
  readonly since: bigint;
}

export const methodOf = ({ request }: TrackedAsking): ManagementMethod => request.method as ManagementMethod;

/** What a request asks for. @throws Error when that cannot be known */
export const askedIn = (asking: TrackedAsking): Asked => {
  const asked = askedBy(methodOf(asking), hex(asking.request.payload ?? ""));
  if (asked === null) throw new Error(`nobody can know what ${asking.request.caller} asked for with ${asking.request.method}`);
  return asked;
};

/** The canister that an argument names; `null` where there is none. */
export const namedIn = ({ method, payload }: Pick<TrackedPetition, "method" | "payload">): CanisterId | null =>
  isManagementMethod(method) ? (askedBy(method, hex(payload ?? ""))?.canister ?? null) : null;

/** Why a request to the management canister comes back at once; `null` when it waits. */
export const refusedAtOnce = (
  { genesis }: Pick<World, "genesis">,
  { method, bytes, payload }: Pick<TrackedPetition, "method" | "bytes" | "payload">,
): ErrorCode | null => {
  if (method === "raw_rand") return bytes === 0 ? null : "IC0408";
  if (!isManagementMethod(method) || (isProvisional(method) && genesis.provisional === undefined)) return "IC0536";
  return askedBy(method, hex(payload ?? "")) === null ? "IC0408" : null;
};

/** The cycles on an answer of the management canister that is dropped since its caller is gone; `null` for any other message. */
export const orphanedAnswer = (
  { canister, caller, callback }: Pick<Extract<Event, { readonly kind: "message-dropped" }>, "canister" | "caller" | "callback">,
  { previous, waiting }: Pick<World, "previous" | "waiting">,
): bigint | null => {
  if (canister !== managementCanister) return null;
  if (previous?.kind === "management-answered") return previous.refund;
  const drawn = waiting.find((request) => request.caller === caller && request.callback === callback);
  return previous?.kind === "randomness-answered" && drawn !== undefined ? drawn.attached : null;
};

/** The first request that need not go on waiting; `undefined` when there is none. */
export const nextAsking = (world: Pick<World, "management" | "canisters">): TrackedAsking | undefined => {
  const held = new Set<string>();
  return world.management.find((asking) => {
    const line = lineOf(asking);
    if (held.has(line)) return false;
    if (mayGoOn(world, asking)) return true;
    held.add(line);
    return false;
  });
};

/** Behind whom a request waits: earlier ones of the same canister, or those of users about the same canister. */
const lineOf = ({ request, named }: TrackedAsking): string =>
  request.kind === "request" ? `of ${request.caller}` : `about ${named ?? "nobody"}`;

/** Whether nothing of the canister itself stands in the way of a request. */
const mayGoOn = (world: Pick<World, "canisters">, asking: TrackedAsking): boolean =>
  common.has(methodOf(asking)) || isOutward(methodOf(asking)) || namedBy(world, asking)?.execution == null;

/** What everybody may ask for, whatever the canister executes. */
const common: ReadonlySet<ManagementMethod> = new Set([
  "deposit_cycles",
  "create_canister",
  "canister_info",
  "provisional_create_canister_with_cycles",
  "provisional_top_up_canister",
] as const);

/** Whether a canister is created at this moment that comes with cycles from nothing. */
export const isProvided = (world: Pick<World, "management" | "canisters" | "round">): boolean => {
  const asking = isMade(world) ? nextAsking(world) : undefined;
  return asking !== undefined && methodOf(asking) === "provisional_create_canister_with_cycles";
};

/** The canister that a request names; `undefined` where it is gone, or none is named. */
export const namedBy = ({ canisters }: Pick<World, "canisters">, { named }: TrackedAsking): TrackedCanister | undefined =>
  named === null ? undefined : canisters.get(named);

/** Why a request is refused; `null` when it is executed. */
export const refusalOf = (world: World, asking: TrackedAsking): ErrorCode | null => {
  const { caller, attached } = asking.request;
  const canister = namedBy(world, asking);
  if (canister === undefined) {
    if (asking.named !== null) return "IC0301";
    const asked = askedIn(asking);
    const outward = outwardBy(asking.request);
    if (outward !== null && asking.request.kind === "request") return refusalOfOutcall(world, outward, asking.request);
    return "settings" in asked && asked.canister === null
      ? refusalOfMaking(world, asked.settings, portionOf(world, asked, attached))
      : "IC0301";
  }
  if (!isAllowed(canister, methodOf(asking), caller)) return "IC0512";
  switch (methodOf(asking)) {
    case "delete_canister":
      return undeletable(canister);
    case "install_code":
    case "update_settings":
    case "canister_info":
    case "take_canister_snapshot":
    case "load_canister_snapshot":
    case "delete_canister_snapshot":
    case "list_canister_snapshots":
    case "upload_chunk":
    case "stored_chunks":
    case "install_chunked_code":
      return unfulfillable(world, canister, askedIn(asking), caller);
    default:
      return null;
  }
};

export const isController = ({ genesis }: TrackedCanister, id: Principal): boolean => genesis.controllers?.includes(id) === true;

export const isAllowed = (canister: TrackedCanister, method: ManagementMethod, caller: Principal): boolean =>
  common.has(method) || (own.has(method) && caller === canister.id) || isController(canister, caller);

/** What a canister may ask for itself. */
const own: ReadonlySet<ManagementMethod> = new Set(["canister_status", "upload_chunk", "clear_chunk_store", "stored_chunks"] as const);

const undeletable = (canister: TrackedCanister): ErrorCode | null => {
  if (canister.status !== "stopped" || canister.contexts.size > 0 || canister.execution !== null) return "IC0510";
  return countInputs(canister.queues) > 0 || canister.queues.outputs.size > 0 ? "IC0203" : null;
};

const unfulfillable = (world: World, canister: TrackedCanister, asked: Asked, caller: Principal): ErrorCode | null => {
  switch (asked.method) {
    case "install_code":
      return refusalOfInstallation(world, canister, asked);
    case "install_chunked_code": {
      const installation = installationIn(world, asked);
      const error = refusalOfJoining(world, asked, caller);
      return error ?? (installation === null ? null : refusalOfInstallation(world, canister, installation));
    }
    case "upload_chunk":
      return foreseeKeeping(world, canister, asked.chunk)?.error ?? null;
    case "stored_chunks":
      return storedIn(canister).length > world.parameters.maxPayload ? "IC0504" : null;
    case "update_settings":
      return refusalOfSettings(world, canister, asked.settings);
    case "canister_info":
      return infoOf(canister, asked.newest).length > world.parameters.maxPayload ? "IC0504" : null;
    case "take_canister_snapshot":
      return foreseeTaking(world, canister, asked.replaced).error;
    case "load_canister_snapshot":
      return foreseeLoading(world, canister, { ...asked, caller }).error;
    case "delete_canister_snapshot":
      return canister.snapshots.has(asked.snapshot) ? null : "IC0305";
    case "list_canister_snapshots":
      return listOf(canister, world.parameters).length > world.parameters.maxPayload ? "IC0504" : null;
    default:
      return null;
  }
};

/** Whether a request is one of which nothing is told: it waits with a canister that is stopping already. */
export const isSilent = (world: World, asking: TrackedAsking): boolean =>
  methodOf(asking) === "stop_canister" && refusalOf(world, asking) === null && namedBy(world, asking)?.status === "stopping";

/** What a request is answered with as soon as it is executed; `null` where the answer has to wait. */
export const answerTo = (world: World, asking: TrackedAsking): { readonly result: Result; readonly refund: bigint } | null => {
  const { attached } = asking.request;
  const error = refusalOf(world, asking);
  const back = (result: Result) => ({ result, refund: attached });
  if (error !== null) return back(rejectOf(error));
  const canister = namedBy(world, asking);
  switch (methodOf(asking)) {
    case "canister_status":
      return back(replyOf(asciiOf(canister?.status ?? "")));
    case "stop_canister":
      return canister?.status === "stopped" ? back(emptyReply) : null;
    case "sign_with_ecdsa":
    case "sign_with_schnorr":
    case "vetkd_derive_key":
    case "http_request":
      return null;
    case "deposit_cycles":
      return { result: emptyReply, refund: 0n };
    case "create_canister":
      return { result: replyOf(asciiOf(nextId(world))), refund: 0n };
    case "provisional_create_canister_with_cycles":
      return back(replyOf(asciiOf(nextId(world))));
    case "canister_info": {
      const asked = askedIn(asking);
      return back(
        canister === undefined || asked.method !== "canister_info" ? emptyReply : replyOf(asciiOf(infoOf(canister, asked.newest))),
      );
    }
    case "take_canister_snapshot":
      return back(canister === undefined ? emptyReply : replyOf(asciiOf(String(canister.nextSnapshot))));
    case "list_canister_snapshots":
      return back(canister === undefined ? emptyReply : replyOf(asciiOf(listOf(canister, world.parameters))));
    case "upload_chunk": {
      const asked = askedIn(asking);
      return back(asked.method === "upload_chunk" ? replyOf(asciiOf(digestOf(asked.chunk))) : emptyReply);
    }
    case "stored_chunks":
      return back(canister === undefined ? emptyReply : replyOf(asciiOf(storedIn(canister))));
    case "install_code":
    case "install_chunked_code": {
      const installation = installationIn(world, askedIn(asking));
      if (canister === undefined || installation === null) return back(emptyReply);
      const { trap } = foreseeInstallation(world, canister, installation, asking.request.caller);
      return back(trap === null ? emptyReply : rejectOf(trap));
    }
    default:
      return back(emptyReply);
  }
};

const replyOf = (payload: string): Result => ({ kind: "reply", payload }) as Result;

export const emptyReply: Result = replyOf("");

/** Whether a canister that is stopping has come to rest. */
export const isAtRest = ({ status, contexts }: TrackedCanister): boolean => status === "stopping" && contexts.size === 0;

/** Whether a request to stop has waited too long. */
export const isOverdue = ({ time, parameters }: Pick<World, "time" | "parameters">, { since }: TrackedStop): boolean =>
  since + parameters.stopTimeout < time;

/** Why a call to a canister is refused; `null` when it is running. */
export const refusalByStatus = (canister: TrackedCanister | undefined): ErrorCode | null =>
  canister?.status === "stopped" ? "IC0508" : canister?.status === "stopping" ? "IC0509" : null;

/** Whether it takes its hook before all else. */
export const runsHook = ({ hook, status }: TrackedCanister): boolean => hook === "ready" && status === "running";

/** All that is asked and waits, for the management canister or with a canister. */
export const petitionsIn = ({ management, canisters }: Pick<World, "management" | "canisters">): readonly TrackedPetition[] => [
  ...management.map(({ request }) => request),
  ...[...canisters.values()].flatMap(({ stops }) => stops.map(({ request }) => request)),
];

/** All requests of canisters that wait, for the management canister, with a canister or for consensus, with what is left of their cycles. */
export const waitingForManagement = (world: World): readonly TrackedRequest[] => [
  ...petitionsIn(world).filter((request) => request.kind === "request"),
  ...[...world.consensus.values()].map(({ request, kept }) => ({ ...request, attached: kept })),
];
