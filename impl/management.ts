/**
 * The management canister, which is no canister: what canisters of this subnet ask of it waits from the end of one round to the start
 * of another, and is executed there, before all canisters. Whoever asks about a canister in the middle of an execution goes on waiting;
 * nobody looks at anybody else.
 */
import {
  asciiOf,
  cycles,
  isManagementMethod,
  managementAllow,
  managementAsk,
  namedBy,
  type CanisterId,
  type ErrorCode,
  type ManagementMethod,
  type Result,
} from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { noCycles } from "./frame.ts";
import { deleteCanister } from "./membership.ts";
import type { Request } from "./messages.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { answerRequest, done } from "./requests.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { start, stop } from "./statuses.ts";
import { uninstall } from "./uninstall.ts";

/** A request that waits for the management canister, and what it says. */
export interface WaitingManagement {
  readonly request: Request;
  readonly method: ManagementMethod;
  /** Which it names. */
  readonly named: CanisterId;
}

/**
 * A request that left its output queue begins to wait. Says why not, when it does not.
 * @rule management-ask
 */
export const askManagement = (engine: Engine, request: Request): ErrorCode | null => {
  const { canister: caller, callback } = request.origin;
  const { method, payload } = request;
  if (!isManagementMethod(method)) return noSuchMethod;
  const named = namedBy(payload);
  if (named === null) return namesNobody;
  waitForManagement(engine, { request, method, named });
  engine.events.push({ kind: "management-asked", caller, callback, method, canister: named });
  return null;
};

/** A request that waited when the state was written waits again. */
export const askAgain = (engine: Engine, request: Request): void => {
  const { method, payload } = request;
  const named = namedBy(payload);
  if (!isManagementMethod(method) || named === null) throw new Error(`nobody can wait for ${method} of ${payload}`);
  waitForManagement(engine, { request, method, named });
};

/**
 * Executes every request that may be executed now, in the order in which they came to wait.
 * @rule management-take
 */
export const executeManagement = (engine: Engine): void => {
  const { waitingManagement: waiting } = engine;
  if (waiting.length === 0) return;
  const heldBack = new Set<CanisterId>();
  engine.waitingManagement = [];
  for (const one of waiting) {
    const { canister: caller } = one.request.origin;
    if (!heldBack.has(caller) && isSteady(engine, one)) execute(engine, one);
    else {
      heldBack.add(caller);
      engine.waitingManagement.push(one);
    }
  }
};

const waitForManagement = (engine: Engine, waiting: WaitingManagement): void => {
  engine.waitingManagement.push(waiting);
  engine.totals.messages += waiting.request.attached;
};

const isSteady = ({ byId }: Engine, { method, named }: WaitingManagement): boolean =>
  method === "deposit_cycles" || (byId.get(named)?.execution ?? null) === null;

const execute = (engine: Engine, { request, method, named }: WaitingManagement): void => {
  const canister = engine.byId.get(named);
  const error = refusalOfAsker(canister, method, request.origin.canister);
  if (canister === undefined || error !== null) return answerRequest(engine, request, rejectWith(error!));
  switch (method) {
    case "start_canister":
      return start(engine, canister, request);
    case "stop_canister":
      return stop(engine, canister, request);
    case "canister_status":
      return answerRequest(engine, request, { kind: "reply", payload: asciiOf(canister.status) });
    case "uninstall_code":
      return answerRequest(engine, request, outcome(uninstall(engine, named)));
    case "delete_canister":
      return answerRequest(engine, request, outcome(deleteCanister(engine, named)));
    case "deposit_cycles":
      return deposit(engine, canister, request);
    default: {
      const never: never = method;
      throw new Error(`the management canister has no method ${String(never)}`);
    }
  }
};

/**
 * Why this may not be asked, by this caller; `null` when it may.
 * @rule management-allow
 */
const refusalOfAsker = (canister: Canister | undefined, method: ManagementMethod, caller: CanisterId): ErrorCode | null => {
  if (canister === undefined) return noSuchCanister;
  const { id, born, status } = canister;
  const isAllowed =
    method === "deposit_cycles" || (method === "canister_status" && caller === id) || (born.controllers?.includes(caller) ?? false);
  if (!isAllowed) return notController;
  return method === "delete_canister" && status !== "stopped" ? notStopped : null;
};

const outcome = (error: ErrorCode | null): Result => (error === null ? done : rejectWith(error));

/** @rule cycles-deposit */
const deposit = (engine: Engine, canister: Canister, request: Request): void => {
  const { attached } = request;
  engine.totals.messages -= attached;
  setBalance(engine, canister, cycles(balanceOf(canister) + attached));
  engine.events.push({ kind: "cycles-deposited", canister: canister.id, cycles: attached, balance: balanceOf(canister) });
  answerRequest(engine, request, done, noCycles);
};

const noSuchMethod = refusalOf(managementAsk.when.known);
const namesNobody = refusalOf(managementAsk.when.named);
const noSuchCanister = refusalOf(managementAllow.when.exists);
const notController = refusalOf(managementAllow.when.allowed);
const notStopped = refusalOf(managementAllow.when.stopped);
