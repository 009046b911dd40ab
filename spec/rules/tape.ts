/** The random tape: bits that nobody could know when they were asked for. */
import { rule } from "../rule.ts";

export const randomnessAsk = rule({
  id: "randomness-ask",
  chapter: "tape",
  title: "A request for randomness waits for a later tape",
  intent: "Requests to the management canister are not executed in the round that sent them; the tape of that round is already known.",
  source: "facts/messages.md F26, J6, J7, F41; seed 003, random tape",
  fidelity: "faithful",
  when: {
    method: ["the method of the management canister is raw_rand", null],
    empty: ["the argument is empty", "IC0408"],
  },
  then: {
    leave: "the request leaves the output queue of the caller",
    wait: "the request waits, behind those that wait already, with the height of the round that executed its sending",
  },
});

export const randomnessAnswer = rule({
  id: "randomness-answer",
  chapter: "tape",
  title: "A request for randomness is answered",
  intent:
    "The answer comes from the generator of a round whose tape was not yet known when the request was made. No two requests share bytes.",
  source: "facts/messages.md J4, J5, J8, MSG-P6, MSG-P22; facts/scheduler.md SCH-R4; seed 003, random number generation",
  fidelity: { simplified: "a hash in counter mode stands for ChaCha20, so that a stranger needs SHA-256 alone" },
  decides: [{ place: "K22, when randomness is drawn", answer: "never in the round that asks: from a tape that was not known then" }],
  when: {
    later: ["the height is at least the tape lag above the height at which the request was made", null],
  },
  then: {
    leave: "the request waits no longer",
    draw: "the generator has drawn once more",
    respond:
      "a reply with the 32 bytes of this draw, refunding all attached cycles, is the last in the input queue of the caller for the management canister, if the callback still waits",
  },
});
