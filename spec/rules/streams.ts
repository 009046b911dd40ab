/** Streams: how messages leave a subnet, and how those of other subnets come in. The loopback stream is one of them. */
import { rule } from "../rule.ts";

export const messageStream = rule({
  id: "message-stream",
  chapter: "streams",
  title: "A message enters the stream to its subnet",
  intent:
    "What the iterations of a round left in output queues goes into streams: one for each subnet, its own included. A full stream takes no more; the message waits in its queue, which fills, until the canister itself is told that its call could not be sent.",
  source: "facts/messages.md I2, I4, RND-9, MSG-CAP11, MSG-3.6, SEED-003-05; seed 003, self-regulation",
  fidelity: {
    simplified:
      "a stream is limited by the number of its messages, not by their bytes; which canister begins is decided by a hash of the time",
  },
  when: {
    room: ["the stream holds fewer messages than it has room for", null],
  },
  then: {
    leave: "the message leaves the output queue of its sender",
    append: "the message is the last in the stream",
    count: "the total of sent cycles grows by what is on the message",
  },
});

export const requestBounce = rule({
  id: "request-bounce",
  chapter: "streams",
  title: "A request that has no destination comes back",
  intent: "A call to nobody is answered by the platform, so that every call has exactly one response.",
  source: "facts/messages.md B4, B13, F41; facts/cycles.md CYC-3.6, T22",
  fidelity: "faithful",
  decides: [
    {
      place: "K12, calls to canisters that do not exist",
      answer: "rejected with IC0301 and a full refund, without leaving the subnet where no route is known",
    },
  ],
  when: {},
  then: {
    leave: "the request leaves the output queue of the caller",
    reject: "a reject that refunds all attached cycles is the last in the input queue of the caller for the callee",
  },
});

export const sliceAdmit = rule({
  id: "slice-admit",
  chapter: "streams",
  title: "A slice of another subnet's stream is let in",
  intent:
    "A slice may repeat what was seen already, but it may not leave anything out; and it cannot have seen what was never sent. What a stream claims is checked before anything of it counts.",
  source: "facts/messages.md RND-6, I3",
  fidelity: { simplified: "no certificates: a slice is taken for what it says" },
  when: {
    routed: ["the slice comes from a subnet to which a route leads, or is the loopback stream itself", "CN0012"],
    contiguous: ["the slice begins no later than the first message that was not seen", "CN0013"],
    signalled: ["the signals of the slice reach no further than the stream to that subnet", "CN0014"],
  },
  then: {
    collect: "the messages of the stream to that subnet that it has seen are gone",
  },
});

export const streamRequest = rule({
  id: "stream-request",
  chapter: "streams",
  title: "A request of a stream enters the queue of its callee",
  intent:
    "A subnet takes what a stream brings, or answers it with a reject: a request that does not fit does not wait, for it would hold up all others.",
  source: "facts/messages.md I3, B4, B9, B10, B12, MSG-CAP03",
  fidelity: "faithful",
  when: {
    hosted: ["the caller is a canister of the subnet from which the stream comes", null],
    exists: ["the callee is a canister of this subnet", "IC0301"],
    slot: ["the callee holds fewer requests, open calls and responses of the caller than a queue has slots", "IC0201"],
    memory: ["where the response is guaranteed, the subnet has memory for the largest one", "IC0507"],
  },
  then: {
    enter: "the request is the last in the input queue of the callee for the caller",
  },
});

export const streamReject = rule({
  id: "stream-reject",
  chapter: "streams",
  title: "A request of a stream is rejected",
  intent:
    "The reject goes back through the stream of the other direction, whether or not that has room: it answers what was taken from the other one.",
  source: "facts/messages.md I3, B4, B9, B10",
  fidelity: "faithful",
  when: {},
  then: {
    append: "a reject that refunds all attached cycles is the last in the stream to the subnet of the caller",
    count: "the total of sent cycles grows by the refund",
  },
});

export const streamResponse = rule({
  id: "stream-response",
  chapter: "streams",
  title: "A response of a stream enters the queue of the caller",
  intent: "The slot of a response was reserved when the call was sent, on this side of the streams.",
  source: "facts/messages.md I3, MSG-CAP04, B12",
  fidelity: "faithful",
  when: {
    hosted: ["the respondent is a canister of the subnet from which the stream comes", null],
    bounded: [
      "the payload has at most the bytes of the largest payload; and if the call is open, the refund is at most what was attached to it, and the deadline is its own",
      null,
    ],
    answered: ["the request of the call is no longer in the output queue of the caller", null],
    awaited: [
      "the caller is a canister of this subnet, the callback is open and of a call to the respondent, and no response to it is in the input queue",
      null,
    ],
  },
  then: {
    enter: "the response is the last in the input queue of the caller for the respondent",
  },
});

export const messageSee = rule({
  id: "message-see",
  chapter: "streams",
  title: "A message of a stream counts as seen",
  intent: "Every message gets its signal, whatever became of it, exactly once and in the order of the stream.",
  source: "facts/messages.md I3, RND-6",
  fidelity: { simplified: "canisters do not migrate, so every signal accepts" },
  when: {},
  then: {
    signal: "the signals for the stream reach behind the message",
    count: "the total of received cycles grows by what is on the message",
  },
});

export const messageIgnore = rule({
  id: "message-ignore",
  chapter: "streams",
  title: "A message that no honest subnet sends is ignored",
  intent:
    "A request or a response in the name of a canister of a third subnet, and cycles for a canister that is not here, are not answered: an answer would let a broken subnet fill the memory of others. Their cycles are lost.",
  source: "facts/messages.md B12",
  fidelity: "faithful",
  decides: [{ place: "B12, the cycles on such a message", answer: "they are counted as lost" }],
  when: {},
  then: {
    lose: "the cycles on the message are lost",
  },
});
