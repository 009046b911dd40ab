/**
 * Priorities in the current scheduler, to the last millionth of a percent: who had a full round, what it cost, and what
 * became of it. An onlooker who has followed queues, slices and turns can do the sums.
 */
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { suspendingWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import type { Book } from "../tracking/schedule.ts";
import type { Sums } from "../tracking/settlement.ts";
import type { Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { bookedLaw } from "./booked.ts";

export const prioritiesAreSettled = bookedLaw({
  id: "priorities-are-settled",
  statement:
    "At the end of a round of the current scheduler every canister has paid for its full rounds, got its allocation, lost a part of what lies outside the bounds, and got its part of what is left, to the last unit; the sum of all priorities is never below zero, and zero whenever anything was left to share.",
  source: "facts/scheduler.md SCH-2.4.2, SCH-2.4.5, SCH-2.4.9, SCH-2.4.10, SCH-P2",
  cites: [
    "priority-reset",
    "full-count",
    "start-charge",
    "rounds-charge",
    "allocation-grant",
    "priority-decay",
    "free-share",
    "suspension-charge",
    "execution-abort",
    "allocation-set",
    "canister-create",
    "canister-delete",
    "restart",
  ],
  needs: ["current-scheduler"],
  otherwise: "no canister had a full round in the current scheduler",
  cases: (vocabulary) => suspendingWorlds(vocabulary).map(alone),
  read: ({ parameters }) => {
    let paid = false;
    const told: Marked[] = [];
    return {
      interested: () => paid,
      onEvent: (event, book) => {
        if (parameters.scheduler !== "current")
          return event.kind === "priorities-settled" ? "another scheduler settled priorities" : undefined;
        if (event.kind === "round-began") told.length = 0;
        if (event.kind === "full-round") told.push(event);
        if (event.kind === "round-ended" && book.round !== null)
          return (book.round.sums === null) === book.round.skipped ? undefined : "a round settles priorities unless it is skipped";
        if (event.kind !== "priorities-settled") return undefined;
        paid ||= told.length > 0;
        return book.round?.sums == null
          ? "priorities were settled outside of a round"
          : (missettled(event, book.round.sums) ?? misstated(told, book));
      },
    };
  },
});

type Marked = Extract<Event, { readonly kind: "full-round" }>;

const missettled = (said: Sums, sums: Sums): Complaint => {
  for (const field of ["charged", "granted", "decayed", "shared", "total"] as const)
    if (said[field] !== sums[field]) return `${field} of all priorities is said to be ${said[field]}, and is ${sums[field]}`;
  if (sums.total < 0n) return `the sum of all priorities is ${sums.total}`;
  return sums.shared > 0n && sums.total !== 0n ? `something was left to share, and the sum of all priorities is ${sums.total}` : undefined;
};

const misstated = (told: readonly Marked[], { canisters }: Book): Complaint => {
  for (const { canister: id, unpaid, priority } of told) {
    const canister = canisters.get(id);
    if (canister === undefined) return `${id}, which does not exist, had a full round`;
    if (canister.priority !== priority) return `${id} is said to have the priority ${priority}, and has ${canister.priority}`;
    if (canister.executed !== unpaid) return `${id} is said to owe ${unpaid} full rounds, and owes ${canister.executed}`;
  }
  return undefined;
};

export const fullRoundsAreMarked = bookedLaw({
  id: "full-rounds-are-marked",
  statement:
    "In the current scheduler a canister has a full round, once a round, exactly when it had the first turn of a core in the first iteration, or left nothing undone, or is in the middle of a long execution after a turn, or finished in a turn one that began in an earlier round, or stood idle before the first active one of the new ones.",
  source: "facts/scheduler.md SCH-P6, SCH-2.4.7, SCH-7.1, SCH-7.2, SCH-7.3",
  cites: ["full-round", "full-idle", "full-count", "execution-pause", "execution-finish", "core-spend"],
  needs: ["current-scheduler"],
  otherwise: "no canister had a full round in the current scheduler",
  cases: (vocabulary) => suspendingWorlds(vocabulary).map(alone),
  read: ({ parameters }) => {
    let marked = false;
    let due = new Set<CanisterId>();
    let latest: CanisterId | null = null;
    /** Who finished in the turn under way an execution of an earlier round. */
    let finished = false;
    return {
      interested: () => marked,
      onEvent: (event, book, world) => {
        if (parameters.scheduler !== "current") return event.kind === "full-round" ? "another scheduler marks full rounds" : undefined;
        switch (event.kind) {
          case "round-began":
            due = new Set();
            latest = null;
            return undefined;
          case "turn-began":
            finished = false;
            if (event.iteration === 1 && world.round?.iterations[0]?.turns.length === 0)
              for (const id of atTheFront(book, world)) due.add(id);
            return undefined;
          case "execution-finished":
            finished ||= event.since < world.height;
            return undefined;
          case "turn-ended":
            if (finished || isFull(event, world)) due.add(event.canister);
            return undefined;
          case "full-round": {
            marked = true;
            const before = latest;
            latest = event.canister;
            if (before !== null && byId(before, latest) >= 0) return `the full round of ${latest} is told after that of ${before}`;
            return due.delete(latest) ? undefined : `${latest} had no full round, and is told to have had one`;
          }
          case "priorities-settled": {
            const [forgotten] = due;
            return forgotten === undefined ? undefined : `${forgotten} had a full round, and it is not told`;
          }
          default:
            return undefined;
        }
      },
    };
  },
});

/** The idle canisters before the first active one, of those that began the round without a long execution. */
const atTheFront = ({ round, canisters }: Book, { canisters: tracked, round: running }: World): readonly CanisterId[] => {
  const active = new Set(running?.iterations[0]?.active);
  const front: CanisterId[] = [];
  for (const id of round?.plan?.order ?? []) {
    if (round?.plan?.long.has(id) === true || !canisters.has(id) || tracked.get(id)?.suspended === true) continue;
    if (active.has(id)) break;
    front.push(id);
  }
  return front;
};

const isFull = (
  { canister: id, core, iteration }: Extract<Event, { readonly kind: "turn-ended" }>,
  { canisters, round }: World,
): boolean => {
  const canister = canisters.get(id);
  if (canister === undefined) return false;
  const first = iteration === 1 && round?.iterations[0]?.turns.find((turn) => turn.core === core)?.canister === id;
  return first || canister.execution !== null || hasNothing(canister);
};

const hasNothing = ({ hook, tasks, queues }: TrackedCanister): boolean =>
  hook !== "ready" && tasks.length === 0 && queues.ingress.length === 0 && queues.inputs.size === 0;
