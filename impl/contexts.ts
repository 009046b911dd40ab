/** Call contexts: opened for whatever runs, answered once, and removed when nothing of theirs can run any more. */
import {
  managementCanister,
  type ContextId,
  type Cycles,
  type ErrorCode,
  type Nanoseconds,
  type Origin,
  type Principal,
  type Result,
} from "../spec/index.ts";
import { noCycles } from "./frame.ts";
import { answerIngress } from "./history.ts";
import { enterOutput, pairOf } from "./mail.ts";
import { responseOf } from "./messages.ts";
import { countContext } from "./occupancy.ts";
import { didNotReply, rejectWith } from "./refusals.ts";
import type { Canister, Context, Engine } from "./state.ts";

/** What is going to be the next context of a canister, open, holding what was attached. */
export const openContext = (
  canister: Canister,
  origin: Origin,
  caller: Principal,
  attached: Cycles,
  deadline: Nanoseconds | null,
): Context => ({
  id: canister.nextContext,
  origin,
  caller,
  status: "open",
  available: attached,
  deadline,
  calls: 0,
});

/** What is going to be the next context of a canister for a task: nobody waits for an answer. */
export const taskContext = (canister: Canister): Context => ({
  id: canister.nextContext,
  origin: system,
  caller: managementCanister,
  status: "responded",
  available: noCycles,
  deadline: null,
  calls: 0,
});

/** The canister has this context from now on. */
export const addContext = (engine: Engine, canister: Canister, context: Context): void => {
  canister.nextContext++;
  (canister.contexts ??= new Map()).set(context.id, context);
  if (context.status !== "open") return;
  engine.totals.contexts += context.available;
  countContext(engine, canister, context, 1);
};

/**
 * After an execution in this context: it answers, or it is given up; and it is removed, as far as each applies.
 * @rule context-respond
 * @rule context-give-up
 */
export const endContext = (engine: Engine, canister: Canister, context: Context, answer: Result | null, trap: ErrorCode | null): void => {
  if (answer !== null) respond(engine, canister, context, answer);
  else if (context.status === "open" && context.calls === 0) respond(engine, canister, context, rejectWith(trap ?? didNotReply));
  if (context.calls === 0) removeContext(engine, canister, context);
};

/** Sends the answer of an open context to its origin, with all available cycles. */
export const respond = (engine: Engine, canister: Canister, context: Context, result: Result): void => {
  const refund = context.available;
  context.status = "responded";
  context.available = noCycles;
  engine.totals.contexts -= refund;
  countContext(engine, canister, context, -1);
  deliver(engine, canister, context.id, context.origin, result, refund, context.deadline);
};

/** @rule context-remove */
export const removeContext = (engine: Engine, canister: Canister, context: Context): void => {
  canister.contexts!.delete(context.id);
  engine.events.push({ kind: "context-removed", canister: canister.id, context: context.id, remaining: canister.contexts!.size });
};

/** Sends an answer to the origin of a call, with these cycles, which are in nobody's hands meanwhile. */
export const deliver = (
  engine: Engine,
  canister: Canister,
  context: ContextId | null,
  origin: Origin,
  result: Result,
  refund: Cycles,
  deadline: Nanoseconds | null,
): void => {
  engine.events.push({ kind: "answered", canister: canister.id, context, origin, result, refund });
  switch (origin.kind) {
    case "ingress":
      answerIngress(engine, origin.ingress, result);
      return;
    case "canister":
      enterOutput(
        engine,
        pairOf(engine, canister, origin.canister),
        responseOf(origin.canister, origin.callback, result, refund, deadline),
      );
      return;
    case "system":
      throw new Error(`${canister.id} answers a call that nobody made`);
    default: {
      const never: never = origin;
      throw new Error(`an origin of no kind: ${JSON.stringify(never)}`);
    }
  }
};

const system = { kind: "system" } as const;
