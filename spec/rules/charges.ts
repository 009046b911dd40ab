/** Charges: what a canister pays for existing, whether it runs or not. */
import { rule } from "../rule.ts";

export const resourcesCharge = rule({
  id: "resources-charge",
  chapter: "charges",
  title: "A canister is charged for what it occupies",
  intent:
    "Memory and a reserved share of a core cost something while nothing runs. What is due is counted in whole seconds since the last charge; the rest of a second is never paid.",
  source: "facts/cycles.md CYC-4.1, CYC-C21, S7, CYC-5.4; seed 003, cycles accounting",
  fidelity: {
    simplified:
      "a canister whose execution is aborted waits for its charge like one whose execution is paused; a round that the heap delta skipped charges nobody",
  },
  decides: [
    {
      place: "CYC-4.1, the order of charges and priorities at the end of a round",
      answer: "charges come after the priorities of the round are settled, and before a checkpoint aborts what is paused",
    },
  ],
  when: {
    due: ["since the canister was last charged, at least the charge period has passed", null],
    rested: ["the canister has no execution under way", null],
  },
  then: {
    stamp: "the canister was last charged now",
  },
});

export const memoryCharge = rule({
  id: "memory-charge",
  chapter: "charges",
  title: "Memory is paid for",
  intent: "The freezing threshold is no bound here: a frozen canister goes on to pay, which is what the threshold is for.",
  source: "facts/cycles.md S6, S7, CYC-4.1, CYC-4.2, CYC-C09, CYC-C10, T43, T44",
  fidelity: "faithful",
  when: {
    covered: [
      "the balance and what is set aside cover the price, for the seconds that are due, of the memory in use, or of what is allocated, whichever is more",
      null,
    ],
  },
  then: {
    draw: "of the price, what is set aside pays as much as it can",
    debit: "the rest of the price leaves the balance",
    burn: "the price is burned",
  },
});

export const messagesCharge = rule({
  id: "messages-charge",
  chapter: "charges",
  title: "Memory for messages is paid for",
  intent: "A guaranteed response has its place at either end before it exists. Whoever keeps others waiting pays for that place, too.",
  source: "facts/cycles.md S7, CYC-4.1, CYC-4.2, CYC-3.8, T43, T44; facts/messages.md MSG-3.2.1",
  fidelity: "faithful",
  when: {
    covered: [
      "the balance and what is set aside, after memory was paid for, cover the price of the memory for messages for the seconds that are due",
      null,
    ],
  },
  then: {
    draw: "of the price, what is set aside pays as much as it can",
    debit: "the rest of the price leaves the balance",
    burn: "the price is burned",
  },
});

export const allocationCharge = rule({
  id: "allocation-charge",
  chapter: "charges",
  title: "A compute allocation is paid for",
  intent: "A reserved share of a core costs the same whether it is used or not, or nobody could rely on it.",
  source: "facts/cycles.md S7, CYC-4.1, CYC-C11, T43, T44",
  fidelity: "faithful",
  when: {
    covered: [
      "the balance and what is set aside, after all memory was paid for, cover the price of the compute allocation for the seconds that are due",
      null,
    ],
  },
  then: {
    draw: "of the price, what is set aside pays as much as it can",
    debit: "the rest of the price leaves the balance",
    burn: "the price is burned",
  },
});

export const canisterExhaust = rule({
  id: "canister-exhaust",
  chapter: "charges",
  title: "A canister that cannot pay loses its code",
  intent:
    "What it owes others is rejected as when its code is taken away by hand; its callbacks stay, and what comes back on them is its own again. Nothing is taken for the charge that did not fit; what is left is burned.",
  source: "facts/cycles.md CYC-4.4, T45; facts/messages.md F16, MSG-G1",
  fidelity: "faithful",
  when: {},
  then: {
    code: "the canister has no code: no methods, no heartbeat, no inspection, no hook",
    memory: "the canister has no pages, and no stable memory",
    timer: "the global timer is deactivated",
    certified: "the certified data of the canister are empty",
    allocation: "the compute allocation of the canister is zero",
    allotment: "the memory allocation of the canister is zero",
    version: "the version of the canister is one greater",
    snapshots: "the canister has no snapshots",
    chunks: "the canister keeps no chunks",
    history: "the history of the canister keeps no change, but how many there were",
    burn: "its balance, and what it set aside, is burned",
  },
});
