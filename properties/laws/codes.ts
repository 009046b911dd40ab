/** Codes: each failure has one, each place knows only some, and no canister can choose its own. */
import {
  managementCanister,
  rejectCodeOf,
  type ErrorCode,
  type Event,
  type Executed,
  type Instruction,
  type Result,
} from "../../spec/index.ts";
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { readingOf } from "../reading.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, callText, type World } from "../tracking/world.ts";

export const codesAreDisciplined = watchedLaw({
  id: "codes-are-disciplined",
  statement:
    "A reject code is the first digit of its error; a canister's own reject is IC0406; and in each place only the errors appear that can happen there, to a canister whose scripts can make them.",
  source: "facts/messages.md MSG-P28, section 4.2",
  cites: [
    "call-reject",
    "call-refuse",
    "context-give-up",
    "context-open",
    "execution-begin",
    "execution-commit",
    "request-bounce",
    "request-induct",
    "randomness-ask",
    "ingress-submit",
    "top-up",
    "page-write",
    "system-call",
    "instructions-use",
  ],
  otherwise: "nothing was refused, rejected or trapped",
  cases: (vocabulary) => busyWorlds(vocabulary).map(alone),
  watch: () => {
    let coded = false;
    return {
      onEvent: (event, world) => {
        coded ||=
          "error" in event ||
          (event.kind === "executed" && event.trap !== null) ||
          ("result" in event && typeof event.result === "object" && event.result.kind === "reject");
        switch (event.kind) {
          case "ingress-refused":
            return only(event.error, ["CN0001", "CN0002", "IC0301", "IC0207"], "an ingress message was refused");
          case "top-up-refused":
            return (
              only(event.error, ["IC0301"], "a top-up was refused") ??
              (world.canisters.has(event.canister) ? `${event.canister} exists, and its top-up was refused` : undefined)
            );
          case "request-inducted":
            return world.canisters.has(event.callee)
              ? undefined
              : `${callText(event.caller, event.callback)} entered the queue of ${event.callee}, which does not exist`;
          case "request-bounced":
            return wrongBounce(event, world);
          case "randomness-asked":
            return wrongQuestion(event, world);
          case "executed":
            return ranUnknown(event, world) ?? (event.trap === null ? undefined : wrongTrap(event, event.trap, world));
          case "not-executed":
            return wrongRefusal(event, world);
          case "answered":
            return mismatched(event.result) ?? wrongAnswer(event, world);
          case "ingress-answered":
            return mismatched(event.result);
          default:
            return undefined;
        }
      },
      interested: () => coded,
    };
  },
});

const only = (error: ErrorCode, allowed: readonly ErrorCode[], what: string): Complaint =>
  allowed.includes(error) ? undefined : `${what} with ${error}, which cannot happen there`;

const mismatched = (result: Result): Complaint =>
  result.kind === "reply" || result.code === rejectCodeOf(result.error)
    ? undefined
    : `a reject with ${result.error} has the code ${result.code} instead of ${rejectCodeOf(result.error) ?? "none"}`;

const wrongBounce = ({ caller, callback, error }: Extract<Event, { readonly kind: "request-bounced" }>, world: World): Complaint => {
  const call = callOf(world, caller, callback);
  if (call === undefined) return undefined;
  const expected =
    call.callee !== managementCanister
      ? world.canisters.has(call.callee)
        ? null
        : "IC0301"
      : call.method !== "raw_rand"
        ? "IC0536"
        : call.bytes > 0
          ? "IC0408"
          : null;
  const what = `${callText(caller, callback)} to ${call.method} of ${call.callee} with ${call.bytes} bytes`;
  return error === expected ? undefined : `${what} came back with ${error}: expected ${expected ?? "that it does not come back"}`;
};

const wrongQuestion = ({ canister, callback }: Extract<Event, { readonly kind: "randomness-asked" }>, world: World): Complaint => {
  const call = callOf(world, canister, callback);
  if (call === undefined || (call.callee === managementCanister && call.method === "raw_rand" && call.bytes === 0)) return undefined;
  return `${callText(canister, callback)} to ${call.method} of ${call.callee} with ${call.bytes} bytes waits for randomness`;
};

/** The instructions that can trap in this way; IC0522 and IC0207 need none. */
const makers: Readonly<Partial<Record<ErrorCode, readonly Instruction["op"][]>>> = {
  IC0502: ["write"],
  IC0503: ["trap"],
  IC0504: ["call", "accept", "reply", "reject"],
  IC0520: ["call"],
};

const ranUnknown = ({ canister, cause }: Executed, world: World): Complaint => {
  const genesis = world.canisters.get(canister)?.genesis;
  if (cause.kind !== "update" || genesis === undefined || readingOf(genesis).methods.has(cause.method)) return undefined;
  return `${canister} ran ${cause.method}, which it does not export`;
};

const wrongTrap = ({ canister, cause }: Executed, trap: ErrorCode, world: World): Complaint => {
  const complaint = only(trap, ["IC0502", "IC0503", "IC0504", "IC0520", "IC0522", "IC0207"], `an execution of ${canister} trapped`);
  if (complaint !== undefined) return complaint;
  if (trap === "IC0207" && cause.kind === "response")
    return `a callback of ${canister} trapped with IC0207, which is for updates and tasks`;
  const genesis = world.canisters.get(canister)?.genesis;
  const needed = makers[trap];
  if (genesis === undefined || needed === undefined) return undefined;
  return needed.some((op) => readingOf(genesis).ops.has(op))
    ? undefined
    : `${canister} trapped with ${trap}, but its scripts have none of ${needed.join(", ")}`;
};

const wrongRefusal = ({ canister, cause, error }: Extract<Event, { readonly kind: "not-executed" }>, world: World): Complaint => {
  const complaint = only(error, cause.kind === "update" ? ["IC0207", "IC0536"] : ["IC0207"], `a message of ${canister} was not executed`);
  if (complaint !== undefined || cause.kind !== "update" || error !== "IC0536") return complaint;
  const genesis = world.canisters.get(canister)?.genesis;
  return genesis !== undefined && readingOf(genesis).methods.has(cause.method)
    ? `${canister} has a method ${cause.method}, and a call to it was refused with IC0536`
    : undefined;
};

const wrongAnswer = (
  { canister, context, result }: Extract<Event, { readonly kind: "answered" }>,
  { latest, canisters }: World,
): Complaint => {
  if (latest === null) return undefined;
  const error = result.kind === "reply" ? null : result.error;
  if (context === null)
    return latest.kind === "not-executed" && error !== latest.error
      ? `${canister} refused a call with ${latest.error}, and answered with ${error ?? "a reply"}`
      : undefined;
  if (latest.kind !== "executed" || error === null) return undefined;
  const allowed: readonly ErrorCode[] = latest.trap === null ? ["IC0406", "IC0506"] : [latest.trap];
  const genesis = canisters.get(canister)?.genesis;
  if (error === "IC0406" && genesis !== undefined && !readingOf(genesis).ops.has("reject"))
    return `${canister} rejected with IC0406, but its scripts have no reject`;
  return only(error, allowed, `a call to ${canister} was answered`);
};
