/**
 * A query, from the question to the answer: `docs/machine.md`, section 16. Nothing is undone by hand on the way: what a query
 * leaves behind, and what its calls find, is what the rules say.
 */
import {
  anonymous,
  instructions,
  managementCanister,
  type CanisterId,
  type ErrorCode,
  type Hex,
  type Input,
  type MethodName,
  type Principal,
  type Result,
  type Script,
} from "../spec/index.ts";
import { rejectWith } from "./rules/answers.ts";
import { rollBack } from "./rules/execution.ts";
import {
  answerQuery,
  admitQuery,
  cleanUpQuery,
  countQuery,
  endQuery,
  giveUpQuery,
  manageQuery,
  modeOf,
  nestQuery,
  openQuery,
  resumeQuery,
} from "./rules/queries.ts";
import { stateRootOf } from "./certification.ts";
import { beginning, called } from "./finish.ts";
import { runScript, type Ended } from "./script.ts";
import { canisterOf, errorOf, known, memoryIn, runningOf, tell } from "./reading.ts";
import { nothingAsked, type Asking, type Execution, type QueryCall, type State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Answers what a user asks. */
export const runQuery = (fire: Fire, before: State, { sender, canister, method, payload }: Input & { kind: "query" }): State => {
  const refused = (error: ErrorCode | null): State => tell(before, { kind: "query-refused", canister, method, error: errorOf(error) });
  const root = stateRootOf(fire, before);
  const asked = fire(admitQuery, asking(before, { asked: canister, root }), { canister, payload });
  if (!asked.applied) return refused(asked.error);
  if (canister === managementCanister) {
    const managed = manage(fire, asked.state, { caller: sender ?? anonymous, canister, method, payload });
    return managed.kind === "refused"
      ? refused(managed.error)
      : tell(before, { kind: "query-answered", canister, method, result: managed.result, instructions: instructions(0), nested: [] });
  }
  const evaluated = evaluate(fire, asked.state, before, { caller: sender ?? anonymous, canister, method, payload }, 0);
  if (evaluated.kind === "refused") return refused(evaluated.error);
  const { state } = evaluated;
  const { left, nested } = state.asking;
  const used = before.parameters.queryTreeInstructionLimit - left;
  const result = evaluated.kind === "cut" ? rejectWith(evaluated.error) : evaluated.result;
  const ended = fire(endQuery, state, { canister, start: before, used }).state;
  const idle: State = { ...ended, running: null, asking: nothingAsked };
  return tell(idle, { kind: "query-answered", canister, method, result, instructions: instructions(used), nested });
};

/** Who is asked what. */
interface Question {
  readonly caller: Principal;
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly payload: Hex;
}

type Managed =
  /** Nothing was executed. */
  { readonly kind: "refused"; readonly error: ErrorCode } | { readonly kind: "answered"; readonly state: State; readonly result: Result };

type Evaluated =
  | Managed
  /** The whole query is over. */
  | { readonly kind: "cut"; readonly state: State; readonly error: ErrorCode };

/** What the platform answers. */
const manage = (fire: Fire, before: State, { caller: asker, method, payload }: Question): Managed => {
  const managed = fire(manageQuery, asking(before, { answer: null }), { asker, method, payload });
  return managed.applied
    ? { kind: "answered", state: before, result: known(managed.state.asking.answer, "an answer") }
    : { kind: "refused", error: errorOf(managed.error) };
};

/** Executes one query with all that it calls: `start` is the state before the query of the user. */
const evaluate = (fire: Fire, before: State, start: State, question: Question, depth: number): Evaluated => {
  const { caller, canister, method, payload } = question;
  const asked = before.canisters.get(canister);
  const mode = asked === undefined ? "query" : modeOf(asked, method) === "composite" ? "composite" : "query";
  const running = asked === undefined ? null : beginning(before, asked, mode, caller, payload, null);
  const opened = fire(openQuery, asking({ ...before, running }, { calls: [], answer: null }), { canister, method, start });
  if (!opened.applied) return { kind: "refused", error: errorOf(opened.error) };
  const body = execute(fire, opened.state, asked?.code?.methods.get(method)?.body ?? []);
  let state = settle(fire, body, depth > 0);
  while (state.asking.answer === null && state.asking.calls.length > 0) {
    const went = goOn(fire, state, start, question, depth);
    if (went.kind === "cut") return went;
    state = went.state;
  }
  return { kind: "answered", state, result: known(state.asking.answer, "an answer") };
};

/** Makes the next call of a query, and runs the callback for its answer. */
const goOn = (
  fire: Fire,
  before: State,
  start: State,
  { canister: caller, caller: asker }: Question,
  depth: number,
): { readonly kind: "went"; readonly state: State } | (Evaluated & { readonly kind: "cut" }) => {
  const memory = memoryIn(canisterOf(before, caller));
  const [call, ...calls] = before.asking.calls;
  const { callee, method, payload, scripts } = known(call, "a call to make");
  const inner = answer(fire, before, start, { caller, canister: callee, method, payload }, depth);
  if (inner.kind === "cut") return inner;
  const { state, result } = inner.kind === "refused" ? { state: before, result: rejectWith(inner.error) } : inner;
  const answered = asking(state, {
    calls,
    answer: null,
    nested: [...state.asking.nested, { depth: depth + 1, caller, callee, method, result }],
  });
  const running = called(beginning(answered, canisterOf(answered, caller), "query callback", asker, null, null), result);
  const resumed = fire(resumeQuery, { ...answered, running }, { canister: caller, memory });
  if (!resumed.applied) return { kind: "cut", state: answered, error: errorOf(resumed.error) };
  return { kind: "went", state: settle(fire, callBack(fire, resumed.state, result, scripts), false) };
};

/** What a call of a query at this depth is answered. */
const answer = (fire: Fire, before: State, start: State, question: Question, depth: number): Evaluated => {
  if (question.canister === managementCanister) return manage(fire, before, question);
  const nested = fire(nestQuery, before, { depth });
  return nested.applied
    ? evaluate(fire, nested.state, start, question, depth + 1)
    : { kind: "cut", state: before, error: errorOf(nested.error) };
};

/** Runs a callback, and its cleanup when it traps. */
const callBack = (fire: Fire, start: State, result: Result, { onReply, onReject, onCleanup }: QueryCall["scripts"]): Ended => {
  const callback = execute(fire, start, result.kind === "reply" ? onReply : onReject);
  const cleaning = fire(cleanUpQuery, callback.state, { trapped: callback.trap !== null });
  if (!cleaning.applied) return callback;
  const { used: spent } = runningOf(cleaning.state);
  const { state } = execute(fire, running(cleaning.state, { phase: "query cleanup", message: null, used: instructions(0) }), onCleanup);
  return { state: running(state, { used: instructions(spent + runningOf(state).used) }), trap: callback.trap };
};

/** Runs a script to its end: completed, or trapped and rolled back to where it started. */
const execute = (fire: Fire, start: State, script: Script): Ended => {
  const { state, trap } = runScript(fire, start, script);
  return trap === null ? { state, trap } : { state: fire(rollBack, state, { start }).state, trap };
};

/** Counts what ran, and looks whether the query has its answer now. */
const settle = (fire: Fire, { state, trap }: Ended, called: boolean): State => {
  const counted = fire(countQuery, state, { called }).state;
  const answered = fire(answerQuery, counted, {}).state;
  return fire(giveUpQuery, answered, { error: trap ?? "IC0506" }).state;
};

const asking = (state: State, change: Partial<Asking>): State => ({ ...state, asking: { ...state.asking, ...change } });

const running = (state: State, change: Partial<Execution>): State => ({ ...state, running: { ...runningOf(state), ...change } });
