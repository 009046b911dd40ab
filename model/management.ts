/** The management canister: requests that wait are executed at the start of a round, and stops are answered at its end. */
import { match, P } from "ts-pattern";
import { asciiOf, cycles, type CanisterId, type Cycles, type ErrorCode, type Event, type Hex, type Settings } from "../spec/index.ts";
import { remove, takeCode } from "./canisters.ts";
import { chunksOf, clear, installJoined, keep } from "./chunks.ts";
import { install } from "./installing.ts";
import { askForOutcall, askForSignature } from "./outcalls.ts";
import { canisterOf, errorOf, inOrder, tell } from "./reading.ts";
import { reject, reply, respond } from "./responding.ts";
import { askedIn, askerOf, attachedTo, ofCanister, targetIn, targetOf } from "./requests.ts";
import {
  allowManagement,
  answerStop,
  askManagement,
  depositCycles,
  provideCycles,
  expireStop,
  lineOf,
  restCanister,
  startCanister,
  stopCanister,
  takeManagement,
} from "./rules/management.ts";
import { aheadOf, aheadOfNew, freshId, makeCanister, tellInfo, updateSettings, type Making } from "./rules/settings.ts";
import { infoOf, reservedTold, settingsTold } from "./settings.ts";
import { listOf, load, removeSnapshot, take, type Outcome } from "./snapshots.ts";
import type { ManagementRequest, Request, State, Stop } from "./state.ts";
import type { Fire } from "./transition.ts";

/** A request on its way out: it waits, or there is an error for it. */
export const askFor = (fire: Fire, before: State, request: Request): State | { readonly error: ErrorCode } => {
  const fired = fire(askManagement, before, { request });
  if (!fired.applied) return { error: errorOf(fired.error) };
  const { caller, callback } = request;
  return tell(fired.state, { kind: "management-asked", caller, callback, method: askedIn(request).method, canister: targetIn(request) });
};

/** Executes what waits, in its order, but for those that cannot be executed yet, and whatever the same callers asked after them. */
export const manage = (fire: Fire, before: State): State => {
  const ahead = new Set<string>();
  return before.management.reduce((state, request) => {
    const taken = fire(takeManagement, state, { request, ahead: new Set(ahead) });
    if (taken.applied) return execute(fire, taken.state, request);
    ahead.add(lineOf(request));
    return state;
  }, before);
};

const execute = (fire: Fire, before: State, request: ManagementRequest): State => {
  const allowed = fire(allowManagement, before, { request });
  if (!allowed.applied) return reject(fire, before, request, errorOf(allowed.error));
  return match(askedIn(request))
    .with({ method: "start_canister" }, () => start(fire, before, request))
    .with({ method: "stop_canister" }, () => stop(fire, before, request))
    .with({ method: "canister_status" }, ({ canister }) => reply(fire, before, request, asciiOf(canisterOf(before, canister).status)))
    .with({ method: "uninstall_code" }, ({ canister }) => done(fire, takeCode(fire, before, canister, askerOf(request)), request))
    .with({ method: "delete_canister" }, ({ canister }) => done(fire, remove(fire, before, canister), request))
    .with({ method: "deposit_cycles" }, () => deposit(fire, before, ofCanister(request)))
    .with({ method: "install_code" }, (asked) => ended(fire, install(fire, before, asked, askerOf(request)), request))
    .with({ method: "update_settings" }, ({ canister, settings }) => update(fire, before, request, canister, settings))
    .with({ method: "create_canister" }, ({ settings }) => make(fire, before, { request, settings, provided: null }))
    .with({ method: "provisional_create_canister_with_cycles" }, ({ settings, amount }) =>
      make(fire, before, { request, settings, provided: amount ?? before.provisional }),
    )
    .with({ method: "provisional_top_up_canister" }, ({ canister, amount }) => provide(fire, before, request, canister, amount))
    .with({ method: "list_canister_snapshots" }, ({ canister }) => inform(fire, before, request, listOf(before, canister)))
    .with({ method: "take_canister_snapshot" }, (asked) => concluded(fire, take(fire, before, asked), request))
    .with({ method: "load_canister_snapshot" }, (asked) => concluded(fire, load(fire, before, asked, askerOf(request)), request))
    .with({ method: "delete_canister_snapshot" }, (asked) => concluded(fire, removeSnapshot(fire, before, asked), request))
    .with({ method: P.union("sign_with_ecdsa", "sign_with_schnorr", "vetkd_derive_key") }, (asked) =>
      askForSignature(fire, before, ofCanister(request), asked),
    )
    .with({ method: "http_request" }, (asked) => askForOutcall(fire, before, ofCanister(request), asked))
    .with({ method: "upload_chunk" }, (asked) => concluded(fire, keep(fire, before, asked), request))
    .with({ method: "clear_chunk_store" }, ({ canister }) => reply(fire, clear(fire, before, canister), request))
    .with({ method: "stored_chunks" }, ({ canister }) => inform(fire, before, request, chunksOf(before, canister)))
    .with({ method: "install_chunked_code" }, (asked) => ended(fire, installJoined(fire, before, asked, askerOf(request)), request))
    .with({ method: "canister_info" }, ({ canister, newest }) => inform(fire, before, request, infoOf(before, canister, newest)))
    .exhaustive();
};

const ended = (fire: Fire, { state, error }: ReturnType<typeof install>, request: ManagementRequest): State =>
  error === null ? reply(fire, state, request) : reject(fire, state, request, error);

const concluded = (fire: Fire, { state, answer }: Outcome, request: ManagementRequest): State =>
  typeof answer === "string" ? reply(fire, state, request, answer) : reject(fire, state, request, answer.error);

const update = (fire: Fire, before: State, request: ManagementRequest, canister: CanisterId, settings: Settings): State => {
  const update = { canister, settings, by: askerOf(request) };
  const fired = fire(updateSettings, before, update);
  if (!fired.applied) return reject(fire, before, request, errorOf(fired.error));
  const { state } = fired;
  return reply(fire, tell(state, settingsTold(state, canister), ...reservedTold(state, canister, aheadOf(before, update))), request);
};

const provide = (fire: Fire, before: State, request: ManagementRequest, canister: CanisterId, amount: Cycles): State => {
  const { state } = fire(provideCycles, before, { canister, amount });
  return reply(
    fire,
    tell(state, { kind: "cycles-provided", canister, cycles: amount, balance: canisterOf(state, canister).balance }),
    request,
  );
};

const make = (fire: Fire, before: State, making: Making): State => {
  const { request, provided } = making;
  const canister = freshId(before);
  const made = fire(makeCanister, before, making);
  if (!made.applied) return reject(fire, before, request, errorOf(made.error));
  const { computeAllocation, balance } = canisterOf(made.state, canister);
  const ahead = aheadOfNew(before, making);
  const born: Event = { kind: "canister-created", canister, computeAllocation, balance: cycles(balance + ahead) };
  const told = tell(made.state, born, ...reservedTold(made.state, canister, ahead));
  return respond(fire, told, request, { kind: "reply", payload: asciiOf(canister) }, provided === null ? cycles(0n) : attachedTo(request));
};

const inform = (fire: Fire, before: State, request: ManagementRequest, answer: Hex): State => {
  const fits = fire(tellInfo, before, { answer });
  return fits.applied ? reply(fire, before, request, answer) : reject(fire, before, request, errorOf(fits.error));
};

const start = (fire: Fire, before: State, request: ManagementRequest): State => {
  const canister = targetOf(request);
  const { stops } = canisterOf(before, canister);
  const started = tell(fire(startCanister, before, { request }).state, { kind: "canister-started", canister });
  const left = new Set(canisterOf(started, canister).stops);
  const cancelled = stops.filter((one) => !left.has(one));
  const told = cancelled.reduce((state, one) => reject(fire, state, one.request, "IC0511"), started);
  return reply(fire, told, request);
};

const stop = (fire: Fire, before: State, request: ManagementRequest): State => {
  const canister = targetOf(request);
  const waits = fire(stopCanister, before, { request }).state;
  const isNew = canisterOf(before, canister).status === "running" && canisterOf(waits, canister).status === "stopping";
  return answerStops(fire, isNew ? tell(waits, { kind: "canister-stopping", canister }) : waits, canister);
};

const deposit = (fire: Fire, before: State, request: Request): State => {
  const canister = targetOf(request);
  const { state } = fire(depositCycles, before, { request });
  const { balance } = canisterOf(state, canister);
  const told = tell(state, { kind: "cycles-deposited", canister, cycles: request.attached, balance });
  return respond(fire, told, request, { kind: "reply", payload: asciiOf("") }, cycles(0n));
};

/** What an act that may still be refused came to: its last event says it. */
const done = (fire: Fire, after: State, request: ManagementRequest): State => {
  const last = after.events.findLast(({ kind }) =>
    ["uninstalled", "uninstall-refused", "canister-deleted", "canister-delete-refused"].includes(kind),
  );
  return last !== undefined && "error" in last ? reject(fire, after, request, errorOf(last.error)) : reply(fire, after, request);
};

/** At the end of a round: who came to rest is stopped, and whoever waited for it for too long waits no more. */
export const restAll = (fire: Fire, before: State): State =>
  inOrder(before).reduce((state, { id: canister }) => {
    const rested = fire(restCanister, state, { canister });
    const told = rested.applied ? tell(rested.state, { kind: "canister-stopped", canister }) : state;
    return expireStops(fire, answerStops(fire, told, canister), canister);
  }, before);

const answerStops = (fire: Fire, before: State, canister: CanisterId): State =>
  each(before, canister, (state, one) => {
    const answered = fire(answerStop, state, { canister, stop: one });
    return answered.applied ? reply(fire, answered.state, one.request) : state;
  });

const expireStops = (fire: Fire, before: State, canister: CanisterId): State =>
  each(before, canister, (state, one) => {
    const expired = fire(expireStop, state, { canister, stop: one });
    return expired.applied ? reject(fire, expired.state, one.request, "IC0206") : state;
  });

const each = (before: State, canister: CanisterId, go: (state: State, one: Stop) => State): State =>
  canisterOf(before, canister).stops.reduce(go, before);
