/**
 * What the management canister does with what is asked of it, told before it is told: an onlooker knows who asked, in which
 * order, who controls whom, and what a canister still owes. Written from `docs/machine.md` section 17 alone.
 */
import {
  asciiOf,
  hex,
  isManagementMethod,
  managementCanister,
  namedBy,
  refusalOfStatus,
  type CanisterId,
  type ErrorCode,
  type Event,
  type ManagementMethod,
  type Result,
} from "../../spec/index.ts";
import { rejectOf, type TrackedRequest } from "./messages.ts";
import { countInputs } from "./queues.ts";
import type { TrackedCanister, World } from "./world.ts";

/** A request that waits for the management canister, and the canister that it names. */
export interface TrackedAsking {
  readonly request: TrackedRequest;
  readonly named: CanisterId;
}

/** A request to stop that waits with the canister, since this time. */
export interface TrackedStop {
  readonly request: TrackedRequest;
  readonly since: bigint;
}

export const methodOf = ({ request }: TrackedAsking): ManagementMethod => request.method as ManagementMethod;

/** Why a request to the management canister comes back at once; `null` when it waits. */
export const refusedAtOnce = (request: TrackedRequest): ErrorCode | null => {
  const { method, bytes } = request;
  if (method === "raw_rand") return bytes === 0 ? null : "IC0408";
  if (!isManagementMethod(method)) return "IC0536";
  return namedIn(request) === null ? "IC0408" : null;
};

/** The canister that an argument names. */
export const namedIn = ({ payload }: TrackedRequest): CanisterId | null => namedBy(hex(payload ?? ""));

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
export const nextAsking = (world: World): TrackedAsking | undefined => {
  const held = new Set<CanisterId>();
  return world.management.find((asking) => {
    const { caller } = asking.request;
    if (held.has(caller)) return false;
    if (mayGoOn(world, asking)) return true;
    held.add(caller);
    return false;
  });
};

/** Whether nothing of the canister itself stands in the way of a request. */
const mayGoOn = ({ canisters }: World, asking: TrackedAsking): boolean =>
  methodOf(asking) === "deposit_cycles" || canisters.get(asking.named)?.execution == null;

/** Why a request is refused; `null` when it is executed. */
export const refusalOf = ({ canisters }: World, asking: TrackedAsking): ErrorCode | null => {
  const canister = canisters.get(asking.named);
  if (canister === undefined) return "IC0301";
  if (!isAllowed(canister, asking)) return "IC0512";
  return methodOf(asking) === "delete_canister" ? undeletable(canister) : null;
};

export const isController = ({ genesis }: TrackedCanister, id: CanisterId): boolean => genesis.controllers?.includes(id) === true;

const isAllowed = (canister: TrackedCanister, asking: TrackedAsking): boolean => {
  const { caller } = asking.request;
  const method = methodOf(asking);
  return method === "deposit_cycles" || (method === "canister_status" && caller === canister.id) || isController(canister, caller);
};

const undeletable = (canister: TrackedCanister): ErrorCode | null => {
  if (canister.status !== "stopped" || canister.contexts.size > 0 || canister.execution !== null) return "IC0510";
  return countInputs(canister.queues) > 0 || canister.queues.outputs.size > 0 ? "IC0203" : null;
};

/** Whether a request is one of which nothing is told: it waits with a canister that is stopping already. */
export const isSilent = (world: World, asking: TrackedAsking): boolean =>
  methodOf(asking) === "stop_canister" && refusalOf(world, asking) === null && world.canisters.get(asking.named)?.status === "stopping";

/** What a request is answered with as soon as it is executed; `null` where the answer has to wait. */
export const answerTo = (world: World, asking: TrackedAsking): { readonly result: Result; readonly refund: bigint } | null => {
  const { attached } = asking.request;
  const error = refusalOf(world, asking);
  if (error !== null) return { result: rejectOf(error), refund: attached };
  const status = world.canisters.get(asking.named)?.status;
  switch (methodOf(asking)) {
    case "canister_status":
      return { result: replyOf(asciiOf(status ?? "")), refund: attached };
    case "stop_canister":
      return status === "stopped" ? { result: emptyReply, refund: attached } : null;
    case "deposit_cycles":
      return { result: emptyReply, refund: 0n };
    default:
      return { result: emptyReply, refund: attached };
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
  canister === undefined ? null : refusalOfStatus(canister.status);

/** Whether it takes its hook before all else. */
export const runsHook = ({ hook, status }: TrackedCanister): boolean => hook === "ready" && status === "running";

/** All requests that wait, for the management canister or with a canister. */
export const waitingForManagement = ({ management, canisters }: World): readonly TrackedRequest[] => [
  ...management.map(({ request }) => request),
  ...[...canisters.values()].flatMap(({ stops }) => stops.map(({ request }) => request)),
];
