/**
 * Scheduling inside a round: who is dealt to which core, in which order, and that no core idles while it could work.
 * What a canister has waiting is known from the events, so all of this can be checked without priorities; one law adds
 * them, from nothing but the allocations and the number of the round.
 */
import { byId, type CanisterId, type Event, type Parameters } from "../../spec/index.ts";
import { busyWorlds, mixedWorlds } from "../arbitraries/busy.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { takenIn, type Taking } from "../tracking/executions.ts";
import { runsHook } from "../tracking/management.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { countInputs } from "../tracking/queues.ts";
import { hasRoom, mayGoOn, remainingCounter, usedByCore } from "../tracking/counters.ts";
import { isActive, type TrackedCanister, type TrackedIteration, type World } from "../tracking/world.ts";
import { afterIterations } from "./phases.ts";

export const workIsConserved = watchedLaw({
  id: "work-is-conserved",
  statement:
    "A turn ends when the canister has nothing more to do or its core is used up, a core stops when it is used up or has served all that it was dealt, and the iterations of a round end with work waiting only when its instructions are used up; a turn says truly whether it emptied the queue.",
  source: "facts/scheduler.md SCH-P7, SCH-M8, SCH-R7h, SCH-R7l",
  cites: ["message-take", "schedule-deal", "iteration-end", "iteration-continue", "round-begin", "tasks-choose", "hook-ready"],
  otherwise: "no canister had a turn",
  cases: (vocabulary) => orScheduled(mixedWorlds(vocabulary, { customs: ["heartbeats"] }), vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let worked = false;
    let rested = true;
    return {
      onEvent: (event, world) => {
        worked ||= event.kind === "turn-began";
        if (event.kind === "round-began") rested = false;
        if (event.kind === "turn-ended") return stoppedEarly(event, world);
        if (rested || !afterIterations(event, world)) return undefined;
        rested = true;
        return idle(world) ?? firstOf(world.round?.iterations ?? [], (iteration) => unserved(iteration, genesis.parameters));
      },
      interested: () => worked,
    };
  },
});

const firstOf = <T>(items: readonly T[], judge: (item: T) => Complaint): Complaint => {
  for (const item of items) {
    const complaint = judge(item);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
};

const stoppedEarly = (
  { canister: id, core, drained }: Extract<Event, { readonly kind: "turn-ended" }>,
  { canisters, round, parameters }: World,
): Complaint => {
  const canister = canisters.get(id);
  const iteration = round?.iterations.at(-1);
  if (canister === undefined || iteration === undefined) return undefined;
  const waiting = countInputs(canister.queues);
  if (drained !== (waiting === 0))
    return `the turn of ${id} is said ${drained ? "" : "not "}to have emptied its queue, in which are ${waiting} messages`;
  const left = iteration.counter - (usedByCore(iteration).get(core) ?? 0);
  return isActive(canister) && hasRoom({ parameters }, iteration, core)
    ? `the turn of ${id} ended with ${waitingText(canister)} waiting and ${left} instructions left on core ${core}`
    : undefined;
};

const idle = (world: World): Complaint => {
  const waiting = [...world.canisters.values()].find(isActive);
  if (waiting === undefined || world.round === null) return undefined;
  const left = remainingCounter(world, world.round);
  return mayGoOn(world, world.round)
    ? `the iterations ended with ${left} instructions left, while ${waiting.id} had ${waitingText(waiting)} waiting`
    : undefined;
};

/** With A active canisters and N cores, core c is dealt those with the numbers c, c + N and so on. */
const dealtTo = ({ active }: TrackedIteration, core: number, cores: number): number =>
  Math.max(0, Math.ceil((active.length - core) / cores));

/** The current scheduler deals in another way, which has a law of its own. */
const unserved = (iteration: TrackedIteration, parameters: Parameters): Complaint => {
  const { cores, scheduler } = parameters;
  if (scheduler === "current") return undefined;
  const used = usedByCore(iteration);
  for (let core = 0; core < cores; core++) {
    const dealt = dealtTo(iteration, core, cores);
    const served = iteration.turns.filter((turn) => turn.core === core).length;
    const left = iteration.counter - (used.get(core) ?? 0);
    if (served < dealt && hasRoom({ parameters }, iteration, core))
      return `core ${core} was dealt ${dealt} canisters in iteration ${iteration.number}, served ${served} and stopped with ${left} instructions left`;
  }
  return undefined;
};

export const turnsAreDealt = watchedLaw({
  id: "turns-are-dealt",
  statement:
    "In an iteration each canister with work is dealt to one core, round robin in one order that holds for the whole round (by id when there are cores for all); a turn takes the hook first, then the tasks, then the inputs, and nothing runs outside of a turn.",
  source: "facts/scheduler.md SCH-2.1.6, SCH-P12; facts/messages.md MSG-7.2",
  cites: ["schedule-deal", "schedule-order", "message-take"],
  otherwise: "no canister had a turn",
  cases: (vocabulary) =>
    orScheduled(
      busyWorlds(vocabulary, {
        customs: ["heartbeats", "hooks"],
        network: (network, dice) => ({ ...network, cores: dice.whole(1, 4) }),
      }),
      vocabulary,
    ).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { cores } = genesis.parameters;
    let dealt = false;
    return {
      onEvent: (event, world) => {
        dealt ||= event.kind === "turn-began";
        if (event.kind === "turn-began") return misdealt(event, world, cores);
        const taken = takenIn(event, world);
        if (taken !== null) return mistaken(taken, world);
        if (event.kind === "executed" || event.kind === "execution-paused" || event.kind === "execution-resumed")
          return world.round?.turn?.canister === event.canister ? undefined : `${event.canister} went on outside of its turn`;
        return event.kind === "round-ended" && world.parameters.scheduler === "published" ? inconsistent(world, cores) : undefined;
      },
      interested: () => dealt,
    };
  },
});

const misdealt = (
  { iteration: number, core, canister }: Extract<Event, { readonly kind: "turn-began" }>,
  { round, parameters: { scheduler } }: World,
  cores: number,
): Complaint => {
  const iteration = round?.iterations.at(-1);
  if (round === null || round.ended || iteration === undefined) return `a turn of ${canister} began outside of a round`;
  if (round.turn !== null) return `the turn of ${canister} began in the turn of ${round.turn.canister}`;
  if (number !== round.iterations.length) return `iteration ${number} came after iteration ${round.iterations.length - 1}`;
  if (core < 0 || core >= cores) return `${canister} had a turn on core ${core} of ${cores}`;
  if (!iteration.active.includes(canister)) return `${canister} had a turn in iteration ${number}, but had nothing to do when it began`;
  if (iteration.turns.some((turn) => turn.canister === canister)) return `${canister} had a second turn in iteration ${number}`;
  if ((iteration.turns.at(-1)?.core ?? 0) > core)
    return `a turn on core ${core} was told after one on core ${iteration.turns.at(-1)?.core}`;
  const earlier = iteration.turns.filter((turn) => turn.core === core).length;
  return scheduler === "published" && earlier >= dealtTo(iteration, core, cores)
    ? `core ${core} served ${earlier + 1} canisters in iteration ${number}, but was dealt ${earlier}`
    : undefined;
};

const mistaken = ({ canister: id, cause: { kind } }: Taking, { canisters, round }: World): Complaint => {
  const canister = canisters.get(id);
  if (canister === undefined) return `${id}, which does not exist, took a message`;
  if (round?.turn?.canister !== id) return `${id} took a message outside of its turn`;
  const expected = runsHook(canister) ? "low-memory" : (canister.tasks[0] ?? "a message");
  const took = kind === "update" || kind === "response" ? "a message" : kind;
  return took === expected ? undefined : `${id} took ${took}, and ${expected} was first`;
};

/** Whether the turns of a round fit one order of all canisters. */
const inconsistent = ({ canisters, round }: World, cores: number): Complaint => {
  const before = new Map<string, number>();
  for (const iteration of round?.iterations ?? []) {
    const order = orderOf(iteration, cores);
    for (let at = 0; at < order.length; at++) {
      for (const later of order.slice(at + 1)) {
        const [first, second] = [order[at]!, later];
        if (canisters.size <= cores && byId(first, second) > 0)
          return `with a core for each canister, ${first} came before ${second} in iteration ${iteration.number}`;
        const opposite = before.get(`${second} ${first}`);
        if (opposite !== undefined)
          return `${second} came before ${first} in iteration ${opposite}, but after it in iteration ${iteration.number}`;
        before.set(`${first} ${second}`, iteration.number);
      }
    }
  }
  return undefined;
};

/** The canisters that had a turn, in the order in which they must have been dealt. */
const orderOf = ({ turns }: TrackedIteration, cores: number): readonly CanisterId[] => {
  const served = new Map<number, number>();
  return turns
    .map(({ core, canister }) => {
      const earlier = served.get(core) ?? 0;
      served.set(core, earlier + 1);
      return { canister, number: earlier * cores + core };
    })
    .sort((left, right) => left.number - right.number)
    .map(({ canister }) => canister);
};

export const prioritiesOrderTheRound = watchedLaw({
  id: "priorities-order-the-round",
  statement:
    "With more canisters than cores, the canisters of a round are dealt by accumulated priority, which grows by allocation and an even share of the free compute, and falls by a full round for each of the first ones; equal ones by id.",
  source: "facts/scheduler.md SCH-2.1.1, SCH-2.1.3, SCH-2.1.4, SCH-2.1.5, SCH-P2",
  cites: ["schedule-plan", "schedule-order", "schedule-charge", "schedule-deal", "priority-reset"],
  otherwise: "no round had more canisters than cores, and work for two of them",
  cases: (vocabulary) =>
    orScheduled(
      busyWorlds(vocabulary, {
        crowded: true,
        network: (network, dice) => ({
          ...network,
          cores: dice.weigh([
            [4, 1],
            [1, 2],
          ]),
        }),
      }),
      vocabulary,
      { scheduler: "published", busy: true },
    ).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { cores, scheduler } = genesis.parameters;
    const plan = planner();
    let order: readonly CanisterId[] | null = null;
    let chosen = false;
    return {
      onEvent: (event, world) => {
        const { round, canisters } = world;
        if (scheduler !== "published" || round === null) return undefined;
        if (event.kind === "round-began") order = null;
        // A round that is skipped plans nothing; who runs dry had its allocation when the round was planned.
        if (event.kind === "turn-began" || event.kind === "resources-charged" || (event.kind === "round-ended" && !round.skipped))
          order ??= plan(world);
        const iteration = round.iterations.at(-1);
        if (event.kind !== "turn-began" || iteration === undefined || order === null || canisters.size <= cores) return undefined;
        const { core, canister } = event;
        const dealt = order.filter((id) => iteration.active.includes(id));
        chosen ||= dealt.length > 1;
        const number = iteration.turns.filter((turn) => turn.core === core).length * cores + core;
        return dealt[number] === canister
          ? undefined
          : `core ${core} served ${canister} in iteration ${event.iteration}, but by priority it is the turn of ${dealt[number] ?? "nobody"} (${dealt.join(", ")})`;
      },
      interested: () => chosen,
    };
  },
});

/** The order of each next round, by priorities alone: they do not depend on what is executed. */
const planner = (): ((world: World) => readonly CanisterId[]) => {
  const priorities = new Map<CanisterId, bigint>();
  return ({ canisters, parameters, height }) => {
    const ids = [...canisters.keys()];
    const [cores, count] = [BigInt(parameters.cores), BigInt(ids.length)];
    if (count <= cores) return ids;
    for (const id of priorities.keys()) if (!canisters.has(id)) priorities.delete(id);
    const allocated = [...canisters.values()].reduce((sum, { genesis }) => sum + BigInt(genesis.computeAllocation), 0n);
    const reset = BigInt(height) % (100n * cores * count) === 0n;
    for (const [id, { genesis }] of canisters) {
      const credit = cores * count * BigInt(genesis.computeAllocation) + cores * (100n * cores - allocated);
      priorities.set(id, (reset ? 0n : (priorities.get(id) ?? 0n)) + credit);
    }
    const of = (id: CanisterId): bigint => priorities.get(id) ?? 0n;
    const order = ids.sort((left, right) => (of(left) === of(right) ? byId(left, right) : of(left) > of(right) ? -1 : 1));
    for (const id of order.slice(0, parameters.cores)) priorities.set(id, of(id) - 100n * cores * count);
    return order;
  };
};

/** What waits for a canister, in words. */
const waitingText = (canister: TrackedCanister): string =>
  [
    ...(canister.execution === null ? [] : ["the rest of a long execution"]),
    ...(runsHook(canister) ? ["its hook"] : []),
    ...canister.tasks.map((task) => `its ${task}`),
    `${countInputs(canister.queues)} messages`,
  ].join(", ");
