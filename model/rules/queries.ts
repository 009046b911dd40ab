/** Queries: the clauses of `spec/rules/queries.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  askedBy,
  asciiOf,
  byteLength,
  instructions,
  isForQueries,
  managementCanister,
  queryAnswer,
  queryAdmit,
  queryCall,
  queryCleanup,
  queryCount,
  queryDiscard,
  queryManage,
  queryEnd,
  queryGiveUp,
  queryNest,
  queryOpen,
  queryResume,
  type CanisterId,
  type ErrorCode,
  type Hex,
  type Instructions,
  type MethodName,
  type Principal,
} from "../../spec/index.ts";
import { freezingThreshold } from "../money.ts";
import { canisterOf, draftOf, isThere, known, memoryIn, type Remembered, runningOf } from "../reading.ts";
import type { Canister, QueryCall, State } from "../state.ts";
import { transition } from "../transition.ts";
import { rejectWith } from "./answers.ts";
import { mayAsk } from "./management.ts";

export const admitQuery = transition(queryAdmit)<{ canister: CanisterId; payload: Hex }>({
  when: {
    sized: (before, { payload }) => byteLength(payload) <= before.parameters.maxPayload,
    spare: (before, { canister }) => spentBy(before, canister) < before.parameters.queryBudget,
  },
  then: {
    begin: (after, before) => void (after.asking.left = before.parameters.queryTreeInstructionLimit),
  },
});

/** `start` is the state before the query of the user. */
export const openQuery = transition(queryOpen)<{ canister: CanisterId; method: MethodName; start: State }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
    installed: (before, { canister }) => canisterOf(before, canister).code !== null,
    unstopped: (before, { canister }) => canisterOf(before, canister).status !== "stopped",
    unstopping: (before, { canister }) => canisterOf(before, canister).status !== "stopping",
    exported: (before, { canister, method }) => modeOf(canisterOf(before, canister), method) !== "update",
    solvent: (_before, { canister, start }) => canisterOf(start, canister).balance >= freezingThreshold(start, canisterOf(start, canister)),
  },
  then: {
    fresh: (after, _before, { canister, start }) => remember(after, canister, canisterOf(start, canister)),
    limit: (after, before) => void (after.running!.limit = limitNow(before)),
  },
});

/** `asker`: a user, or the canister whose composite query calls. */
export const manageQuery = transition(queryManage)<{ asker: Principal; method: MethodName; payload: Hex }>({
  when: {
    known: (_before, { method }) => isForQueries(method),
    named: (_before, { method, payload }) => !isForQueries(method) || askedBy(method, payload) !== null,
    exists: (before, { payload }) => isThere(before, namedIn(payload)),
    allowed: (before, { asker, method, payload }) => mayAsk(before, namedIn(payload), method, asker),
  },
  then: {
    answer: (after, before, { payload }) =>
      void (after.asking.answer = { kind: "reply", payload: asciiOf(namedBy(before, payload)?.status ?? "") }),
  },
});

/** The canister whose status is asked for. */
const namedIn = (payload: Hex): CanisterId | null => askedBy("canister_status", payload)?.canister ?? null;

const namedBy = ({ canisters }: State, payload: Hex): Canister | undefined => canisters.get(namedIn(payload) ?? managementCanister);

export const callQuery = transition(queryCall)<{ call: QueryCall }>({
  when: {
    sized: (before, { call }) => byteLength(call.payload) <= before.parameters.maxPayload,
  },
  then: {
    wait: (after, _before, { call }) => void after.asking.calls.push(castDraft(call)),
  },
});

/** `depth` is that of the query that calls. */
export const nestQuery = transition(queryNest)<{ depth: number }>({
  when: {
    shallow: (before, { depth }) => depth < before.parameters.queryDepth,
    left: (before) => before.asking.left >= 1,
  },
  then: {},
});

/** `memory` is what the query left when it went on to its call. */
export const resumeQuery = transition(queryResume)<{ canister: CanisterId; memory: Remembered }>({
  when: {
    left: (before) => before.asking.left >= 1,
  },
  then: {
    memory: (after, _before, { canister, memory }) => remember(after, canister, memory),
    limit: (after, before) => void (after.running!.limit = limitNow(before)),
  },
});

export const cleanUpQuery = transition(queryCleanup)<{ trapped: boolean }>({
  when: {
    trapped: (_before, { trapped }) => trapped,
  },
  then: {
    limit: (after, before) => void (after.running!.limit = instructions(runningOf(before).limit - runningOf(before).used)),
  },
});

/** `called` says whether what ran was called by another query. */
export const countQuery = transition(queryCount)<{ called: boolean }>({
  when: {},
  then: {
    used: (after, before) => takeFrom(after, runningOf(before).used),
    overhead: (after, before, { called }) => takeFrom(after, called ? before.parameters.queryCallOverhead : 0),
  },
});

export const answerQuery = transition(queryAnswer)<Record<never, never>>({
  when: {
    answered: (before) => runningOf(before).answer !== null,
  },
  then: {
    answer: (after, before) => void (after.asking.answer = castDraft(known(runningOf(before).answer, "an answer").result)),
  },
});

export const giveUpQuery = transition(queryGiveUp)<{ error: ErrorCode }>({
  when: {
    open: (before) => before.asking.answer === null,
    idle: (before) => before.asking.calls.length === 0,
  },
  then: {
    reject: (after, _before, { error }) => void (after.asking.answer = castDraft(rejectWith(error))),
  },
});

/** `canister` is the one that the user asked, `start` the state before, `used` what the whole query used. */
export const endQuery = transition(queryEnd)<{ canister: CanisterId; start: State; used: number }>({
  when: {},
  then: {
    memory: (after, _before, { start }) => {
      for (const [id, memory] of start.canisters) remember(after, id, memory);
    },
    count: (after, before, { canister, used }) =>
      void after.spent.set(canister, {
        window: windowOf(before),
        instructions: Math.min(before.parameters.queryBudget, spentBy(before, canister) + used),
      }),
  },
});

/** `start` is the state before the script ran. */
export const discardWrites = transition(queryDiscard)<{ start: State }>({
  when: {
    query: (before) => runningOf(before).phase === "replicated query",
  },
  then: {
    memory: (after, before, { start }) => remember(after, runningOf(before).canister, canisterOf(start, runningOf(before).canister)),
  },
});

const remember = (after: Draft<State>, id: CanisterId, memory: Remembered): void =>
  void Object.assign(draftOf(after, id), memoryIn(memory));

/** How a method may be called; one that is not exported is nobody's query. */
export const modeOf = ({ code }: Canister, method: MethodName): "update" | "query" | "composite" =>
  code?.methods.get(method)?.mode ?? "update";

/** What a canister used of its budget for queries in the window of the time now. */
export const spentBy = (state: State, canister: CanisterId): Instructions => {
  const spent = state.spent.get(canister);
  return instructions(spent?.window === windowOf(state) ? spent.instructions : 0);
};

const windowOf = ({ time, parameters }: State): bigint => time / parameters.queryWindow;

/** What one query may use now. */
const limitNow = ({ parameters, asking }: State): Instructions =>
  instructions(Math.min(parameters.queryInstructionLimit, Math.max(0, asking.left)));

/** Takes from what other effects of the same rule take from as well: a difference does not depend on the order. */
const takeFrom = (after: Draft<State>, taken: number): void => void (after.asking.left -= taken);
