/** Execution is all or nothing: what traps leaves nothing but its cost, unless a cleanup ran, which keeps what it did. */
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { sendersOf, type CallInstruction } from "../reading.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import type { Event, Executed, Instruction, Parameters, Script } from "../../spec/index.ts";

export const trapLeavesNothing = watchedLaw({
  id: "trap-leaves-nothing",
  statement:
    "After a trap no call is sent, no cycles are accepted, and no page, no timer and no burned cycles differ, but for what a completed cleanup did; and the caller gets no answer but the error of the trap.",
  source: "facts/messages.md MSG-P7, D2; facts/cycles.md CYC-P6",
  cites: ["execution-rollback", "instructions-use", "callback-cleanup", "context-give-up", "call-reply", "system-call"],
  otherwise: "nothing trapped",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["trap"], plant: ["trapAfterEffects", "trapInCallback"] }).map(alone),
  watch: () => {
    let trapped = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "answered") return answeredAfterTrap(event, world);
        if (event.kind !== "executed" || event.trap === null) return undefined;
        trapped = true;
        return leftovers(event, world.canisters.get(event.canister));
      },
      interested: () => trapped,
    };
  },
});

const leftovers = (
  { canister: id, cause, trap, cleanup, calls, accepted, burned, wrote, timer }: Executed,
  canister: TrackedCanister | undefined,
): Complaint => {
  const what = `${id} trapped with ${trap}, but`;
  if (calls.length > 0) return `${what} sent ${calls.length} calls`;
  if (accepted !== 0n) return `${what} accepted ${accepted} cycles`;
  if (cleanup === "completed") return undefined;
  if (burned !== 0n) return `${what} burned ${burned} cycles`;
  if (wrote.length > 0) return `${what} changed page ${wrote[0]![0]}`;
  // A task deactivates the timer before it runs.
  const before = cause.kind === "timer" ? null : canister?.timer;
  return before === undefined || timer === before ? undefined : `${what} its timer went from ${before ?? "none"} to ${timer ?? "none"}`;
};

const answeredAfterTrap = ({ canister, context, result }: Extract<Event, { readonly kind: "answered" }>, { latest }: World): Complaint => {
  if (context === null || latest?.kind !== "executed" || latest.trap === null) return undefined;
  const given = result.kind === "reply" ? "a reply" : result.error;
  return given === latest.trap ? undefined : `${canister} trapped with ${latest.trap}, but answered with ${given}`;
};

export const cleanupFollowsTrap = watchedLaw({
  id: "cleanup-follows-trap",
  statement:
    "A cleanup runs exactly when a callback trapped whose call named one; one that only writes completes, with its pages written, unless it uses up all that the message limit left.",
  source: "facts/messages.md MSG-P13, D5; facts/cycles.md CYC-C33",
  cites: ["callback-cleanup", "callback-begin", "system-call"],
  otherwise: "no callback trapped",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call", "trap", "write"], plant: ["trapInCallback"] }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let trapped = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed") return undefined;
        const { canister: id, cause, trap, cleanup } = event;
        if (cause.kind !== "response" || trap === null)
          return cleanup === "none" ? undefined : `a cleanup of ${id} ran, but no callback trapped`;
        trapped = true;
        const canister = world.canisters.get(id);
        const call = canister?.calls.get(cause.callback);
        const senders = canister === undefined || call === undefined ? [] : sendersOf(canister.genesis, call);
        return canister === undefined || senders.length === 0 ? undefined : wrongCleanup(event, canister, senders, genesis.parameters);
      },
      interested: () => trapped,
    };
  },
});

const wrongCleanup = (
  event: Executed,
  canister: TrackedCanister,
  senders: readonly CallInstruction[],
  parameters: Parameters,
): Complaint => {
  const { cleanup } = event;
  const what = `callback ${event.cause.kind === "response" ? event.cause.callback : "?"} of ${canister.id} trapped`;
  if (cleanup === "none")
    return senders.every(({ onCleanup }) => onCleanup.length > 0) ? `${what}, its call named a cleanup, and none ran` : undefined;
  if (senders.every(({ onCleanup }) => onCleanup.length === 0)) return `${what}, its call named no cleanup, and one ran`;
  const script = senders[0]!.onCleanup;
  const forbidden = senders.length > 1 ? undefined : script.find(({ op }) => forbiddenToCleanups.has(op));
  if (forbidden !== undefined && cleanup === "completed")
    return `${what}, and its cleanup completed a ${forbidden.op}, which a cleanup may not do`;
  const writes = senders.length > 1 ? null : plainWrites(script, parameters);
  if (writes === null) return undefined;
  if (cleanup === "trapped")
    return event.instructions === parameters.messageInstructionLimit
      ? undefined
      : `${what}, and its cleanup, which only writes, trapped with ${event.instructions} of ${parameters.messageInstructionLimit} instructions used`;
  for (const [page, content] of writes) {
    const found = event.wrote.find(([wrote]) => wrote === page)?.[1] ?? canister.pages.get(page);
    if (found !== content) return `${what}, its cleanup completed, but page ${page} is "${found ?? ""}" instead of "${content}"`;
  }
  return undefined;
};

const forbiddenToCleanups: ReadonlySet<Instruction["op"]> = new Set(["call", "reply", "reject", "accept", "trap"]);

/** What a script leaves in which pages, when all that it does is to write bytes that fit; else `null`. */
const plainWrites = (script: Script, { maxPages, pageSize }: Parameters): ReadonlyMap<number, string> | null => {
  const pages = new Map<number, string>();
  for (const instruction of script) {
    if (instruction.op === "consume") continue;
    if (instruction.op !== "write" || instruction.value.kind !== "bytes") return null;
    const { page, value } = instruction;
    if (page >= maxPages || value.bytes.length / 2 > pageSize) return null;
    pages.set(page, value.bytes);
  }
  return pages;
};
