/**
 * Paths: what the platform does only when something runs out, comes too late or goes wrong. Worlds are drawn so that each of
 * them is taken often; how often is counted here, on traces, and a campaign in which one is never taken has not tried it.
 * @source facts/messages.md MSG-11.1
 */
import {
  loneSubnet,
  managementCanister,
  type CallbackId,
  type CanisterId,
  type ErrorCode,
  type Event,
  type EventKind,
  type Executed,
  type Genesis,
  type IngressId,
  type Input,
  type SubnetId,
  type Trace,
} from "../../spec/index.ts";
import { bitcoinPaths, bitcoinPathsOf, rareBitcoinPaths, type BitcoinWalk } from "./bitcoin-paths.ts";
import { certifyingPaths, certifyingPathsOf, handoutPaths } from "./certifying-paths.ts";
import { chargedPaths, chargedPathsOf } from "./charged-paths.ts";
import { allCodedPaths, codedPathsOf, openCodedWalk, type CodedWalk } from "./coded-paths.ts";
import { outcallPaths, outcallPathsOf, rareOutcallPaths, type OutcallWalk } from "./outcall-paths.ts";
import { allQueryPaths, queryPathsOf } from "./query-paths.ts";
import { managedPaths, managedPathsOf } from "./managed-paths.ts";
import { bounced, door, rejected, slices, traps, turns, unsent } from "./path-errors.ts";
import { allProvisionPaths, provisionPathsOf, type ProvisionWalk } from "./provision-paths.ts";
import { scheduledPaths, scheduledPathsOf } from "./scheduled-paths.ts";
import { exchangedPaths, stretchedPaths, stretchedPathsOf } from "./stretched-paths.ts";
import { thriftyPaths, thriftyPathsOf } from "./thrifty-paths.ts";
import { tokenPaths, tokenPathsOf } from "./token-paths.ts";
import { usersPaths, usersPathsOf, type UsersWalk } from "./users-paths.ts";
import { splitBySubnet } from "../tracking/subnets.ts";

/** What a path is called: a fact, as one clause of a sentence. */
export const paths = [
  "a call is not sent for want of a slot",
  "a call is not sent for want of memory",
  "a call is not sent for want of a callback",
  "a request of a stream finds no slot",
  "a request of a stream finds no memory",
  "a request of a stream finds no callee",
  "a request waits for room at its callee",
  "a stream is full",
  // Deadlines, shedding, and the cycles on what is dropped.
  "a request comes back because it did not leave in time",
  "a request is dropped because it came too late",
  "a response is dropped because it came too late",
  "a best-effort call is answered by its deadline",
  "a response comes when nobody waits for it",
  "a request is shed where it was sent",
  "a request is shed where it arrived",
  "a response is shed where it was sent",
  "a response is shed where it arrived",
  "dropped cycles are lost",
  "dropped cycles are returned",
  "dropped cycles are streamed",
  "an ingress message has expired when it comes",
  "an ingress message expires too late",
  "an ingress message expires before a block has it",
  "an ingress message expires in the queue of its canister",
  "the ingress history is full",
  "an answer is forgotten",
  "an ingress message is pruned",
  "the id of a pruned message comes again",
  "an inspection lets a message in",
  "an inspection lets a message stand outside",
  "an inspection traps",
  // Tasks, and uninstallation.
  "the turn is that of the timer",
  "the turn is that of the heartbeat",
  "the turn is that of the messages",
  "tasks are dropped",
  "a hook becomes ready",
  "a hook runs",
  "an update grows beyond the limit of its canister",
  "an open call is withdrawn",
  "a call context is deleted",
  "a response is discarded",
  "a message finds no code",
  "a slice comes of no known subnet",
  "a slice leaves something out",
  "a slice has seen what was never sent",
  "a message of a stream is ignored",
  "a message of a stream is repeated",
  "a refund arrives",
  "a call to another subnet is completed",
  "a message goes through the loopback stream",
  ...scheduledPaths,
  ...chargedPaths,
  ...thriftyPaths,
  ...tokenPaths,
  ...allQueryPaths,
  ...managedPaths,
  ...allCodedPaths,
  ...certifyingPaths,
  ...handoutPaths,
  ...outcallPaths,
  ...rareOutcallPaths,
  ...bitcoinPaths,
  ...rareBitcoinPaths,
  ...allProvisionPaths,
  ...usersPaths,
  ...stretchedPaths,
  ...exchangedPaths,
] as const;

export type Path = (typeof paths)[number];

/** The paths that a machine took, each once. */
export const pathsOf = (trace: Trace): ReadonlySet<Path> => {
  const taken = new Set<Path>();
  for (const { trace: own } of splitBySubnet(trace)) {
    const walk = openWalk(own.scenario.genesis);
    for (const { input, observation } of own.steps) {
      const { events } = observation;
      const ofEvents = [
        ...chargedPathsOf(events),
        ...thriftyPathsOf(events),
        ...events.flatMap(queryPathsOf),
        ...managedPathsOf(events, input),
        ...stretchedPathsOf(events),
        ...codedPathsOf(events, walk.code),
        ...certifyingPathsOf(observation, input),
        ...outcallPathsOf(events, walk.outcalls),
        ...usersPathsOf(events, input, walk.users),
        ...events.flatMap((event) => bitcoinPathsOf(event, walk.genesis, walk.bitcoin)),
        ...provisionPathsOf(events, walk.genesis, walk.provisions),
      ];
      const others = events.flatMap((event) => pathsOfEvent(event, input, walk));
      for (const path of [...pathsOfInput(input, walk), ...ofEvents, ...others]) taken.add(path);
    }
  }
  return taken;
};

/** What must be known of what was before to name a path. */
interface Walk {
  readonly genesis: Genesis;
  readonly own: SubnetId;
  readonly here: ReadonlySet<CanisterId>;
  /** The callee of each call, by caller and number. */
  readonly callees: Map<string, CanisterId>;
  /** The iteration that sent a request which has not left its queue since, by caller and number. */
  readonly unmoved: Map<string, number>;
  iteration: number;
  readonly inducted: Set<IngressId>;
  readonly pruned: Set<IngressId>;
  /** The index of the first message that was not seen, by subnet. */
  readonly seen: Map<SubnetId, number>;
  /** The index of the first message that a stream holds, by subnet. */
  readonly begins: Map<SubnetId, number>;
  readonly code: CodedWalk;
  readonly outcalls: OutcallWalk;
  readonly bitcoin: BitcoinWalk;
  readonly provisions: ProvisionWalk;
  readonly users: UsersWalk;
}

const openWalk = (genesis: Genesis): Walk => ({
  genesis,
  own: genesis.network?.own ?? loneSubnet,
  here: new Set(genesis.canisters.map(({ id }) => id)),
  callees: new Map(),
  unmoved: new Map(),
  iteration: 0,
  inducted: new Set(),
  pruned: new Set(),
  seen: new Map(),
  begins: new Map(),
  code: openCodedWalk(),
  outcalls: new Map(),
  bitcoin: new Map(),
  provisions: new Map(),
  users: new Set(),
});

const pathsOfInput = (input: Input, { seen }: Walk): readonly Path[] =>
  input.kind === "round" && input.slices?.some(({ from, begin, messages }) => messages.length > 0 && begin < (seen.get(from) ?? 0))
    ? ["a message of a stream is repeated"]
    : [];

/** The paths of an event. What it tells is kept for those after it. */
const pathsOfEvent = (event: Event, input: Input, walk: Walk): readonly Path[] => {
  switch (event.kind) {
    case "ingress-received":
      return [
        ...when("the id of a pruned message comes again", walk.pruned.has(event.ingress)),
        ...when("an inspection lets a message in", isInspected(input, walk.genesis)),
      ];
    case "ingress-refused":
      return [...named(door, event.error), ...when("an inspection traps", traps.includes(event.error) && isInspected(input, walk.genesis))];
    case "ingress-inducted":
      walk.inducted.add(event.ingress);
      return [];
    case "ingress-expired":
      if (walk.inducted.has(event.ingress)) return ["an ingress message expires in the queue of its canister"];
      return ["an ingress message expires before a block has it"];
    case "ingress-pruned":
      walk.pruned.add(event.ingress);
      walk.inducted.delete(event.ingress);
      return ["an ingress message is pruned"];
    case "turn-began": {
      walk.iteration = event.iteration;
      if (walk.unmoved.size === 0) return [];
      return when(
        "a request waits for room at its callee",
        [...walk.unmoved.values()].some((sent) => sent < event.iteration),
      );
    }
    case "request-inducted":
      walk.unmoved.delete(callOf(event));
      return [];
    case "round-ended":
      walk.unmoved.clear();
      return [];
    case "executed":
      return pathsOfExecution(event, walk);
    case "not-executed":
      return when("a message finds no code", event.error === "IC0537");
    case "request-bounced":
      return named(bounced, event.error);
    case "message-dropped": {
      const { reason, message, queue } = event;
      if (reason === "orphaned") return scheduledPathsOf(event);
      if (reason === "expired") return [`a ${message} is dropped because it came too late`];
      return [`a ${message} is shed where it ${queue === "input" ? "arrived" : "was sent"}`];
    }
    case "cycles-dropped":
      return [`dropped cycles are ${event.fate}`];
    case "tasks-chosen":
      return [turns[event.turn]];
    case "answered":
      return when("an open call is withdrawn", input.kind === "uninstall");
    case "slice-refused":
      return named(slices, event.error);
    case "slice-taken":
      walk.seen.set(event.from, event.signals);
      return [];
    case "message-refused":
      return [...named(rejected, event.error), ...when("a message of a stream is ignored", event.error === null)];
    case "stream-collected":
      walk.begins.set(event.to, event.begin);
      return [];
    case "message-streamed": {
      const held = event.index + 1 - (walk.begins.get(event.to) ?? 0);
      return [
        ...when("a message goes through the loopback stream", event.to === walk.own),
        ...when("a stream is full", held >= walk.genesis.parameters.streamCapacity),
      ];
    }
    default:
      return [...when(plain[event.kind]), ...scheduledPathsOf(event), ...tokenPathsOf(event)];
  }
};

/** What an event shows by its kind alone. */
const plain: Readonly<Partial<Record<EventKind, Path>>> = {
  "ingress-forgotten": "an answer is forgotten",
  "callback-expired": "a best-effort call is answered by its deadline",
  "response-late": "a response comes when nobody waits for it",
  "tasks-dropped": "tasks are dropped",
  "hook-ready": "a hook becomes ready",
  "context-deleted": "a call context is deleted",
  "response-discarded": "a response is discarded",
  "refund-inducted": "a refund arrives",
};

const callOf = ({ caller, callback }: { readonly caller: CanisterId; readonly callback: CallbackId }): string => `${caller} ${callback}`;

const pathsOfExecution = ({ canister, cause, trap, calls, refusedCalls }: Executed, walk: Walk): readonly Path[] => {
  const { callees, unmoved, here, iteration } = walk;
  for (const { callback, callee } of calls) {
    const call = callOf({ caller: canister, callback });
    callees.set(call, callee);
    if (here.has(callee)) unmoved.set(call, iteration);
  }
  const answered = cause.kind === "response" && cause.result === "reply" ? callOf({ caller: canister, callback: cause.callback }) : "";
  const callee = callees.get(answered);
  return [
    ...refusedCalls.flatMap(({ error }) => named(unsent, error)),
    ...when("a hook runs", cause.kind === "low-memory"),
    ...when("an update grows beyond the limit of its canister", trap === "IC0539"),
    ...when("a call to another subnet is completed", callee !== undefined && callee !== managementCanister && !here.has(callee)),
  ];
};

const when = (path: Path | undefined, taken = true): readonly Path[] => (taken && path !== undefined ? [path] : []);

/** The path that a table names for an error, if it does. */
const named = (table: Readonly<Partial<Record<ErrorCode, Path>>>, error: ErrorCode | null): readonly Path[] => {
  const path = error === null ? undefined : table[error];
  return path === undefined ? [] : [path];
};

const isInspected = (input: Input, { canisters }: Genesis): boolean =>
  input.kind === "ingress" && canisters.some(({ id, inspect }) => id === input.canister && inspect !== undefined);
