/** Responses: how a call context ends, and what the caller does with the answer. */
import { rule } from "../rule.ts";

export const contextRespond = rule({
  id: "context-respond",
  chapter: "responses",
  title: "The answer of a completed execution goes to the origin",
  intent: "Only an execution that completed answers; the answer of one that trapped never was.",
  source: "facts/messages.md D1, D13, A9; facts/cycles.md T12",
  fidelity: "faithful",
  when: {
    answered: ["the execution gave an answer", null],
  },
  then: {
    respond:
      "the answer, with its refund, goes to the origin of the call context: a response in the output queue for the caller, or a line of the history",
    close: "the call context is responded",
  },
});

export const contextGiveUp = rule({
  id: "context-give-up",
  chapter: "responses",
  title: "A call that nobody can answer any more is rejected",
  intent:
    "When a context is open and none of its own calls is, no execution will ever come to answer it; the platform does, and removes the context.",
  source: "facts/messages.md E1, D13; facts/cycles.md CYC-2.5, T13, T17",
  fidelity: "faithful",
  when: {
    open: ["the call context is open", null],
    childless: ["the call context has no open calls", null],
  },
  then: {
    respond: "a reject goes to the origin, with the error of the trap, or IC0506, and with all available cycles",
  },
});

export const contextRemove = rule({
  id: "context-remove",
  chapter: "responses",
  title: "A call context is removed",
  intent:
    "A context is kept for as long as callbacks still run in it. One without open calls has been answered by then, or given up just before.",
  source: "facts/messages.md E2, D13, MSG-P9",
  fidelity: "faithful",
  when: {
    childless: ["the call context has no open calls", null],
  },
  then: {
    remove: "the call context is no more",
  },
});

export const callbackBegin = rule({
  id: "callback-begin",
  chapter: "responses",
  title: "A response is executed in the context of its call",
  intent:
    "The response was paid for when the call was sent, so it runs whatever the balance is, as long as prices did not rise. What it brings back is on the balance before the callback runs, and stays there when the callback traps.",
  source: "facts/messages.md D4, E3, MSG-P13; facts/cycles.md CYC-2.11, CYC-2.13, CYC-3.5, T24, T27",
  fidelity: "faithful",
  when: {
    covered: [
      "the reserve for the execution, and the balance with what the response brings, cover the base fee and the price of the message limit",
      "IC0207",
    ],
  },
  then: {
    close: "the callback is gone, and the call is no longer open",
    refund: "the refunded cycles, at most the attached ones, go to the balance",
    release: "the reserve for the transmission, less the price of the response's bytes, if that is less, goes to the balance",
    burn: "the price of the response's bytes, at most the reserve for the transmission, is burned",
    adjust: "what the reserve for the execution lacks of the prepayment leaves the balance, or what it has beyond goes to it",
    hold: "the base fee and the price of the message limit are the prepayment of the execution",
  },
});

export const callbackRefuse = rule({
  id: "callback-refuse",
  chapter: "responses",
  title: "A response that cannot be paid any more is not executed",
  intent:
    "Only when prices rose after the call: the reserve no longer covers the execution, and the balance does not help. The canister loses the callback and the base fee, not what was refunded to it.",
  source: "facts/cycles.md CYC-2.13, T26",
  fidelity: "faithful",
  when: {},
  then: {
    close: "the callback is gone, and the call is no longer open",
    refund: "the refunded cycles, at most the attached ones, go to the balance",
    release:
      "the reserve, less the price of the response's bytes and the base fee, each at most its part of the reserve, goes to the balance",
    burn: "the price of the response's bytes and the base fee, each at most its part of the reserve, are burned",
  },
});

export const callbackCleanup = rule({
  id: "callback-cleanup",
  chapter: "responses",
  title: "A cleanup runs after a callback that trapped",
  intent:
    "A canister that holds a lock across a call needs one place that is always reached. The cleanup sees the memory from before the callback, and keeps what it writes.",
  source: "facts/messages.md D5, MSG-P13; facts/cycles.md CYC-C33, CYC-2.11",
  fidelity: "faithful",
  when: {
    set: ["the call named a cleanup", null],
    trapped: ["its callback trapped", null],
  },
  then: {
    limit: "the limit of the cleanup is what the callback left of the message limit",
  },
});
