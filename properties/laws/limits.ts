/** Limits: instructions of a message, of a core and of a round; bytes of payloads and pages; pages of a memory. */
import { mixedWorlds } from "../arbitraries/busy.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { isUnexecuted } from "../tracking/executions.ts";
import { alone } from "../case.ts";
import { readingOf } from "../reading.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { heapOf } from "../tracking/pages.ts";
import { busiest, callbackLimit, heapDeltaOf, usedByCore } from "../tracking/counters.ts";
import type { TrackedRound, World } from "../tracking/world.ts";
import type { Event, Executed, Parameters } from "../../spec/index.ts";

export const instructionsWithinLimits = watchedLaw({
  id: "instructions-within-limits",
  statement:
    "A message uses at most its limit, and all of it when it traps for that; what it did it used instructions for; a core takes a message, or goes on with one, only while its counter is at least one and its changed pages are below the limit of an iteration; and no core passes the limit of a round.",
  source: "facts/scheduler.md SCH-P11, SCH-P23; facts/cycles.md CYC-2.6, CYC-C33",
  cites: [
    "instructions-use",
    "iteration-end",
    "iteration-continue",
    "message-take",
    "schedule-deal",
    "core-spend",
    "turn-end",
    "round-begin",
    "callback-cleanup",
  ],
  otherwise: "no turn was taken",
  cases: (vocabulary) => orScheduled(mixedWorlds(vocabulary, { always: ["consume"] }), vocabulary, { priced: true }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { parameters } = genesis;
    let turns = false;
    let answered: Executed | null = null;
    return {
      onEvent: (event, world) => {
        if (event.kind === "execution-paused") return late(event, world);
        if (event.kind === "executed" || event.kind === "not-executed" || isUnexecuted(event)) {
          answered = null;
          return late(event, world) ?? (event.kind === "executed" ? (beyond(event, parameters) ?? effortless(event, 0)) : undefined);
        }
        if (
          event.kind === "answered" &&
          world.withdrawing === null &&
          world.latest?.kind === "executed" &&
          world.latest !== answered &&
          isGiven(event)
        ) {
          answered = world.latest;
          return effortless(world.latest, 1);
        }
        if (event.kind === "turn-began") {
          turns = true;
          const counter = world.round?.iterations.at(-1)?.counter ?? 1;
          if (counter < 1) return `iteration ${event.iteration} began with a counter of ${counter}`;
        }
        if (event.kind === "turn-ended") return miscounted(event, world);
        return event.kind === "round-ended" && world.round !== null ? overspent(event, world.round, world) : undefined;
      },
      interested: () => turns,
    };
  },
});

const isGiven = ({ result }: Extract<Event, { readonly kind: "answered" }>): boolean =>
  result.kind === "reply" || result.error === "IC0406";

const beyond = ({ canister, cause, trap, cleanup, instructions }: Executed, parameters: Parameters): Complaint => {
  const limit = cause.kind === "response" && cleanup === "none" ? callbackLimit(parameters) : parameters.messageInstructionLimit;
  if (instructions > limit) return `a message of ${canister} used ${instructions} instructions, its limit is ${limit}`;
  if (trap !== "IC0522") return undefined;
  const least = cleanup === "none" ? limit : callbackLimit(parameters);
  return instructions < least
    ? `a message of ${canister} trapped because it passed its limit of ${least}, but used ${instructions} instructions`
    : undefined;
};

/** Every effect is the effect of an instruction. */
const effortless = ({ canister, trap, instructions, calls, wrote, accepted, burned }: Executed, answers: number): Complaint => {
  if (trap !== null) return undefined;
  const effects = calls.length + wrote.length + (accepted > 0n ? 1 : 0) + (burned > 0n ? 1 : 0) + answers;
  return instructions < effects ? `a message of ${canister} had ${effects} effects with ${instructions} instructions` : undefined;
};

/** A message that was taken when its core was done. */
const late = ({ canister }: { readonly canister: string }, { round, parameters }: World): Complaint => {
  const iteration = round?.iterations.at(-1);
  if (round === null || round.turn === null || iteration === undefined) return `a message of ${canister} ran outside of a turn`;
  if (round.turn.canister !== canister) return `a message of ${canister} ran in the turn of ${round.turn.canister}`;
  const left = iteration.counter - (usedByCore(iteration).get(round.turn.core) ?? 0);
  if (left < 1) return `a message of ${canister} ran on core ${round.turn.core}, which had ${left} instructions left`;
  const written = heapDeltaOf(iteration, round.turn.core);
  return written < parameters.heapDeltaIterationLimit
    ? undefined
    : `a message of ${canister} ran on core ${round.turn.core}, whose messages had changed ${written} bytes`;
};

const miscounted = (event: Extract<Event, { readonly kind: "turn-ended" }>, { round, parameters }: World): Complaint => {
  const turn = round?.turn;
  if (turn == null || turn.canister !== event.canister) return `a turn of ${event.canister} ended that had not begun`;
  if (turn.messages === 0) return `${event.canister} had a turn without a message`;
  const taken = turn.instructions + (turn.used > 0 ? parameters.canisterOverhead : 0);
  return event.instructions === taken
    ? undefined
    : `the turn of ${event.canister} took ${event.instructions} instructions, its ${turn.messages} messages ${taken}`;
};

const overspent = (event: Extract<Event, { readonly kind: "round-ended" }>, round: TrackedRound, world: World): Complaint => {
  const { roundInstructionLimit: limit, canisterOverhead } = world.parameters;
  const cores = new Map<number, number>();
  // What it costs to leave a canister is no part of the margin of the counter.
  for (const { core, instructions, used } of round.iterations.flatMap(({ turns }) => turns))
    cores.set(core, (cores.get(core) ?? 0) + instructions - (used > 0 ? canisterOverhead : 0));
  for (const [core, used] of cores) if (used > limit) return `core ${core} used ${used} instructions in a round, the limit is ${limit}`;
  const spent = round.iterations.reduce((sum, iteration) => sum + busiest(iteration), 0);
  if (event.instructions !== spent)
    return `the round declares ${event.instructions} instructions, the busiest cores of its iterations used ${spent}`;
  const iterations = round.iterations.length;
  return event.iterations === iterations ? undefined : `the round declares ${event.iterations} iterations, but had ${iterations}`;
};

/** A query changes nothing, so it is not held to what its canister may grow to. */
const isQuery = ({ canister, cause }: Executed, { canisters }: World): boolean => {
  const genesis = canisters.get(canister)?.genesis;
  return genesis !== undefined && cause.kind === "update" && readingOf(genesis).modes.get(cause.method) === "query";
};

export const sizesWithinLimits = watchedLaw({
  id: "sizes-within-limits",
  statement:
    "No payload that is received, sent or replied is larger than the largest payload; no page lies beyond the memory or holds more than a page; no update leaves more pages of the heap in use than the limit of its canister; and a page that is said to be written differs from what it was.",
  source: "facts/messages.md A3, MSG-CAP05, X12; facts/cycles.md CYC-H4",
  cites: ["ingress-submit", "call-send", "call-reply", "page-write", "execution-commit"],
  otherwise: "nothing was written, sent or replied",
  cases: (vocabulary) => mixedWorlds(vocabulary, { always: ["write", "reply"] }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { maxPayload, maxPages, heapPages, pageSize } = genesis.parameters;
    let sized = false;
    return {
      onEvent: (event, world, { input }) => {
        if (event.kind === "ingress-received" && input.kind === "ingress" && input.payload.length / 2 > maxPayload) {
          return `ingress ${event.ingress} was received with ${input.payload.length / 2} bytes, the most is ${maxPayload}`;
        }
        if (event.kind === "answered" && event.result.kind === "reply") {
          sized = true;
          const { length } = event.result.payload;
          return length / 2 > maxPayload ? `${event.canister} replied with ${length / 2} bytes, the most is ${maxPayload}` : undefined;
        }
        if (event.kind !== "executed") return undefined;
        sized ||= event.wrote.length + event.calls.length > 0;
        const lowMemory = event.cause.kind === "update" ? world.canisters.get(event.canister)?.genesis.lowMemory : undefined;
        const before = world.canisters.get(event.canister)?.pages ?? [];
        const used = heapOf({ heapPages }, { pages: new Map([...before, ...event.wrote]) });
        if (lowMemory !== undefined && event.trap === null && used > lowMemory.limit && !isQuery(event, world))
          return `an update of ${event.canister} left ${used} pages of its heap in use, its limit is ${lowMemory.limit}`;
        const large = event.calls.find(({ bytes }) => bytes > maxPayload);
        if (large !== undefined)
          return `${event.canister} sent call ${large.callback} with ${large.bytes} bytes, the most is ${maxPayload}`;
        for (const [page, content] of event.wrote) {
          if (page < 0 || page >= maxPages) return `${event.canister} wrote page ${page} of a memory of ${maxPages}`;
          if (content.length / 2 > pageSize)
            return `${event.canister} wrote ${content.length / 2} bytes into page ${page}, which holds ${pageSize}`;
          if (world.canisters.get(event.canister)?.pages.get(page) === content)
            return `${event.canister} is said to have changed page ${page}, which holds what it held`;
        }
        return undefined;
      },
      interested: () => sized,
    };
  },
});
