/**
 * What the current scheduler promises: full rounds for allocations, even shares of the rest, priorities that do not run away,
 * and an end for every long execution. The bounds are exact where the sources have them, and without tolerance.
 */
import { priorityPercent, sliceOf, type CanisterId, type Event, type Genesis, type Parameters, type RuleId } from "../../spec/index.ts";
import { saturatedWorlds } from "../arbitraries/saturated.ts";
import { currentWorlds, steadyWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { whole } from "../tracking/settlement.ts";
import type { Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";
import { bookedLaw } from "./booked.ts";
import { isMembership, isSaturated, pairsOf } from "./fairness.ts";

const cites: readonly RuleId[] = [
  "schedule-rank",
  "cores-divide",
  "full-round",
  "full-count",
  "rounds-charge",
  "allocation-grant",
  "free-share",
];

const window = 100;

/** Whether a genesis is one of the current scheduler, in which no message needs more than a slice. */
const isShort = ({ parameters }: Genesis): boolean =>
  parameters.scheduler === "current" && sliceOf(parameters) === parameters.messageInstructionLimit && mayWriteMuch(parameters);

/** Nobody has to rest because of what was written. @unit bytes */
const mayWriteMuch = ({ heapDeltaIterationLimit, heapDeltaRateLimit, heapDeltaCapacity }: Parameters): boolean =>
  Math.min(heapDeltaIterationLimit, heapDeltaRateLimit, heapDeltaCapacity) >= 1_000_000;

/** Keeps the full rounds of a round that is under way, and hands them over when it ends. */
const roundByRound = (judge: (world: World, full: ReadonlySet<CanisterId>) => Complaint): ((event: Event, world: World) => Complaint) => {
  const full = new Set<CanisterId>();
  let constant = true;
  return (event, world) => {
    constant &&= !isMembership(event);
    if (event.kind === "round-began") full.clear();
    if (event.kind === "full-round") full.add(event.canister);
    if (event.kind !== "round-ended" || !constant || world.round === null || world.round.skipped) return undefined;
    return judge(world, full);
  };
};

export const allocationsAreKept = bookedLaw({
  id: "allocations-are-kept",
  statement:
    "In the current scheduler a canister that has short work in each of 100 rounds in a row gets at least as many full rounds as its compute allocation has percent; and counted from genesis at least its allocation and an even share of the free compute, rounded down.",
  source: "facts/scheduler.md SCH-P3, SCH-7.12; seed 003, scheduler",
  cites,
  otherwise: "no canister had work for 100 rounds",
  cases: (vocabulary) => saturatedWorlds(vocabulary, "current").map(alone),
  read: (genesis) => {
    const { cores } = genesis.parameters;
    const books = genesis.canisters.map(({ id, computeAllocation }) => ({
      id,
      allocation: computeAllocation,
      rounds: [] as boolean[],
      ever: true,
    }));
    const count = books.length;
    const allocated = books.reduce((sum, { allocation }) => sum + allocation, 0);
    let guaranteed = false;
    const judged = roundByRound(({ round, height, canisters }, full) => {
      const active = new Set((round?.iterations[0]?.active ?? []).filter((id) => canisters.get(id)?.suspended !== true));
      for (const book of books) {
        const { id, allocation, rounds } = book;
        book.ever &&= active.has(id);
        if (active.has(id)) rounds.push(full.has(id));
        else rounds.length = 0;
        const had = rounds.filter(Boolean).length;
        // From genesis on: T rounds of min(100, allocation + even share) percent.
        const due = Math.floor((height * Math.min(100 * count, allocation * count + 100 * (cores - 1) - allocated)) / (100 * count));
        if (book.ever && had < due)
          return `${id} has an allocation of ${allocation}, had work from the beginning, and got ${had} of ${due} full rounds`;
        if (rounds.length < window) continue;
        guaranteed = true;
        const latest = rounds.slice(-window).filter(Boolean).length;
        if (latest < allocation)
          return `${id} has an allocation of ${allocation}, and got ${latest} full rounds in the last ${window}, in which it had work`;
      }
      return undefined;
    });
    return { interested: () => guaranteed, onEvent: (event, _book, world) => (isShort(genesis) ? judged(event, world) : undefined) };
  },
});

export const equalCanistersStayClose = bookedLaw({
  id: "equal-canisters-stay-close",
  statement:
    "In the current scheduler, while all canisters have short work and every core is used up by one of them, two canisters with the same compute allocation differ by at most two full rounds, however long that lasts.",
  source: "facts/scheduler.md SCH-P5",
  cites,
  otherwise: "no two canisters with the same allocation had work for ten rounds",
  cases: (vocabulary) => saturatedWorlds(vocabulary, "current").map(alone),
  read: (genesis) => {
    const pairs = pairsOf(genesis);
    let compared = false;
    const judged = roundByRound(({ round }, full) => {
      const active = new Set(round !== null && isSaturated(round, genesis.canisters.length) ? round.iterations[0]?.active : []);
      for (const pair of pairs) {
        if (!active.has(pair.left) || !active.has(pair.right)) {
          Object.assign(pair, { rounds: 0, lead: 0, least: 0, most: 0 });
          continue;
        }
        pair.rounds++;
        pair.lead += Number(full.has(pair.left)) - Number(full.has(pair.right));
        pair.least = Math.min(pair.least, pair.lead);
        pair.most = Math.max(pair.most, pair.lead);
        compared ||= pair.rounds >= 10;
        if (pair.most - pair.least > 2)
          return `${pair.left} and ${pair.right} have the same allocation and had work in the last ${pair.rounds} rounds, but among these one got ${pair.most - pair.least} full rounds more than the other`;
      }
      return undefined;
    });
    return { interested: () => compared, onEvent: (event, _book, world) => (isShort(genesis) ? judged(event, world) : undefined) };
  },
});

export const prioritiesStayBounded = bookedLaw({
  id: "priorities-stay-bounded",
  statement:
    "In the current scheduler no accumulated priority lies beyond the bounds by more than the slices of the longest message and what decay leaves standing of a round gained in each round.",
  source: "facts/scheduler.md SCH-P10, SCH-7.5, SCH-7.6, SCH-M11",
  cites: ["priority-decay", "rounds-charge", "start-charge", "suspension-charge", "free-share", "allocation-grant"],
  otherwise: "no priority was settled",
  cases: (vocabulary) => currentWorlds(vocabulary).map(alone),
  read: ({ parameters }) => {
    const { ceiling, floor, decay } = parameters.priority;
    const slices = Math.ceil(parameters.messageInstructionLimit / sliceOf(parameters));
    // Of one round gained in each, so much is there in the end: r = (r + 1) · decay.
    const standing = decay < 100 ? Math.ceil(decay / (100 - decay)) : null;
    let settled = false;
    return {
      interested: () => settled,
      onEvent: (event, { canisters }) => {
        if (event.kind !== "round-ended" || parameters.scheduler !== "current" || standing === null) return undefined;
        const slack = slices + standing + 1;
        for (const { id, priority } of canisters.values()) {
          settled = true;
          if (priority > BigInt(ceiling + slack) * whole || priority < -BigInt(floor + slack) * whole)
            return `${id} has a priority of ${priority / priorityPercent} percent, and the bounds are ${-floor - slack} and ${ceiling + slack} rounds`;
        }
        return undefined;
      },
    };
  },
});

export const longExecutionsFinish = bookedLaw({
  id: "long-executions-finish",
  statement:
    "In the current scheduler, where rounds keep a paused execution and nobody is suspended, a long execution is over within as many rounds after its first pause, or after a checkpoint, as the longest message has slices for each canister that had one meanwhile and one more, and four.",
  source: "facts/scheduler.md SCH-P13, SCH-7.9",
  cites: ["schedule-rank", "long-cores", "cores-divide", "execution-abort", "execution-resume", "full-count", "rounds-charge"],
  otherwise: "no long execution waited for another",
  cases: (vocabulary) => steadyWorlds(vocabulary).map(alone),
  read: ({ parameters }) => {
    const slices = Math.ceil(parameters.messageInstructionLimit / sliceOf(parameters));
    const lives = new Map<CanisterId, { rounds: number; readonly rivals: Set<CanisterId> }>();
    let waited = false;
    return {
      interested: () => waited,
      onEvent: (event, { canisters, round }) => {
        if (parameters.scheduler !== "current" || parameters.maxPausedExecutions < 1) return undefined;
        if (event.kind === "canister-suspended") lives.clear();
        if (event.kind === "execution-finished") lives.delete(event.canister);
        if (event.kind !== "round-ended" || round === null || round.skipped) return undefined;
        if (round.checkpoint || round.suspended.size > 0) lives.clear();
        const long = [...canisters.values()].filter(({ underway }) => underway !== null).map(({ id }) => id);
        for (const id of long) {
          const life = lives.get(id) ?? { rounds: 0, rivals: new Set() };
          lives.set(id, life);
          life.rounds++;
          for (const rival of long) life.rivals.add(rival);
          waited ||= life.rivals.size > 1 && life.rounds > 2;
          const most = slices * (life.rivals.size + 1) + 4;
          if (life.rounds > most)
            return `an execution of ${id} is under way for ${life.rounds} rounds, of at most ${slices} slices, beside ${life.rivals.size - 1} others: ${most} rounds are enough`;
        }
        for (const id of lives.keys()) if (!long.includes(id)) lives.delete(id);
        return undefined;
      },
    };
  },
});
