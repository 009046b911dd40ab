/** Codes: each failure has one, each place knows only some, and no canister can choose its own. */
import { managementCanister, rejectCodeOf, type ErrorCode, type Event, type Executed, type Instruction } from "../../spec/index.ts";
import { allWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { failuresOfIngress, wronglyTurnedDown } from "./codes-of-ingress.ts";
import { failuresOfManagement, wronglyManaged } from "./codes-of-management.ts";
import { failuresOfQueries, mismatched, wrongQuery } from "./codes-of-queries.ts";
import { readingOf } from "../reading.ts";
import { readableFor } from "../tracking/executions.ts";
import { refusalByStatus, refusedAtOnce } from "../tracking/management.ts";
import { callText } from "../tracking/messages.ts";
import { isGuarded } from "../tracking/modes.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";

/** Where something can fail, and the errors with which it does. @source facts/messages.md section 4.2 */
export const failures = {
  ...failuresOfIngress,
  "a top-up was refused": ["IC0301"],
  "an uninstallation was refused": ["IC0301", "CN0015"],
  "a creation was refused": ["IC0205", "IC0101", "IC0403"],
  "a deletion was refused": ["IC0301", "IC0510", "IC0203"],
  "an allocation was refused": ["IC0301", "CN0015", "IC0101"],
  "a slice was refused": ["CN0012", "CN0013", "CN0014"],
  "a request of a stream was refused": ["IC0301", "IC0201", "IC0507"],
  "a request came back": ["CN0210", "CN0211", "IC0301", "IC0408", "IC0536"],
  "a call was not sent": ["IC0201", "IC0507", "IC0101", "IC0207", "IC0535"],
  "an update trapped": ["IC0502", "IC0503", "IC0504", "IC0520", "IC0522", "IC0532", "IC0534", "IC0207", "IC0539"],
  "a task trapped": ["IC0502", "IC0503", "IC0504", "IC0520", "IC0522", "IC0532", "IC0534", "IC0207"],
  "a callback trapped": ["IC0502", "IC0503", "IC0504", "IC0520", "IC0522", "IC0532", "IC0534"],
  "an update was not executed": ["IC0508", "IC0509", "IC0207", "IC0537", "IC0536", "IC0527"],
  "a task was not executed": ["IC0207"],
  "a callback was not executed": ["IC0207"],
  "a context of an uninstalled canister was rejected": ["IC0406"],
  "a round was refused": ["CN0008", "CN0009"],
  "a read of the state was refused": ["IC0208", "CN0022", "CN0023", "CN0027"],
  ...failuresOfQueries,
  ...failuresOfManagement,
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

export const codesAreDisciplined = watchedLaw({
  id: "codes-are-disciplined",
  statement:
    "A reject code is the first digit of its error; a canister's own reject is IC0406; reject code 6 is for best-effort calls alone; and in each place only the errors appear that can happen there, to a canister whose scripts can make them.",
  source: "facts/messages.md MSG-P28, MSG-P20, RC6, section 4.2",
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
    "call-send",
    "canister-uninstall",
    "context-withdraw",
    "callback-expire",
    "message-shed",
    "ingress-inspect",
    "message-accept",
    "stream-request",
    "slice-admit",
    "memory-grow",
    "callback-refuse",
    "canister-create",
  ],
  otherwise: "nothing was refused, rejected or trapped",
  cases: (vocabulary) => orScheduled(allWorlds(vocabulary), vocabulary, { members: true }).map(alone),
  watch: () => {
    let coded = false;
    return {
      onEvent: (event, world, { input }) => {
        coded ||=
          "error" in event ||
          event.kind === "callback-expired" ||
          (event.kind === "executed" && event.trap !== null) ||
          ("result" in event && typeof event.result === "object" && event.result.kind === "reject");
        return (
          wronglyTurnedDown(event, input, world) ??
          missing(event, world) ??
          wrongQuery(event) ??
          wronglyManaged(event, world) ??
          unmotivated(event, world)
        );
      },
      interested: () => coded,
    };
  },
});

/** The place and the error of a failure, against the table. */
const missing = (event: Event, { withdrawing }: World): Complaint => {
  switch (event.kind) {
    case "top-up-refused":
      return only(event.error, "a top-up was refused");
    case "uninstall-refused":
      return only(event.error, "an uninstallation was refused");
    case "canister-create-refused":
      return only(event.error, "a creation was refused");
    case "canister-delete-refused":
      return only(event.error, "a deletion was refused");
    case "allocation-refused":
      return only(event.error, "an allocation was refused");
    case "round-refused":
      return only(event.error, "a round was refused");
    case "read-state-refused":
      return only(event.error, "a read of the state was refused");
    case "slice-refused":
      return only(event.error, "a slice was refused");
    case "message-refused":
      return event.error === null ? undefined : only(event.error, "a request of a stream was refused");
    case "request-bounced":
      return only(event.error, "a request came back");
    case "executed":
      for (const { error } of event.refusedCalls) {
        const complaint = only(error, "a call was not sent");
        if (complaint !== undefined) return complaint;
      }
      if (event.trap === null) return undefined;
      return only(
        event.trap,
        event.cause.kind === "update" ? "an update trapped" : event.cause.kind === "response" ? "a callback trapped" : "a task trapped",
      );
    case "not-executed":
      return only(event.error, event.cause.kind === "update" ? "an update was not executed" : "a task was not executed");
    case "callback-refused":
      return only(event.error, "a callback was not executed");
    case "answered":
      if (withdrawing === null) return undefined;
      return event.result.kind === "reply"
        ? `${event.canister} replied when its code was taken away`
        : only(event.result.error, "a context of an uninstalled canister was rejected");
    default:
      return undefined;
  }
};

const only = (error: ErrorCode, place: keyof typeof failures): Complaint =>
  (failures[place] as readonly ErrorCode[]).includes(error) ? undefined : `${place} with ${error}, which cannot happen there`;

/** A failure for which there is no reason in what it is about. */
const unmotivated = (event: Event, world: World): Complaint => {
  switch (event.kind) {
    case "top-up-refused":
      return world.canisters.has(event.canister) ? `${event.canister} exists, and its top-up was refused` : undefined;
    case "uninstall-refused":
      return world.canisters.get(event.canister)?.execution === null
        ? `${event.canister} exists, and its uninstallation was refused`
        : undefined;
    case "request-inducted":
      return world.canisters.has(event.callee)
        ? undefined
        : `${callText(event.caller, event.callback)} entered the queue of ${event.callee}, which does not exist`;
    case "request-bounced":
      return wrongBounce(event, world);
    case "randomness-asked":
      return wrongQuestion(event, world);
    case "callback-expired":
      return callOf(world, event.caller, event.callback)?.deadline === null
        ? `${callText(event.caller, event.callback)} expired, but its response is guaranteed`
        : undefined;
    case "executed":
      return ranUnknown(event, world) ?? wrongSix(event, world) ?? (event.trap === null ? undefined : wrongTrap(event, event.trap, world));
    case "not-executed":
      return wrongRefusal(event, world);
    case "answered":
      return mismatched(event.result) ?? (world.withdrawing !== null ? undefined : wrongAnswer(event, world));
    case "ingress-answered":
    case "management-answered":
      return mismatched(event.result);
    case "message-streamed":
      return event.message.kind === "response" ? mismatched(event.message.result) : undefined;
    default:
      return undefined;
  }
};

/** Reject code 6, where the response is guaranteed. */
const wrongSix = ({ canister, cause }: Executed, world: World): Complaint => {
  if (cause.kind !== "response") return undefined;
  const call = callOf(world, canister, cause.callback);
  const error = call?.response?.error ?? null;
  return call?.deadline === null && error !== null && rejectCodeOf(error) === 6
    ? `${callText(canister, cause.callback)} was answered with ${error}, but its response is guaranteed`
    : undefined;
};

const wrongBounce = ({ caller, callback, error }: Extract<Event, { readonly kind: "request-bounced" }>, world: World): Complaint => {
  const call = callOf(world, caller, callback);
  if (call === undefined) return undefined;
  if (error === "CN0211" && call.deadline === null) return `${callText(caller, callback)} was shed, but its response is guaranteed`;
  if (error === "CN0210" || error === "CN0211") return undefined;
  const { method, bytes } = call.request;
  const isThere = world.canisters.has(call.callee) || world.routes.has(call.callee);
  const expected = call.callee === managementCanister ? refusedAtOnce(world, call.request) : isThere ? null : "IC0301";
  const what = `${callText(caller, callback)} to ${method} of ${call.callee} with ${bytes} bytes`;
  return error === expected ? undefined : `${what} came back with ${error}: expected ${expected ?? "that it does not come back"}`;
};

const wrongQuestion = ({ canister, callback }: Extract<Event, { readonly kind: "randomness-asked" }>, world: World): Complaint => {
  const call = callOf(world, canister, callback);
  if (call === undefined) return undefined;
  const { callee, method, bytes } = call.request;
  if (callee === managementCanister && method === "raw_rand" && bytes === 0) return undefined;
  return `${callText(canister, callback)} to ${method} of ${callee} with ${bytes} bytes waits for randomness`;
};

/** The instructions that can trap in this way; IC0522 and IC0207 need none. */
const makers: Readonly<Partial<Record<ErrorCode, readonly Instruction["op"][]>>> = {
  IC0502: ["write"],
  IC0503: ["trap"],
  IC0504: ["call", "accept", "accept-message", "reply", "reject", "burn", "set-timer", "certify"],
  IC0520: ["call"],
  IC0532: ["write", "stable-grow"],
  IC0534: ["write", "stable-grow"],
};

const ranUnknown = ({ canister, cause }: Executed, world: World): Complaint => {
  const genesis = world.canisters.get(canister)?.genesis;
  if (world.canisters.get(canister)?.installed === false) return `${canister}, which has no code, ran a message`;
  if (cause.kind !== "update" || genesis === undefined || readingOf(genesis).methods.has(cause.method)) return undefined;
  return `${canister} ran ${cause.method}, which it does not export`;
};

const wrongTrap = ({ canister: id, cause }: Executed, trap: ErrorCode, world: World): Complaint => {
  const canister = world.canisters.get(id);
  if (canister === undefined) return undefined;
  if (trap === "IC0539" && canister.genesis.lowMemory === undefined)
    return `an ${cause.kind} of ${id} trapped with IC0539, but its memory has no limit`;
  const needed = makers[trap];
  if (needed === undefined) return undefined;
  const makes = (instruction: Instruction): boolean =>
    needed.includes(instruction.op) || (trap === "IC0502" && readsPage(instruction)) || (trap === "IC0504" && readsGuarded(instruction));
  return readableFor(canister, cause).some(makes)
    ? undefined
    : `${id} trapped with ${trap}, but its scripts have none of ${needed.join(", ")}`;
};

/** Whether it reads a page, which may not be inside. */
const readsPage = (instruction: Instruction): boolean =>
  [
    "value" in instruction ? instruction.value : null,
    "payload" in instruction ? instruction.payload : null,
    "data" in instruction ? instruction.data : null,
  ].some((value) => value?.kind === "page");

/** Whether it reads what is not there to be read everywhere; a call, an answer and what is certified can trap so anyway. */
const readsGuarded = (instruction: Instruction): boolean => "value" in instruction && isGuarded(instruction.value.kind);

const wrongRefusal = ({ canister: id, cause, error }: Extract<Event, { readonly kind: "not-executed" }>, world: World): Complaint => {
  const canister = world.canisters.get(id);
  if (cause.kind !== "update" || canister === undefined || error === "IC0207") return undefined;
  if (error !== refusalByStatus(canister) && (canister.status !== "running" || error === "IC0508" || error === "IC0509"))
    return `${id} is ${canister.status}, and a call to it was refused with ${error}`;
  if (canister.status !== "running") return undefined;
  if (error === "IC0537") return canister.installed ? `${id} has code, and a call to it was refused with IC0537` : undefined;
  if (!canister.installed) return `${id} has no code, and a call to it was refused with ${error}`;
  const mode = readingOf(canister.genesis).modes.get(cause.method);
  if (error === "IC0527" && mode === "composite") return undefined;
  return mode === undefined && error === "IC0536"
    ? undefined
    : `${id} has ${mode === undefined ? "no" : "a"} method ${cause.method}, and a call to it was refused with ${error}`;
};

const wrongAnswer = (
  { canister, context, result }: Extract<Event, { readonly kind: "answered" }>,
  { latest, canisters }: World,
): Complaint => {
  if (latest === null || latest.kind === "response-discarded") return undefined;
  const error = result.kind === "reply" ? null : result.error;
  if (context === null)
    return latest.kind === "not-executed" && error !== latest.error
      ? `${canister} refused a call with ${latest.error}, and answered with ${error ?? "a reply"}`
      : undefined;
  if (latest.kind === "callback-refused")
    return error === latest.error
      ? undefined
      : `${canister} refused a response with ${latest.error}, and answered with ${error ?? "a reply"}`;
  if (latest.kind !== "executed" || error === null || latest.canister !== canister || latest.context !== context) return undefined;
  const allowed: readonly ErrorCode[] = latest.trap === null ? ["IC0406", "IC0506"] : [latest.trap];
  const tracked = canisters.get(canister);
  if (error === "IC0406" && tracked !== undefined && !readableFor(tracked, latest.cause).some(({ op }) => op === "reject"))
    return `${canister} rejected with IC0406, but its scripts have no reject`;
  return allowed.includes(error) ? undefined : `a call to ${canister} was answered with ${error}, which cannot happen there`;
};
