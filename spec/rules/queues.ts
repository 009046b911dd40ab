/**
 * Queues: for each pair of canisters one in each direction. A request needs a slot of its own and one for its response, so that
 * the response never lacks one; who sends faster than others take is told so at the call.
 */
import { rule } from "../rule.ts";

export const requestInduct = rule({
  id: "request-induct",
  chapter: "queues",
  title: "A request enters the queue of its callee",
  intent:
    "Requests between canisters of one subnet need no consensus: after each iteration they go straight to the queue of the callee. One that finds no room stays where it is, and those behind it for the same callee with it.",
  source: "facts/messages.md I1, MSG-CAP03, MSG-CAP14, B9, B10, SEED-003-38; seed 003, fast execution",
  fidelity: "faithful",
  when: {
    here: ["the callee is a canister of this subnet", null],
    slot: ["the callee holds fewer requests, open calls and responses of the caller than a queue has slots", null],
    memory: ["where the response is guaranteed, the subnet has memory for the largest one", null],
  },
  then: {
    leave: "the request leaves the output queue of the caller",
    enter: "the request is the last in the input queue of the callee for the caller",
  },
});

export const responseInduct = rule({
  id: "response-induct",
  chapter: "queues",
  title: "A response enters the queue of the caller",
  intent: "The slot of a response was reserved when the call was sent: the response can never fail for space.",
  source: "facts/messages.md MSG-CAP04, I1",
  fidelity: "faithful",
  when: {
    here: ["the caller is a canister of this subnet", null],
    awaited: ["the callback is open, and no response to it is in the input queue of the caller", null],
  },
  then: {
    leave: "the response leaves the output queue of the respondent",
    enter: "the response is the last in the input queue of the caller for the respondent",
  },
});

export const inputTake = rule({
  id: "input-take",
  chapter: "queues",
  title: "A canister takes its next input",
  intent:
    "Inputs come in turns: from canisters of this subnet, from users, from canisters of other subnets. Among the canisters of a kind each gives one message and goes behind the others. So nobody who sends much can keep the others out.",
  source: "facts/messages.md MSG-3.5, MSG-P25",
  fidelity: "faithful",
  when: {},
  then: {
    leave: "the first message of the chosen queue leaves it",
    advance: "the next turn is that of the source behind the one that gave the message, in the order local, ingress, remote",
    rotate: "the sender of the message goes behind the other senders of its kind, or is none of them when its queue is empty",
  },
});

export const turnReset = rule({
  id: "turn-reset",
  chapter: "queues",
  title: "The turn of the sources begins again",
  intent: "A canister without any message keeps nothing of its queues, not even whose turn it was.",
  source: "facts/messages.md Q7",
  fidelity: { simplified: "looked at once, at the end of a round" },
  decides: [{ place: "Q7, when empty queues are collected", answer: "at the end of a round" }],
  when: {
    quiet: [
      "the canister has no inputs, no outputs, no execution under way, and nothing that reserves a slot: no open context of a canister and no callback",
      null,
    ],
  },
  then: {
    reset: "the next turn is that of the local inputs",
  },
});
