/**
 * Who takes part, as scripts say it. Nothing is foretold here: where a script plainly says whom it serves, who it is, whether it runs or
 * who controls it, that is held to what the trace tells of messages, calls, statuses and settings.
 */
import {
  anonymous,
  asciiOf,
  managementCanister,
  type Event,
  type Executed,
  type Principal,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { introducedWorlds } from "../arbitraries/introduced.ts";
import { alone } from "../case.ts";
import { readingOf } from "../reading.ts";
import { nextAsking } from "../tracking/management.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

export const callersAreKnown = watchedLaw({
  id: "callers-are-known",
  statement:
    "What a script says of whom it serves is true: of a call it is the user or the canister that made it, of a callback and a cleanup whoever made the call of their context, of a task the management canister, of a query the user that asks and of one that is asked by another that other, of an installation whoever asked for it; and so is what it says of its own id, its status and its controllers.",
  source: "facts/messages.md MSG-10.4.3, MSG-10.4.4, MSG-10.4.16; docs/machine.md section 5",
  cites: ["identity-read", "context-open", "task-begin", "callback-begin", "query-nest", "call-reply", "page-write"],
  needs: ["identities"],
  otherwise: "nobody said who takes part",
  cases: (vocabulary) => introducedWorlds(vocabulary).map(alone),
  watch: () => {
    let said = false;
    /** Whom each context serves. */
    const served = new Map<string, Principal>();
    let awaited: Awaited | null = null;
    const heard = (complaint: Complaint | null): Complaint => {
      said ||= complaint !== null;
      return complaint ?? undefined;
    };
    return {
      onEvent: (event, world, { input }) => {
        const canister = "canister" in event && typeof event.canister === "string" ? world.canisters.get(event.canister) : undefined;
        switch (event.kind) {
          case "executed": {
            const caller = callerOf(event, world, served);
            awaited = null;
            if (canister === undefined || caller === null) return undefined;
            served.set(`${event.canister} ${event.context}`, caller);
            const ran = ranIn(event, canister);
            if (ran === null) return undefined;
            if (event.trap === null) awaited = { canister: event.canister, context: event.context, value: firstReply(ran.script), caller };
            return ran.kept ? heard(miswritten(ran.script, event.wrote, canister, caller)) : undefined;
          }
          case "answered": {
            const due = awaited;
            awaited = null;
            if (due?.canister !== event.canister || due.context !== event.context || canister === undefined || due.value === null)
              return undefined;
            return event.result.kind === "reply" ? heard(misspoken(due.value, event.result.payload, canister, due.caller)) : undefined;
          }
          case "installation-ran": {
            const caller = nextAsking(world)?.request.caller;
            if (event.trap !== null || canister === undefined || caller === undefined || world.installing === null) return undefined;
            return heard(miswritten(world.installing.new, event.wrote, canister, caller));
          }
          case "query-answered":
            return input.kind === "query" ? misanswered(event, world, input.sender ?? anonymous, heard) : undefined;
          default:
            return undefined;
        }
      },
      interested: () => said,
    };
  },
});

interface Awaited {
  readonly canister: string;
  readonly context: number;
  readonly value: Value | null;
  readonly caller: Principal;
}

/** Whom an execution serves, as messages and earlier executions tell; `null` where they do not. */
const callerOf = ({ canister, cause, context }: Executed, { ingress }: World, served: ReadonlyMap<string, Principal>): Principal | null => {
  switch (cause.kind) {
    case "update":
      if (cause.origin.kind === "canister") return cause.origin.canister;
      return cause.origin.kind === "ingress" ? (ingress.get(cause.origin.ingress)?.sender ?? null) : null;
    case "response":
      return served.get(`${canister} ${context}`) ?? null;
    default:
      return managementCanister;
  }
};

/** What ran to its end, and whether what it wrote is kept; `null` where that is not known, or nothing ran so far. */
const ranIn = (event: Executed, { genesis, calls }: TrackedCanister): { readonly script: Script; readonly kept: boolean } | null => {
  const { cause, trap, cleanup } = event;
  if (cause.kind === "response") {
    const sent = calls.get(cause.callback)?.instruction;
    if (sent == null) return null;
    if (trap !== null) return cleanup === "completed" ? { script: sent.onCleanup, kept: true } : null;
    return { script: cause.result === "reply" ? sent.onReply : sent.onReject, kept: true };
  }
  if (trap !== null) return null;
  const { methods, modes } = readingOf(genesis);
  const script =
    cause.kind === "update"
      ? methods.get(cause.method)
      : cause.kind === "timer"
        ? genesis.onTimer
        : cause.kind === "heartbeat"
          ? genesis.onHeartbeat
          : genesis.lowMemory?.hook;
  return script === undefined ? null : { script, kept: cause.kind !== "update" || modes.get(cause.method) === "update" };
};

/** The instructions that run whatever comes: those before one that does this or that. */
const plainOf = (script: Script): Script => {
  const end = script.findIndex(
    (instruction) => instruction.op === "when-odd" || (instruction.op === "call" && instruction.onRefused.length > 0),
  );
  return end < 0 ? script : script.slice(0, end);
};

const firstReply = (script: Script): Value | null => {
  const answer = plainOf(script).find(({ op }) => op === "reply" || op === "reject");
  return answer?.op === "reply" ? answer.payload : null;
};

/** What a value says of who takes part; `null` where it says nothing of that. */
const truthOf = (value: Value, { id, status, genesis }: TrackedCanister, caller: Principal): string | null => {
  switch (value.kind) {
    case "self":
      return asciiOf(id);
    case "caller":
      return asciiOf(caller);
    case "status":
      return status === "running" ? "01" : status === "stopping" ? "02" : "03";
    case "controller":
      return (genesis.controllers ?? []).some((one) => one === value.principal) ? "01" : "00";
    default:
      return null;
  }
};

/** What is wrong with what was said; `null` where nothing was said of who takes part. */
const misspoken = (value: Value, said: string, canister: TrackedCanister, caller: Principal): Complaint | null => {
  const truth = truthOf(value, canister, caller);
  if (truth === null) return null;
  return said === truth ? undefined : `${canister.id}, which serves ${caller}, gave "${said}" as its ${value.kind}, which is "${truth}"`;
};

/** The same of what a whole script left on its pages. */
const miswritten = (script: Script, wrote: Executed["wrote"], canister: TrackedCanister, caller: Principal): Complaint | null => {
  if (plainOf(script).length < script.length) return null;
  const last = new Map(
    script.flatMap((instruction) => (instruction.op === "write" ? [[instruction.page, instruction.value] as const] : [])),
  );
  const left = new Map<number, string>([...canister.pages, ...wrote]);
  const found = [...last].map(([page, value]) => misspoken(value, left.get(page) ?? "", canister, caller)).filter((one) => one !== null);
  return found.length === 0 ? null : found.find((one) => one !== undefined);
};

/** What a query and those whom it asked replied. */
const misanswered = (
  { canister: id, method, result, nested }: Extract<Event, { readonly kind: "query-answered" }>,
  { canisters }: World,
  sender: Principal,
  heard: (complaint: Complaint | null) => Complaint,
): Complaint => {
  const answers = [{ callee: id, caller: sender, method, result }, ...nested];
  for (const { callee, caller, method: asked, result: given } of answers) {
    const canister = canisters.get(callee);
    const script = canister === undefined ? undefined : readingOf(canister.genesis).methods.get(asked);
    const value = script === undefined ? null : firstReply(script);
    if (canister === undefined || value === null || given.kind !== "reply") continue;
    const complaint = heard(misspoken(value, given.payload, canister, caller));
    if (complaint !== undefined) return complaint;
  }
  return undefined;
};
