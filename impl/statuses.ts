/**
 * Whether a canister runs, is stopping, or has come to rest, and the requests that wait for that. A round looks at those that are
 * stopping and at no others: whoever is stopped has no heartbeat that would be listed and no alarm that would be set again.
 */
import type { CanisterStatus, Nanoseconds } from "../spec/index.ts";
import type { ManagementRequest } from "./messages.ts";
import { rejectWith, stopCancelled, stopTimedOut } from "./refusals.ts";
import { answerRequest, done } from "./requests.ts";
import { activate, type Canister, type Engine } from "./state.ts";
import { arm } from "./timers.ts";

/** A request to stop that waits with its canister, which is stopping. */
export interface WaitingStop {
  readonly request: ManagementRequest;
  /** The time of the round in which it began to wait. */
  readonly since: Nanoseconds;
}

/**
 * The canister takes nothing new from now on; who asked hears of it when it has come to rest.
 * @rule canister-stop
 */
export const stop = (engine: Engine, canister: Canister, request: ManagementRequest): void => {
  canister.version++;
  if (canister.status === "stopped") return answerRequest(engine, request, done);
  if (canister.status === "running") {
    setStatus(engine, canister, "stopping");
    engine.events.push({ kind: "canister-stopping", canister: canister.id });
  }
  waitForStop(canister, { request, since: engine.time });
};

/**
 * The canister takes messages again, whatever it was; who waited for its rest does so in vain.
 * @rule canister-start
 */
export const start = (engine: Engine, canister: Canister, request: ManagementRequest): void => {
  const stops = canister.stops ?? [];
  canister.stops = null;
  canister.version++;
  setStatus(engine, canister, "running");
  engine.events.push({ kind: "canister-started", canister: canister.id });
  for (const { request: stopping } of stops) answerRequest(engine, stopping, rejectWith(stopCancelled));
  answerRequest(engine, request, done);
};

/** At the end of a round: who is stopping has come to rest, or others have waited too long for that. */
export const settleStops = (engine: Engine): void => {
  if (engine.stopping.size === 0) return;
  for (const canister of [...engine.stopping].sort((left, right) => left.index - right.index)) {
    if (isAtRest(canister)) rest(engine, canister);
    else expireStops(engine, canister);
  }
};

/** The canister is in every list that its status asks for, and in no other. */
export const setStatus = (engine: Engine, canister: Canister, status: CanisterStatus): void => {
  const { stopping, timers } = engine;
  const wasRunning = canister.status === "running";
  canister.status = status;
  if (status === "stopping") stopping.add(canister);
  else stopping.delete(canister);
  listHeartbeat(engine, canister);
  if (status !== "running" || wasRunning) return;
  if (canister.hook === "ready") activate(engine, canister);
  arm(timers, canister);
};

/** A running canister whose code has a heartbeat is listed for it, and no other. */
export const listHeartbeat = ({ beating }: Engine, canister: Canister): void => {
  const { status, code } = canister;
  if (status === "running" && code !== null && code.onHeartbeat !== null) beating.add(canister);
  else beating.delete(canister);
};

export const waitForStop = (canister: Canister, stop: WaitingStop): void => void (canister.stops ??= []).push(stop);

/** Every open callback has its context, so without contexts there is none. */
const isAtRest = ({ contexts }: Canister): boolean => contexts === null || contexts.size === 0;

/**
 * @rule canister-rest
 * @rule stop-answer
 */
const rest = (engine: Engine, canister: Canister): void => {
  const stops = canister.stops ?? [];
  canister.stops = null;
  canister.version++;
  setStatus(engine, canister, "stopped");
  engine.events.push({ kind: "canister-stopped", canister: canister.id });
  for (const { request } of stops) answerRequest(engine, request, done);
};

/**
 * Those that wait longest stand first.
 * @rule stop-expire
 */
const expireStops = (engine: Engine, canister: Canister): void => {
  const { time, genesis } = engine;
  const stops = canister.stops ?? [];
  const patient = stops.findIndex(({ since }) => since + genesis.parameters.stopTimeout >= time);
  const late = stops.splice(0, patient < 0 ? stops.length : patient);
  if (stops.length === 0) canister.stops = null;
  for (const { request } of late) answerRequest(engine, request, rejectWith(stopTimedOut));
};
