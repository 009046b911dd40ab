/**
 * How a query of a user is answered: its own body and, where it is a composite one, all that it calls, one after another, down a tree.
 * Everybody writes on sheets laid over the pages that are there, each evaluation on its own, so nothing is copied, and to be
 * over is to forget them. The way down is a list and no recursion: how deep it may go is a parameter.
 */
import {
  hex,
  managementCanister,
  queryNest,
  queryResume,
  type ErrorCode,
  type Hex,
  type Method,
  type NestedQuery,
  type Principal,
  type Result,
  type Script,
  type UserId,
} from "../spec/index.ts";
import type { Kind } from "./abilities.ts";
import type { CallInstruction } from "./call.ts";
import { balanceOf } from "./cohorts.ts";
import { frameOn, noBytes, noCycles, withoutContext, type WaitingQuery } from "./frame.ts";
import { lookAtCode, lookAtManaged, lookWhetherOpen, noLooks, type Looks } from "./looks.ts";
import { didNotReply, refusalOf, rejectWith } from "./refusals.ts";
import { runScript } from "./script.ts";
import type { Canister, Context, Engine } from "./state.ts";

/** What a user is told, and what makes it so. */
export interface Answer {
  readonly result: Result;
  readonly instructions: number;
  readonly nested: readonly NestedQuery[];
  readonly looks: Looks;
}

/** The answer of a canister that can be asked for this method, to whoever asks. It changes nothing. */
export const evaluate = (engine: Engine, canister: Canister, method: Method, payload: Hex, sender: UserId): Answer => {
  const limit = engine.genesis.parameters.queryTreeInstructionLimit;
  const tree: Tree = { engine, first: canister, left: limit, nested: [], looks: noLooks(sender) };
  const result = answerOf(tree, [begin(tree, canister, method, payload, sender, 0)]);
  return { result, instructions: limit - tree.left, nested: tree.nested, looks: tree.looks };
};

/** A query of a user with all that belongs to it. */
interface Tree {
  readonly engine: Engine;
  /** The canister that the user asked. */
  readonly first: Canister;
  /** Of the instructions of the whole query; below 0 when a call was dearer than what was left. */
  left: number;
  readonly nested: NestedQuery[];
  readonly looks: Looks;
}

interface Evaluation {
  readonly canister: Canister;
  /** Always open, for whoever asks can be answered, and nobody attached anything. */
  readonly context: Context;
  /** What it wrote; `null` while that is nothing. */
  pages: Map<number, Hex> | null;
  /** How large it made stable memory. */
  stablePages: number;
  /** All calls that it sent; those before `made` have their answers. */
  readonly calls: WaitingQuery[];
  made: number;
  /** How what ran last of it ended: with an answer, with a trap, or with neither. */
  answer: Result | null;
  trap: ErrorCode | null;
}

const tooDeep = rejectWith(refusalOf(queryNest.when.shallow));
const nothingLeftToCall = rejectWith(refusalOf(queryNest.when.left));
const nothingLeftToResume = rejectWith(refusalOf(queryResume.when.left));

/**
 * Leads the last of these evaluations, each of which was called by the one before, to its end, and so all of them.
 * @rule query-nest
 */
const answerOf = (tree: Tree, callers: Evaluation[]): Result => {
  const { engine, looks, nested } = tree;
  const { queryDepth, queryCallOverhead } = engine.genesis.parameters;
  for (;;) {
    let result = ended(callers.at(-1)!);
    if (result === null) {
      const { canister: asking, calls, made } = callers.at(-1)!;
      const { instruction, payload } = calls[made]!;
      const { callee, method } = instruction;
      if (callee === managementCanister) result = lookAtManaged(looks, engine, asking.id, method, payload);
      else {
        if (!(callers.length - 1 < queryDepth)) return tooDeep;
        if (tree.left < 1) return nothingLeftToCall;
        const refusal = lookWhetherOpen(looks, engine, callee, method);
        if (refusal === null) {
          const there = engine.byId.get(callee)!;
          callers.push(begin(tree, there, there.code!.methods.get(method)!, payload, asking.id, queryCallOverhead));
          continue;
        }
        result = rejectWith(refusal);
      }
    } else {
      callers.pop();
      if (callers.length === 0) return result;
    }
    const caller = callers.at(-1)!;
    const { instruction } = caller.calls[caller.made]!;
    const { callee, method } = instruction;
    caller.made++;
    nested.push({ depth: callers.length, caller: caller.canister.id, callee, method, result });
    if (tree.left < 1) return nothingLeftToResume;
    resume(tree, caller, instruction, result);
  }
};

/**
 * The answer of an evaluation that is over; `null` when it goes on with a call.
 * @rule query-answer
 * @rule query-give-up
 */
const ended = ({ answer, trap, calls, made }: Evaluation): Result | null =>
  answer ?? (made < calls.length ? null : rejectWith(trap ?? didNotReply));

/**
 * The body of a query; of one that a user asks, without an overhead.
 * @rule query-count
 */
const begin = (tree: Tree, canister: Canister, { mode, body }: Method, payload: Hex, caller: Principal, overhead: number): Evaluation => {
  const context = withoutContext(caller, "open");
  const { stablePages } = canister;
  const evaluation: Evaluation = { canister, context, pages: null, stablePages, calls: [], made: 0, answer: null, trap: null };
  const kind = mode === "composite" ? "composite" : "question";
  lookAtCode(tree.looks, canister);
  tree.left -= run(tree, evaluation, kind, limitIn(tree), payload, 0, body) + overhead;
  return evaluation;
};

/**
 * The callback of a call that was answered, and, when it traps, its cleanup, out of what it left of its limit.
 * @rule query-resume
 * @rule query-cleanup
 */
const resume = (tree: Tree, caller: Evaluation, { onReply, onReject, onCleanup }: CallInstruction, result: Result): void => {
  const limit = limitIn(tree);
  const replied = result.kind === "reply";
  const code = replied ? 0 : result.code;
  const message = replied ? result.payload : hex(`0${code}`);
  let used = run(tree, caller, "follow-up", limit, message, code, replied ? onReply : onReject);
  const { trap } = caller;
  if (trap !== null && onCleanup.length > 0) {
    used += run(tree, caller, "afterthought", limit - used, noBytes, 0, onCleanup);
    caller.trap = trap;
  }
  tree.left -= used;
};

/** The limit of whatever runs next. */
const limitIn = ({ engine, left }: Tree): number => Math.min(engine.genesis.parameters.queryInstructionLimit, Math.max(0, left));

/** Runs a script of an evaluation, which keeps what it did unless it trapped; says how many instructions that took. */
const run = (
  { engine, first, looks }: Tree,
  evaluation: Evaluation,
  kind: Kind,
  limit: number,
  message: Hex,
  rejectCode: number,
  script: Script,
): number => {
  const { canister, context, pages, calls } = evaluation;
  const balance = balanceOf(canister);
  const start = {
    time: engine.time,
    prices: engine.prices,
    balance,
    share: 0,
    callbacks: 0,
    storage: 0,
    messageBytes: canister.messageBytes,
  };
  const frame = frameOn(engine, canister, context, kind, limit, start, balance, message, noCycles, null);
  frame.rejectCode = rejectCode;
  frame.stablePages = evaluation.stablePages;
  frame.asking = { pages, calls: [], first, looks };
  evaluation.trap = runScript(frame, script);
  evaluation.answer = null;
  if (evaluation.trap !== null) return frame.used;
  evaluation.answer = frame.answer;
  evaluation.stablePages = frame.stablePages;
  calls.push(...frame.asking.calls);
  if (frame.writes === null) return frame.used;
  if (pages === null) evaluation.pages = frame.writes;
  else for (const [page, content] of frame.writes) pages.set(page, content);
  return frame.used;
};
