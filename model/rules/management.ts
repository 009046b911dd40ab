/** The management canister: the clauses of `spec/rules/management.ts`, one line each. */
import { castDraft } from "immer";
import {
  canisterRest,
  canisterStart,
  canisterStop,
  cycles,
  cyclesDeposit,
  cyclesProvide,
  isManagementMethod,
  isProvisional,
  managementAllow,
  managementAnswer,
  managementAsk,
  managementTake,
  askedBy,
  stopAnswer,
  stopExpire,
  type Asked,
  type CanisterId,
  type Cycles,
  type ManagementMethod,
} from "../../spec/index.ts";
import { grow } from "../changes.ts";
import { canisterOf, draftOf, enterInput, known, leaveOutput, move } from "../reading.ts";
import type { Request, Response, State, Stop } from "../state.ts";
import { transition } from "../transition.ts";
import { isAwaited } from "./queues.ts";

/** What a request asks for; it was understood when it came to wait. */
export const askedIn = ({ method, payload }: Request): Asked =>
  known(isManagementMethod(method) ? askedBy(method, payload) : null, "something to ask for");

/** The canister that a request names; `null` when it asks for a new one. */
export const targetIn = (request: Request): CanisterId | null => askedIn(request).canister;

/** The same, where it must name one. */
export const targetOf = (request: Request): CanisterId => known(targetIn(request), "a canister that the request names");

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

/** `ahead`: the callers of those that were left waiting before this one. */
export const takeManagement = transition(managementTake)<{ request: Request; ahead: ReadonlySet<CanisterId> }>({
  when: {
    ordered: (_before, { request, ahead }) => !ahead.has(request.caller),
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

export const allowManagement = transition(managementAllow)<{ request: Request }>({
  when: {
    exists: (before, { request }) => targetIn(request) === null || before.canisters.has(targetOf(request)),
    allowed: (before, { request }) => isAllowed(before, request),
    stopped: (before, { request }) => request.method !== "delete_canister" || before.canisters.get(targetOf(request))?.status === "stopped",
  },
  then: {},
});

const isAllowed = (before: State, request: Request): boolean => {
  const { caller, method } = request;
  const target = targetIn(request);
  const controlled = target === null || (before.canisters.get(target)?.controllers.has(caller) ?? true);
  return controlled || harmless.has(method) || (ofItself.has(method) && caller === target);
};

export const answerManagement = transition(managementAnswer)<{ response: Response }>({
  when: {},
  then: {
    respond: (after, before, { response }) => {
      if (isAwaited(before, response)) enterInput(after, response.caller, response.respondent, response);
    },
  },
});

export const stopCanister = transition(canisterStop)<{ request: Request }>({
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

export const startCanister = transition(canisterStart)<{ request: Request }>({
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
