/**
 * What the management canister does: for whom, in which order, with which words and what refund. An onlooker knows who waits,
 * who controls whom, and what the canister that is named is doing; so all that is told of one request is told in advance.
 */
import * as fc from "fast-check";
import type { CanisterId, Event, EventKind, ManagementMethod } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { introducedWorlds } from "../arbitraries/introduced.ts";
import { managedWorlds } from "../arbitraries/managed.ts";
import { outcallWorlds } from "../arbitraries/outcalls.ts";
import { usersWorlds } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { isOfConsensus, isOutward } from "../tracking/consensus.ts";
import { rulingOf } from "../tracking/ingress.ts";
import { isAllowed, nextAsking, type TrackedAsking } from "../tracking/management.ts";
import { callText, petitionText } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { consequencesOf } from "./management-consequences.ts";

export const managementIsForetold = watchedLaw({
  id: "management-is-foretold",
  statement:
    "In a round that is not skipped, before any task is chosen, each request that waits for the management canister is executed, in their order: all but those whose canister has an execution under way, where more of it is touched than its balance, and those behind such a request of the same caller, or, of users, about the same canister. What is done and what is answered, and with what refund, is what the method does to this canister for this caller; nothing is told of anything else.",
  source:
    "facts/messages.md F5, F16, F17, F18, F22, F24, F25, F41, F43, I1, MSG-P11; facts/scheduler.md SCH-R7a, SCH-P21; facts/cycles.md T60",
  cites: [
    "management-ask",
    "management-admit",
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
    "install-begin",
    "code-replace",
    "install-commit",
    "install-rollback",
    "install-settle",
    "settings-update",
    "canister-make",
    "info-tell",
    "snapshot-take",
    "snapshot-load",
    "snapshot-delete",
    "signature-ask",
    "outcall-ask",
    "chunk-keep",
    "chunks-clear",
    "chunks-join",
    "ingress-induct",
    "ingress-answer",
    "value-read",
    "identity-read",
  ],
  needs: ["management"],
  otherwise: "nobody asked the management canister for anything",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: managedWorlds(vocabulary), weight: 2 },
        { arbitrary: managedWorlds(vocabulary, { long: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary), weight: 3 },
        { arbitrary: codedWorlds(vocabulary, { kept: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { kept: true, poor: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { kept: true, stored: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { allotted: true, stored: true }), weight: 1 },
        { arbitrary: outcallWorlds(vocabulary), weight: 1 },
        { arbitrary: usersWorlds(vocabulary), weight: vocabulary.customs.has("users") ? 3 : 0 },
        { arbitrary: introducedWorlds(vocabulary), weight: vocabulary.customs.has("code") ? 1 : 0 },
      )
      .map(alone),
  watch: () => {
    let asked = false;
    /** What is still to be told of the request that is being executed. */
    let expected: readonly object[] = [];
    let over = true;
    return {
      onEvent: (event, world, { input }) => {
        if (input.kind !== "round" || isOfConsensus(event, world)) return undefined;
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
        const isRuled = rulingOf(event, world) !== null;
        if (!isRuled && !executing.has(event.kind)) return undefined;
        const asking = over ? undefined : nextAsking(world);
        if (asking === undefined) return isRuled ? undefined : `${event.kind} was told, and nobody asked for it`;
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
  "canister-stopping",
  "canister-started",
  "cycles-deposited",
  "cycles-provided",
  "uninstalled",
  "uninstall-refused",
  "canister-deleted",
  "canister-delete-refused",
  "installation-ran",
  "settings-updated",
  "memory-reserved",
  "canister-created",
  "canister-create-refused",
  "snapshot-taken",
  "snapshot-loaded",
  "snapshot-deleted",
  "consensus-asked",
  "chunk-kept",
  "chunks-cleared",
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

const askingText = ({ request, named }: TrackedAsking): string => `${petitionText(request)} for ${request.method} of ${named ?? "nobody"}`;

export const controllersDecide = watchedLaw({
  id: "controllers-decide",
  statement:
    "Whoever gets a reply of the management canister was a controller of the canister that it named while its request waited, or asked for its own status or looked after its own chunks, or asked for what is public, for what consensus answers or for a new canister, or gave cycles away; nobody gets back what it gave, to a canister that there is or to a new one, or paid for what consensus answers; and whoever is refused gets all else of its cycles back.",
  source: "facts/messages.md F1, F4, F5, F7, F12, F17, F22, F24, F25, IC0512, MSG-P30; facts/cycles.md CYC-3.9, T60",
  cites: [
    "management-allow",
    "management-answer",
    "cycles-deposit",
    "canister-start",
    "stop-answer",
    "stop-expire",
    "settings-update",
    "canister-make",
  ],
  needs: ["management"],
  otherwise: "the management canister answered nobody",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: managedWorlds(vocabulary), weight: 2 },
        { arbitrary: codedWorlds(vocabulary), weight: 2 },
        { arbitrary: outcallWorlds(vocabulary), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let answered = false;
    const petitions = new Map<string, Petition>();
    return {
      onEvent: (event, world) => {
        if (event.kind === "management-asked") {
          const { caller, callback, method, canister: named } = event;
          const attached = callOf(world, caller, callback)?.attached ?? 0n;
          petitions.set(callText(caller, callback), { caller, method, named, attached, ruled: false });
        }
        const outward = event.kind === "consensus-asked" ? petitions.get(callText(event.caller, event.callback)) : undefined;
        if (outward !== undefined && event.kind === "consensus-asked") outward.attached -= event.fee;
        // Who is no controller any more may have been one when its request was executed.
        if (event.kind === "settings-updated")
          for (const petition of petitions.values()) if (petition.named === event.canister) petition.ruled ||= rules(petition, world);
        if (event.kind !== "management-answered") return undefined;
        answered = true;
        const what = callText(event.caller, event.callback);
        const petition = petitions.get(what);
        if (petition === undefined) return `${what} was answered by the management canister, and never asked it, or was answered before`;
        petitions.delete(what);
        return undeserved(event, petition, world);
      },
      interested: () => answered,
    };
  },
});

/** What was asked, and whether who asked was seen to be allowed to. */
interface Petition {
  readonly caller: CanisterId;
  readonly method: ManagementMethod;
  readonly named: CanisterId | null;
  /** What is left of it where consensus is asked. */
  attached: bigint;
  ruled: boolean;
}

const rules = ({ caller, method, named }: Petition, { canisters }: World): boolean => {
  const canister = named === null ? undefined : canisters.get(named);
  return canister !== undefined && isAllowed(canister, method, caller);
};

const isMaking = (method: ManagementMethod): boolean =>
  method === "create_canister" || method === "provisional_create_canister_with_cycles";

const undeserved = (
  { caller, callback, result, refund }: Extract<Event, { readonly kind: "management-answered" }>,
  petition: Petition,
  world: World,
): Complaint => {
  const { method, named, attached, ruled } = petition;
  const what = `${callText(caller, callback)} for ${method} of ${named ?? "nobody"}`;
  const kept = result.kind === "reply" && (method === "deposit_cycles" || method === "create_canister") ? attached : 0n;
  if (refund !== attached - kept) return `${what} had ${attached} cycles, of which ${kept} are given away, and ${refund} come back`;
  if (result.kind === "reject" || isMaking(method) || isOutward(method)) return undefined;
  const gone = world.previous?.kind === "canister-deleted" && world.previous.canister === named;
  if (named === null || !world.canisters.has(named)) return gone ? undefined : `${what} succeeded, and there is no such canister`;
  return ruled || rules(petition, world) ? undefined : `${what} succeeded, and ${caller} is none of its controllers`;
};
