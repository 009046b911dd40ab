/** Calls: what a canister asks of another one, and what the platform keeps for the answer. */
import { rule } from "../rule.ts";

export const callSend = rule({
  id: "call-send",
  chapter: "calls",
  title: "A canister sends a call",
  intent:
    "The caller pays for the way there, and sets aside what the way back and its own callback can cost at most; so a response can always be delivered and executed, frozen or not.",
  source:
    "facts/cycles.md CYC-3.1, CYC-3.2, T18; facts/messages.md D9, MSG-CAP01, MSG-CAP02, MSG-CAP07, MSG-3.2.2, D11; facts/cycles.md CYC-3.8, CYC-Z07; seed 003, cycles accounting",
  fidelity: { simplified: "a best-effort call takes no share of the guaranteed memory, and every call one of the callbacks" },
  decides: [
    { place: "K6, the method of a call", answer: "the one that is named, whatever the callee" },
    { place: "K8, how many callbacks there may be", answer: "as many as the limit says, and not one more" },
    { place: "K5, the code of a call that could not be sent", answer: "reject code 2; the errors name which of its conditions failed" },
    { place: "D11, a timeout beyond the longest", answer: "the longest counts" },
    {
      place: "MSG-CAP02, slots for requests in the output queue",
      answer: "each of them has its callback, so the slots for responses run out first: one condition says both",
    },
  ],
  when: {
    sized: ["the payload has at most the bytes of the largest payload", "IC0504"],
    attachable: ["what the balance holds above the freezing threshold, if anything, covers the attached cycles", "IC0520"],
    slot: ["the caller has fewer callbacks open towards the callee than a queue has slots", "IC0201"],
    memory: ["where the response is guaranteed, the core's share of the memory for responses holds the largest one", "IC0507"],
    callbacks: ["the caller has fewer callbacks than its quota, or the core's copy of the subnet's limit is not used up", "IC0101"],
    funded: [
      "what the balance holds above the freezing threshold, if anything, covers the attached cycles, the fees and the reserve",
      "IC0207",
    ],
    stored: [
      "where the response is guaranteed, what is left of the balance covers the freezing threshold with the memory for the response",
      "IC0535",
    ],
  },
  then: {
    debit: "the attached cycles, the call fee, the transmission of the request and the reserve leave the balance",
    burn: "the call fee and the transmission of the request are burned",
    reserve:
      "a callback of this call context holds the reserve: the transmission of the largest response and the execution of the message limit",
    name: "the next callback of the canister gets the next number",
    share: "where the response is guaranteed, the core's share of the memory for responses falls by the largest one",
    count: "the core's copy of the callbacks that are left falls by one",
    send: "the request with the attached cycles is the last in the output queue of the caller for the callee",
  },
});

export const callReply = rule({
  id: "call-reply",
  chapter: "calls",
  title: "A canister replies to a call",
  intent: "An answer is given once. From then on nothing is left to accept.",
  source: "facts/messages.md D7, MSG-10.4.6; facts/cycles.md CYC-3.4, T12; interface specification, message execution",
  fidelity: "faithful",
  when: {
    unanswered: ["the call context is open, or the call is a query between rounds, and this execution gave no answer yet", "IC0504"],
    sized: ["the payload has at most the bytes of the largest payload", "IC0504"],
  },
  then: {
    answer: "the answer of the execution is a reply with the payload, refunding the available cycles",
    empty: "no cycles are available on the call context",
  },
});

export const callReject = rule({
  id: "call-reject",
  chapter: "calls",
  title: "A canister rejects a call",
  intent: "The code of a canister's own reject is always 4: a canister can never choose it.",
  source: "facts/messages.md D7, MSG-4.2; facts/cycles.md T12",
  fidelity: "faithful",
  when: {
    unanswered: ["the call context is open, or the call is a query between rounds, and this execution gave no answer yet", "IC0504"],
  },
  then: {
    answer: "the answer of the execution is a reject with error IC0406, refunding the available cycles",
    empty: "no cycles are available on the call context",
  },
});

export const callRefuse = rule({
  id: "call-refuse",
  chapter: "calls",
  title: "A call that cannot be executed is refused",
  intent: "A request that the callee does not execute returns everything that was attached.",
  source: "facts/messages.md B2, B6; facts/cycles.md CYC-2.2, T08, T09, CYC-P17",
  fidelity: "faithful",
  when: {},
  then: {
    reject: "a reject that refunds all attached cycles goes to the origin of the call",
  },
});
