/** Answers: where they go, what they bring back, and how the call context that owed them ends. */
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { sheddingWorlds } from "../arbitraries/focuses.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { alone } from "../case.ts";
import { isUnexecuted } from "../tracking/executions.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { isAnswerTo } from "../tracking/notes-of-messages.ts";
import { callText, originText, type TrackedMessage, type TrackedRequest } from "../tracking/messages.ts";
import { refundOf } from "../tracking/foresight.ts";
import { messageOf } from "../tracking/matching.ts";
import { callOf, type World } from "../tracking/world.ts";
import type { Event, Executed, Origin, Result } from "../../spec/index.ts";

export const refundWithinAttached = watchedLaw({
  id: "refund-within-attached",
  statement:
    "What was accepted of a call and what its answer refunds are together what was attached to it; nothing is accepted after the answer; and the caller is credited with exactly the refund, at most what it attached.",
  source: "facts/cycles.md CYC-P3, CYC-P4, CYC-P17",
  cites: [
    "cycles-accept",
    "call-reply",
    "call-reject",
    "call-refuse",
    "context-respond",
    "context-give-up",
    "callback-begin",
    "context-open",
    "request-bounce",
    "request-expire",
    "callback-expire",
    "context-withdraw",
    "response-discard",
    "callback-refuse",
  ],
  otherwise: "no call with attached cycles was answered",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: sheddingWorlds(vocabulary), weight: 4 },
        { arbitrary: strangeWorlds(vocabulary), weight: 1 },
        { arbitrary: mixedWorlds(vocabulary, paying), weight: 5 },
        { arbitrary: mixedWorlds(vocabulary, { ...paying, inputs: ["uninstall"] }), weight: 2 },
      )
      .map(alone),
  watch: () => {
    let attached = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "executed") return overdrawn(event, world);
        if (isUnexecuted(event)) return miscredited(event.canister, event.callback, event.refunded, world);
        if (event.kind !== "answered") return undefined;
        const { canister, context: id, origin, refund } = event;
        const context = id === null ? undefined : world.canisters.get(canister)?.contexts.get(id);
        const request = context === undefined ? refusedRequest(world) : context.request;
        const given = request?.attached ?? 0n;
        attached ||= given > 0n;
        const accepted = context?.accepted ?? 0n;
        if (refund === given - accepted) return undefined;
        return `the answer to ${originText(origin)} refunds ${refund}, but ${given} were attached and ${accepted} accepted`;
      },
      interested: () => attached,
    };
  },
});

/** Most calls carry cycles, of which the callee accepts some and answers. */
const paying: Focus = {
  always: ["call", "accept", "reply"],
  ample: ["callbackLimit", "guaranteedResponseMemory", "ingressLifetime", "roundInstructionLimit"],
  plant: ["pay"],
  programs: [["pay"], ["takeAndAnswer", "pay"], ["takeAndAnswer"]],
};

/** The request that was taken last, and not executed. */
const refusedRequest = ({ taken }: World): TrackedRequest | null => (taken?.kind === "request" ? taken : null);

const overdrawn = ({ canister: id, cause, context, accepted, refunded }: Executed, world: World): Complaint => {
  if (cause.kind === "response") {
    const complaint = miscredited(id, cause.callback, refunded, world);
    if (complaint !== undefined) return complaint;
  }
  const canister = world.canisters.get(id);
  if (cause.kind === "update") {
    const request =
      canister === undefined ? undefined : canister.execution === null ? messageOf(canister, cause) : canister.execution.message;
    const sent = request?.kind === "request" ? request.attached : 0n;
    if (cause.attached !== sent) return `${originText(cause.origin)} was sent with ${sent} cycles and arrived with ${cause.attached}`;
    return accepted > sent ? `${id} accepted ${accepted} of the ${sent} attached to ${originText(cause.origin)}` : undefined;
  }
  const available = canister?.contexts.get(context)?.available ?? 0n;
  return accepted > available ? `${id} accepted ${accepted} in context ${context}, where ${available} were available` : undefined;
};

const miscredited = (canister: Executed["canister"], callback: number, refunded: bigint, world: World): Complaint => {
  const call = callOf(world, canister, callback);
  if (call?.response == null) return undefined;
  const refund = refundOf(call);
  if (refunded !== refund) return `${callText(canister, callback)} was refunded ${refund}, but ${canister} was credited with ${refunded}`;
  return undefined;
};

export const answersReachOrigins = watchedLaw({
  id: "answers-reach-origins",
  statement: "An answer goes to whoever made the call, and arrives as what it was: a reply as a reply, a reject as a reject.",
  source: "facts/messages.md D13, A9, MSG-P3",
  cites: ["context-respond", "context-give-up", "call-refuse", "response-induct", "ingress-answer", "request-bounce", "callback-begin"],
  otherwise: "nothing was answered",
  cases: (vocabulary) => mixedWorlds(vocabulary, { always: ["call"] }).map(alone),
  watch: () => {
    let answered = false;
    return {
      onEvent: (event, world, { observation, input }, position) => {
        answered ||= event.kind === "answered";
        if (event.kind === "answered")
          return (
            (world.withdrawing !== null ? withdrawn(event, world) : misaddressed(event, world)) ??
            unwritten(event, observation.events[position + 1])
          );
        if (event.kind === "ingress-answered" && input.kind === "round" && world.round?.turn != null)
          return unasked(event, observation.events[position - 1]);
        if (event.kind === "response-inducted") {
          const given = world.arrival?.tracked ?? answerTo(world, event.caller, event.callback);
          return given?.kind === "response" ? changed(event.result, given.result, event.caller, event.callback) : undefined;
        }
        if (event.kind === "executed" && event.cause.kind === "response")
          return changed(
            event.cause.result,
            callOf(world, event.canister, event.cause.callback)?.response?.result ?? event.cause.result,
            event.canister,
            event.cause.callback,
          );
        return undefined;
      },
      interested: () => answered,
    };
  },
});

/** An answer that the platform gives in the place of code that was taken away. */
const withdrawn = ({ canister, context: id, origin }: Answered, { canisters }: World): Complaint => {
  const context = id === null ? undefined : canisters.get(canister)?.contexts.get(id);
  if (context === undefined) return `${canister} answered in context ${id ?? "none"}, which does not exist`;
  return sameOrigin(origin, context.origin) ? undefined : `the answer to ${originText(context.origin)} went to ${originText(origin)}`;
};

type Answered = Extract<Event, { readonly kind: "answered" }>;

const misaddressed = ({ canister, context: id, origin }: Answered, world: World): Complaint => {
  const { latest, canisters } = world;
  if (latest?.canister !== canister)
    return `${canister} answered ${originText(origin)}, but the last message that ran was of ${latest?.canister ?? "nobody"}`;
  if (latest.kind === "response-discarded") return `${canister} answered ${originText(origin)} after a response that it discarded`;
  if (id === null) {
    if (latest.kind !== "not-executed")
      return `${canister} answered ${originText(origin)} without a context, but its last message was executed`;
    const owed: Origin = latest.cause.kind === "update" ? latest.cause.origin : { kind: "system" };
    return sameOrigin(origin, owed) ? undefined : `the refusal of ${originText(owed)} went to ${originText(origin)}`;
  }
  const ran =
    latest.kind === "callback-refused"
      ? callOf(world, canister, latest.callback)?.context
      : latest.kind === "executed"
        ? latest.context
        : null;
  if (ran !== id) return `${canister} answered in context ${id}, but its last message ran in another`;
  const context = canisters.get(canister)?.contexts.get(id);
  if (context === undefined) return `${canister} answered in context ${id}, which does not exist`;
  return sameOrigin(origin, context.origin) ? undefined : `the answer to ${originText(context.origin)} went to ${originText(origin)}`;
};

const sameOrigin = (left: Origin, right: Origin): boolean => left.kind === right.kind && originText(left) === originText(right);

const sameResult = (left: Result, right: Result): boolean =>
  left.kind === "reply"
    ? right.kind === "reply" && left.payload === right.payload
    : right.kind === "reject" && left.error === right.error && left.code === right.code;

const unwritten = ({ origin, result }: Answered, next: Event | undefined): Complaint => {
  if (origin.kind === "system") return "an answer went to the system, which waits for none";
  if (origin.kind !== "ingress") return undefined;
  if (next?.kind !== "ingress-answered" || next.ingress !== origin.ingress)
    return `the answer to ingress ${origin.ingress} was not written to the ingress history`;
  return sameResult(next.result, result) ? undefined : `the ingress history holds another answer for ${origin.ingress} than was given`;
};

const unasked = ({ ingress }: Extract<Event, { readonly kind: "ingress-answered" }>, before: Event | undefined): Complaint =>
  before?.kind === "answered" && before.origin.kind === "ingress" && before.origin.ingress === ingress
    ? undefined
    : `ingress ${ingress} was answered in a turn, but nobody answered it`;

/** The answer to a call that lies in the output queue of its callee. */
const answerTo = (world: World, caller: Executed["canister"], callback: number): TrackedMessage | undefined => {
  const callee = callOf(world, caller, callback)?.callee;
  return callee === undefined ? undefined : world.canisters.get(callee)?.queues.outputs.get(caller)?.find(isAnswerTo(caller, callback));
};

type Kind = "reply" | "reject";

const changed = (result: Kind, given: Kind, caller: Executed["canister"], callback: number): Complaint =>
  given === result ? undefined : `${callText(caller, callback)} was answered with a ${given}, which arrived as a ${result}`;
