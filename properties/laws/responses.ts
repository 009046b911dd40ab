/** Answers: where they go, what they bring back, and how the call context that owed them ends. */
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, callText, originText, type World } from "../tracking/world.ts";
import type { Event, Executed, Origin, Result } from "../../spec/index.ts";

export const refundWithinAttached = watchedLaw({
  id: "refund-within-attached",
  statement:
    "What was accepted of a call and what its answer refunds are together what was attached to it; nothing is accepted after the answer; and the caller is credited with exactly the refund.",
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
  ],
  otherwise: "no call with attached cycles was answered",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call", "accept"], plant: ["pay"] }).map(alone),
  watch: () => {
    let attached = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "executed") return overdrawn(event, world);
        if (event.kind !== "answered") return undefined;
        const { canister, context: id, origin, refund } = event;
        const call = origin.kind === "canister" ? callOf(world, origin.canister, origin.callback) : undefined;
        attached ||= (call?.attached ?? 0n) > 0n;
        const context = id === null ? undefined : world.canisters.get(canister)?.contexts.get(id);
        const accepted = context?.accepted ?? 0n;
        const owed = (call?.attached ?? 0n) - accepted;
        if (refund === owed) return undefined;
        return `the answer to ${originText(origin)} refunds ${refund}, but ${call?.attached ?? 0n} were attached and ${accepted} accepted`;
      },
      interested: () => attached,
    };
  },
});

const overdrawn = ({ canister, cause, context: id, accepted, refunded }: Executed, world: World): Complaint => {
  if (cause.kind === "response") {
    const call = callOf(world, canister, cause.callback);
    const refund = call?.response?.refund ?? 0n;
    if (call !== undefined && refunded !== refund)
      return `${callText(canister, cause.callback)} was refunded ${refund}, but ${canister} was credited with ${refunded}`;
    if (call !== undefined && refunded > call.attached)
      return `${callText(canister, cause.callback)} brought ${refunded} back, but only ${call.attached} were attached`;
  }
  if (cause.kind === "update") {
    const sent = cause.origin.kind === "canister" ? (callOf(world, cause.origin.canister, cause.origin.callback)?.attached ?? 0n) : 0n;
    if (cause.attached !== sent) return `${originText(cause.origin)} was sent with ${sent} cycles and arrived with ${cause.attached}`;
    return accepted > sent ? `${canister} accepted ${accepted} of the ${sent} attached to ${originText(cause.origin)}` : undefined;
  }
  const available = world.canisters.get(canister)?.contexts.get(id)?.available ?? 0n;
  return accepted > available ? `${canister} accepted ${accepted} in context ${id}, where ${available} were available` : undefined;
};

export const answersReachOrigins = watchedLaw({
  id: "answers-reach-origins",
  statement: "An answer goes to whoever made the call, and arrives as what it was: a reply as a reply, a reject as a reject.",
  source: "facts/messages.md D13, A9, MSG-P3",
  cites: ["context-respond", "context-give-up", "call-refuse", "response-induct", "ingress-answer", "request-bounce", "callback-begin"],
  otherwise: "nothing was answered",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"] }).map(alone),
  watch: () => {
    let answered = false;
    return {
      onEvent: (event, world, { observation, input }, position) => {
        answered ||= event.kind === "answered";
        if (event.kind === "answered") return misaddressed(event, world) ?? unwritten(event, observation.events[position + 1]);
        if (event.kind === "ingress-answered" && input.kind === "round" && world.latest !== null && world.round?.turn !== null)
          return unasked(event, observation.events[position - 1]);
        if (event.kind === "response-inducted") return changed(event.result, world, event.caller, event.callback);
        if (event.kind === "executed" && event.cause.kind === "response")
          return changed(event.cause.result, world, event.canister, event.cause.callback);
        return undefined;
      },
      interested: () => answered,
    };
  },
});

type Answered = Extract<Event, { readonly kind: "answered" }>;

const misaddressed = ({ canister, context: id, origin }: Answered, { latest, canisters }: World): Complaint => {
  if (latest?.canister !== canister)
    return `${canister} answered ${originText(origin)}, but the last message that ran was of ${latest?.canister ?? "nobody"}`;
  if (id === null) {
    if (latest.kind === "executed")
      return `${canister} answered ${originText(origin)} without a context, but its last message was executed`;
    const owed: Origin = latest.cause.kind === "update" ? latest.cause.origin : { kind: "system" };
    return sameOrigin(origin, owed) ? undefined : `the refusal of ${originText(owed)} went to ${originText(origin)}`;
  }
  if (latest.kind !== "executed" || latest.context !== id)
    return `${canister} answered in context ${id}, but its last message ran in another`;
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

const changed = (result: "reply" | "reject", world: World, caller: Executed["canister"], callback: number): Complaint => {
  const given = callOf(world, caller, callback)?.response?.result;
  return given === undefined || given === result
    ? undefined
    : `${callText(caller, callback)} was answered with a ${given}, which arrived as a ${result}`;
};
