/**
 * The management canister, which is no canister: what canisters of this subnet ask of it waits from the end of one round to the start
 * of another, and is executed there, before all canisters, with what users ask, which a block brings. Whoever asks about a canister in the middle of an execution goes on waiting;
 * nobody looks at anybody else.
 */
import {
  askedBy,
  asciiOf,
  cycles,
  isManagementMethod,
  isProvisional,
  managementAllow,
  managementAsk,
  type Asked,
  type Cycles,
  type ErrorCode,
  type Height,
  type Principal,
  type Result,
} from "../spec/index.ts";
import { infoOf } from "./changes.ts";
import { clearChunks, joinChunks, keepChunk, listOfChunks } from "./chunks.ts";
import { balanceOf } from "./cohorts.ts";
import { noCycles } from "./frame.ts";
import { install } from "./installing.ts";
import { deleteCanister } from "./membership.ts";
import { callerOf, type ManagementRequest, type Request, type UserRequest } from "./messages.ts";
import { askConsensus } from "./outcalls.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { answerRequest, done } from "./requests.ts";
import { makeCanister, updateSettings } from "./settings.ts";
import { deleteSnapshot, listOf, loadSnapshot, takeSnapshot } from "./snapshots.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";
import { start, stop } from "./statuses.ts";
import { uninstall } from "./uninstall.ts";

/** A request that waits for the management canister, and what it says. */
export interface WaitingManagement {
  readonly request: ManagementRequest;
  readonly asked: Asked;
  /** Of the round that executed its sending, or that brought it. */
  readonly sent: Height;
}

/**
 * A request that left its output queue begins to wait. Says why not, when it does not.
 * @rule management-ask
 */
export const askManagement = (engine: Engine, request: Request): ErrorCode | null => {
  const { canister: caller, callback } = request.origin;
  const { method, payload } = request;
  if (!isManagementMethod(method)) return noSuchMethod;
  if (isProvisional(method) && engine.genesis.provisional === undefined) return nothingFromNothing;
  const asked = askedBy(method, payload);
  if (asked === null) return notUnderstood;
  waitForManagement(engine, { request, asked, sent: engine.height });
  engine.events.push({ kind: "management-asked", caller, callback, method, canister: asked.canister });
  return null;
};

/** What a user asks begins to wait. */
export const waitAsUser = (engine: Engine, request: UserRequest, asked: Asked): void =>
  waitForManagement(engine, { request, asked, sent: engine.height });

/** A request that waited when the state was written waits again. */
export const askAgain = (engine: Engine, request: ManagementRequest, sent: Height): void =>
  waitForManagement(engine, { request, asked: askedIn(request), sent });

/** What a request that was understood asks for. */
export const askedIn = ({ method, payload }: Pick<ManagementRequest, "method" | "payload">): Asked => {
  const asked = isManagementMethod(method) ? askedBy(method, payload) : null;
  if (asked === null) throw new Error(`nobody can wait for ${method} of ${payload}`);
  return asked;
};

/**
 * Executes every request that may be executed now, in the order in which they came to wait.
 * @rule management-take
 */
export const executeManagement = (engine: Engine): void => {
  const { waitingManagement: waiting } = engine;
  if (waiting.length === 0) return;
  const heldBack = new Set<string>();
  engine.waitingManagement = [];
  for (const one of waiting) {
    const line = lineOf(one);
    if (!heldBack.has(line) && isSteady(engine, one)) execute(engine, one);
    else {
      heldBack.add(line);
      engine.waitingManagement.push(one);
    }
  }
};

/** Of those in one line nobody is executed before another who came earlier: the requests of a canister, or what users ask about one. */
const lineOf = ({ request, asked }: WaitingManagement): string =>
  request.kind === "user" ? `about ${asked.canister ?? request.id}` : request.origin.canister;

const waitForManagement = (engine: Engine, waiting: WaitingManagement): void => {
  engine.waitingManagement.push(waiting);
  engine.totals.messages += waiting.request.attached;
};

/** Whether the canister that is named, if one is, can be asked about now; what leaves it as it is need not wait. */
const isSteady = ({ byId }: Engine, { asked }: WaitingManagement): boolean =>
  asked.canister === null || isLight(asked) || (byId.get(asked.canister)?.execution ?? null) === null;

/** Nothing of the canister is changed but its balance. */
const isLight = ({ method }: Asked): boolean =>
  method === "deposit_cycles" || method === "canister_info" || method === "provisional_top_up_canister";

const execute = (engine: Engine, { request, asked, sent }: WaitingManagement): void => {
  if (asked.method === "create_canister") return makeCanister(engine, request, asked.settings, null);
  if (asked.method === "provisional_create_canister_with_cycles")
    return makeCanister(engine, request, asked.settings, asked.amount ?? engine.genesis.provisional!);
  if (asked.canister === null) {
    if (request.kind === "user") throw new Error(`no user can ask for ${asked.method}`);
    return askConsensus(engine, request, asked, sent);
  }
  const canister = engine.byId.get(asked.canister);
  const caller = callerOf(request);
  const error = refusalOfAsker(canister, asked, caller);
  if (canister === undefined || error !== null) return answerRequest(engine, request, rejectWith(error!));
  switch (asked.method) {
    case "start_canister":
      return start(engine, canister, request);
    case "stop_canister":
      return stop(engine, canister, request);
    case "canister_status":
      return answerRequest(engine, request, { kind: "reply", payload: asciiOf(canister.status) });
    case "canister_info":
      return answerRequest(engine, request, infoOf(engine, canister, asked.newest));
    case "uninstall_code":
      return answerRequest(engine, request, outcome(uninstall(engine, canister.id, caller)));
    case "delete_canister":
      return answerRequest(engine, request, outcome(deleteCanister(engine, canister.id)));
    case "deposit_cycles":
      return deposit(engine, canister, request);
    case "provisional_top_up_canister":
      return provide(engine, canister, request, asked.amount);
    case "install_code":
      return answerRequest(engine, request, outcome(install(engine, canister, asked, caller)));
    case "update_settings":
      return answerRequest(engine, request, outcome(updateSettings(engine, canister, asked.settings, caller)));
    case "take_canister_snapshot":
      return answerRequest(engine, request, takeSnapshot(engine, canister, asked.replaced));
    case "load_canister_snapshot":
      return answerRequest(engine, request, outcome(loadSnapshot(engine, canister, asked, caller)));
    case "delete_canister_snapshot":
      return answerRequest(engine, request, outcome(deleteSnapshot(engine, canister, asked.snapshot)));
    case "list_canister_snapshots":
      return answerRequest(engine, request, listOf(engine, canister));
    case "upload_chunk":
      return answerRequest(engine, request, keepChunk(engine, canister, asked.chunk));
    case "clear_chunk_store":
      clearChunks(engine, canister);
      return answerRequest(engine, request, done);
    case "stored_chunks":
      return answerRequest(engine, request, listOfChunks(engine, canister));
    case "install_chunked_code":
      return answerRequest(engine, request, outcome(installJoined(engine, canister, asked, caller)));
    default: {
      const never: never = asked;
      throw new Error(`the management canister cannot do ${JSON.stringify(never)}`);
    }
  }
};

/**
 * Why this may not be asked, by this caller; `null` when it may.
 * @rule management-allow
 */
const refusalOfAsker = (canister: Canister | undefined, { method }: Asked, caller: Principal): ErrorCode | null => {
  if (canister === undefined) return noSuchCanister;
  const { id, controllers, status } = canister;
  const isAllowed = isPublic(method) || (caller === id && isOwn(method)) || controllers.includes(caller);
  if (!isAllowed) return notController;
  return method === "delete_canister" && status !== "stopped" ? notStopped : null;
};

/** What everybody may ask. */
const isPublic = (method: Asked["method"]): boolean =>
  method === "deposit_cycles" || method === "canister_info" || method === "provisional_top_up_canister";

/** What a canister may ask about itself. */
const isOwn = (method: Asked["method"]): boolean =>
  method === "canister_status" || method === "upload_chunk" || method === "clear_chunk_store" || method === "stored_chunks";

/** Installs the module that chunks make. */
const installJoined = (
  engine: Engine,
  canister: Canister,
  asked: Extract<Asked, { method: "install_chunked_code" }>,
  by: Principal,
): ErrorCode | null => {
  const joined = joinChunks(engine, asked, by);
  return joined.error ?? install(engine, canister, { ...asked, module: joined.module }, by);
};

const outcome = (error: ErrorCode | null): Result => (error === null ? done : rejectWith(error));

/** @rule cycles-deposit */
const deposit = (engine: Engine, canister: Canister, request: ManagementRequest): void => {
  const { attached } = request;
  engine.totals.messages -= attached;
  setBalance(engine, canister, cycles(balanceOf(canister) + attached));
  engine.events.push({ kind: "cycles-deposited", canister: canister.id, cycles: attached, balance: balanceOf(canister) });
  answerRequest(engine, request, done, noCycles);
};

/** @rule cycles-provide */
const provide = (engine: Engine, canister: Canister, request: ManagementRequest, minted: Cycles): void => {
  engine.totals.minted += minted;
  setBalance(engine, canister, cycles(balanceOf(canister) + minted));
  engine.events.push({ kind: "cycles-provided", canister: canister.id, cycles: minted, balance: balanceOf(canister) });
  answerRequest(engine, request, done);
};

const noSuchMethod = refusalOf(managementAsk.when.known);
const nothingFromNothing = refusalOf(managementAsk.when.provisional);
const notUnderstood = refusalOf(managementAsk.when.named);
const noSuchCanister = refusalOf(managementAllow.when.exists);
const notController = refusalOf(managementAllow.when.allowed);
const notStopped = refusalOf(managementAllow.when.stopped);
