/**
 * Slots: a queue holds so many requests and as many responses, and every request has a slot for its response from the
 * beginning. So what goes straight to a queue of the same subnet goes exactly when there is room; and a response never
 * lacks room. Written from `docs/machine.md` section 4.3 alone.
 */
import * as fc from "fast-check";
import type { CanisterId, Event } from "../../spec/index.ts";
import { busyWorlds } from "../arbitraries/busy.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { crampedWorlds } from "../arbitraries/focuses.ts";
import { impatientWorlds } from "../arbitraries/impatient.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { alone } from "../case.ts";
import { hasMemory, hasSlot, isAwaited, slotsTaken } from "../tracking/memory.ts";
import { callText, type TrackedMessage } from "../tracking/messages.ts";
import { peersOf } from "../tracking/queues.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { openCallsTo } from "../tracking/holdings.ts";
import { mayGoOn } from "../tracking/counters.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { enter, leave, type Lying } from "./network-moves.ts";
import { heldTo } from "./network-rehearsal.ts";

export const whatFitsIsInducted = watchedLaw({
  id: "what-fits-is-inducted",
  statement:
    "After each iteration but one that used the round up, output queues are emptied in one order: to the queues of the same subnet goes each request that finds a slot and memory and each response, up to the first message of a queue that must stay.",
  source: "facts/messages.md I1, MSG-CAP03, MSG-CAP04, MSG-CAP14, B9, B10, MSG-P4, MSG-P18, SEED-003-38",
  cites: ["request-induct", "response-induct", "response-late", "iteration-continue"],
  otherwise: "no message went to a queue of the same subnet",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: busyWorlds(vocabulary, talkative), weight: 8 },
        { arbitrary: impatientWorlds(vocabulary), weight: 1 },
        { arbitrary: crampedWorlds(vocabulary), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let inducted = false;
    return {
      onEvent: heldTo(
        {
          name: "induction",
          once: "an iteration",
          begins: (event, world) => world.previous?.kind === "turn-ended" && !isAnotherTurn(event, world),
          rehearse: inductedIn,
          owns: isInduction,
        },
        (lines) => (inducted ||= lines.length > 0),
      ),
      interested: () => inducted,
    };
  },
});

/** Much is said on one subnet, and little keeps it from being said. */
const talkative: Focus = {
  always: ["call", "reply"],
  ample: ["roundInstructionLimit", "guaranteedResponseMemory", "callbackLimit", "ingressLifetime"],
  crowded: true,
  programs: [["crowd", "pay", "fan"]],
};

/** Whether an event begins another turn of the same iteration: to a new one no turn belongs yet. */
const isAnotherTurn = (event: Event, { round }: World): boolean =>
  event.kind === "turn-began" && (round?.iterations.at(-1)?.turns.length ?? 0) > 0;

const isInduction = (event: Event, { round, previous }: World): boolean =>
  previous?.kind !== "management-answered" &&
  (event.kind === "request-inducted" || event.kind === "response-inducted" || event.kind === "response-late") &&
  round !== null &&
  round.iterations.length > 0;

const inductedIn = (world: World): readonly string[] => {
  if (world.round === null || !mayGoOn(world, world.round)) return [];
  const lines: string[] = [];
  for (const canister of world.canisters.values()) {
    const { id, queues } = canister;
    const peers = peersOf(queues.outputs);
    for (const peer of [...peers.filter((other) => other === id), ...peers.filter((other) => other !== id)]) {
      for (const message of [...queues.outputs.get(peer)!]) {
        const line = inducted(world, { canister, side: "output", peer, message });
        if (line === null) break;
        lines.push(line);
      }
    }
  }
  return lines;
};

/** What becomes of the first message of an output queue; `null` when it must stay. */
const inducted = (world: World, lying: Lying): string | null => {
  const { message } = lying;
  const { caller, callback } = message;
  const receiver = world.canisters.get(message.kind === "request" ? message.callee : caller);
  if (receiver === undefined) return null;
  if (message.kind === "request") {
    if (!hasSlot(world, message) || !hasMemory(world, message)) return null;
    leave(lying);
    enter(world, receiver, message);
    return `the request of ${callText(caller, callback)} enters the queue of ${message.callee}`;
  }
  leave(lying);
  if (!isAwaited(world, caller, callback)) return `the response to ${callText(caller, callback)} is late, with ${message.refund} cycles`;
  enter(world, receiver, message);
  return `the ${message.result} to ${callText(caller, callback)} enters its queue`;
};

export const slotsAreReserved = watchedLaw({
  id: "slots-are-reserved",
  statement:
    "At every moment each queue keeps to its slots: a canister has at most so many calls to one callee open, so many responses of one respondent wait for it, each to an open call of its own, and its requests, the calls that serve them and the responses to them take at most so many at the callee.",
  source: "facts/messages.md MSG-P4, MSG-CAP01, MSG-CAP02, MSG-CAP03, MSG-CAP04, Q1, Q2, Q3",
  cites: ["call-send", "request-induct", "stream-request", "response-induct", "stream-response", "callback-expire", "callback-begin"],
  otherwise: "no queue had all its slots taken",
  cases: (vocabulary) =>
    fc
      .oneof(busyWorlds(vocabulary, { always: ["call"], plant: ["crowd"] }), impatientWorlds(vocabulary), slowConsumerWorlds(vocabulary))
      .map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { queueCapacity } = genesis.parameters;
    let full = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "request-inducted") return undefined;
        const callee = world.canisters.get(event.callee);
        if (callee === undefined) return `a request enters the queue of ${event.callee}, which is not here`;
        const taken = slotsTaken(callee, event.caller) + 1;
        full ||= taken === queueCapacity;
        return taken > queueCapacity ? `${event.caller} takes ${taken} slots at ${event.callee}, a queue has ${queueCapacity}` : undefined;
      },
      onStep: (_, { canisters }) => {
        for (const canister of canisters.values()) {
          const complaint = overfull(canister, queueCapacity);
          if (complaint !== undefined) return complaint;
          full ||= [...canister.openCalls].some(({ callee }) => openCallsTo(canister, callee) === queueCapacity);
        }
        return undefined;
      },
      interested: () => full,
    };
  },
});

/** What does not fit the slots of a canister: pending callbacks are reserved slots and responses, so both are counted at once. */
const overfull = (canister: TrackedCanister, capacity: number): Complaint => {
  const { id, queues, openCalls } = canister;
  const peers = new Set([...[...openCalls].map(({ callee }) => callee), ...queues.inputs.keys()]);
  for (const peer of peers) {
    const open = openCallsTo(canister, peer);
    if (open > capacity) return `${id} has ${open} calls to ${peer} open, a queue has ${capacity} slots`;
    const answered = [...openCalls]
      .filter(({ callee, status }) => callee === peer && status === "answered")
      .map(({ callback }) => callback);
    const held = canister.execution?.message;
    const paused = held?.kind === "response" && held.respondent === peer ? [held.callback] : [];
    const responses = [...responsesIn(queues.inputs.get(peer) ?? []), ...paused];
    if (responses.length !== answered.length || responses.some((callback) => !answered.includes(callback)))
      return `${id} has the responses to calls ${responses.join(", ")} in its queue for ${peer}, and calls ${answered.join(", ")} are answered`;
  }
  for (const caller of callersOf(canister)) {
    const taken = slotsTaken(canister, caller);
    if (taken > capacity) return `${caller} takes ${taken} slots at ${id}, a queue has ${capacity}`;
  }
  return undefined;
};

const responsesIn = (queue: readonly TrackedMessage[]): readonly number[] =>
  queue.filter(({ kind }) => kind === "response").map(({ callback }) => callback);

/** Whoever may take a slot at a canister. */
const callersOf = ({ queues, contexts }: TrackedCanister): ReadonlySet<CanisterId> =>
  new Set([
    ...queues.inputs.keys(),
    ...queues.outputs.keys(),
    ...[...contexts.values()].flatMap(({ origin }) => (origin.kind === "canister" ? [origin.canister] : [])),
  ]);
