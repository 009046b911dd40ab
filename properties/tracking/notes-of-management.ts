/**
 * How what is told of the management canister changes what an onlooker knows. A request to stop a canister that is stopping
 * already is told by nobody: it is known from the order of those that wait. From `docs/machine.md` section 17 alone.
 */
import { managementCanister, type Event, type EventKind } from "../../spec/index.ts";
import type { NotesOf } from "./absorb.ts";
import { isOfConsensus } from "./consensus.ts";
import { countChange } from "./histories.ts";
import { isAnsweredBy, rulingOf } from "./ingress.ts";
import { isSilent, methodOf, namedBy, nextAsking, type TrackedAsking } from "./management.ts";
import { responseTo } from "./messages.ts";
import { isRequestOf } from "./matching.ts";
import { respond } from "./notes-of-messages.ts";
import { leaveOutput, withdraw } from "./queues.ts";
import { callOf, type TrackedCanister, type World } from "./world.ts";

export const managementNotes: NotesOf<
  | "management-asked"
  | "management-answered"
  | "canister-stopping"
  | "canister-stopped"
  | "canister-started"
  | "cycles-deposited"
  | "cycles-provided"
> = {
  "management-asked": (world, { caller, callback, canister: named }) => {
    const call = callOf(world, caller, callback);
    const queues = world.canisters.get(caller)?.queues;
    if (call === undefined || queues === undefined) return;
    leaveOutput(queues, managementCanister, isRequestOf(callback));
    world.management.push({ request: call.request, named });
  },
  "management-answered": (world, event) => {
    const { caller, callback, result, refund } = event;
    settlePetition(world, event);
    for (const [number, { request }] of world.consensus) if (isAnsweredBy(event)(request)) world.consensus.delete(number);
    const call = callOf(world, caller, callback);
    if (call?.status === "open") respond(world, call, responseTo(call, result, refund));
  },
  "canister-stopping": (world, { canister: id }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    canister.status = "stopping";
    const asking = nextAsking(world);
    if (asking?.named === id && asking.request.method === "stop_canister") waitWith(world, canister, asking);
  },
  "canister-stopped": ({ canisters }, { canister: id }) => {
    const canister = canisters.get(id);
    if (canister === undefined) return;
    canister.status = "stopped";
    countChange(canister);
  },
  "canister-started": ({ canisters }, { canister: id }) => {
    const canister = canisters.get(id);
    if (canister === undefined) return;
    canister.status = "running";
    countChange(canister);
  },
  "cycles-deposited": ({ canisters }, { canister: id, balance }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) canister.balance = balance;
  },
  "cycles-provided": ({ canisters }, { canister: id, balance }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) canister.balance = balance;
  },
};

/** Whoever is answered waits no longer. */
export const settlePetition = (world: World, event: Parameters<typeof isAnsweredBy>[0]): void => {
  const isIt = isAnsweredBy(event);
  const asking = withdraw(world.management, ({ request }) => isIt(request));
  // Who is stopped already is stopped again.
  const stopped = asking !== undefined && methodOf(asking) === "stop_canister" && event.result.kind === "reply" && namedBy(world, asking);
  if (stopped) countChange(stopped);
  for (const { stops } of world.canisters.values()) withdraw(stops, ({ request }) => isIt(request));
};

const waitWith = (world: World, canister: TrackedCanister, asking: TrackedAsking): void => {
  withdraw(world.management, (other) => other === asking);
  canister.stops.push({ request: asking.request, since: world.time });
  countChange(canister);
};

/** Events of what is executed for the management canister. */
const executing: ReadonlySet<EventKind> = new Set([
  "management-answered",
  "canister-stopping",
  "canister-started",
  "cycles-deposited",
  "cycles-provided",
  "uninstalled",
  "canister-deleted",
  "installation-ran",
  "settings-updated",
  "memory-reserved",
  "canister-created",
  "snapshot-taken",
  "snapshot-loaded",
  "snapshot-deleted",
  "consensus-asked",
  "chunk-kept",
  "chunks-cleared",
] as const);

/** Events behind all that is. */
const behind: ReadonlySet<EventKind> = new Set([
  "tasks-chosen",
  "turn-began",
  "canister-stopped",
  "resources-charged",
  "execution-aborted",
  "management-asked",
  "round-ended",
] as const);

/** Before such an event, the requests of which nothing was told have been executed as well. */
export const passSilently = (world: World, event: Event): void => {
  const { round } = world;
  const { kind } = event;
  if (round === null || round.managed || round.skipped || isOfConsensus(event, world)) return;
  if (!executing.has(kind) && !behind.has(kind) && rulingOf(event, world) === null) return;
  for (let next = nextAsking(world); next !== undefined && isSilent(world, next); next = nextAsking(world)) {
    const canister = namedBy(world, next);
    if (canister !== undefined) waitWith(world, canister, next);
  }
  if (behind.has(kind)) round.managed = true;
};
