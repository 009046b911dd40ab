/** Timers: what a canister does without being called. */
import { rule } from "../rule.ts";

export const timerSet = rule({
  id: "timer-set",
  chapter: "timers",
  title: "A canister sets its global timer",
  intent: "There is one global timer for each canister; setting it again replaces it.",
  source: "facts/messages.md MSG-7.4, MSG-10.4.14",
  fidelity: "faithful",
  when: {},
  then: {
    set: "the global timer is the time of the round plus the delay, or is deactivated",
  },
});

export const timerDue = rule({
  id: "timer-due",
  chapter: "timers",
  title: "A timer that is due becomes a task",
  intent: "Timers are looked at once in a round, when its messages are in the queues.",
  source: "facts/messages.md C3, MSG-7.1; facts/scheduler.md SCH-R7c",
  fidelity: { simplified: "a task that got no core stays for the next round" },
  when: {
    set: ["the global timer is set", null],
    reached: ["the time has reached the global timer", null],
    single: ["the canister has no task", null],
    free: ["the canister has no execution under way", null],
  },
  then: {
    task: "the canister has a task",
  },
});

export const timerBegin = rule({
  id: "timer-begin",
  chapter: "timers",
  title: "A timer task begins",
  intent: "The global timer is one-shot: whoever wants another one sets it again.",
  source: "facts/messages.md C3, D6, MSG-7.4",
  fidelity: "faithful",
  when: {},
  then: {
    clear: "the global timer is deactivated",
    open: "a call context that owes no answer and holds no cycles exists",
    name: "the next context of the canister gets the next number",
  },
});
