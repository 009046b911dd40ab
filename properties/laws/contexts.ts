/** Call contexts: numbered, kept for as long as somebody may still act in them, and then gone. */
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { orKept } from "../arbitraries/coded.ts";
import { taskedWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { rejectOf, type TrackedContext } from "../tracking/messages.ts";
import { heapOf } from "../tracking/pages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { changesTold } from "./management-consequences.ts";
import type { ErrorCode, Event, Executed, Origin, Parameters, Result, Step } from "../../spec/index.ts";

export const contextLifecycle = watchedLaw({
  id: "context-lifecycle",
  statement:
    "Contexts and callbacks of a canister are numbered 0, 1, 2 and so on, and no number comes again; a context is given up only when it is open with no open calls, and removed exactly when it owes no answer and has no open calls.",
  source: "facts/messages.md MSG-P9, MSG-P12, C1, D13, E1, E2",
  cites: [
    "context-open",
    "task-begin",
    "context-respond",
    "context-give-up",
    "context-remove",
    "callback-begin",
    "call-send",
    "execution-rollback",
    "call-reply",
    "call-reject",
    "response-discard",
    "callback-refuse",
  ],
  otherwise: "no message ran",
  cases: (vocabulary) =>
    orScheduled(fc.oneof(mixedWorlds(vocabulary, { always: ["call"] }), uninstallingWorlds(vocabulary)), vocabulary).map(alone),
  watch: () => {
    let ran = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "answered") return wronglyAnswered(event, world);
        if (event.kind === "context-removed") return wronglyRemoved(event, world);
        if (aside.has(event.kind)) return undefined;
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
  const context = canister.contexts.get(id);
  if (context === undefined) return `callback ${cause.callback} of ${canister.id} ran in context ${id}, which is no more`;
  return context.status === "deleted" ? `callback ${cause.callback} of ${canister.id} ran in context ${id}, which is deleted` : undefined;
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
  if (context.status === "deleted") return `${contextText(canister, context)} was answered after it was deleted`;
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

/** What says nothing of contexts, and may be told between an execution and what becomes of its own. */
const aside: ReadonlySet<Event["kind"]> = new Set([
  "ingress-answered",
  "hook-ready",
  "context-deleted",
  "execution-finished",
  "data-certified",
  "stable-resized",
] as const);

/** The context of the message that ran last, when all that could end it has been said. */
const leftOpen = ({ latest, canisters }: World): Complaint => {
  if (latest === null || latest.kind === "not-executed") return undefined;
  const canister = canisters.get(latest.canister);
  const id = latest.kind === "executed" ? latest.context : canister?.calls.get(latest.callback)?.context;
  const context = id === undefined ? undefined : canister?.contexts.get(id);
  if (canister === undefined || context === undefined || context.openCalls > 0) return undefined;
  return context.status === "open"
    ? `${contextText(canister, context)} is open with no open calls, and was not given up`
    : `${contextText(canister, context)} is ${context.status} with no open calls, and was not removed`;
};

export const contextsFollowTheMatrix = watchedLaw({
  id: "contexts-follow-the-matrix",
  statement:
    "What follows a message is settled by how it ended, whether its context owes an answer, and whether calls of it are open: an answer that was given goes to the origin with all that is available; an open context without open calls is rejected with the error of the trap or of the refusal, or IC0506; a context without open calls is removed; a message that was not executed is rejected with all that was attached.",
  source: "facts/messages.md MSG-P9, D13, D1, E1, E2, B2, B6",
  cites: [
    "context-respond",
    "context-give-up",
    "context-remove",
    "call-refuse",
    "call-reply",
    "call-reject",
    "ingress-answer",
    "hook-ready",
    "response-discard",
    "callback-refuse",
    "execution-desist",
    "execution-rollback",
    "snapshot-load",
  ],
  otherwise: "no message was taken up",
  cases: (vocabulary) => {
    const mixed = mixedWorlds(vocabulary, { always: ["call", "reply"], plant: ["fan", "trapInCallback", "takeAndAnswer"] });
    const worlds = fc.oneof(mixed, uninstallingWorlds(vocabulary), taskedWorlds(vocabulary));
    return orKept(orScheduled(worlds, vocabulary), vocabulary).map(alone);
  },
  watch: () => {
    let followed = false;
    return {
      onEvent: (event, world, step, position) => {
        const expected = followersOf(event, world);
        if (expected === null) return undefined;
        followed = true;
        return mismatched(event, expected, step, position + (isFinished(event, world) ? 1 : 0));
      },
      interested: () => followed,
    };
  },
});

/** Whether it is told right behind an event that a long execution is over. */
const isFinished = (event: Event, { canisters }: World): boolean =>
  (event.kind === "executed" || event.kind === "callback-refused") && canisters.get(event.canister)?.execution != null;

/** How a message ended, the state of its context, and the calls of it that are open afterwards. */
export interface Ending {
  /** The answer that it gave; none, or the error of its trap. */
  readonly result: Result | ErrorCode | null;
  readonly status: "open" | "responded" | "deleted";
  readonly openCalls: number;
}

/** What becomes of a context: which answer leaves it, and whether it is removed. @source facts/messages.md D13 */
export const consequenceOf = ({ result, status, openCalls }: Ending): { readonly answer: Result | null; readonly removed: boolean } => {
  const removed = openCalls === 0;
  if (result !== null && typeof result !== "string") return { answer: result, removed };
  return { answer: status === "open" && removed ? rejectOf(result ?? "IC0506") : null, removed };
};

/** The events that must follow at once; `null` where none are told by this law, or an onlooker cannot know. */
const followersOf = (event: Event, world: World): readonly object[] | null => {
  switch (event.kind) {
    case "executed":
      return afterExecution(event, world);
    case "not-executed": {
      if (event.cause.kind !== "update") return [];
      const { origin, attached } = event.cause;
      return answerEvents(event.canister, null, origin, rejectOf(event.error), attached);
    }
    case "callback-refused":
    case "response-discarded": {
      const canister = world.canisters.get(event.canister);
      const context = canister?.contexts.get(canister.calls.get(event.callback)?.context ?? -1);
      if (canister === undefined || context === undefined) return null;
      const { id, origin, status, available, openCalls } = context;
      const result = event.kind === "callback-refused" ? event.error : null;
      const { answer, removed } = consequenceOf({ result, status, openCalls: openCalls - 1 });
      return [
        ...(answer === null ? [] : answerEvents(canister.id, id, origin, answer, available)),
        ...(removed ? [removal(canister, id, 0)] : []),
      ];
    }
    default:
      return null;
  }
};

const afterExecution = (event: Executed, { canisters, foreseen, parameters }: World): readonly object[] | null => {
  const canister = canisters.get(event.canister);
  if (canister === undefined || foreseen === null) return null;
  const { cause, context: id, trap, calls } = event;
  const context = cause.kind === "response" ? canister.contexts.get(id) : undefined;
  if (cause.kind === "response" && context === undefined) return null;
  const answer = foreseen.answer;
  const result = trap !== null || answer === null ? trap : answer.kind === "reply" ? (answer as Result) : rejectOf("IC0406");
  const status = cause.kind === "update" ? "open" : (context?.status ?? "responded");
  const openCalls = (context === undefined ? 0 : context.openCalls - 1) + calls.length;
  const consequence = consequenceOf({ result, status, openCalls });
  const origin: Origin = cause.kind === "update" ? cause.origin : (context?.origin ?? { kind: "system" });
  const available = (cause.kind === "update" ? cause.attached : (context?.available ?? 0n)) - event.accepted;
  return [
    ...changesTold(canister, foreseen),
    ...(hookFollows(event, canister, parameters) ? [{ kind: "hook-ready", canister: canister.id }] : []),
    ...(consequence.answer === null ? [] : answerEvents(canister.id, id, origin, consequence.answer, available)),
    ...(consequence.removed ? [removal(canister, id, context === undefined ? 1 : 0)] : []),
  ];
};

/** Whether the heap that an execution leaves is nearly full, for the first time. */
const hookFollows = ({ cause, wrote }: Executed, { hook, genesis, pages }: TrackedCanister, parameters: Parameters): boolean => {
  const { lowMemory } = genesis;
  if (hook !== "armed" || lowMemory === undefined || cause.kind === "low-memory") return false;
  return lowMemory.limit < heapOf(parameters, { pages: new Map([...pages, ...wrote]) }) + lowMemory.threshold;
};

const answerEvents = (canister: string, context: number | null, origin: Origin, result: Result, refund: bigint): readonly object[] => [
  { kind: "answered", canister, context, origin, result, refund },
  ...(origin.kind === "ingress" ? [{ kind: "ingress-answered", ingress: origin.ingress, result }] : []),
];

/** `opened`: how many contexts the message itself opened. */
const removal = ({ id, contexts }: TrackedCanister, context: number, opened: number): object => ({
  kind: "context-removed",
  canister: id,
  context,
  remaining: contexts.size + opened - 1,
});

const following: ReadonlySet<Event["kind"]> = new Set([
  "data-certified",
  "stable-resized",
  "hook-ready",
  "answered",
  "ingress-answered",
  "context-removed",
] as const);

const mismatched = (event: Event, expected: readonly object[], { observation: { events } }: Step, position: number): Complaint => {
  const what = `after ${"canister" in event ? event.canister : ""} ${event.kind}`;
  for (const [at, follower] of expected.entries()) {
    const difference = firstDifference(events[position + 1 + at], follower);
    if (difference !== null) return `${what}, ${(follower as Event).kind} was to follow: ${difference}`;
  }
  const next = events[position + 1 + expected.length];
  return next !== undefined && following.has(next.kind) ? `${what}, nothing more was to follow, and ${next.kind} came` : undefined;
};
