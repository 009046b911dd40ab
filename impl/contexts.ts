/** Call contexts: opened for whatever runs, answered once, and removed when nothing of theirs can run any more. */
import { cycles, type ContextId, type Cycles, type ErrorCode, type Origin, type Result } from "../spec/index.ts";
import { noCycles } from "./frame.ts";
import { answerIngress } from "./ingress.ts";
import { rejectWith } from "./refusals.ts";
import { send, type Canister, type Context, type Engine } from "./state.ts";

/** The next context of a canister, holding what was attached. */
export const openContext = (engine: Engine, canister: Canister, origin: Origin, status: Context["status"], attached: Cycles): Context => {
  const context: Context = { id: canister.nextContext++, origin, status, available: attached, calls: 0 };
  (canister.contexts ??= new Map()).set(context.id, context);
  engine.totals.contexts += attached;
  return context;
};

/**
 * After an execution in this context: it answers, it is given up, it is removed, as far as each applies.
 * @rule context-respond
 * @rule context-give-up
 * @rule context-remove
 */
export const endContext = (engine: Engine, canister: Canister, context: Context, answer: Result | null, trap: ErrorCode | null): void => {
  if (answer !== null) respond(engine, canister, context, answer);
  else if (context.status === "open" && context.calls === 0) respond(engine, canister, context, rejectWith(trap ?? didNotReply));
  if (context.status === "responded" && context.calls === 0) {
    canister.contexts!.delete(context.id);
    engine.events.push({ kind: "context-removed", canister: canister.id, context: context.id, remaining: canister.contexts!.size });
  }
};

/** Sends an answer to the origin of a call, with these cycles, which are in nobody's hands meanwhile. */
export const deliver = (
  engine: Engine,
  canister: Canister,
  context: ContextId | null,
  origin: Origin,
  result: Result,
  refund: Cycles,
): void => {
  engine.events.push({ kind: "answered", canister: canister.id, context, origin, result, refund });
  switch (origin.kind) {
    case "ingress":
      answerIngress(engine, engine.history.get(origin.ingress)!, result);
      return;
    case "canister":
      engine.totals.messages += refund;
      send(engine, canister, { kind: "response", caller: origin.canister, callback: origin.callback, result, refund, next: null });
      return;
    case "system":
      return;
    default: {
      const never: never = origin;
      throw new Error(`an origin of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** What the platform answers when nobody else can. */
const didNotReply: ErrorCode = "IC0506";

const respond = (engine: Engine, canister: Canister, context: Context, result: Result): void => {
  const refund = context.available;
  context.status = "responded";
  context.available = noCycles;
  engine.totals.contexts -= refund;
  deliver(engine, canister, context.id, context.origin, result, cycles(refund));
};
