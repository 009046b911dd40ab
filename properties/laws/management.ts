/**
 * What the management canister does: for whom, in which order, with which words and what refund. An onlooker knows who waits,
 * who controls whom, and what the canister that is named is doing; so all that is told of one request is told in advance.
 */
import * as fc from "fast-check";
import { managementCanister, type CanisterId, type Event, type EventKind, type Result } from "../../spec/index.ts";
import { managedWorlds } from "../arbitraries/managed.ts";
import { alone } from "../case.ts";
import { answerTo, emptyReply, isController, methodOf, nextAsking, refusalOf, type TrackedAsking } from "../tracking/management.ts";
import { callText, rejectOf, type TrackedRequest } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { withdrawalsOf } from "./uninstalling.ts";

export const managementIsForetold = watchedLaw({
  id: "management-is-foretold",
  statement:
    "In a round that is not skipped, before any task is chosen, each request that waits for the management canister is executed, in their order: all but those whose canister has an execution under way, deposits excepted, and those behind such a request of the same caller. What is done and what is answered, and with what refund, is what the method does to this canister for this caller; nothing is told of anything else.",
  source:
    "facts/messages.md F5, F16, F17, F18, F22, F24, F25, F41, F43, I1, MSG-P11; facts/scheduler.md SCH-R7a, SCH-P21; facts/cycles.md T60",
  cites: [
    "management-ask",
    "management-take",
    "management-allow",
    "management-answer",
    "canister-stop",
    "canister-start",
    "stop-answer",
    "cycles-deposit",
    "canister-uninstall",
    "canister-delete",
    "context-withdraw",
    "context-delete",
    "restart",
  ],
  needs: ["management"],
  otherwise: "nobody asked the management canister for anything",
  cases: (vocabulary) =>
    fc
      .oneof({ arbitrary: managedWorlds(vocabulary), weight: 2 }, { arbitrary: managedWorlds(vocabulary, { long: true }), weight: 1 })
      .map(alone),
  watch: () => {
    let asked = false;
    /** What is still to be told of the request that is being executed. */
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
        if (!over && behind.has(event.kind)) {
          over = true;
          const left = nextAsking(world);
          return left === undefined ? undefined : `${askingText(left)} could be executed, and waits on`;
        }
        if (!executing.has(event.kind)) return undefined;
        const asking = over ? undefined : nextAsking(world);
        if (asking === undefined)
          return event.kind === "management-answered" ? undefined : `${event.kind} was told, and nobody asked for it`;
        asked = true;
        const [first, ...rest] = consequencesOf(world, asking);
        expected = rest;
        const complaint = untold(event, first!);
        return complaint === undefined ? undefined : `${askingText(asking)} is first: ${complaint}`;
      },
      onStep: () => (expected.length === 0 ? undefined : `${(expected[0] as Event).kind} was to follow, and nothing did`),
      interested: () => asked,
    };
  },
});

/** What only the management canister does in a round. */
const executing: ReadonlySet<EventKind> = new Set([
  "management-answered",
  "canister-stopping",
  "canister-started",
  "cycles-deposited",
  "uninstalled",
  "uninstall-refused",
  "canister-deleted",
  "canister-delete-refused",
] as const);

/** What comes behind all that it does, and behind what was asked of it in this round. */
const behind: ReadonlySet<EventKind> = new Set([
  "tasks-chosen",
  "turn-began",
  "canister-stopped",
  "resources-charged",
  "execution-aborted",
  "management-asked",
  "round-ended",
] as const);

const untold = (event: Event, expected: object): Complaint => {
  const difference = firstDifference(event, expected);
  return difference === null ? undefined : `${(expected as Event).kind} was to be told: ${difference}`;
};

const askingText = ({ request, named }: TrackedAsking): string =>
  `${callText(request.caller, request.callback)} for ${request.method} of ${named}`;

/** All that is told of a request, one by one. */
const consequencesOf = (world: World, asking: TrackedAsking): readonly object[] => {
  const canister = world.canisters.get(asking.named);
  const { attached } = asking.request;
  const answer = answerTo(world, asking);
  const told = teller(world);
  const end = (): readonly object[] => (answer === null ? [] : told(asking.request, answer.result, answer.refund));
  const error = refusalOf(world, asking);
  // What the rule of a deletion itself refuses is told as where an input asks for it.
  if (error === "IC0203") return [{ kind: "canister-delete-refused", canister: asking.named, error }, ...end()];
  if (canister === undefined || error !== null) return end();
  const { id } = canister;
  switch (methodOf(asking)) {
    case "canister_status":
      return end();
    case "stop_canister":
      return canister.status === "running" ? [{ kind: "canister-stopping", canister: id }] : end();
    case "start_canister":
      return [
        { kind: "canister-started", canister: id },
        ...canister.stops.flatMap(({ request }) => told(request, rejectOf("IC0511"), request.attached)),
        ...end(),
      ];
    case "uninstall_code":
      return [{ kind: "uninstalled", canister: id }, ...withdrawalsOf(canister), ...end()];
    case "delete_canister":
      return [
        { kind: "canister-deleted", canister: id, burned: canister.balance + canister.reserved },
        ...teller(world, id)(asking.request, emptyReply, attached),
      ];
    case "deposit_cycles": {
      const balance = canister.balance + attached;
      return [
        { kind: "cycles-deposited", canister: id, cycles: attached, balance },
        ...teller(world, null, [[id, balance]])(asking.request, emptyReply, 0n),
      ];
    }
  }
};

/** Tells answers, one after another, where these balances changed just before: what is late goes to balances, and to nobody where the caller is gone, or goes now. */
export const teller = (world: World, going: CanisterId | null = null, changed: readonly (readonly [CanisterId, bigint])[] = []) => {
  const late = new Map<CanisterId, bigint>(changed);
  return ({ caller, callback }: TrackedRequest, result: Result, refund: bigint): readonly object[] => {
    const answered = { kind: "management-answered", caller, callback, result, refund };
    const canister = caller === going ? undefined : world.canisters.get(caller);
    if (canister === undefined) {
      const dropped = { kind: "message-dropped", canister: managementCanister, queue: "output", message: "response", caller, callback };
      const cycles = { kind: "cycles-dropped", owner: caller, cycles: refund, fate: "lost" };
      return [answered, { ...dropped, reason: "orphaned" }, ...(refund > 0n ? [cycles] : [])];
    }
    if (callOf(world, caller, callback)?.status === "open") return [answered];
    const balance = (late.get(caller) ?? canister.balance) + refund;
    late.set(caller, balance);
    return [answered, { kind: "response-late", caller, callback, refund, balance }];
  };
};

export const controllersDecide = watchedLaw({
  id: "controllers-decide",
  statement:
    "Whoever gets a reply of the management canister is a controller of the canister that it named, or asked for its own status, or gave cycles away; nobody gets back what it gave; and whoever is refused gets all of its cycles back.",
  source: "facts/messages.md F5, F17, F22, F24, F25, IC0512, MSG-P30; facts/cycles.md CYC-3.9, T60",
  cites: ["management-allow", "management-answer", "cycles-deposit", "canister-start", "stop-answer", "stop-expire"],
  needs: ["management"],
  otherwise: "the management canister answered nobody",
  cases: (vocabulary) => managedWorlds(vocabulary).map(alone),
  watch: () => {
    let answered = false;
    /** What was asked, and whether the canister was there and its caller one of its controllers when it was last looked at. */
    const askings = new Map<string, Petition>();
    return {
      onEvent: (event, world) => {
        if (event.kind === "management-asked") {
          const attached = callOf(world, event.caller, event.callback)?.attached ?? 0n;
          askings.set(callText(event.caller, event.callback), { method: event.method, named: event.canister, attached });
        }
        if (event.kind !== "management-answered") return undefined;
        answered = true;
        const what = callText(event.caller, event.callback);
        const asking = askings.get(what);
        if (asking === undefined) return `${what} was answered by the management canister, and never asked it, or was answered before`;
        askings.delete(what);
        return undeserved(event, asking, world);
      },
      interested: () => answered,
    };
  },
});

interface Petition {
  readonly method: string;
  readonly named: CanisterId;
  readonly attached: bigint;
}

const undeserved = (
  { caller, callback, result, refund }: Extract<Event, { readonly kind: "management-answered" }>,
  { method, named, attached }: Petition,
  { canisters, previous }: World,
): Complaint => {
  const what = `${callText(caller, callback)} for ${method} of ${named}`;
  const kept = result.kind === "reply" && method === "deposit_cycles" ? attached : 0n;
  if (refund !== attached - kept) return `${what} had ${attached} cycles, of which ${kept} are given away, and ${refund} come back`;
  if (result.kind === "reject" || method === "deposit_cycles") return undefined;
  const gone = previous?.kind === "canister-deleted" && previous.canister === named;
  const canister = canisters.get(named);
  if (canister === undefined) return gone ? undefined : `${what} succeeded, and there is no such canister`;
  if (method === "canister_status" && caller === named) return undefined;
  return isController(canister, caller) ? undefined : `${what} succeeded, and ${caller} is none of its controllers`;
};
