/**
 * What an execution must do, told before it is told: its script and all that the script sees are known to whoever
 * followed the trace. From `docs/machine.md` section 5: payment, body, rollback, cleanup, settlement.
 */
import {
  managementCanister,
  type Cause,
  type ErrorCode,
  type Executed,
  type Origin,
  type Parameters,
  type Principal,
  type Script,
} from "../../spec/index.ts";
import { prepayment, settled, transmission } from "../money.ts";
import { readingOf } from "../reading.ts";
import { enact, heldBy, type Changing, type Enacted, type EnactedAnswer, type EnactedCall, type Seen } from "./enactment.ts";
import { postponedOf, pricesOf } from "./executions.ts";
import { memoryWith, messageMemory, openCallsTo, replyBytes, reservedLimitOf, thresholdOf } from "./holdings.ts";
import type { TrackedIngress } from "./ingress.ts";
import { messageOf } from "./matching.ts";
import type { TrackedCall, TrackedRequest } from "./messages.ts";
import type { Mode } from "./modes.ts";
import { heapOf } from "./pages.ts";
import { callbackLimit } from "./counters.ts";
import type { TrackedCanister, World } from "./world.ts";

export interface Foreseen {
  readonly canister: TrackedCanister;
  readonly mode: Mode;
  readonly script: Script;
  /** What its first instruction sees. */
  readonly seen: Seen;
  readonly before: Changing;
  /** What its own script did, whatever became of it. */
  readonly body: Enacted;
  readonly trap: ErrorCode | null;
  readonly cleanup: Executed["cleanup"];
  readonly instructions: number;
  readonly accepted: bigint;
  readonly burned: bigint;
  readonly reserved: bigint;
  readonly calls: readonly EnactedCall[];
  readonly refused: readonly { readonly callee: string; readonly error: ErrorCode }[];
  /** The pages that differ from before, by page. */
  readonly wrote: readonly (readonly [page: number, content: string])[];
  readonly stablePages: number;
  readonly timer: bigint | null;
  readonly certifiedData: string;
  readonly balance: bigint;
  readonly answer: EnactedAnswer | null;
}

/** What the execution of the next message of this cause must do; `null` when an onlooker cannot know. */
export const foresee = ({ canister: id, cause }: Pick<Executed, "canister" | "cause">, world: World): Foreseen | null => {
  const canister = world.canisters.get(id);
  const beginning = canister === undefined || !canister.installed ? null : beginningOf(canister, cause, world);
  if (canister === undefined || beginning === null) return null;
  const { mode, script, cleanup, seen, before } = beginning;
  const { parameters } = seen;
  const limit = mode === "callback" ? callbackLimit(parameters) : parameters.messageInstructionLimit;
  const body = enact(script, seen, before, limit);
  if (body === null) return null;
  const trap = body.trap ?? uncommitted(canister, mode, body, seen);
  // A query leaves its memory behind.
  const done = mode === "replicated-query" ? { ...body, pages: before.pages, stablePages: before.stablePages } : body;
  const ended = trap === null ? done : undone(before, body.instructions);
  const told = { canister, mode, script, seen, before, body, trap };
  if (trap === null || mode !== "callback" || cleanup.length === 0) return outcome(told, ended, "none", parameters);
  const after = enact(cleanup, { ...seen, mode: "cleanup" }, before, parameters.messageInstructionLimit - body.instructions);
  if (after === null) return null;
  const used = body.instructions + after.instructions;
  return after.trap === null
    ? outcome(told, { ...after, instructions: used }, "completed", parameters)
    : outcome(told, undone(before, used), "trapped", parameters);
};

/** How an inspection of this message ends: with an error, or `null` when it lets the message in; `undefined` when there is no telling. */
export const inspected = (
  world: World,
  canister: TrackedCanister,
  { sender, method, payload }: Pick<TrackedIngress, "sender" | "method" | "payload">,
): ErrorCode | null | undefined => {
  const { inspect } = canister.genesis;
  if (inspect === undefined) return null;
  const seen: Seen = { ...atRest(world, canister), mode: "inspection", message: payload, caller: sender, method };
  const { balance, pages, stablePages, timer, certifiedData, reserved } = canister;
  const unused = { available: 0n, messages: 0, used: 0, share: 0, callbacks: 0 };
  const before: Changing = { ...unused, balance, pages, stablePages, timer, certifiedData, reserved };
  const ended = enact(inspect, seen, before, world.parameters.inspectionInstructionLimit);
  if (ended === null) return undefined;
  return ended.trap ?? (ended.admitted ? null : "IC0406");
};

interface Beginning {
  readonly mode: Mode;
  readonly script: Script;
  readonly cleanup: Script;
  readonly seen: Seen;
  readonly before: Changing;
}

const beginningOf = (canister: TrackedCanister, cause: Cause, world: World): Beginning | null => {
  const { genesis, balance, pages, stablePages, timer, certifiedData, reserved } = canister;
  const [iteration, core] = [world.round?.iterations.at(-1), world.round?.turn?.core];
  if (iteration === undefined || core === undefined) return null;
  const rest = atRest(world, canister);
  const attempt = canister.execution?.attempt ?? null;
  const { share, callbacks, used, messages } = attempt ?? {
    share: iteration.shares[core] ?? 0,
    callbacks: iteration.callbacks[core] ?? 0,
    used: iteration.used[core] ?? 0,
    messages: messageMemory(canister, world.parameters),
  };
  const now = { pages, stablePages, timer, certifiedData, available: 0n, share, callbacks, used, messages, reserved };
  const paid = attempt?.balance ?? balance - prepayment(world.parameters);
  switch (cause.kind) {
    case "timer":
    case "heartbeat":
    case "low-memory": {
      const script = cause.kind === "timer" ? genesis.onTimer : cause.kind === "heartbeat" ? genesis.onHeartbeat : genesis.lowMemory?.hook;
      if (script === undefined) return null;
      const set = cause.kind === "timer" ? null : timer;
      return { mode: "task", script, cleanup: [], seen: { ...rest, mode: "task" }, before: { ...now, balance: paid, timer: set } };
    }
    case "update": {
      const script = readingOf(genesis).methods.get(cause.method);
      const call = givenBy(canister, cause, world);
      if (script === undefined || call === null) return null;
      const mode = readingOf(genesis).modes.get(cause.method) === "query" ? "replicated-query" : "update";
      const seen: Seen = {
        ...rest,
        mode,
        message: call.payload,
        deadline: call.deadline ?? 0n,
        caller: callerOf(world, cause.origin),
        open: true,
      };
      return { mode, script, cleanup: [], seen, before: { ...now, balance: paid, available: call.attached } };
    }
    case "response":
      return callbackOf(canister, cause.callback, rest, now);
  }
};

const callbackOf = (
  canister: TrackedCanister,
  callback: number,
  rest: Omit<Seen, "mode">,
  now: Omit<Changing, "balance">,
): Beginning | null => {
  const call = canister.calls.get(callback);
  const context = call === undefined ? undefined : canister.contexts.get(call.context);
  const response = call?.status === "answered" ? call.response : null;
  if (call == null || context === undefined || response == null || call.instruction === null) return null;
  const { onReply, onReject, onCleanup } = call.instruction;
  const refunded = refundOf(call);
  const { parameters } = rest;
  const spared = call.reserve - transmittedOf(call, parameters) - prepayment(parameters);
  const seen: Seen = {
    ...rest,
    mode: "callback",
    message: response.message,
    refunded,
    deadline: context.deadline ?? 0n,
    caller: context.caller,
    code: response.result === "reply" ? "00" : response.message,
    open: context.status === "open",
    openTo: (callee) => openCallsTo(canister, callee) - (callee === call.callee ? 1 : 0),
    openCalls: canister.openCalls.size - 1,
  };
  return {
    mode: "callback",
    script: response.result === "reply" ? onReply : onReject,
    cleanup: onCleanup,
    seen,
    before: {
      ...now,
      balance: (canister.execution?.attempt?.balance ?? canister.balance) + refunded + spared,
      available: context.available,
      // The response has left its queue.
      messages: now.messages - replyBytes(response),
    },
  };
};

/** What a response brings back: at most what was attached. @unit cycles */
export const refundOf = ({ attached, response }: TrackedCall): bigint => {
  const refund = response?.refund ?? 0n;
  return refund < attached ? refund : attached;
};

/** What the transmission of a response costs, of what its call set aside for that. @unit cycles */
export const transmittedOf = ({ response, transmission: reserve }: TrackedCall, prices: Parameters): bigint => {
  const price = transmission(prices, response?.bytes ?? 0);
  return price < reserve ? price : reserve;
};

const givenBy = (
  canister: TrackedCanister,
  cause: Cause & { readonly kind: "update" },
  { ingress }: World,
): Pick<TrackedRequest, "payload" | "deadline" | "attached"> | null => {
  if (cause.origin.kind === "ingress") {
    const payload = ingress.get(cause.origin.ingress)?.payload;
    return payload === undefined ? null : { payload, deadline: null, attached: 0n };
  }
  const message = canister.execution === null ? messageOf(canister, cause) : canister.execution.message;
  return message?.kind === "request" ? message : null;
};

/** Who made a call of this origin; `null` when an onlooker cannot know. */
export const callerOf = ({ ingress }: Pick<World, "ingress">, origin: Origin): Principal | null => {
  switch (origin.kind) {
    case "ingress":
      return ingress.get(origin.ingress)?.sender ?? null;
    case "canister":
      return origin.canister;
    case "system":
      return managementCanister;
  }
};

/** What is seen of a canister by whatever runs there, a task unless something else is said. */
export const atRest = (world: World, canister: TrackedCanister): Omit<Seen, "mode"> => ({
  message: "",
  time: canister.execution?.attempt?.time ?? world.time,
  refunded: 0n,
  deadline: 0n,
  self: canister.id,
  caller: managementCanister,
  status: canister.status,
  controllers: canister.genesis.controllers ?? [],
  method: "",
  code: null,
  open: false,
  parameters: pricesOf(world, canister),
  memory: memoryWith(canister, world.parameters),
  threshold: (held) => thresholdOf(world, canister, held, pricesOf(world, canister)),
  reservedLimit: reservedLimitOf(canister),
  version: canister.version,
  openTo: (callee) => openCallsTo(canister, callee),
  openCalls: canister.openCalls.size,
  certificate: null,
  bitcoin: world.genesis.bitcoin ?? null,
});

/** What an execution traps with after its last instruction; `null` when it is committed. */
const uncommitted = (canister: TrackedCanister, mode: Mode, ended: Enacted, { parameters, threshold }: Seen): ErrorCode | null => {
  if (mode === "callback" || mode === "replicated-query") return null;
  if (ended.balance + gainedBy(canister) - postponedOf(canister) < threshold(heldBy(parameters, ended))) return "IC0207";
  const { lowMemory } = canister.genesis;
  return mode === "update" && lowMemory !== undefined && heapOf(parameters, ended) > lowMemory.limit ? "IC0539" : null;
};

/** What came to the balance since the attempt of a long execution began. @unit cycles */
const gainedBy = ({ execution, balance }: TrackedCanister): bigint =>
  execution?.attempt == null ? 0n : balance - execution.attempt.balance;

/** Postponed fees take at most the balance. @unit cycles */
const withoutFees = (balance: bigint, postponed: bigint): bigint => (postponed < balance ? balance - postponed : 0n);

const undone = (before: Changing, instructions: number): Enacted => ({
  ...before,
  trap: null,
  instructions,
  accepted: 0n,
  burned: 0n,
  calls: [],
  refused: [],
  answer: null,
  admitted: false,
});

const outcome = (
  told: Pick<Foreseen, "canister" | "mode" | "script" | "seen" | "before" | "body" | "trap">,
  ended: Enacted,
  cleanup: Executed["cleanup"],
  parameters: Parameters,
): Foreseen => {
  const prepaid = prepayment(parameters);
  const { canister, before } = told;
  const { instructions, accepted, burned, calls, refused, stablePages, timer, certifiedData, answer } = ended;
  return {
    ...told,
    cleanup,
    instructions,
    accepted,
    burned,
    reserved: ended.reserved - before.reserved,
    calls: cleanup === "completed" ? [] : calls,
    refused: cleanup === "completed" ? [] : refused,
    wrote: [...ended.pages].filter(([page, content]) => canister.pages.get(page) !== content).sort(([left], [right]) => left - right),
    stablePages,
    timer,
    certifiedData,
    balance: withoutFees(ended.balance + prepaid - settled(parameters, prepaid, instructions) + gainedBy(canister), postponedOf(canister)),
    answer,
  };
};
