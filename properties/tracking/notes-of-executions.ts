/** How an execution, and what follows it, changes what an onlooker knows: pages, balances, contexts, calls, answers. */
import type { Cause, Executed, Origin } from "../../spec/index.ts";
import { transmission } from "../money.ts";
import { readingOf } from "../reading.ts";
import type { NotesOf } from "./absorb.ts";
import { pricesOf } from "./executions.ts";
import { callerOf } from "./foresight.ts";
import { messageOf } from "./matching.ts";
import { countChange } from "./histories.ts";
import { growthOf } from "./holdings.ts";
import { responseTo, senderOf, type TrackedCall, type TrackedMessage, type TrackedRequest } from "./messages.ts";
import { pagesGrown } from "./pages.ts";
import { enterOutput, takeIngress, takeInput, withdraw } from "./queues.ts";
import type { Discarded, TrackedCanister, Unpaid, World } from "./world.ts";

export const executionNotes: NotesOf<
  | "executed"
  | "stable-resized"
  | "not-executed"
  | "answered"
  | "response-discarded"
  | "callback-refused"
  | "context-deleted"
  | "context-removed"
> = {
  executed: (world, event) => {
    const canister = world.canisters.get(event.canister);
    world.latest = event;
    world.taken = null;
    const { execution } = canister ?? { execution: null };
    spend(world, event.instructions - (execution?.attempt?.instructions ?? 0), event.wrote.length);
    if (canister === undefined) return;
    world.taken = execution === null ? take(canister, event.cause) : execution.message;
    if (event.cause.kind === "response") close(canister, event.cause.callback);
    else openContext(world, canister, event);
    const context = canister.contexts.get(event.context);
    if (context !== undefined) {
      context.accepted += event.accepted;
      context.available -= event.accepted;
    }
    noteCalls(world, canister, event);
    noteGrowth(world, canister, pagesGrown(world.parameters, canister, { wrote: event.wrote, stablePages: canister.stablePages }));
    for (const [page, content] of event.wrote) canister.pages.set(page, content);
    canister.timer = event.timer;
    canister.balance = event.balance;
    canister.reserved += event.reserved;
    canister.heapDebit += event.wrote.length * world.parameters.pageSize;
    if ((event.trap === null || event.cleanup === "completed") && !isQuery(canister, event.cause)) countChange(canister);
  },
  "stable-resized": (world, { canister: id, stablePages }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    noteGrowth(world, canister, stablePages - canister.stablePages);
    canister.stablePages = stablePages;
  },
  "not-executed": (world, event) => {
    const canister = world.canisters.get(event.canister);
    world.latest = event;
    world.taken = null;
    spend(world, 0);
    if (canister === undefined) return;
    world.taken = canister.execution === null ? take(canister, event.cause) : canister.execution.message;
    // One that cannot pay the prices of now is over.
    if (canister.execution !== null) Object.assign(canister, { execution: null, rested: true });
    canister.balance = event.balance;
  },
  "response-discarded": (world, event) => discard(world, event),
  "callback-refused": (world, event) => discard(world, event),
  answered: (world, { canister: id, context: contextId, origin, result, refund }) => {
    const canister = world.canisters.get(id);
    const context = contextId === null ? undefined : canister?.contexts.get(contextId);
    if (context !== undefined) {
      context.status = "responded";
      context.available = 0n;
    }
    if (origin.kind !== "canister" || canister === undefined) return;
    const served = context === undefined ? world.taken : context.request;
    const request = served?.kind === "request" ? served : null;
    const named = { caller: origin.canister, callback: origin.callback, callee: id, deadline: request?.deadline ?? null };
    enterOutput(canister.queues, responseTo(named, result, refund));
  },
  "context-deleted": ({ canisters }, { canister, context: id }) => {
    const context = canisters.get(canister)?.contexts.get(id);
    if (context === undefined) return;
    context.status = "deleted";
    context.available = 0n;
  },
  "context-removed": ({ canisters }, { canister, context }) => void canisters.get(canister)?.contexts.delete(context),
};

/** What a query completes is no change. */
const isQuery = ({ genesis }: TrackedCanister, cause: Cause): boolean =>
  cause.kind === "update" && readingOf(genesis).modes.get(cause.method) === "query";

/** A response that is not executed. */
const discard = (world: World, event: Discarded | Unpaid): void => {
  const canister = world.canisters.get(event.canister);
  world.latest = event;
  world.taken = null;
  spend(world, 0);
  if (canister === undefined) return;
  const cause: Cause = { kind: "response", callback: event.callback, result: "reply" };
  world.taken = canister.execution === null ? take(canister, cause) : canister.execution.message;
  close(canister, event.callback);
  canister.balance = event.balance;
};

/** Takes the message of this cause from its queue: the first, or, from a machine that mixes its queues up, the first like it. */
export const take = (canister: TrackedCanister, cause: Cause): TrackedMessage | null => {
  const { queues, tasks } = canister;
  switch (cause.kind) {
    case "low-memory":
      canister.hook = "executed";
      return null;
    case "timer":
    case "heartbeat":
      withdraw(tasks, (task) => task === cause.kind);
      return null;
    case "update":
    case "response": {
      if (cause.kind === "update" && cause.origin.kind === "ingress") takeIngress(queues, cause.origin.ingress);
      const message = messageOf(canister, cause);
      return message === undefined ? null : (takeInput(queues, senderOf(message), (other) => other === message) ?? null);
    }
  }
};

const close = (canister: TrackedCanister, callback: number): void => {
  const call = canister.calls.get(callback);
  if (call === undefined || call.status === "closed") return;
  call.status = "closed";
  canister.openCalls.delete(call);
  const context = canister.contexts.get(call.context);
  if (context !== undefined) context.openCalls--;
};

const openContext = (world: World, canister: TrackedCanister, { cause, context: id }: Executed): void => {
  const { taken } = world;
  const request = taken?.kind === "request" ? taken : null;
  const attached = cause.kind === "update" ? cause.attached : 0n;
  const origin: Origin = cause.kind === "update" ? cause.origin : { kind: "system" };
  canister.contexts.set(id, {
    id,
    origin,
    caller: callerOf(world, origin),
    request,
    attached,
    deadline: request?.deadline ?? null,
    available: attached,
    accepted: 0n,
    status: cause.kind === "update" ? "open" : "responded",
    openCalls: 0,
  });
  canister.nextContext = Math.max(canister.nextContext, id + 1);
};

const noteCalls = (world: World, canister: TrackedCanister, { context: id, calls }: Executed): void => {
  const context = canister.contexts.get(id);
  const prices = pricesOf(world, canister);
  calls.forEach(({ callback, callee, method, bytes, attached, deadline, reserve }, at) => {
    const enacted = world.foreseen?.calls[at];
    const known = enacted?.callee === callee && enacted.instruction.method === method ? enacted : undefined;
    const request: TrackedRequest = {
      kind: "request",
      caller: canister.id,
      callback,
      callee,
      method,
      bytes,
      payload: known?.payload ?? null,
      attached,
      deadline,
      sentIn: world.height,
      sentAt: world.time,
    };
    const instruction = known?.instruction ?? null;
    const call: TrackedCall = {
      caller: canister.id,
      callback,
      context: id,
      callee,
      attached,
      deadline,
      reserve,
      transmission: transmission(prices, prices.maxPayload),
      request,
      instruction,
      status: "open",
      response: null,
    };
    canister.calls.set(callback, call);
    canister.openCalls.add(call);
    enterOutput(canister.queues, request);
    canister.nextCallback = Math.max(canister.nextCallback, callback + 1);
    if (context !== undefined) context.openCalls++;
    const iteration = world.round?.iterations.at(-1);
    const core = world.round?.turn?.core;
    if (iteration === undefined || core === undefined) return;
    if (deadline === null) iteration.shares[core] = Math.max(0, (iteration.shares[core] ?? 0) - world.parameters.maxPayload);
    iteration.callbacks[core] = Math.max(0, (iteration.callbacks[core] ?? 0) - 1);
  });
};

/** The core sees what the memory grew by, with the pages that an execution wrote for the first time, or with more stable memory. */
const noteGrowth = ({ round, parameters }: World, canister: TrackedCanister, pages: number): void => {
  const iteration = round?.iterations.at(-1);
  const core = round?.turn?.core;
  if (iteration === undefined || core === undefined) return;
  iteration.used[core] = (iteration.used[core] ?? 0) + growthOf(canister, parameters, pages * parameters.pageSize);
};

/** Notes what a slice or a message took from its core. */
export const spend = ({ round, parameters }: World, instructions: number, pages = 0): void => {
  if (round === null || round.turn === null) return;
  round.turn.messages++;
  round.turn.used += instructions;
  round.turn.heapDelta += pages * parameters.pageSize;
  round.turn.instructions += instructions + parameters.messageOverhead;
};
