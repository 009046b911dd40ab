/** Execution is all or nothing: what traps leaves nothing but its cost, unless a cleanup ran, which keeps what it did. */
import { mixedWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import type { Event, Executed, Instruction } from "../../spec/index.ts";

export const trapLeavesNothing = watchedLaw({
  id: "trap-leaves-nothing",
  statement:
    "After a trap no call is sent or told to be refused, no cycles are accepted, and no page, no timer and no burned cycles differ, but for what a completed cleanup did; and the caller gets no answer but the error of the trap.",
  source: "facts/messages.md MSG-P7, D2; facts/cycles.md CYC-P6",
  cites: ["execution-rollback", "instructions-use", "callback-cleanup", "context-give-up", "call-reply", "system-call"],
  otherwise: "nothing trapped",
  cases: (vocabulary) => mixedWorlds(vocabulary, { always: ["trap"], plant: ["trapAfterEffects", "trapInCallback"] }).map(alone),
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
  { canister: id, cause, trap, cleanup, calls, refusedCalls, accepted, burned, wrote, timer }: Executed,
  canister: TrackedCanister | undefined,
): Complaint => {
  const what = `${id} trapped with ${trap}, but`;
  if (calls.length > 0) return `${what} sent ${calls.length} calls`;
  if (refusedCalls.length > 0) return `${what} tells of ${refusedCalls.length} calls that were refused`;
  if (accepted !== 0n) return `${what} accepted ${accepted} cycles`;
  if (cleanup === "completed") return undefined;
  if (burned !== 0n) return `${what} burned ${burned} cycles`;
  if (wrote.length > 0) return `${what} changed page ${wrote[0]![0]}`;
  // A task deactivates the timer before it runs.
  const before = cause.kind === "timer" ? null : canister?.timer;
  return before === undefined || timer === before ? undefined : `${what} its timer went from ${before ?? "none"} to ${timer ?? "none"}`;
};

const answeredAfterTrap = (
  { canister, context, result }: Extract<Event, { readonly kind: "answered" }>,
  { latest, round }: World,
): Complaint => {
  if (context === null || latest?.kind !== "executed" || latest.trap === null || round?.turn == null) return undefined;
  const given = result.kind === "reply" ? "a reply" : result.error;
  return given === latest.trap ? undefined : `${canister} trapped with ${latest.trap}, but answered with ${given}`;
};

export const cleanupFollowsTrap = watchedLaw({
  id: "cleanup-follows-trap",
  statement:
    "A cleanup runs exactly when a callback trapped whose call named one, with what the callback left of the message limit; it sees the memory from before the callback, and what it did stays exactly when it completes; a call, an answer or an acceptance of cycles is not for it.",
  source: "facts/messages.md MSG-P13, D5; facts/cycles.md CYC-C33",
  cites: ["callback-cleanup", "callback-begin", "system-call", "execution-rollback"],
  otherwise: "no callback trapped",
  cases: (vocabulary) =>
    mixedWorlds(vocabulary, {
      always: ["call", "trap", "write"],
      plant: ["trapInCallback"],
      programs: [["trapInCallback"], ["serve", "trapInCallback"]],
    }).map(alone),
  watch: () => {
    let trapped = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed") return undefined;
        const { canister: id, cause, trap, cleanup } = event;
        if (cause.kind !== "response" || trap === null)
          return cleanup === "none" ? undefined : `a cleanup of ${id} ran, but no callback trapped`;
        trapped = true;
        return wrongCleanup(event, cause.callback, world);
      },
      interested: () => trapped,
    };
  },
});

const wrongCleanup = (event: Executed, callback: number, { canisters, foreseen }: World): Complaint => {
  const { cleanup } = event;
  const what = `callback ${callback} of ${event.canister} trapped`;
  const named = canisters.get(event.canister)?.calls.get(callback)?.instruction?.onCleanup;
  if (named === undefined) return undefined;
  if (cleanup === "none") return named.length > 0 ? `${what}, its call named a cleanup, and none ran` : undefined;
  if (named.length === 0) return `${what}, its call named no cleanup, and one ran`;
  const forbidden = named.find(({ op }) => forbiddenToCleanups.has(op));
  if (forbidden !== undefined && cleanup === "completed")
    return `${what}, and its cleanup completed a ${forbidden.op}, which a cleanup may not do`;
  if (foreseen === null || foreseen.cleanup === "none") return undefined;
  if (cleanup !== foreseen.cleanup) return `${what}, and its cleanup ${cleanup}, where it was to be ${foreseen.cleanup}`;
  if (event.instructions !== foreseen.instructions)
    return `${what}, and with its cleanup used ${event.instructions} instructions instead of ${foreseen.instructions}`;
  const difference = firstDifference([event.wrote, event.burned, event.timer], [foreseen.wrote, foreseen.burned, foreseen.timer]);
  return difference === null ? undefined : `${what}, its cleanup ${cleanup}, but left something else: ${difference}`;
};

const forbiddenToCleanups: ReadonlySet<Instruction["op"]> = new Set(["call", "reply", "reject", "accept", "accept-message", "trap"]);
