/** Deadlines: what happens to messages that wait too long, and to the calls that they belong to. */
import { rule } from "../rule.ts";

export const requestExpire = rule({
  id: "request-expire",
  chapter: "deadlines",
  title: "A request that did not leave in time comes back",
  intent: "A request still in the queue of its sender has surely not been executed: the caller gets all cycles back, and may be told so.",
  source: "facts/messages.md E9, RND-4, MSG-CAP05, MSG-CAP06",
  fidelity: { simplified: "to the nanosecond, not to the second" },
  decides: [
    {
      place: "E9, a best-effort request in the queue of its sender",
      answer: "rejected with reject code 2 and a full refund, as one with a guaranteed response",
    },
  ],
  when: {
    late: ["the deadline of the request, or the longest time for which it may wait, lies before the time of the round", null],
  },
  then: {
    leave: "the request is gone from the output queue of the caller",
    reject: "a reject with error CN0210 that refunds all attached cycles is the last in the input queue of the caller for the callee",
  },
});

export const messageExpire = rule({
  id: "message-expire",
  chapter: "deadlines",
  title: "A best-effort message that came too late is dropped",
  intent:
    "After its deadline nobody waits for a best-effort request in the queue of its callee, or for a best-effort response in the queue of its respondent.",
  source: "facts/messages.md E5, E8, RND-4, MSG-P20",
  fidelity: { simplified: "to the nanosecond, not to the second" },
  when: {
    late: ["the deadline of the message lies before the time of the round", null],
  },
  then: {
    leave: "the message is gone from its queue",
  },
});

export const callbackExpire = rule({
  id: "callback-expire",
  chapter: "deadlines",
  title: "A best-effort call is answered when its deadline has passed",
  intent:
    "A caller that set a timeout is never kept waiting longer. Whether the callee ran, it cannot know; only then does reject code 6 appear.",
  source: "facts/messages.md E6, E10, RND-5, RC6, MSG-P20",
  fidelity: { simplified: "to the nanosecond, not to the second" },
  decides: [
    { place: "K10, the reserve of a best-effort call that expired", answer: "it pays for the callback, which runs with the reject" },
    {
      place: "K11, refund 0",
      answer: "the reject refunds nothing; cycles that nobody accepted come back with the late response, or as droppedCycles says",
    },
  ],
  when: {
    late: ["the deadline of the callback lies before the time of the round", null],
    unanswered: ["no response to the callback is in the input queue of the caller", null],
  },
  then: {
    reject: "a reject with error IC0601 and no refund is the last in the input queue of the caller for the callee",
  },
});

export const responseLate = rule({
  id: "response-late",
  chapter: "deadlines",
  title: "A response that nobody waits for is dropped",
  intent: "The call was answered already. No code runs, but the cycles belong to the caller.",
  source: "facts/messages.md E12, MSG-P20",
  fidelity: "faithful",
  decides: [{ place: "E13, a guaranteed response without its callback", answer: "treated as a late one" }],
  when: {},
  then: {
    leave: "the response is gone from the output queue of the respondent, where it was in one",
    credit: "the refund goes to the balance of the caller",
  },
});

export const responseOrphan = rule({
  id: "response-orphan",
  chapter: "deadlines",
  title: "A response whose caller is gone is dropped",
  intent:
    "Only a best-effort call can be answered after its caller was deleted: a guaranteed response keeps its caller from being deleted. The cycles on it belong to nobody.",
  source: "facts/messages.md B13, E12, K15",
  fidelity: "faithful",
  decides: [
    {
      place: "K15, messages to a deleted canister",
      answer: "requests are rejected with IC0301; responses are dropped, and the cycles on them are lost",
    },
  ],
  when: {},
  then: {
    leave: "the response is gone from the output queue of the respondent, where it was in one",
  },
});

export const messageShed = rule({
  id: "message-shed",
  chapter: "deadlines",
  title: "A best-effort message is shed",
  intent:
    "Best-effort messages share a memory that nobody reserved. When it overflows, the largest go first. Whoever waits for an answer still gets one: a request that never left is rejected at once, a response is replaced by a reject, and for the others the deadline comes.",
  source: "facts/messages.md E11, RND-10, MSG-CAP14, RC6, MSG-P20",
  fidelity: { simplified: "the bytes of payloads alone are counted" },
  when: {
    over: ["the best-effort messages in queues have more bytes than there is memory for them", null],
  },
  then: {
    leave: "the message is gone from its queue",
    reject:
      "for a request in the queue of its caller, a reject with error CN0211 that refunds all attached cycles is the last in the input queue of the caller for the callee",
    replace: "for a response in the queue of the caller, a reject with error IC0602 and no refund stands in its place",
  },
});

export const cyclesLose = rule({
  id: "cycles-lose",
  chapter: "deadlines",
  title: "Cycles on a dropped message are lost",
  intent:
    "The interface specification has no way back for the cycles on a best-effort message that is dropped. Whoever attaches many to one takes the risk.",
  source: "facts/messages.md E8, K11, K10; interface specification, best-effort calls",
  fidelity: "faithful",
  decides: [
    {
      place: "K11, cycles on dropped messages",
      answer: "parameters.droppedCycles says which: lost, as the interface specification has it, or returned, as newer replicas do",
    },
  ],
  when: {
    lossy: ["the network loses the cycles of dropped messages, or the caller is nowhere", null],
  },
  then: {
    lose: "the cycles on the message are lost",
  },
});

export const cyclesReturn = rule({
  id: "cycles-return",
  chapter: "deadlines",
  title: "Cycles on a dropped message go back",
  intent: "Newer replicas keep them and send them home: to a canister of the subnet at once, to one of another subnet through its stream.",
  source: "facts/messages.md E11, RND-11, MSG-P2",
  fidelity: { simplified: "credited at once, not collected until the end of the round" },
  when: {
    here: ["the caller is a canister of this subnet", null],
  },
  then: {
    credit: "the cycles go to the balance of the caller",
  },
});

export const refundStream = rule({
  id: "refund-stream",
  chapter: "deadlines",
  title: "Cycles for a canister of another subnet enter its stream",
  intent:
    "A refund is a message of its own, without an addressee that would execute it; it enters the stream whether or not that has room.",
  source: "facts/messages.md RND-11, E11",
  fidelity: "faithful",
  when: {},
  then: {
    append: "a refund with the cycles is the last in the stream to the subnet of the caller",
    count: "the total of sent cycles grows by them",
  },
});

export const refundInduct = rule({
  id: "refund-induct",
  chapter: "deadlines",
  title: "A refund of a stream is credited",
  intent: "The cycles are back with the canister that attached them; no code runs.",
  source: "facts/messages.md RND-11",
  fidelity: "faithful",
  when: {
    here: ["the canister is one of this subnet", null],
  },
  then: {
    credit: "the cycles go to the balance of the canister",
  },
});
