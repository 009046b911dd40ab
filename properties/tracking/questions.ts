/**
 * What a query must answer, told before it is told: all that it sees is known to whoever followed the trace, and so are the
 * canisters that it calls. From `docs/machine.md` section 16 alone, for the third time: laws share it with neither the model
 * nor an engine.
 */
import {
  anonymous,
  asciiOf,
  askedBy,
  hex,
  managementCanister,
  rejectCodeOf,
  type CanisterId,
  type ErrorCode,
  type Input,
  type NestedQuery,
  type Principal,
  type Result,
  type Script,
} from "../../spec/index.ts";
import { rootOf } from "../certified/tree.ts";
import { readingOf } from "../reading.ts";
import { usedNow } from "./budgets.ts";
import { enact, type Changing, type Enacted, type EnactedCall, type Seen } from "./enactment.ts";
import { holdingsOf, memoryWith, thresholdOf } from "./holdings.ts";
import { refusalByStatus } from "./management.ts";
import type { Mode } from "./modes.ts";
import type { Memory } from "./pages.ts";
import type { TrackedCanister, World } from "./world.ts";

type Question = Omit<Input & { readonly kind: "query" }, "kind">;

export type ForeseenQuery =
  | { readonly kind: "query-refused"; readonly error: ErrorCode }
  | {
      readonly kind: "query-answered";
      readonly result: Result;
      readonly instructions: number;
      readonly nested: readonly NestedQuery[];
    };

/** What becomes of the question of a user, in the world as it is now. */
export const foreseeQuery = (world: World, question: Question): ForeseenQuery => {
  const { parameters } = world;
  if (question.payload.length / 2 > parameters.maxPayload) return { kind: "query-refused", error: "CN0020" };
  if (usedNow(world, question.canister) >= parameters.queryBudget) return { kind: "query-refused", error: "CN0021" };
  const caller = question.sender ?? anonymous;
  if (question.canister === managementCanister) {
    const result = statusFor(world, caller, question);
    return result.kind === "reject"
      ? { kind: "query-refused", error: result.error }
      : { kind: "query-answered", result, instructions: 0, nested: [] };
  }
  const opened = open(world, question);
  if (typeof opened === "string") return { kind: "query-refused", error: opened };
  const tree: Tree = { world, asked: question.canister, left: parameters.queryTreeInstructionLimit, nested: [] };
  const end = evaluate(tree, opened, { caller, payload: question.payload }, 0);
  const instructions = parameters.queryTreeInstructionLimit - tree.left;
  return { kind: "query-answered", result: end.kind === "cut" ? rejectWith(end.error) : end, instructions, nested: tree.nested };
};

/** A whole query, with what is left to it. */
interface Tree {
  readonly world: World;
  /** Whom the user asked: the certificate is for it alone. */
  readonly asked: CanisterId;
  left: number;
  readonly nested: NestedQuery[];
}

interface Opened {
  readonly canister: TrackedCanister;
  readonly mode: Mode;
  readonly body: Script;
}

/** How an evaluation ends: with its answer, or with the end of the whole query. */
type End = Result | { readonly kind: "cut"; readonly error: ErrorCode };

/** What a method is called with, and by whom. */
interface Given {
  readonly caller: Principal;
  readonly payload: string;
}

const open = (world: World, { canister: id, method }: Pick<Question, "canister" | "method">): Opened | ErrorCode => {
  const canister = world.canisters.get(id);
  if (canister === undefined) return "IC0301";
  if (!canister.installed) return "IC0537";
  const unable = refusalByStatus(canister);
  if (unable !== null) return unable;
  const { methods, modes } = readingOf(canister.genesis);
  const body = methods.get(method);
  const mode = modes.get(method);
  if (body === undefined || mode === undefined || mode === "update") return "IC0536";
  if (canister.balance < thresholdOf(world, canister)) return "IC0207";
  return { canister, mode: mode === "query" ? "query" : "composite-query", body };
};

/** What the management canister says to who asks it in a query: section 16.6. */
const statusFor = ({ canisters }: World, caller: Principal, { method, payload }: Pick<Question, "method" | "payload">): Result => {
  if (method !== "canister_status") return rejectWith("IC0536");
  const asked = askedBy(method, payload);
  if (asked === null) return rejectWith("IC0408");
  const canister = asked.canister === null ? undefined : canisters.get(asked.canister);
  if (canister === undefined) return rejectWith("IC0301");
  const may = caller === canister.id || (canister.genesis.controllers ?? []).includes(caller);
  return may ? { kind: "reply", payload: asciiOf(canister.status) } : rejectWith("IC0512");
};

const evaluate = (tree: Tree, { canister, mode, body }: Opened, { caller, payload }: Given, depth: number): End => {
  const { parameters } = tree.world;
  const waiting: EnactedCall[] = [];
  let memory: Pick<Changing, keyof Memory> = canister;
  /** One script, on the memory as this evaluation left it: what it wrote and whom it called is gone when it trapped. */
  const run = (script: Script, seen: Pick<Seen, "mode" | "message" | "code">, limit: number): Enacted => {
    const ran = enact(script, { ...seenBy(tree, canister, caller), ...seen }, unspent(tree.world, canister, memory), limit);
    if (ran === null) throw new Error("a query sees nothing that an onlooker does not know");
    if (ran.trap === null) {
      memory = ran;
      waiting.push(...ran.calls);
    }
    return ran;
  };
  const limitNow = (): number => Math.min(parameters.queryInstructionLimit, Math.max(0, tree.left));
  let ran = run(body, { mode, message: payload, code: null }, limitNow());
  tree.left -= ran.instructions + (depth > 0 ? parameters.queryCallOverhead : 0);
  for (;;) {
    if (ran.trap === null && ran.answer !== null)
      return ran.answer.kind === "reject" ? rejectWith("IC0406") : ({ kind: "reply", payload: ran.answer.payload } as Result);
    const call = waiting.shift();
    if (call === undefined) return rejectWith(ran.trap ?? "IC0506");
    const { callee, instruction } = call;
    const { method, onReply, onReject, onCleanup } = instruction;
    const result = answerTo(tree, canister.id, call, depth);
    if (result.kind === "cut") return result;
    tree.nested.push({ depth: depth + 1, caller: canister.id, callee, method, result });
    if (tree.left < 1) return { kind: "cut", error: "IC0526" };
    const limit = limitNow();
    const code = (result.kind === "reply" ? 0 : result.code).toString(16).padStart(2, "0");
    const message = result.kind === "reply" ? result.payload : code;
    ran = run(result.kind === "reply" ? onReply : onReject, { mode: "query-callback", message, code }, limit);
    tree.left -= ran.instructions;
    if (ran.trap !== null) tree.left -= run(onCleanup, { mode: "query-cleanup", message, code }, limit - ran.instructions).instructions;
  }
};

/** What comes of a call of a query, made at this depth: the management canister is asked at any depth, and for nothing. */
const answerTo = (tree: Tree, caller: CanisterId, { callee, payload, instruction: { method } }: EnactedCall, depth: number): End => {
  if (callee === managementCanister) return statusFor(tree.world, caller, { method, payload: hex(payload) });
  if (depth >= tree.world.parameters.queryDepth) return { kind: "cut", error: "IC0525" };
  if (tree.left < 1) return { kind: "cut", error: "IC0526" };
  const opened = open(tree.world, { canister: callee, method });
  return typeof opened === "string" ? rejectWith(opened) : evaluate(tree, opened, { caller, payload }, depth + 1);
};

const rejectWith = (error: ErrorCode): Result & { readonly kind: "reject" } => ({ kind: "reject", code: rejectCodeOf(error)!, error });

/** What a script of a query sees: who asked it, no cycles, no deadline, the time of now, and a certificate from the first round on. */
const seenBy = ({ world, asked }: Tree, canister: TrackedCanister, caller: Principal): Omit<Seen, "mode" | "message" | "code"> => ({
  time: world.time,
  refunded: 0n,
  deadline: 0n,
  self: canister.id,
  caller,
  status: canister.status,
  controllers: canister.genesis.controllers ?? [],
  method: "",
  open: true,
  parameters: world.parameters,
  memory: memoryWith(canister, world.parameters),
  threshold: (held) => thresholdOf(world, canister, held),
  reservedLimit: 0n,
  version: canister.version,
  openTo: () => 0,
  openCalls: 0,
  certificate: canister.id === asked && world.height >= 1 ? () => rootOf(world) : null,
  bitcoin: null,
});

/** Nothing is paid for a query, so its balance is the balance. */
const unspent = (world: World, canister: TrackedCanister, { pages, stablePages }: Pick<Changing, keyof Memory>): Changing => {
  const { balance, timer, certifiedData } = canister;
  const { messages, reserved } = holdingsOf(canister, world.parameters);
  const unused = { available: 0n, used: 0, share: 0, callbacks: 0 };
  return { ...unused, balance, pages, stablePages, timer, certifiedData, reserved, messages };
};
