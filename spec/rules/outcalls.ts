/** What the execution layer cannot answer itself: a request leaves it, and its answer comes back in a block. */
import { rule } from "../rule.ts";

export const signatureAsk = rule({
  id: "signature-ask",
  chapter: "management",
  title: "A request for a signature or a key leaves the layer",
  intent: "The nodes sign together, outside of execution. Whoever asks pays at once, whether consensus comes to an end with it or not.",
  source: "facts/messages.md F28, J5; facts/cycles.md CYC-C13, CYC-C14, CYC-C15, CYC-C24, T59",
  fidelity: {
    simplified:
      "keys are symbolic names; no derivation paths; the public keys are not asked for here; requests from other subnets, and those that are free for the caller, do not come",
  },
  when: {
    held: ["the key is one with which the subnet signs", "IC0406"],
    room: ["fewer requests than the longest queue wait with the same method and the same key", "IC0406"],
    funded: ["the attached cycles cover the price of a signature", "IC0406"],
  },
  then: {
    burn: "the price is burned",
    wait: "the request waits for consensus, with the next number and what is left of its attached cycles",
    draw: "the generator has drawn once more, for the id of the request",
  },
});

export const outcallAsk = rule({
  id: "outcall-ask",
  chapter: "management",
  title: "An outcall leaves the layer",
  intent: "Every node asks a server, and the nodes agree on what it said. It is paid for by the longest answer that may come.",
  source: "facts/messages.md F29; facts/cycles.md CYC-1.3.1, CYC-C16, CYC-C17, CYC-C18",
  fidelity: {
    simplified:
      "the request is its URL; headers, bodies and transforms are what the answer of the block stands for; paid for as before 2026, by the longest answer",
  },
  when: {
    room: ["fewer outcalls than may be under way wait for consensus", "IC0406"],
    funded: ["the attached cycles cover the price of an outcall of this length with an answer of this length", "IC0406"],
  },
  then: {
    burn: "the price is burned",
    wait: "the request waits for consensus, with the next number and what is left of its attached cycles",
  },
});

export const nonceDraw = rule({
  id: "nonce-draw",
  chapter: "management",
  title: "A signature gets its nonce",
  intent: "Nobody who asked for a signature knows what it will be made with: the bytes come from a tape that was not known then.",
  source: "facts/messages.md F28, J5, RND-8g, MSG-8.6; facts/scheduler.md SCH-R8",
  fidelity: { simplified: "what is prepared for signatures ahead of time is always at hand" },
  when: {
    signed: ["the request is for a signature that is made with a nonce, not for a derived key or an outcall", null],
    bare: ["it has no nonce yet", null],
    later: ["the height is above the one at which it was taken up", null],
  },
  then: {
    draw: "the generator has drawn once more",
    keep: "the request has this draw as its nonce",
  },
});

export const consensusAnswer = rule({
  id: "consensus-answer",
  chapter: "management",
  title: "Consensus answers a request",
  intent: "Exactly one answer, whatever the blocks say, and nothing that was paid for the way back is lost.",
  source: "facts/messages.md F28, F29, RND-7, RND-8b, MSG-1.3.1, MSG-8.6; facts/scheduler.md SCH-R2, SCH-0.3",
  fidelity: {
    simplified:
      "one error stands for all that may go wrong outside; an answer to nobody, or that comes too early, is left aside instead of being impossible",
  },
  when: {
    waits: ["a request of this number waits for consensus", "CN0024"],
    prepared: ["it has its nonce, if it is for a signature that is made with one", "CN0025"],
    sized: ["a reply has no more bytes than the request allows, and no more than any payload may have", "CN0026"],
  },
  then: {
    leave: "the request waits for consensus no longer",
  },
});
