/** The management canister: the clauses of `spec/rules/management.ts`, one line each. */
import { castDraft } from "immer";
import {
  bitcoinPrefix,
  canisterRest,
  canisterStart,
  canisterStop,
  cycles,
  cyclesDeposit,
  cyclesProvide,
  isForCanisters,
  isManagementMethod,
  isProvisional,
  managementAdmit,
  managementAllow,
  managementAnswer,
  managementAsk,
  managementTake,
  askedBy,
  stopAnswer,
  stopExpire,
  type CanisterId,
  type Cycles,
  type ManagementMethod,
  type MethodName,
  type Principal,
} from "../../spec/index.ts";
import { grow } from "../changes.ts";
import { canisterOf, draftOf, enterInput, isThere, leaveOutput, move } from "../reading.ts";
import { askerOf, targetIn, targetOf } from "../requests.ts";
import type { Ingress, ManagementRequest, Request, Response, State, Stop } from "../state.ts";
import { transition } from "../transition.ts";
import { canPayFor } from "./ingress.ts";
import { isAwaited } from "./queues.ts";

export const askManagement = transition(managementAsk)<{ request: Request }>({
  when: {
    known: (_before, { request }) => isManagementMethod(request.method),
    provisional: (before, { request }) => !isProvisional(request.method) || before.provisional !== null,
    named: (_before, { request: { method, payload } }) => !isManagementMethod(method) || askedBy(method, payload) !== null,
  },
  then: {
    leave: (after, _before, { request }) => leaveOutput(after, request.caller, request.callee),
    wait: (after, _before, { request }) => void after.management.push(castDraft(request)),
  },
});

/** What a user sends to the management canister. */
export const admitToManagement = transition(managementAdmit)<{ message: Ingress }>({
  when: {
    known: (before, { message: { method } }) =>
      isManagementMethod(method) || method === "raw_rand" || (before.bitcoin !== null && method.startsWith(bitcoinPrefix)),
    provisional: (before, { message: { method } }) => !isProvisional(method) || before.provisional !== null,
    open: (_before, { message: { method } }) => !isForCanisters(method),
    named: (_before, { message: { method, payload } }) => isManagementMethod(method) && askedBy(method, payload) !== null,
    exists: (before, { message }) => isThere(before, targetIn(message)),
    allowed: (before, { message }) => isProvisional(message.method) || isControlledBy(before, targetIn(message), askerOf(message)),
    funded: (before, { message }) => canPayFor(before, message),
  },
  then: {},
});

/** Which of those that wait pass each other: those of one canister never do, nor those of users about one canister. */
export const lineOf = (request: ManagementRequest): string =>
  request.kind === "request" ? `of ${request.caller}` : `about ${String(targetIn(request))}`;

/** `ahead`: the lines of those that were left waiting before this one. */
export const takeManagement = transition(managementTake)<{ request: ManagementRequest; ahead: ReadonlySet<string> }>({
  when: {
    ordered: (_before, { request, ahead }) => !ahead.has(lineOf(request)),
    steady: (before, { request }) => harmless.has(request.method) || (before.canisters.get(targetOf(request))?.underway ?? null) === null,
  },
  then: {
    leave: (after, before, { request }) => void (after.management = castDraft(before.management.filter((other) => other !== request))),
  },
});

/** Methods that change nothing of the canister that they name but its balance, or name none. */
const harmless: ReadonlySet<string> = new Set<ManagementMethod>([
  "deposit_cycles",
  "create_canister",
  "canister_info",
  "sign_with_ecdsa",
  "sign_with_schnorr",
  "vetkd_derive_key",
  "http_request",
  "provisional_create_canister_with_cycles",
  "provisional_top_up_canister",
]);

/** Methods that a canister may ask for itself. */
const ofItself: ReadonlySet<string> = new Set<ManagementMethod>(["canister_status", "upload_chunk", "clear_chunk_store", "stored_chunks"]);

export const allowManagement = transition(managementAllow)<{ request: ManagementRequest }>({
  when: {
    exists: (before, { request }) => isThere(before, targetIn(request)),
    allowed: (before, { request }) => harmless.has(request.method) || mayAsk(before, targetIn(request), request.method, askerOf(request)),
    stopped: (before, { request }) => request.method !== "delete_canister" || before.canisters.get(targetOf(request))?.status === "stopped",
  },
  then: {},
});

/** Whether somebody controls a canister, when there is one of that name. */
const isControlledBy = ({ canisters }: State, canister: CanisterId | null, asker: Principal): boolean =>
  canister === null || (canisters.get(canister)?.controllers.has(asker) ?? true);

/** Whether somebody may ask this of a canister, as its controller or as itself. */
export const mayAsk = (before: State, canister: CanisterId | null, method: MethodName, asker: Principal): boolean =>
  isControlledBy(before, canister, asker) || (ofItself.has(method) && asker === canister);

export const answerManagement = transition(managementAnswer)<{ response: Response }>({
  when: {},
  then: {
    respond: (after, before, { response }) => {
      if (isAwaited(before, response)) enterInput(after, response.caller, response.respondent, response);
    },
  },
});

export const stopCanister = transition(canisterStop)<{ request: ManagementRequest }>({
  when: {},
  then: {
    stop: (after, before, { request }) => {
      if (canisterOf(before, targetOf(request)).status === "running") draftOf(after, targetOf(request)).status = "stopping";
    },
    wait: (after, before, { request }) => void draftOf(after, targetOf(request)).stops.push(castDraft({ request, since: before.time })),
    version: (after, before, { request }) => grow(after, before, targetOf(request)),
  },
});

export const restCanister = transition(canisterRest)<{ canister: CanisterId }>({
  when: {
    stopping: (before, { canister }) => canisterOf(before, canister).status === "stopping",
    answered: (before, { canister }) => canisterOf(before, canister).contexts.size === 0,
  },
  then: {
    rest: (after, _before, { canister }) => void (draftOf(after, canister).status = "stopped"),
    version: (after, before, { canister }) => grow(after, before, canister),
  },
});

interface Stopping {
  readonly canister: CanisterId;
  readonly stop: Stop;
}

const others = (before: State, { canister, stop }: Stopping): readonly Stop[] =>
  canisterOf(before, canister).stops.filter((one) => one !== stop);

export const answerStop = transition(stopAnswer)<Stopping>({
  when: {
    stopped: (before, { canister }) => canisterOf(before, canister).status === "stopped",
  },
  then: {
    leave: (after, before, asked) => void (draftOf(after, asked.canister).stops = castDraft([...others(before, asked)])),
  },
});

export const expireStop = transition(stopExpire)<Stopping>({
  when: {
    late: (before, { stop: { since } }) => since + before.parameters.stopTimeout < before.time,
  },
  then: {
    leave: (after, before, asked) => void (draftOf(after, asked.canister).stops = castDraft([...others(before, asked)])),
  },
});

export const startCanister = transition(canisterStart)<{ request: ManagementRequest }>({
  when: {},
  then: {
    run: (after, _before, { request }) => void (draftOf(after, targetOf(request)).status = "running"),
    cancel: (after, _before, { request }) => void (draftOf(after, targetOf(request)).stops = []),
    version: (after, before, { request }) => grow(after, before, targetOf(request)),
  },
});

export const provideCycles = transition(cyclesProvide)<{ canister: CanisterId; amount: Cycles }>({
  when: {},
  then: {
    credit: (after, _before, { canister, amount }) => move(after, canister, amount),
    mint: (after, before, { amount }) => void (after.minted = cycles(before.minted + amount)),
  },
});

export const depositCycles = transition(cyclesDeposit)<{ request: Request }>({
  when: {},
  then: {
    credit: (after, _before, { request }) => move(after, targetOf(request), request.attached),
  },
});
