/** Time slicing: a message that needs more than a slice is executed over several rounds, and still all or nothing. */
import { rule } from "../rule.ts";

export const executionPause = rule({
  id: "execution-pause",
  chapter: "slicing",
  title: "An execution that needs more than a slice is paused",
  intent:
    "Nothing of a paused execution is to be seen but that its prepayment is gone: the platform keeps its message, its prepayment, and what it saw when it began, so that its last slice can complete it as if it had never stopped.",
  source: "facts/scheduler.md SCH-3.2 to SCH-3.5; facts/cycles.md CYC-2.7, T36, T38; seed 003, deterministic time slicing",
  fidelity: { simplified: "a slice ends at exactly its limit, also inside a `consume`; the network stops at the next metering point" },
  when: {
    beyond: ["the execution has more instructions left than a slice", null],
  },
  then: {
    debit: "the prepayment that the execution does not hold yet leaves the balance",
    hold: "the execution under way holds the prepayment",
    message: "the execution under way holds the message or the task",
    since: "an execution that was not under way is so since this round",
    start:
      "a new attempt keeps the time of the round, the prices, the balance with the prepayment taken off, the memory for messages, and what the core could give of what cores share",
    count: "the attempt has one slice more behind it",
  },
});

export const executionResume = rule({
  id: "execution-resume",
  chapter: "slicing",
  title: "A long execution goes on",
  intent: "A paused execution goes on where it stopped; an aborted one starts again, and sees the time of its new start.",
  source: "facts/scheduler.md SCH-3.4, SCH-R7g",
  fidelity: "faithful",
  when: {
    underway: ["the canister has an execution under way", null],
    counter: ["the counter of the core is at least one", null],
    heap: ["the heap delta of the core is below the limit of an iteration", null],
  },
  then: {},
});

export const executionHold = rule({
  id: "execution-hold",
  chapter: "slicing",
  title: "A long execution is not paid for again",
  intent:
    "However often an execution is paused, aborted and tried again, its prepayment is taken once, and the balance is not looked at again.",
  source: "facts/scheduler.md SCH-3.5, SCH-P15; facts/cycles.md CYC-2.8",
  fidelity: "faithful",
  when: {},
  then: {
    hold: "the execution holds the prepayment that the execution under way held",
  },
});

export const prepaymentAdjust = rule({
  id: "prepayment-adjust",
  chapter: "slicing",
  title: "An execution that starts again pays the prices of now",
  intent:
    "An attempt goes by the prices of its start, whatever happens to them while it is paused; the next attempt goes by new ones. Nobody runs at a price that no longer holds, and nobody is paid back what was never paid.",
  source: "facts/cycles.md CYC-2.8, T41, T42, CYC-P24",
  fidelity: "faithful",
  when: {
    covered: ["the balance, less the freezing threshold, covers what the prepayment lacks, if anything", "IC0207"],
  },
  then: {
    debit: "what the prepayment lacks leaves the balance, or what it has beyond goes to it",
    hold: "the execution under way holds the base fee and the price of the message limit",
  },
});

export const executionDesist = rule({
  id: "execution-desist",
  chapter: "slicing",
  title: "An execution that cannot pay the prices of now is over",
  intent: "It was never charged for what it lost by its abort, and it is not charged now.",
  source: "facts/cycles.md CYC-2.8, T42",
  fidelity: "faithful",
  when: {},
  then: {
    refund: "its prepayment goes to the balance",
    release: "the canister has no execution under way",
    rest: "the canister has finished a long execution in this round",
  },
});

export const executionFinish = rule({
  id: "execution-finish",
  chapter: "slicing",
  title: "A long execution is over",
  intent:
    "What others did to the balance in the meantime meets what the execution did to it. An execution that completed covers the postponed fees; where a callback spent too much, the network forgives the rest.",
  source: "facts/scheduler.md SCH-3.6, SCH-3.10; facts/cycles.md CYC-2.9, T37, T39",
  fidelity: { simplified: "fees are forgiven to any callback, not to cleanups alone" },
  decides: [
    {
      place: "MSG-CAP14, memory for the responses to the calls of a sliced execution",
      answer:
        "what its core could give when the attempt began decides, so that pauses change nothing; the memory may be overcommitted by as much",
    },
  ],
  when: {},
  then: {
    gain: "the cycles that came to the balance since the start of the attempt are on it",
    debit: "the postponed fees, at most the balance, leave the balance",
    burn: "the postponed fees, at most the balance, are burned",
    memory: "the core's share of the memory for responses is less by what the execution took of the share of its start, but not below zero",
    callbacks: "the core's copy of the callbacks that are left is less by the calls of the execution, but not below zero",
    storage: "the memory in use that the core sees grows by what the execution let the memory of the canister grow",
    release: "the canister has no execution under way",
    rest: "the canister has finished a long execution in this round",
  },
});

export const executionAbort = rule({
  id: "execution-abort",
  chapter: "slicing",
  title: "A paused execution is aborted",
  intent:
    "Paused executions live in the memory of the nodes. A checkpoint holds none, and a round ends with few. An aborted execution is only its message and its prepayment: it starts again from nothing, and what it did is lost to the subnet, not to the canister.",
  source: "facts/scheduler.md SCH-R10, SCH-3.5, SCH-3.7, SCH-3.9, SCH-2.4.12; facts/cycles.md CYC-2.8, CYC-2.9",
  fidelity: "faithful",
  when: {
    excess: ["at least as many paused executions as the round keeps come before it in the order of the scheduler", null],
  },
  then: {
    drop: "the execution under way has no slices behind it",
    debit: "the postponed fees leave the balance",
    burn: "the postponed fees are burned",
    forget: "the canister has no executed rounds",
  },
});

export const ingressPostpone = rule({
  id: "ingress-postpone",
  chapter: "slicing",
  title: "An ingress message enters the queue of a canister with a paused execution",
  intent:
    "The balance that a paused execution saw does not shrink under it: the reception fee waits until the execution is over or aborted.",
  source: "facts/scheduler.md SCH-3.6; facts/cycles.md CYC-2.9, T02",
  fidelity: { simplified: "the payload alone is priced, not the whole signed message" },
  when: {
    funded: ["the balance, less the freezing threshold and the postponed fees, covers the reception fee", "IC0207"],
  },
  then: {
    postpone: "the postponed fees grow by the reception fee",
    record: "the ingress history holds the message as processing",
    enter: "the message is the last in the ingress queue of the canister, or the last of those that wait for the management canister",
  },
});
