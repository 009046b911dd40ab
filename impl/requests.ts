/**
 * Requests to the management canister that are answered. To a canister: the answer is in its input queue at once, or nobody waits for it; to
 * a user: it is in the ingress history.
 */
import { hex, managementCanister, type Cycles, type Result } from "../spec/index.ts";
import { answerIngress } from "./history.ts";
import { awaiting, enterInput, pairOf } from "./mail.ts";
import { responseOf, type ManagementRequest, type Request } from "./messages.ts";
import { creditLate, orphan } from "./responses.ts";
import type { Engine } from "./state.ts";

/** What is answered where there is nothing to say. */
export const done: Result = Object.freeze({ kind: "reply", payload: hex("") });

/**
 * Answers a request that waited, here or with a canister, and whose cycles were among the messages.
 * @rule management-answer
 */
export const answerRequest = (engine: Engine, request: ManagementRequest, result: Result, refund: Cycles = request.attached): void => {
  if (request.kind === "user") return answerIngress(engine, request.id, result);
  const { canister: caller, callback } = request.origin;
  engine.totals.messages -= refund;
  engine.events.push({ kind: "management-answered", caller, callback, result, refund });
  respondTo(engine, request, result, refund);
};

/** A best-effort call that expired meanwhile is answered like the others; then its answer is a late one. */
export const respondTo = (engine: Engine, { origin, deadline }: Request, result: Result, refund: Cycles): void => {
  const { canister: id, callback } = origin;
  const caller = engine.byId.get(id);
  if (caller === undefined) return orphan(engine, managementCanister, id, callback, refund);
  const awaited = awaiting(caller, callback);
  if (awaited === null) return creditLate(engine, caller, callback, refund);
  enterInput(engine, pairOf(engine, caller, managementCanister), responseOf(id, callback, result, refund, deadline), awaited);
};
