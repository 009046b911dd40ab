/** Faults of a scheduler: the mutation hints of the fact sheet on scheduling, each as one clause that says something else. */
import { castDraft, type Draft } from "immer";
import { priorityPercent, type CanisterId } from "../spec/index.ts";
import type { Fault } from "./faults.ts";
import { induct } from "./induction.ts";
import { canisterOf, draftOf, hasWork, inOrder } from "./reading.ts";
import { chargeSuspended } from "./rules/limits.ts";
import { allotCores, countRound, decayPriorities, grantAllocations, markTurn, rank, shareFree, totalPriority } from "./rules/priorities.ts";
import { continueRound, endIteration, order, plan, ranked, setRank, takeMessage } from "./rules/scheduling.ts";
import { abortExecution, resumeExecution } from "./rules/slicing.ts";
import type { State } from "./state.ts";
import { reading, replacing } from "./transition.ts";

const wholeRound = 100n * priorityPercent;
const inPercent = (percent: number): bigint => BigInt(percent) * priorityPercent;

/** What all canisters reserved together. @unit percent */
const reserved = ({ canisters }: State): number =>
  [...canisters.values()].reduce((sum, { computeAllocation }) => sum + computeAllocation, 0);

const pay = (after: Draft<State>, id: CanisterId, priority: bigint): void => void (draftOf(after, id).accumulatedPriority += priority);

const backwards = (after: Draft<State>, before: State): void =>
  inOrder(before).forEach(({ id }, position) => setRank(after, id, { position: -position }));

/** Those of the first N of the order, N being the cores. */
const isAmongFirst = (before: State, id: CanisterId): boolean => ranked(before).slice(0, before.parameters.cores).includes(id);

const asSaid = reading({});

export const schedulingFaults: readonly Fault[] = [
  {
    id: "allocations-are-ignored",
    source: "facts/scheduler.md SCH-M1",
    sentence: "In the published scheduler every canister is credited with the same, whatever it reserved.",
    replacement: replacing(plan, "then", "credit", (after, before) => {
      const { cores } = before.parameters;
      before.canisters.forEach((_, id) => pay(after, id, BigInt(100 * cores * cores)));
    }),
  },
  {
    id: "allocations-are-averaged",
    source: "facts/scheduler.md SCH-M1",
    sentence: "In the current scheduler every canister is granted the average of all allocations.",
    replacement: replacing(grantAllocations, "then", "grant", (after, before) =>
      before.canisters.forEach((_, id) => pay(after, id, inPercent(reserved(before)) / BigInt(before.canisters.size))),
    ),
  },
  {
    id: "ties-go-to-the-greater-id",
    source: "facts/scheduler.md SCH-M2",
    sentence: "In the published scheduler, of canisters with equal priority the one with the greater id comes first.",
    replacement: replacing(order, "then", "ties", backwards),
  },
  {
    id: "current-ties-go-to-the-greater-id",
    source: "facts/scheduler.md SCH-M2",
    sentence: "In the current scheduler, of canisters that are equal so far the one with the greater id comes first.",
    replacement: replacing(rank, "then", "ties", backwards),
  },
  {
    id: "only-the-first-pay",
    source: "facts/scheduler.md SCH-M3",
    sentence: "In the current scheduler a full round counts for the first N canisters of the order alone.",
    replacement: replacing(countRound, "then", "count", (after, before, { canister }) => {
      if (isAmongFirst(before, canister)) draftOf(after, canister).executedRounds = canisterOf(before, canister).executedRounds + 1;
    }),
  },
  {
    id: "drained-rounds-are-free",
    source: "facts/scheduler.md SCH-M3",
    sentence: "A canister that has nothing left to do had a full round only when it is among the first N of the order.",
    replacement: replacing(markTurn, "then", "drained", (after, before, { canister }) => {
      if (!hasWork(canisterOf(before, canister)) && isAmongFirst(before, canister)) after.round.full.add(canister);
    }),
  },
  {
    id: "suspensions-are-free-for-the-idle",
    source: "facts/scheduler.md SCH-M4",
    sentence: "A canister that is suspended and has nothing to do pays nothing for it.",
    replacement: replacing(chargeSuspended, "then", "pay", (after, before, { canister }) => {
      if (hasWork(canisterOf(before, canister))) pay(after, canister, -wholeRound);
    }),
  },
  {
    id: "suspensions-are-free",
    source: "facts/scheduler.md SCH-M4",
    sentence: "A canister that is suspended pays nothing for it.",
    replacement: replacing(chargeSuspended, "then", "pay", () => undefined),
  },
  {
    id: "aborts-keep-seniority",
    source: "facts/scheduler.md SCH-M5",
    sentence: "An execution that is aborted keeps the full rounds that it had.",
    replacement: replacing(abortExecution, "then", "forget", () => undefined),
  },
  {
    id: "allocations-are-granted-twice",
    source: "facts/scheduler.md SCH-M6",
    sentence: "In the current scheduler every canister is granted twice its allocation.",
    replacement: replacing(grantAllocations, "then", "grant", (after, before) =>
      before.canisters.forEach(({ computeAllocation }, id) => pay(after, id, 2n * inPercent(computeAllocation))),
    ),
  },
  {
    id: "allocations-are-credited-twice",
    source: "facts/scheduler.md SCH-M6",
    sentence: "In the published scheduler every canister is credited with twice its allocation, and with its share of the rest.",
    replacement: replacing(plan, "then", "credit", (after, before) => {
      const { cores } = before.parameters;
      const count = before.canisters.size;
      before.canisters.forEach(({ computeAllocation }, id) =>
        pay(after, id, BigInt(2 * cores * count * computeAllocation + cores * (100 * cores - reserved(before)))),
      );
    }),
  },
  {
    id: "shares-lose-their-remainder",
    source: "facts/scheduler.md SCH-M7",
    sentence: "What is left to share is divided by the number of canisters, rounded down, and the remainder is nobody's.",
    replacement: replacing(shareFree, "then", "share", (after, before) => {
      const count = BigInt(before.canisters.size);
      const wanted = inPercent(reserved(before)) - totalPriority(before);
      const cap = wanted > wholeRound * count ? (wanted + count - 1n) / count : wholeRound;
      const even = -totalPriority(before) / count;
      before.canisters.forEach(({ computeAllocation }, id) => {
        const most = cap - inPercent(computeAllocation);
        pay(after, id, even < most ? even : most);
      });
    }),
  },
  {
    id: "a-message-starts-at-zero",
    source: "facts/scheduler.md SCH-M8",
    sentence: "A message may start on a core whose counter has come to zero.",
    replacement: replacing(takeMessage, "when", "counter", ({ round: { core } }) => core.left >= 0),
  },
  {
    id: "a-slice-starts-at-zero",
    source: "facts/scheduler.md SCH-M8",
    sentence: "A slice may start on a core whose counter has come to zero.",
    replacement: replacing(resumeExecution, "when", "counter", ({ round: { core } }) => core.left >= 0),
  },
  {
    id: "a-round-goes-on-at-zero",
    source: "facts/scheduler.md SCH-M8",
    sentence: "A round goes on after an iteration when its counter has come to zero.",
    replacement: replacing(continueRound, "when", "counter", ({ round: { counter } }) => counter >= 0),
  },
  {
    id: "long-cores-are-rounded-down",
    source: "facts/scheduler.md SCH-M9",
    sentence: "The cores of long executions are rounded down, to at least one.",
    replacement: replacing(allotCores, "then", "share", (after, before) => {
      const all = [...before.canisters.values()];
      const long = all.filter(({ underway }) => underway !== null);
      if (long.length === all.length) return;
      const free = wholeRound * BigInt(before.parameters.cores - 1) - inPercent(reserved(before));
      const own = inPercent(long.reduce((sum, { computeAllocation }) => sum + computeAllocation, 0));
      const cores = Number((own + (free * BigInt(long.length)) / BigInt(all.length)) / wholeRound);
      after.round.longCores = long.length === 0 ? 0 : Math.max(1, cores);
    }),
  },
  {
    id: "messages-enter-before-the-round-stops",
    source: "facts/scheduler.md SCH-M10",
    sentence: "What an iteration sent enters the queues of this subnet before it is asked whether the round goes on.",
    replacement: replacing(endIteration, "then", "heap", (after, before, { changed }) => {
      const { round: _r, heapDelta: _h, parameters: _p, ...inducted } = induct(asSaid, before);
      Object.assign(after, castDraft(inducted));
      after.round.heapDelta += changed;
    }),
  },
  {
    id: "debts-do-not-decay",
    source: "facts/scheduler.md SCH-M11",
    sentence: "Priority above the ceiling decays, debt beyond the floor does not.",
    replacement: replacing(decayPriorities, "then", "below", () => undefined),
  },
  {
    id: "credit-does-not-decay",
    source: "facts/scheduler.md SCH-M11",
    sentence: "Debt beyond the floor decays, priority above the ceiling does not.",
    replacement: replacing(decayPriorities, "then", "above", () => undefined),
  },
];
