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
  fidelity: {
    simplified:
      "the reset of all priorities every 100 · N · M rounds (SCH-2.1.2) is left out: canisters are neither created nor deleted here, so priorities sum to zero for ever",
  },
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
    priority: "a canister with more accumulated priority comes first",
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
  intent: "An iteration deals the canisters that have a task or an input round robin; the first N are first on their cores.",
  source: "facts/scheduler.md SCH-2.1.6; seed 003, scheduler",
  fidelity: "faithful",
  when: {
    active: ["some canister has a task or an input", null],
  },
  then: {
    deal: "the k-th active canister, counted from 0 in the order of the round, takes its turn on core k modulo N",
    share: "each core has an even share, rounded down, of the memory for responses that is not in use",
    callbacks: "each core has a copy of the number of callbacks that are left to the subnet",
  },
});

export const messageTake = rule({
  id: "message-take",
  chapter: "scheduling",
  title: "A canister takes the next message of its turn",
  intent:
    "A canister that has a core keeps it until its queues are empty or the core's counter is used up. The hook for low memory comes first, then the tasks of the round, then the inputs.",
  source: "facts/scheduler.md SCH-0.4, SCH-R7g; facts/messages.md MSG-7.2, MSG-7.3; seed 003, overview",
  fidelity: "faithful",
  when: {
    waiting: ["the canister has a task or an input", null],
    counter: ["the counter of the core is at least one", null],
  },
  then: {
    take: "a hook that is ready counts as executed; where there is none, the first of the tasks waits no longer",
  },
});

export const iterationEnd = rule({
  id: "iteration-end",
  chapter: "scheduling",
  title: "An iteration ends",
  intent: "The cores ran side by side, each with its own copy of the counter; the round goes on with what the busiest of them left.",
  source: "facts/scheduler.md SCH-R7h",
  fidelity: "faithful",
  when: {},
  then: {
    spend: "the instruction counter of the round falls by the most that one core used",
  },
});

export const iterationContinue = rule({
  id: "iteration-continue",
  chapter: "scheduling",
  title: "A round goes on after an iteration",
  intent:
    "The test stands before the messages of the iteration enter their queues; so what the last iteration sent goes through the loopback stream, and must not be overtaken there.",
  source: "facts/scheduler.md SCH-R7b, SCH-R7l, SCH-M10; facts/messages.md I4, MSG-8.11",
  fidelity: "faithful",
  when: {
    counter: ["the instruction counter of the round is at least one", null],
  },
  then: {},
});
