/** Call contexts: numbered, kept for as long as somebody may still act in them, and then gone. */
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, TrackedContext, World } from "../tracking/world.ts";
import type { Event, Executed } from "../../spec/index.ts";

export const contextLifecycle = watchedLaw({
  id: "context-lifecycle",
  statement:
    "Contexts and callbacks of a canister are numbered 0, 1, 2 and so on, and no number comes again; a context is given up exactly when it is open with no open calls, and removed exactly when it is responded with no open calls.",
  source: "facts/messages.md MSG-P9, C1, D13, E1, E2",
  cites: [
    "context-open",
    "timer-begin",
    "context-respond",
    "context-give-up",
    "context-remove",
    "callback-begin",
    "call-send",
    "execution-rollback",
    "call-reply",
    "call-reject",
  ],
  otherwise: "no message ran",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"] }).map(alone),
  watch: () => {
    let ran = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "answered") return wronglyAnswered(event, world);
        if (event.kind === "context-removed") return wronglyRemoved(event, world);
        if (event.kind === "ingress-answered") return undefined;
        const complaint = leftOpen(world);
        if (complaint !== undefined || event.kind !== "executed") return complaint;
        ran = true;
        const canister = world.canisters.get(event.canister);
        return canister === undefined
          ? `${event.canister}, which does not exist, ran a message`
          : (misnumbered(event, canister) ?? miscounted(event, canister));
      },
      interested: () => ran,
    };
  },
});

const misnumbered = ({ cause, context: id }: Executed, canister: TrackedCanister): Complaint => {
  if (cause.kind !== "response")
    return id === canister.nextContext ? undefined : `${canister.id} gave a context the number ${id}, the next is ${canister.nextContext}`;
  const call = canister.calls.get(cause.callback);
  if (call === undefined) return `${canister.id} ran callback ${cause.callback}, which was never made`;
  if (call.context !== id)
    return `callback ${cause.callback} of ${canister.id} ran in context ${id}, but was made in context ${call.context}`;
  return canister.contexts.has(id) ? undefined : `callback ${cause.callback} of ${canister.id} ran in context ${id}, which is no more`;
};

const miscounted = ({ calls }: Executed, canister: TrackedCanister): Complaint => {
  const wrong = calls.find(({ callback }, at) => callback !== canister.nextCallback + at);
  return wrong === undefined
    ? undefined
    : `${canister.id} gave a callback the number ${wrong.callback}, the next is ${canister.nextCallback + calls.indexOf(wrong)}`;
};

const contextText = (canister: TrackedCanister, { id }: TrackedContext): string => `context ${id} of ${canister.id}`;

const wronglyAnswered = ({ canister: of, context: id, result }: Extract<Event, { readonly kind: "answered" }>, world: World): Complaint => {
  if (id === null) return undefined;
  const canister = world.canisters.get(of);
  const context = canister?.contexts.get(id);
  if (canister === undefined || context === undefined) return `context ${id} of ${of} was answered, but there is none`;
  if (context.status === "responded") return `${contextText(canister, context)} was answered again`;
  const given = result.kind === "reply" || result.error === "IC0406";
  return !given && context.openCalls > 0
    ? `${contextText(canister, context)} was given up with ${context.openCalls} open calls`
    : undefined;
};

const wronglyRemoved = (
  { canister: of, context: id, remaining }: Extract<Event, { readonly kind: "context-removed" }>,
  world: World,
): Complaint => {
  const canister = world.canisters.get(of);
  const context = canister?.contexts.get(id);
  if (canister === undefined || context === undefined) return `context ${id} of ${of} was removed, but there is none`;
  if (context.status === "open") return `${contextText(canister, context)} was removed before it was answered`;
  if (context.openCalls > 0) return `${contextText(canister, context)} was removed with ${context.openCalls} open calls`;
  const left = canister.contexts.size - 1;
  return remaining === left
    ? undefined
    : `${of} has ${remaining} contexts after ${contextText(canister, context)} was removed, expected ${left}`;
};

/** The context of the message that ran last, when all that could end it has been said. */
const leftOpen = ({ latest, canisters }: World): Complaint => {
  if (latest?.kind !== "executed") return undefined;
  const canister = canisters.get(latest.canister);
  const context = canister?.contexts.get(latest.context);
  if (canister === undefined || context === undefined || context.openCalls > 0) return undefined;
  return context.status === "open"
    ? `${contextText(canister, context)} is open with no open calls, and was not given up`
    : `${contextText(canister, context)} is responded with no open calls, and was not removed`;
};
