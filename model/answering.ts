/** What an answer comes to: it is told, reaches the user who waits for it, and leaves a call context behind that may go. */
import type { CanisterId, ContextId, Event, Origin, Result } from "../spec/index.ts";
import { rejectWith } from "./rules/answers.ts";
import { deleteContext, withdrawContext } from "./rules/canisters.ts";
import { answerIngress } from "./rules/ingress.ts";
import { removeContext } from "./rules/responses.ts";
import { availableOf, canisterOf, contextOf, tell } from "./reading.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Removes a call context without open calls. */
export const removeIfDone = (
  fire: Fire,
  state: State,
  { canister, context }: { readonly canister: CanisterId; readonly context: ContextId },
): State => {
  const removed = fire(removeContext, state, { canister, context });
  return removed.applied
    ? tell(removed.state, { kind: "context-removed", canister, context, remaining: canisterOf(removed.state, canister).contexts.size })
    : state;
};

/** Tells of an answer that left, and writes it to the ingress history when a user waits for it. */
export const answered = (fire: Fire, state: State, answer: Omit<Event & { kind: "answered" }, "kind">): State => {
  const told = tell(state, { kind: "answered", ...answer });
  return answer.origin.kind === "ingress" ? answerUser(fire, told, answer.origin.ingress, answer.result) : told;
};

/** Writes an answer to the ingress history. */
export const answerUser = (fire: Fire, state: State, ingress: (Origin & { kind: "ingress" })["ingress"], result: Result): State =>
  tell(fire(answerIngress, state, { ingress, result }).state, { kind: "ingress-answered", ingress, result });

/** Answers every open call of a canister that lost its code, and deletes all its call contexts. */
export const withdrawAll = (fire: Fire, before: State, canister: CanisterId): State =>
  [...canisterOf(before, canister).contexts]
    .sort(([left], [right]) => left - right)
    .reduce((state, [context, { origin }]) => {
      const refund = availableOf(contextOf(canisterOf(state, canister), context));
      const withdrawn = fire(withdrawContext, state, { canister, context });
      const told = withdrawn.applied
        ? answered(fire, withdrawn.state, { canister, context, origin, result: rejectWith("IC0406"), refund })
        : state;
      return tell(fire(deleteContext, told, { canister, context }).state, { kind: "context-deleted", canister, context });
    }, before);
