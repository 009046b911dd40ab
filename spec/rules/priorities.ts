/**
 * Priorities, as of April 2026: canisters pay for the full rounds that they had, not for those that were planned, and
 * what was paid and not earned by an allocation is shared. One percent of a round is a million units.
 */
import { rule } from "../rule.ts";

const fourthGeneration =
  "the fourth generation; where the fifth keeps priorities of active canisters alone, drops the entries of idle ones and charges them while they have more than a round (SCH-2.5), this one keeps all: the text of the fifth was not available";

export const scheduleRank = rule({
  id: "schedule-rank",
  chapter: "priorities",
  title: "The current order of the canisters in a round",
  intent:
    "Long executions come first, and among them the one that has gone furthest, so that as few as possible are thrown away. An aborted one counts as one round old. Priority decides what that leaves open.",
  source: "facts/scheduler.md SCH-2.4.2, SCH-2.4.3, SCH-E3",
  fidelity: "faithful",
  when: {},
  then: {
    long: "a canister with an execution under way comes before one without",
    executed: "of two with an execution under way, the one with more executed rounds, at least one being counted, comes first",
    priority: "of canisters that are equal so far, the one with more accumulated priority and allocation together comes first",
    since: "of canisters that are equal so far, the one whose execution was paused first in an earlier round comes first",
    ties: "of canisters that are equal so far, the one with the smaller id comes first",
  },
});

export const longCores = rule({
  id: "long-cores",
  chapter: "priorities",
  title: "Long executions get cores of their own",
  intent:
    "As many as the allocations of their canisters and their even share of the free compute fill, rounded up: so neither kind can starve the other.",
  source: "facts/scheduler.md SCH-2.4.4, SCH-M9",
  fidelity: "faithful",
  when: {},
  then: {
    all: "where every canister has an execution under way, there are as many long cores as cores",
    share:
      "where some canister has none, the long cores are the allocations of those that have one and their even share of the free compute, divided by 100 percent and rounded up",
  },
});

export const coresDivide = rule({
  id: "cores-divide",
  chapter: "priorities",
  title: "The active canisters are dealt to the two kinds of cores",
  intent:
    "A long execution and a new one never share a core, and whatever long executions leave of the long cores is there for the new ones.",
  source: "facts/scheduler.md SCH-2.4.6, SCH-P12",
  fidelity: "faithful",
  when: {
    active: ["some canister is active", null],
  },
  then: {
    long: "the k-th active canister of those that began the round with an execution under way takes its turn on core k modulo L, where L is the number of long cores, at most that of these canisters",
    fresh: "the k-th active canister of the others takes its turn on core L + k modulo N − L",
  },
});

export const fullRound = rule({
  id: "full-round",
  chapter: "priorities",
  title: "A canister has a full round",
  intent: "Who got all that a round has to give, or all that it wanted, had its round, whether the scheduler meant it or not.",
  source: "facts/scheduler.md SCH-2.4.7, SCH-D2, SCH-D3, SCH-P6; seed 003, scheduler",
  fidelity: "faithful",
  when: {},
  then: {
    first: "a canister whose turn is the first on its core in the first iteration has a full round",
    drained: "a canister that has nothing to execute after its turn has a full round",
    sliced: "a canister with an execution under way after its turn has a full round",
    finished: "a canister that finished in its turn an execution under way since an earlier round has a full round",
  },
});

export const fullIdle = rule({
  id: "full-idle",
  chapter: "priorities",
  title: "An idle canister at the front has a full round",
  intent: "Else it would stand at the front for ever, with a priority that it never spends, until it needs more than its share at once.",
  source: "facts/scheduler.md SCH-2.4.7, SCH-7.3, SCH-E5",
  fidelity: { different: fourthGeneration },
  when: {
    first: ["it is the first iteration of the round", null],
  },
  then: {
    mark: "each idle canister that comes before the first active one, of those that began the round without an execution under way, has a full round",
  },
});

export const fullCount = rule({
  id: "full-count",
  chapter: "priorities",
  title: "A full round is counted",
  intent: "Full rounds are counted first and paid later: those of a long execution when it is over.",
  source: "facts/scheduler.md SCH-2.4.9.1",
  fidelity: "faithful",
  when: {},
  then: {
    count: "the executed rounds of the canister grow by one",
  },
});

export const startCharge = rule({
  id: "start-charge",
  chapter: "priorities",
  title: "The first round of a long execution is paid at once",
  intent: "So a canister cannot begin long executions for nothing, whatever becomes of them. It has exactly one executed round then.",
  source: "facts/scheduler.md SCH-2.4.9.2",
  fidelity: "faithful",
  when: {
    new: ["the canister has an execution under way since this round", null],
  },
  then: {
    pay: "the accumulated priority of the canister falls by 100 percent",
  },
});

export const roundsCharge = rule({
  id: "rounds-charge",
  chapter: "priorities",
  title: "Executed rounds are paid",
  intent:
    "A short full round costs one, a long execution of k full rounds costs k in all. What an abort threw away costs nothing, except for the first round of all, which was paid at once.",
  source: "facts/scheduler.md SCH-2.4.9.3, SCH-P15",
  fidelity: "faithful",
  when: {
    some: ["the canister has executed rounds", null],
    over: ["the canister has no execution under way, or completed a message in this round", null],
  },
  then: {
    pay: "the accumulated priority of the canister falls by 100 percent for each executed round but one, and for one at least",
    clear: "the canister has no executed rounds",
  },
});

export const allocationGrant = rule({
  id: "allocation-grant",
  chapter: "priorities",
  title: "Allocations are granted",
  intent: "An allocation is what a canister earns in each round, busy or not.",
  source: "facts/scheduler.md SCH-2.4.9.5, SCH-M1, SCH-M6",
  fidelity: { different: fourthGeneration },
  when: {},
  then: {
    grant: "the accumulated priority of each canister grows by its compute allocation",
  },
});

export const priorityDecay = rule({
  id: "priority-decay",
  chapter: "priorities",
  title: "Priority far from zero decays",
  intent: "Nobody saves up for ever, and no debt lasts for ever; a part of what lies beyond is lost in each round.",
  source: "facts/scheduler.md SCH-2.4.9.5, SCH-C28, SCH-P10, SCH-M11",
  fidelity: "faithful",
  when: {},
  then: {
    above: "of accumulated priority above the ceiling, the part beyond is reduced to its remainder, rounded towards the ceiling",
    below: "of accumulated priority below the floor, the part beyond is reduced to its remainder, rounded towards the floor",
  },
});

export const freeShare = rule({
  id: "free-share",
  chapter: "priorities",
  title: "What was paid and not granted is shared",
  intent:
    "The free compute goes to all evenly, but nobody gets more of a round than there is: who has a great allocation is served first, with less, and what that leaves goes to the rest.",
  source: "facts/scheduler.md SCH-2.4.9.6, SCH-2.4.10, SCH-2.4.11, SCH-M7",
  fidelity: { different: fourthGeneration },
  when: {
    free: ["the sum of all accumulated priorities is negative", null],
  },
  then: {
    share:
      "each canister, in descending order of allocation, ties by id, gets its even part, rounded down, of what is left of the missing sum, at most the cap less its allocation",
  },
});

export const priorityReset = rule({
  id: "priority-reset",
  chapter: "priorities",
  title: "Priorities are reset from time to time",
  intent: "Whatever drifted while canisters came and went is forgotten.",
  source: "facts/scheduler.md SCH-2.1.2, SCH-2.4.2, SCH-D6, SCH-C19",
  fidelity: "faithful",
  when: {
    due: ["the height is a multiple of the reset interval of the scheduler", null],
  },
  then: {
    reset: "the accumulated priority of each canister is zero",
  },
});
