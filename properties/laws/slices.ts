/** Slices: a message that needs more than one is executed over several rounds, paid once, and still all or nothing. */
import { abortingWorlds, slicedWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { prepayment } from "../money.ts";
import { isPaused, postponedOf, takenIn } from "../tracking/executions.ts";
import { keptBy, ranked, type Book } from "../tracking/schedule.ts";
import type { Complaint } from "../tracking/watch.ts";
import type { Unpaid, World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { bookedLaw } from "./booked.ts";
import { sliceOf, type CanisterId, type Cause, type Event, type Executed } from "../../spec/index.ts";

type Paused = Extract<Event, { readonly kind: "execution-paused" }>;
type Finished = Extract<Event, { readonly kind: "execution-finished" }>;
type Resumed = Extract<Event, { readonly kind: "execution-resumed" }>;

export const slicesAreExact = bookedLaw({
  id: "slices-are-exact",
  statement:
    "A message that needs more than a slice is executed in slices of exactly that many instructions, but for the last; its prepayment is taken at its first pause and never again, however often it is aborted, but for what prices changed before it begins again; until it is over its canister runs nothing else, and after it nothing more in that round; what is over is told with all its slices and the postponed fees.",
  source: "facts/scheduler.md SCH-3.1 to SCH-3.6, SCH-3.10, SCH-3.11, SCH-P11, SCH-P15; facts/cycles.md CYC-2.7, CYC-2.9, T36 to T39",
  cites: [
    "execution-pause",
    "execution-resume",
    "execution-hold",
    "execution-finish",
    "execution-abort",
    "ingress-postpone",
    "prepayment-adjust",
    "execution-desist",
    "message-take",
    "core-spend",
    "instructions-use",
    "restart",
  ],
  needs: ["slices"],
  otherwise: "no execution was paused",
  cases: (vocabulary) => slicedWorlds(vocabulary).map(alone),
  read: ({ parameters }) => {
    const slice = sliceOf(parameters);
    let paused = false;
    /** Whether a slice may follow: in a turn, each slice of an execution under way is announced. */
    let resumed: CanisterId | null = null;
    let over: Executed | Unpaid | null = null;
    return {
      interested: () => paused,
      onEvent: (event, _book, world) => {
        const [finishing, announced] = [over, resumed];
        [over, resumed] = [null, null];
        if ((finishing !== null) !== (event.kind === "execution-finished"))
          return finishing === null
            ? `a long execution of ${(event as Finished).canister} is over, and nothing was executed`
            : `a long execution of ${finishing.canister} was over, and ${event.kind} was told`;
        switch (event.kind) {
          case "execution-resumed":
            resumed = event.canister;
            return announced === null ? misresumed(event, world) : `${announced} was to go on, and ${event.kind} was told`;
          case "prepayment-adjusted":
            resumed = announced;
            return announced === event.canister
              ? unadjusted(event.canister, world)
              : `${event.canister} began nothing, and ${event.kind} was told`;
          case "not-executed":
            if (world.canisters.get(event.canister)?.execution == null) break;
            return misannounced(event, announced, world) ?? unadjusted(event.canister, world);
          case "callback-refused": {
            const execution = world.canisters.get(event.canister)?.execution;
            if (execution == null) break;
            over = event;
            return misannounced({ ...event, cause: execution.cause }, announced, world) ?? unadjusted(event.canister, world);
          }
          case "execution-paused":
            paused = true;
            return misannounced(event, announced, world) ?? mispaused(event, slice, world);
          case "executed":
            if (world.canisters.get(event.canister)?.execution != null) over = event;
            return misannounced(event, announced, world) ?? misended(event, slice, world);
          case "execution-finished":
            return misfinished(event, world);
          default:
        }
        const taken = takenIn(event, world);
        if (announced !== null) return `${announced} was to go on, and ${event.kind} was told`;
        return taken === null ? undefined : restless(taken.canister, world);
      },
    };
  },
});

const restless = (id: CanisterId, { canisters }: World): Complaint => {
  const canister = canisters.get(id);
  if (canister?.execution != null) return `${id} took another message while it had an execution under way`;
  return canister?.rested === true ? `${id} took a message after it had finished a long execution in the round` : undefined;
};

const misresumed = ({ canister: id, afresh }: Resumed, { canisters, round }: World): Complaint => {
  const canister = canisters.get(id);
  if (canister?.execution == null) return `${id} went on, and had nothing under way`;
  if (round?.turn?.canister !== id) return `${id} went on outside of its turn`;
  return afresh === (canister.execution.attempt === null)
    ? undefined
    : `${id} went on ${afresh ? "afresh" : "where it stopped"}, and its execution was ${afresh ? "paused" : "aborted"}`;
};

/** Prices count anew only when an execution begins again. */
const unadjusted = (id: CanisterId, { canisters }: World): Complaint => {
  const attempt = canisters.get(id)?.execution?.attempt ?? null;
  return attempt?.slices === 0 ? undefined : `${id} went on where it stopped, and met other prices`;
};

const misannounced = (
  { canister: id, cause }: Pick<Executed, "canister" | "cause">,
  announced: CanisterId | null,
  { canisters }: World,
): Complaint => {
  const execution = canisters.get(id)?.execution ?? null;
  if (execution === null)
    return announced === null ? restless(id, { canisters } as World) : `${announced} was to go on, and ${id} ran a message`;
  if (announced !== id) return `${id} went on with its execution, and this was not told`;
  return sameCause(cause, execution.cause) ? undefined : `${id} went on with another message than it had under way`;
};

const sameCause = (left: Cause, right: Cause): boolean => firstDifference(left, right) === null;

const mispaused = (
  { canister: id, cause, slices, instructions, prepaid, since, balance }: Paused,
  slice: number,
  world: World,
): Complaint => {
  const canister = world.canisters.get(id);
  if (canister === undefined) return `${id}, which does not exist, was paused`;
  const { execution } = canister;
  const done = execution?.attempt?.slices ?? 0;
  const due = cause.kind === "response" ? 0n : (execution?.prepaid ?? prepayment(world.parameters));
  const expected = {
    slices: done + 1,
    instructions: (done + 1) * slice,
    prepaid: due,
    since: execution?.since ?? world.height,
    balance: execution === null ? canister.balance - due : canister.balance,
  };
  const difference = firstDifference({ slices, instructions, prepaid, since, balance }, expected);
  if (difference !== null) return `the pause of ${id} is told otherwise than it was: ${difference}`;
  return instructions >= world.parameters.messageInstructionLimit
    ? `${id} was paused after ${instructions} instructions, and a message has ${world.parameters.messageInstructionLimit}`
    : undefined;
};

/** The last slice is not empty, and not more than a slice. */
const misended = ({ canister: id, instructions }: Executed, slice: number, { canisters }: World): Complaint => {
  const attempt = canisters.get(id)?.execution?.attempt ?? null;
  const last = instructions - (attempt?.instructions ?? 0);
  if (last > slice) return `the last slice of ${id} had ${last} instructions, a slice has ${slice}`;
  return last < 1 && (attempt?.slices ?? 0) > 0 ? `the last slice of ${id} had ${last} instructions` : undefined;
};

const misfinished = ({ canister: id, slices, since, postponed }: Finished, { canisters, foreseen: _, ...world }: World): Complaint => {
  const execution = canisters.get(id)?.execution;
  if (execution == null) return `${id} finished a long execution that it did not have`;
  const done = execution.attempt?.slices ?? 0;
  if (slices !== done + 1) return `${id} finished after ${done + 1} slices, and ${slices} are told`;
  if (since !== execution.since) return `the execution of ${id} was under way since round ${execution.since}, and ${since} is told`;
  const owed = execution.attempt?.postponed ?? 0n;
  const left = canisters.get(id)!.balance;
  if (postponed === owed || (postponed < owed && left === 0n)) return undefined;
  return `fees of ${owed} were postponed for ${id}, and ${postponed} left its balance in round ${world.height}, which left ${left}`;
};

export const fewExecutionsStayPaused = bookedLaw({
  id: "few-executions-stay-paused",
  statement:
    "After a round at most so many executions are paused as a round keeps, none after a checkpoint: those that come first in the order of the scheduler stay, the others are aborted in that order, with all their slices, the postponed fees and the executed rounds of their canisters.",
  source: "facts/scheduler.md SCH-P14, SCH-R10, SCH-2.4.12, SCH-3.7, SCH-3.9",
  cites: ["execution-abort", "checkpoint", "schedule-rank", "schedule-order", "round-gate", "restart"],
  needs: ["slices"],
  otherwise: "no execution was aborted",
  cases: (vocabulary) => abortingWorlds(vocabulary).map(alone),
  read: () => {
    let aborted = false;
    let due: CanisterId[] | null = null;
    return {
      interested: () => aborted,
      onEvent: (event, book, world) => {
        if (event.kind === "round-began") due = null;
        if (event.kind !== "execution-aborted" && event.kind !== "round-ended") return undefined;
        due ??= excess(book, world);
        if (event.kind === "round-ended")
          return due.length === 0 ? undefined : `${due[0]} stays paused, and the round keeps ${keptBy(book)}`;
        aborted = true;
        const expected = due.shift();
        if (expected !== event.canister) return `the execution of ${event.canister} was aborted, and ${expected ?? "no other"} was next`;
        const canister = world.canisters.get(event.canister)!;
        const { slices = 0, instructions = 0 } = canister.execution?.attempt ?? {};
        const postponed = postponedOf(canister);
        return told(event, { slices, instructions, postponed, balance: canister.balance - postponed });
      },
    };
  },
});

const told = (
  { canister, slices, instructions, postponed, balance }: Extract<Event, { readonly kind: "execution-aborted" }>,
  expected: object,
): Complaint => {
  const difference = firstDifference({ slices, instructions, postponed, balance }, expected);
  return difference === null ? undefined : `the end of an attempt of ${canister} is told otherwise than it was: ${difference}`;
};

/** The executions that a round does not keep, in the order of the scheduler. */
const excess = (book: Book, { canisters, parameters: { scheduler } }: World): CanisterId[] => {
  const planned = scheduler === "published" ? book.round?.plan?.order : undefined;
  return (planned ?? ranked(book)).filter((id) => isPausedNow(canisters, id)).slice(keptBy(book));
};

const isPausedNow = (canisters: World["canisters"], id: CanisterId): boolean => {
  const canister = canisters.get(id);
  return canister !== undefined && isPaused(canister);
};
