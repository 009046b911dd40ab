/** Ingress: messages of users, from the door to the answer in the ingress history. */
import { rule } from "../rule.ts";

export const ingressSubmit = rule({
  id: "ingress-submit",
  chapter: "ingress",
  title: "A user submits an ingress message",
  intent: "What is refused here was never seen by consensus and costs nobody anything.",
  source: "facts/messages.md A1, A3, A8, MSG-CAP09; facts/cycles.md CYC-2.14, CYC-2.15",
  fidelity: { simplified: "no signatures; the room in the history is looked at here, not when the block is inducted" },
  decides: [
    { place: "K12, ingress to an empty canister", answer: "refused at the door with IC0537" },
    { place: "A1, expiry", answer: "a message that names no expiry expires as late as it may" },
  ],
  when: {
    fresh: ["the ingress history knows no message with this id", "CN0001"],
    sized: ["the payload has at most the bytes of the largest payload", "CN0002"],
    unexpired: ["the time has not passed the expiry of the message", "CN0010"],
    near: ["the expiry is at most the ingress lifetime from now", "CN0011"],
    room: ["the ingress history holds fewer messages than it has room for", "IC0204"],
    exists: ["the canister exists, or is the management canister", "IC0301"],
    installed: ["the canister has code, or is the management canister", "IC0537"],
    unstopped: ["the canister is not stopped", "IC0508"],
    unstopping: ["the canister is not stopping", "IC0509"],
    funded: ["the balance of the canister, less the freezing threshold, covers the reception fee", "IC0207"],
  },
  then: {
    record: "the ingress history holds the message as received, and who sent it",
    wait: "the message waits for the next block, behind those that wait already",
  },
});

export const ingressInspect = rule({
  id: "ingress-inspect",
  chapter: "ingress",
  title: "A canister inspects an ingress message",
  intent:
    "The receiver pays for what it lets in, so it may look first: one node runs the inspection on its latest state, throws away what it wrote, and charges nothing. A canister without an inspection lets everything in.",
  source: "facts/messages.md A4, MSG-10.4.10, SEED-003-14; seed 003, spam",
  fidelity: "faithful",
  when: {
    completed: ["the inspection, if there is one, ends without a trap", "IC0503"],
    accepted: ["the inspection, if there is one, accepted the message", "IC0406"],
  },
  then: {},
});

export const messageAccept = rule({
  id: "message-accept",
  chapter: "ingress",
  title: "An inspection accepts its message",
  intent: "The acceptance is said once; a second time is a programming error.",
  source: "facts/messages.md A4",
  fidelity: "faithful",
  when: {
    once: ["the inspection has not accepted the message yet", "IC0504"],
  },
  then: {
    accept: "the inspection has accepted the message",
  },
});

export const ingressInduct = rule({
  id: "ingress-induct",
  chapter: "ingress",
  title: "An ingress message enters the queue of its canister",
  intent:
    "The receiver pays: reception is charged to the canister before it sees the message. For what is asked of the management canister, the canister that it is about pays.",
  source: "facts/messages.md A6, A8; facts/cycles.md T01, T05, S4; seed 003, spam",
  fidelity: {
    simplified:
      "the payload alone is priced, not the whole signed message; a change of settings is paid for before it, too, never after it",
  },
  when: {
    exists: ["the canister that pays still exists, if one pays", "IC0301"],
    funded: ["the balance of the canister that pays, less the freezing threshold, covers the reception fee", "IC0207"],
  },
  then: {
    debit: "the reception fee leaves the balance of the canister that pays",
    burn: "the reception fee is burned, if a canister pays",
    record: "the ingress history holds the message as processing",
    enter: "the message is the last in the ingress queue of the canister, or the last of those that wait for the management canister",
  },
});

export const ingressExpire = rule({
  id: "ingress-expire",
  chapter: "ingress",
  title: "An ingress message that nobody began to execute expires",
  intent: "A user who got no answer until the expiry may know that the message is never going to be executed.",
  source: "facts/messages.md A7, RND-8a",
  fidelity: "faithful",
  when: {
    late: ["the expiry of the message lies before the time of the round", null],
  },
  then: {
    leave: "the message is gone from the pool, from the ingress queue of its canister, or from those that wait for the management canister",
  },
});

export const ingressAnswer = rule({
  id: "ingress-answer",
  chapter: "ingress",
  title: "The answer of an ingress message is written to the ingress history",
  intent: "Users read answers from the history; an answer, once given, stays until it is forgotten.",
  source: "facts/messages.md A9, MSG-P21",
  fidelity: "faithful",
  when: {},
  then: {
    record: "the ingress history holds the answer, with the time of the round",
  },
});

export const ingressForget = rule({
  id: "ingress-forget",
  chapter: "ingress",
  title: "The ingress history forgets an answer",
  intent: "The history has a bound in bytes. Beyond it the oldest answers go first; that the message was executed stays known.",
  source: "facts/messages.md A10, MSG-CAP13, MSG-P21",
  fidelity: { simplified: "the bytes of replies alone are counted" },
  when: {
    over: ["the replies in the ingress history have more bytes than it has memory for", null],
  },
  then: {
    forget: "the ingress history holds the message as done, in place of its answer",
  },
});

export const ingressPrune = rule({
  id: "ingress-prune",
  chapter: "ingress",
  title: "The ingress history drops a message",
  intent:
    "An answer is kept for a while and no longer. By then the message has expired, so that it is not executed a second time under the same id.",
  source: "facts/messages.md A11, MSG-1.3.10, MSG-P21, SEED-003-28",
  fidelity: "faithful",
  decides: [{ place: "A11, when an answer is old", answer: "when more than the history lifetime has passed since the time of its round" }],
  when: {
    old: ["the message was answered longer ago than the history keeps answers", null],
  },
  then: {
    drop: "the ingress history knows no message with this id",
  },
});
