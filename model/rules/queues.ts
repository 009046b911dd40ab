/** Queues: the clauses of `spec/rules/queues.ts`, one line each. */
import { castDraft } from "immer";
import { inputTake, requestInduct, responseInduct, turnReset, type CanisterId } from "../../spec/index.ts";
import { hasMemory, hasSlot, isAnswered } from "../memory.ts";
import { canisterOf, draftOf, enterInput, hasInput, leaveOutput, outboxes } from "../reading.ts";
import { sources, type Canister, type Request, type Response, type Source, type State } from "../state.ts";
import { transition } from "../transition.ts";

export const inductRequest = transition(requestInduct)<{ request: Request }>({
  when: {
    here: (before, { request }) => before.canisters.has(request.callee),
    slot: (before, { request }) => hasSlot(before, request),
    memory: (before, { request }) => hasMemory(before, request),
  },
  then: {
    leave: (after, _before, { request }) => leaveOutput(after, request.caller, request.callee),
    enter: (after, _before, { request }) => enterInput(after, request.callee, request.caller, request),
  },
});

export const inductResponse = transition(responseInduct)<{ response: Response }>({
  when: {
    here: (before, { response }) => before.canisters.has(response.caller),
    awaited: (before, { response }) => isAwaited(before, response),
  },
  then: {
    leave: (after, _before, { response }) => leaveOutput(after, response.respondent, response.caller),
    enter: (after, _before, { response }) => enterInput(after, response.caller, response.respondent, response),
  },
});

/** `source` is the one that gives the message. */
export const takeInput = transition(inputTake)<{ canister: CanisterId; source: Source }>({
  when: {},
  then: {
    leave: (after, _before, { canister, source }) => {
      if (source === "ingress") draftOf(after, canister).ingress.shift();
      else draftOf(after, canister)[source][0]!.messages.shift();
    },
    advance: (after, _before, { canister, source }) =>
      void (draftOf(after, canister).source = sources[(sources.indexOf(source) + 1) % sources.length]!),
    rotate: (after, before, { canister, source }) => {
      if (source === "ingress") return;
      const [first] = draftOf(after, canister)[source];
      const [served, ...others] = canisterOf(before, canister)[source];
      const again = first !== undefined && served !== undefined && served.messages.length > 1;
      draftOf(after, canister)[source] = [...castDraft(others), ...(again ? [first] : [])];
    },
  },
});

export const resetTurn = transition(turnReset)<{ canister: CanisterId }>({
  when: {
    quiet: (before, { canister }) => isQuiet(canisterOf(before, canister)),
  },
  then: {
    reset: (after, _before, { canister }) => void (draftOf(after, canister).source = "local"),
  },
});

/** The source of the next input: from the one whose turn it is, the first that has a message. */
export const nextSource = (canister: Canister): Source | null => {
  const turn = sources.indexOf(canister.source);
  return [...sources.slice(turn), ...sources.slice(0, turn)].find((source) => canister[source].length > 0) ?? null;
};

/** Whether somebody waits for a response. */
export const isAwaited = ({ canisters }: State, { caller, respondent, callback }: Response): boolean => {
  const canister = canisters.get(caller);
  return canister?.callbacks.get(callback)?.callee === respondent && !isAnswered(canister, respondent, callback);
};

const isQuiet = (canister: Canister): boolean =>
  !hasInput(canister) &&
  canister.underway === null &&
  outboxes(canister).length === 0 &&
  canister.callbacks.size === 0 &&
  [...canister.contexts.values()].every(({ status, origin }) => status !== "open" || origin.kind !== "canister");
