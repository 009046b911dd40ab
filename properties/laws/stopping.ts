/**
 * Stopping: a canister that is stopped has nothing under way, and nothing begins in one that does not run; and whoever asked
 * for a stop hears of it once, whether it came, was called off, or took too long.
 */
import type { CanisterId, Event, EventKind } from "../../spec/index.ts";
import { managedWorlds } from "../arbitraries/managed.ts";
import { orUsers } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { isOfConsensus } from "../tracking/consensus.ts";
import { takenIn } from "../tracking/executions.ts";
import { rulingOf } from "../tracking/ingress.ts";
import { emptyReply, isAtRest, isOverdue, nextAsking } from "../tracking/management.ts";
import { callText, rejectOf } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { teller } from "./management-consequences.ts";

export const stopsAreAnsweredOnce = watchedLaw({
  id: "stops-are-answered-once",
  statement:
    "When all of a round has been executed, each canister, by id, that is stopping and has no call context is stopped, and everybody who waits for that hears of it, in order, with an empty reply; of a canister that is still stopping, those and only those who have waited longer than the longest wait for a stop are rejected with IC0206; all with all of their cycles. Until then, or until the canister is started, they wait.",
  source: "facts/messages.md MSG-P11, F19, F20, F21, F22, IC0206; facts/scheduler.md SCH-P21",
  cites: ["canister-rest", "stop-answer", "stop-expire", "canister-stop", "management-answer", "ingress-answer", "restart"],
  needs: ["management"],
  otherwise: "no canister was stopping when a round came to its end",
  cases: (vocabulary) => orUsers(managedWorlds(vocabulary, { slow: true }), vocabulary, { slow: true }).map(alone),
  watch: () => {
    let stopping = false;
    let expected: readonly object[] = [];
    let over = true;
    return {
      onEvent: (event, world, { input }) => {
        if (input.kind !== "round") return undefined;
        if (event.kind === "round-began") [expected, over] = [[], false];
        if (event.kind === "round-skipped") over = true;
        if (expected.length > 0) {
          const [next, ...rest] = expected;
          expected = rest;
          return untold(event, next!);
        }
        if (over)
          return isSettling(event, world) ? `${event.kind} was told when all stops were settled, or in a round that is skipped` : undefined;
        if (!(isSettled(event, world) || behind.has(event.kind))) return undefined;
        over = true;
        stopping ||= [...world.canisters.values()].some(({ status }) => status === "stopping");
        const [first, ...rest] = settledNow(world);
        if (first === undefined) return isSettling(event, world) ? `${event.kind} was told, and no stop was to be settled` : undefined;
        expected = rest;
        return untold(event, first);
      },
      onStep: () => (expected.length === 0 ? undefined : `${(expected[0] as Event).kind} was to follow, and nothing did`),
      interested: () => stopping,
    };
  },
});

/** What is told when stops are settled. */
const isSettling = (event: Event, world: World): boolean => event.kind === "canister-stopped" || rulingOf(event, world) !== null;

/** What comes behind that. */
const behind: ReadonlySet<EventKind> = new Set([
  "resources-charged",
  "execution-aborted",
  "management-asked",
  "randomness-asked",
  "round-ended",
] as const);

/** Whether an event settles a stop: what is answered when nothing more is to be executed for the management canister. */
const isSettled = (event: Event, world: World): boolean =>
  event.kind === "canister-stopped" ||
  (rulingOf(event, world) !== null && !isOfConsensus(event, world) && (world.round?.managed === true || nextAsking(world) === undefined));

const untold = (event: Event, expected: object): Complaint => {
  const difference = firstDifference(event, expected);
  return difference === null ? undefined : `${(expected as Event).kind} was to be told: ${difference}`;
};

/** All that is told when stops are settled, with the world as it is now. */
const settledNow = (world: World): readonly object[] => {
  const told = teller(world);
  return [...world.canisters.values()].flatMap((canister): readonly object[] => {
    const { id, status, stops } = canister;
    if (isAtRest(canister))
      return [{ kind: "canister-stopped", canister: id }, ...stops.flatMap(({ request }) => told(request, emptyReply, request.attached))];
    if (status !== "stopping") return [];
    return stops.filter((stop) => isOverdue(world, stop)).flatMap(({ request }) => told(request, rejectOf("IC0206"), request.attached));
  });
};

export const nothingBeginsInTheStopped = watchedLaw({
  id: "nothing-begins-in-the-stopped",
  statement:
    "In a canister that is stopping or stopped no call, task or hook begins, and calls to it are refused with IC0509 or IC0508, with all of their cycles; in one that is running no call is refused so; its callbacks run all the same; and one that is stopped has no call context, no open call and no execution, and runs nothing.",
  source: "facts/messages.md MSG-P11, F18, F20, IC0508, IC0509; facts/scheduler.md SCH-P21",
  cites: ["execution-begin", "ingress-submit", "tasks-choose", "canister-rest", "canister-stop", "canister-start", "query-open", "restart"],
  needs: ["management"],
  otherwise: "every canister was running",
  cases: (vocabulary) => managedWorlds(vocabulary, { lasting: true }).map(alone),
  watch: () => {
    let paused = false;
    return {
      onEvent: (event, { canisters }, { input }) => {
        const canister = "canister" in event && event.canister !== null ? canisters.get(event.canister) : undefined;
        if (event.kind === "ingress-refused" && input.kind === "ingress") return misrefused(input.canister, event.error, canisters);
        if (event.kind === "query-refused") return misrefused(event.canister, event.error, canisters);
        if (event.kind === "not-executed") return misrefused(event.canister, event.error, canisters);
        if (event.kind === "query-answered" && canister !== undefined && canister.status !== "running")
          return `${canister.id} is ${canister.status}, and answered a query`;
        if (canister === undefined || canister.status === "running") return undefined;
        paused = true;
        return began(event, canister, canisters);
      },
      onStep: (_, { canisters }) => busy(canisters),
      interested: () => paused,
    };
  },
});

const misrefused = (id: CanisterId, error: string, canisters: World["canisters"]): Complaint => {
  const status = canisters.get(id)?.status ?? "gone";
  const wanted = error === "IC0508" ? "stopped" : error === "IC0509" ? "stopping" : status;
  return status === wanted ? undefined : `${id} is ${status}, and refused something with ${error}`;
};

/** What begins in a canister that does not run. */
const began = (event: Event, { id, status }: TrackedCanister, canisters: World["canisters"]): Complaint => {
  if (event.kind === "tasks-chosen") return `${id} is ${status}, and began its round with its ${event.turn}`;
  if (event.kind === "ingress-received") return `${id} is ${status}, and a message for it was received`;
  const taken = event.kind === "not-executed" ? null : takenIn(event, { canisters });
  if (taken === null) return undefined;
  if (taken.cause.kind !== "response")
    return `${id} is ${status}, and took up ${taken.cause.kind === "update" ? "a call" : taken.cause.kind}`;
  return status === "stopped" ? `${id} is stopped, and took up a response to ${callText(id, taken.cause.callback)}` : undefined;
};

const busy = (canisters: World["canisters"]): Complaint => {
  for (const { id, status, contexts, openCalls, execution } of canisters.values())
    if (status === "stopped" && (contexts.size > 0 || openCalls.size > 0 || execution !== null))
      return `${id} is stopped, and has ${contexts.size} contexts, ${openCalls.size} open calls and ${execution === null ? "no" : "an"} execution`;
  return undefined;
};
