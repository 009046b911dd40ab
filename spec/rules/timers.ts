/** Tasks: what a canister does without being called. A global timer, a heartbeat, and a hook for when memory is low. */
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

export const tasksChoose = rule({
  id: "tasks-choose",
  chapter: "timers",
  title: "The tasks of a canister take their turn with its messages",
  intent:
    "At the start of a round the turn passes on, timer, heartbeat, messages, to the first that has something to do. A task brings the other one along; the turn of the messages keeps both out for this round. So neither tasks nor messages starve.",
  source:
    "facts/messages.md MSG-7.1, C2, C3, MSG-P26, SEED-003-30; facts/scheduler.md SCH-R7c, SCH-D8, SCH-P20; seed 003, heartbeat and timer",
  fidelity: { simplified: "a canister that cannot pay for a task is found out when the task begins" },
  decides: [{ place: "K21, heartbeats of idle canisters", answer: "not skipped" }],
  when: {
    tasks: ["the canister has code with a heartbeat, or its global timer is set and the time has reached it", null],
    free: ["the canister has no execution under way", null],
    running: ["the canister is running", null],
  },
  then: {
    advance: "the next turn is that of the one behind the chosen one, in the order timer, heartbeat, messages",
    timer: "a timer task waits when a task was chosen and the time has reached the global timer",
    heartbeat: "a heartbeat waits when a task was chosen and the canister has one",
    first: "of the two, the chosen one comes first",
  },
});

export const taskBegin = rule({
  id: "task-begin",
  chapter: "timers",
  title: "A task begins",
  intent: "A task has a call context of its own, so that it can make calls; nobody waits for an answer, and it holds no cycles.",
  source: "facts/messages.md C2, C3, C4, D6",
  fidelity: "faithful",
  when: {},
  then: {
    open: "a call context that owes no answer and holds no cycles exists",
    name: "the next context of the canister gets the next number",
  },
});

export const timerBegin = rule({
  id: "timer-begin",
  chapter: "timers",
  title: "The global timer fires",
  intent: "The global timer is one-shot: whoever wants another one sets it again.",
  source: "facts/messages.md C3, D6, MSG-7.4",
  fidelity: "faithful",
  when: {
    timer: ["the task is that of the global timer", null],
  },
  then: {
    clear: "the global timer is deactivated",
  },
});

export const tasksDrop = rule({
  id: "tasks-drop",
  chapter: "timers",
  title: "Tasks that got no core are dropped",
  intent: "A task belongs to its round. A timer that is still due, and a heartbeat, get their turn again in the next.",
  source: "facts/messages.md MSG-7.2; facts/scheduler.md SCH-R7k",
  fidelity: "faithful",
  when: {
    left: ["a timer task or a heartbeat waits", null],
  },
  then: {
    drop: "neither a timer task nor a heartbeat waits",
  },
});

export const hookReady = rule({
  id: "hook-ready",
  chapter: "timers",
  title: "The low-memory hook of a canister becomes ready",
  intent: "A canister that runs out of memory is told while it can still do something about it, before any other message, and once.",
  source: "facts/messages.md C4, C5, MSG-7.3, MSG-7.7",
  fidelity: { simplified: "the heap never shrinks here, so the hook runs once for each installation" },
  when: {
    armed: ["the canister has a hook that was not ready yet", null],
    low: ["fewer pages of the heap than the threshold are left of the limit", null],
  },
  then: {
    ready: "the hook waits, before all other tasks and messages",
  },
});
