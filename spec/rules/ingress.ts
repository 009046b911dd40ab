/** Ingress: messages of users, from the door to the answer in the ingress history. */
import { rule } from "../rule.ts";

export const ingressSubmit = rule({
  id: "ingress-submit",
  chapter: "ingress",
  title: "A user submits an ingress message",
  intent: "What is refused here was never seen by consensus and costs nobody anything.",
  source: "facts/messages.md A1, A3, A8; facts/cycles.md CYC-2.14, CYC-2.15",
  fidelity: { simplified: "no signatures, no expiry, no inspect_message; an id stays known for ever" },
  when: {
    fresh: ["the ingress history knows no message with this id", "CN0001"],
    sized: ["the payload has at most the bytes of the largest payload", "CN0002"],
    exists: ["the canister exists", "IC0301"],
    funded: ["the balance, less the freezing threshold, covers the reception fee", "IC0207"],
  },
  then: {
    record: "the ingress history holds the message as received",
    wait: "the message waits for the next block, behind those that wait already",
  },
});

export const ingressInduct = rule({
  id: "ingress-induct",
  chapter: "ingress",
  title: "An ingress message enters the queue of its canister",
  intent: "The receiver pays: reception is charged to the canister before it sees the message.",
  source: "facts/messages.md A6, A8; facts/cycles.md T01, T05, S4; seed 003, spam",
  fidelity: { simplified: "the payload alone is priced, not the whole signed message" },
  when: {
    exists: ["the canister still exists", "IC0301"],
    funded: ["the balance, less the freezing threshold, covers the reception fee", "IC0207"],
  },
  then: {
    debit: "the reception fee leaves the balance",
    burn: "the reception fee is burned",
    record: "the ingress history holds the message as processing",
    enter: "the message is the last in the input queue of the canister",
  },
});

export const ingressAnswer = rule({
  id: "ingress-answer",
  chapter: "ingress",
  title: "The answer of an ingress message is written to the ingress history",
  intent: "Users read answers from the history; an answer, once given, stays.",
  source: "facts/messages.md A9, MSG-P21",
  fidelity: { simplified: "the history is never pruned" },
  when: {},
  then: {
    record: "the ingress history holds the answer",
  },
});
