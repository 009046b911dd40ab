/**
 * Scheduling, as published: priorities accumulate by allocation and free compute, and are paid for by full rounds.
 * Units: with N cores and M canisters, one percent of a round is N · M units, so that all arithmetic is on integers.
 */
import { rule } from "../rule.ts";

export const schedulePlan = rule({
  id: "schedule-plan",
  chapter: "scheduling",
  title: "Credit is given",
  intent: "Every canister, busy or idle, is credited with its compute allocation and an even share of the free compute.",
  source: "facts/scheduler.md SCH-2.1.1, SCH-2.1.3; seed 003, scheduler",
  fidelity: "faithful",
  when: {
    contended: ["there are more canisters than cores", null],
  },
  then: {
    credit: "the accumulated priority of each canister grows by N · M · allocation + N · (100 · N − all allocations)",
  },
});

export const scheduleOrder = rule({
  id: "schedule-order",
  chapter: "scheduling",
  title: "The order of the canisters in a round",
  intent:
    "One order holds for all iterations of a round. With at least as many cores as canisters nobody has any priority, and it is the order of ids.",
  source: "facts/scheduler.md SCH-2.1.1, SCH-2.1.4",
  fidelity: "faithful",
  when: {},
  then: {
    priority: "where credit was given, a canister with more accumulated priority comes first",
    ties: "of canisters with equal priority, the one with the smaller id comes first",
  },
});

export const scheduleCharge = rule({
  id: "schedule-charge",
  chapter: "scheduling",
  title: "Full rounds are paid for",
  intent:
    "The first N canisters are promised a full round and pay 100 percent for it, whether or not they have work. What is paid in a round is what was credited, so priorities sum to zero.",
  source: "facts/scheduler.md SCH-2.1.5, SCH-2.1.7; seed 003, scheduler",
  fidelity: "faithful",
  when: {},
  then: {
    charge:
      "where credit was given, the accumulated priority of each of the first N canisters in the order of the round falls by 100 · N · M",
  },
});

export const scheduleDeal = rule({
  id: "schedule-deal",
  chapter: "scheduling",
  title: "The active canisters are dealt to the cores",
  intent: "An iteration deals the canisters that have something to execute round robin; the first N are first on their cores.",
  source: "facts/scheduler.md SCH-2.1.6; seed 003, scheduler",
  fidelity: "faithful",
  when: {
    active: ["some canister is active", null],
  },
  then: {
    deal: "the k-th active canister, counted from 0 in the order of the round, takes its turn on core k modulo N",
  },
});

export const coresShare = rule({
  id: "cores-share",
  chapter: "scheduling",
  title: "The cores share what the subnet has",
  intent: "No core sees what another takes. So each gets its own part of what must not be taken twice, and a copy of what may be.",
  source: "facts/scheduler.md SCH-R7d, SCH-R7g, SCH-7.16; facts/messages.md MSG-CAP07, MSG-CAP14",
  fidelity: "faithful",
  when: {},
  then: {
    memory: "each core has an even share, rounded down, of the memory for responses that is not in use",
    callbacks: "each core has a copy of the number of callbacks that are left to the subnet",
    storage: "each core sees an even share, rounded down, of the memory in use",
  },
});

export const messageTake = rule({
  id: "message-take",
  chapter: "scheduling",
  title: "A canister takes the next message of its turn",
  intent:
    "A canister that has a core keeps it until its queues are empty or the core's counter is used up. The hook for low memory comes first, then the tasks of the round, then the inputs.",
  source: "facts/scheduler.md SCH-0.4, SCH-R7g, SCH-3.4, SCH-3.10, SCH-4.2; facts/messages.md MSG-7.2, MSG-7.3; seed 003, overview",
  fidelity: "faithful",
  when: {
    free: ["the canister has no execution under way", null],
    rested: ["the canister has finished no long execution in this round", null],
    waiting: ["the canister has a task or an input", null],
    counter: ["the counter of the core is at least one", null],
    heap: ["the heap delta of the core is below the limit of an iteration", null],
  },
  then: {
    take: "a hook that is ready counts as executed; where there is none, the first of the tasks waits no longer",
  },
});

export const coreSpend = rule({
  id: "core-spend",
  chapter: "scheduling",
  title: "What a core executed is counted",
  intent:
    "A message costs its core a fixed number of instructions beside its own, so that messages that execute nothing come to an end too. Changed pages count whole, so that all nodes count the same.",
  source: "facts/scheduler.md SCH-R7g, SCH-4.2, SCH-4.3, SCH-7.14, SCH-C08",
  fidelity: { simplified: "the heap delta of an execution is the pages whose content it changed, counted when it is over" },
  when: {},
  then: {
    instructions: "the counter of the core falls by the instructions of the slice",
    overhead: "the counter of the core falls by the overhead of a message",
    heap: "the heap delta of the core grows by the bytes of the changed pages",
    debit: "the heap debit of the canister grows by the bytes of the changed pages",
    complete: "a canister whose message or task is over completed a message in this round",
  },
});

export const turnEnd = rule({
  id: "turn-end",
  chapter: "scheduling",
  title: "A canister leaves its core",
  intent: "Switching between canisters costs time too; only those that execute something are counted.",
  source: "facts/scheduler.md SCH-R7g, SCH-C09, SCH-7.18",
  fidelity: "faithful",
  when: {
    worked: ["the turn used an instruction", null],
  },
  then: {
    overhead: "the counter of the core falls by the overhead of a canister",
  },
});

export const iterationEnd = rule({
  id: "iteration-end",
  chapter: "scheduling",
  title: "An iteration ends",
  intent: "The cores ran side by side, each with its own copy of the counter; the round goes on with what the busiest of them left.",
  source: "facts/scheduler.md SCH-R7h, SCH-R7i, SCH-P23",
  fidelity: "faithful",
  when: {},
  then: {
    spend: "the instruction counter of the round falls by the most that one core used",
    finalise: "the instruction counter of the round falls by the finalisation overhead for each canister",
    estimate: "the heap delta since the last checkpoint grows by what all cores changed",
    heap: "the heap delta of the round grows by what all cores changed",
  },
});

export const iterationContinue = rule({
  id: "iteration-continue",
  chapter: "scheduling",
  title: "A round goes on after an iteration",
  intent:
    "The test stands before the messages of the iteration enter their queues; so what the last iteration sent goes through the loopback stream, and must not be overtaken there.",
  source: "facts/scheduler.md SCH-R7b, SCH-R7j, SCH-R7l, SCH-4.2, SCH-M10; facts/messages.md I4, MSG-8.11",
  fidelity: "faithful",
  when: {
    counter: ["the instruction counter of the round is at least one", null],
    heap: ["the heap delta of the round is below the limit of an iteration", null],
    progress: ["an execution of the iteration used an instruction, or the scheduler is the published one", null],
  },
  then: {},
});
