/**
 * What must hold between any two inputs of who runs and who does not, and of what waits for the management canister: who is listed as
 * stopping has not come to rest, and who is stopped has nothing in hand that could go on.
 */
import { askedIn } from "./management.ts";
import type { ManagementRequest, Request } from "./messages.ts";
import type { Canister, Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtStatuses = (engine: Engine, says: Says): void => {
  for (const canister of engine.canisters) lookAtStatus(engine, canister, says);
  const [stopping, beating] = [engine.stopping, engine.beating].map((listed) => [...listed].filter((one) => !isKnown(engine, one)).length);
  says("engine", "those who are stopping are canisters", stopping, 0);
  says("engine", "those with heartbeats are canisters", beating, 0);
  for (const { request, asked, sent } of engine.waitingManagement) {
    says("management", "what a request says", told(asked), told(askedIn(request)));
    says("management", "a request was sent", sent <= engine.height, true);
    if (request.kind === "request") says("management", "a request is in no queue", request.pair, null);
    else says("management", `the message ${request.id} has not expired`, request.expiry >= engine.time, true);
  }
  for (const request of askedOutside(engine)) {
    if (request.kind !== "user") continue;
    says("management", `what is known of ${request.id}`, engine.history.entries.get(request.id)?.status.kind, "processing");
    says("management", `what is attached to ${request.id}`, request.attached, 0n);
  }
};

/** The requests that are in no queue, since the platform has them; their cycles are among the messages. */
export const requestsOutside = (engine: Engine): Request[] => [
  ...engine.waitingRandomness.map(({ request }) => request),
  ...askedOutside(engine).filter((request) => request.kind === "request"),
  ...[...engine.consensus.waiting.values()].map(({ request }) => request),
];

/** What canisters and users asked of the management canister, and what it did not answer yet. */
const askedOutside = ({ waitingManagement, canisters }: Engine): ManagementRequest[] => [
  ...waitingManagement.map(({ request }) => request),
  ...canisters.flatMap(({ stops }) => (stops ?? []).map(({ request }) => request)),
];

const lookAtStatus = (engine: Engine, canister: Canister, says: Says): void => {
  const { id, status, stops, contexts, callbacks, code, timer, execution } = canister;
  const runs = status === "running";
  says(id, "stands among those who are stopping", engine.stopping.has(canister), status === "stopping");
  says(id, "stands among those with heartbeats", engine.beating.has(canister), runs && (code?.onHeartbeat ?? null) !== null);
  says(id, "requests to stop wait with it only while it is stopping", stops === null || (status === "stopping" && stops.length > 0), true);
  if (!runs) says(id, "calls in hand while it is stopping", (contexts?.size ?? 0) > 0, status === "stopping");
  if (status === "stopped") says(id, "calls or executions that go on", (callbacks?.size ?? 0) > 0 || execution !== null, false);
  for (const [at, { since }] of (stops ?? []).entries()) {
    says(id, "requests to stop stand in the order of time", at === 0 || stops![at - 1]!.since <= since, true);
  }
  const alarms = engine.timers.alarms.items.filter((alarm) => alarm.canister === canister && alarm.at === timer);
  const fires = execution?.job.kind === "timer"; // whether it is set again turns out when that is over
  says(id, "has an alarm for its timer", !runs || timer === null || alarms.length > 0 || fires, true);
};

const told = (asked: unknown): string => JSON.stringify(asked, (_, part: unknown) => (typeof part === "bigint" ? `${part}` : part));

const isKnown = ({ byId }: Engine, canister: Canister): boolean => byId.get(canister.id) === canister;
