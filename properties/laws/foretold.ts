/**
 * What an execution does is foretold: all that it sees is known to whoever followed the trace, and its script is written
 * in the genesis. These laws hold what is told of an execution to what was foretold: the answer that it gives, what it
 * leaves behind, and which calls it sends.
 */
import * as fc from "fast-check";
import { bitcoinWorlds } from "../arbitraries/bitcoin.ts";
import { busyWorlds, mixedWorlds } from "../arbitraries/busy.ts";
import { crampedWorlds } from "../arbitraries/focuses.ts";
import { introducedWorlds } from "../arbitraries/introduced.ts";
import { queryWorlds } from "../arbitraries/queries.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { billedWorlds, thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import type { Foreseen } from "../tracking/foresight.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { firstDifference } from "./comparison.ts";
import type { Event, Executed } from "../../spec/index.ts";

export const repliesSayWhatTheyName = watchedLaw({
  id: "replies-say-what-they-name",
  statement:
    "An execution that completed answers exactly when its script came to a reply or a reject, and a reply carries the bytes that it names: a constant, the message, a page, the time of the round, the balance without the prepayment, the cycles available or refunded, the deadline of the call, who takes part.",
  source: "spec/script.ts; facts/messages.md section 10.4; facts/cycles.md CYC-P8, CYC-P9",
  cites: [
    "call-reply",
    "call-reject",
    "context-respond",
    "execution-begin",
    "callback-begin",
    "round-begin",
    "context-open",
    "randomness-answer",
    "cycles-accept",
    "page-write",
    "value-read",
    "identity-read",
    "certificate-read",
  ],
  otherwise: "no reply could be foretold",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: mixedWorlds(vocabulary, { always: ["reply", "call"] }), weight: 3 },
        { arbitrary: introducedWorlds(vocabulary), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let foretold = false;
    let awaited: Foreseen | null = null;
    return {
      onEvent: (event, { foreseen }) => {
        if (betweenThem.has(event.kind)) return undefined;
        const before = awaited;
        awaited = event.kind === "executed" && event.trap === null ? foreseen : null;
        if (before === null || before.trap !== null) return undefined;
        foretold ||= before.answer?.kind === "reply";
        return misanswered(event, before);
      },
      interested: () => foretold,
    };
  },
});

/** What is told of an execution before its answer. */
export const betweenThem: ReadonlySet<Event["kind"]> = new Set([
  "execution-finished",
  "data-certified",
  "stable-resized",
  "hook-ready",
] as const);

/** What follows the completion of a script, against what the script gives. */
const misanswered = (event: Event, { canister: { id }, answer }: Foreseen): Complaint => {
  const what = `${id} completed a script that gives ${answer === null ? "no answer" : `a ${answer.kind}`}, but`;
  if (event.kind !== "answered") return answer === null ? undefined : `${what} gave no answer`;
  const { result } = event;
  if (result.kind === "reject") {
    if (answer === null) return result.error === "IC0406" ? `${what} answered with IC0406` : undefined;
    return answer.kind === "reject" && result.error === "IC0406" ? undefined : `${what} answered with ${result.error}`;
  }
  if (answer?.kind !== "reply") return `${what} replied "${result.payload}"`;
  return result.payload === answer.payload
    ? undefined
    : `${id} replied "${result.payload}", but what its script names is "${answer.payload}"`;
};

export const scriptsDoWhatTheySay = watchedLaw({
  id: "scripts-do-what-they-say",
  statement:
    "An execution has written the pages, set the timer, accepted, burned and set aside the cycles, used the instructions and come to the trap that its script, its cleanup and the limits of its canister make of what it saw.",
  source:
    "spec/script.ts; docs/machine.md section 5; facts/cycles.md CYC-P9, T11, T55, CYC-8b.1; facts/messages.md MSG-7.4, MSG-7.5, MSG-10.4",
  cites: [
    "page-write",
    "timer-set",
    "cycles-accept",
    "cycles-burn",
    "instructions-use",
    "timer-begin",
    "system-call",
    "execution-commit",
    "execution-rollback",
    "callback-cleanup",
    "call-reply",
    "call-reject",
    "message-accept",
    "memory-grow",
    "cores-share",
    "execution-finish",
    "query-discard",
    "value-read",
    "identity-read",
    "certificate-read",
  ],
  otherwise: "nothing that could be foretold was executed",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        busyWorlds(vocabulary, { always: ["write"], customs: ["hooks", "heartbeats"], plant: ["answerTwice", "trapInCallback", "grow"] }),
        busyWorlds(vocabulary, { always: ["call", "accept"], programs: [["pay"], ["takeAndAnswer"], ["takeAndAnswer"]] }),
        thriftyWorlds(vocabulary),
        queryWorlds(vocabulary, { replicated: true }),
        introducedWorlds(vocabulary),
      ),
      vocabulary,
      { long: true },
    ).map(alone),
  watch: () => {
    let foretold = false;
    return {
      onEvent: (event, { foreseen }) => {
        if (event.kind !== "executed" || foreseen === null) return undefined;
        foretold = true;
        const difference = firstDifference(doneBy(event), foretoldDone(foreseen));
        return difference === null ? undefined : `an execution of ${event.canister} did not what it was to do: ${difference}`;
      },
      interested: () => foretold,
    };
  },
});

const doneBy = ({ trap, cleanup, instructions, accepted, burned, reserved, wrote, timer }: Executed): object => ({
  trap,
  cleanup,
  instructions,
  accepted,
  burned,
  reserved,
  timer,
  wrote,
});

const foretoldDone = ({ trap, cleanup, instructions, accepted, burned, reserved, wrote, timer }: Foreseen): object => ({
  trap,
  cleanup,
  instructions,
  accepted,
  burned,
  reserved,
  timer,
  wrote,
});

export const callsAreSentAsPaid = watchedLaw({
  id: "calls-are-sent-as-paid",
  statement:
    "A call traps when its payload is too large or its attached cycles are not there; it is refused when no slot, no memory for its response, no callback, not enough for the fees and the reserve, or for the place of its response, is left, with the error of the first of these, and the script learns it at once; and it is sent otherwise, with the deadline that it names.",
  source: "facts/cycles.md CYC-3.1, CYC-3.2, CYC-H3, CYC-P10; facts/messages.md MSG-P4, MSG-P18, MSG-CAP01, MSG-CAP07, MSG-3.2.2, D9, D11",
  cites: ["call-send", "execution-begin", "cores-share", "execution-rollback", "callback-begin", "bitcoin-route"],
  otherwise: "no script came to a call",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        busyWorlds(vocabulary, { always: ["call"], plant: ["pay", "crowd", "fan"], scarce: true, customs: ["best-effort"] }),
        crampedWorlds(vocabulary),
        billedWorlds(vocabulary),
        bitcoinWorlds(vocabulary),
      ),
      vocabulary,
      { long: true },
    ).map(alone),
  watch: () => {
    let called = false;
    return {
      onEvent: (event, { foreseen }) => {
        if (event.kind !== "executed" || foreseen === null) return undefined;
        called ||= foreseen.body.calls.length + foreseen.body.refused.length > 0;
        const difference = firstDifference(sentBy(event), foretoldSent(foreseen));
        return difference === null ? undefined : `an execution of ${event.canister} did not send what it was to send: ${difference}`;
      },
      interested: () => called,
    };
  },
});

const sentBy = ({ calls, refusedCalls }: Executed): object => ({
  calls: calls.map(({ callee, method, bytes, attached, deadline }) => ({ callee, method, bytes, attached, deadline })),
  refusedCalls,
});

const foretoldSent = ({ calls, refused }: Foreseen): object => ({
  calls: calls.map(({ instruction: { method, attached }, callee, payload, deadline }) => ({
    callee,
    method,
    bytes: payload.length / 2,
    attached,
    deadline,
  })),
  refusedCalls: refused,
});
