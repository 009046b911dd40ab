/** Cycles, as far as canisters move them themselves. Prepayment is with execution, transmission with calls. */
import { rule } from "../rule.ts";

export const cyclesAccept = rule({
  id: "cycles-accept",
  chapter: "cycles",
  title: "A canister accepts cycles",
  intent:
    "A callee takes what it wants of what was attached; the rest goes back with the answer. Asking for more than there is takes what there is.",
  source: "facts/cycles.md CYC-3.4, T11",
  fidelity: "faithful",
  when: {},
  then: {
    credit: "the accepted cycles, at most the available ones, go to the balance",
    take: "the accepted cycles are no longer available on the call context",
  },
});

export const cyclesBurn = rule({
  id: "cycles-burn",
  chapter: "cycles",
  title: "A canister burns cycles",
  intent: "A canister may destroy its own cycles, but not freeze itself by it.",
  source: "facts/cycles.md CYC-Z11, T55, CYC-8b.1",
  fidelity: "faithful",
  when: {},
  then: {
    debit: "the burned cycles, at most what lies above the freezing threshold, leave the balance",
    burn: "the burned cycles are burned",
  },
});

export const feesSet = rule({
  id: "fees-set",
  chapter: "cycles",
  title: "The prices change",
  intent:
    "A subnet gets more nodes, or another schedule. From now on everything is priced anew; what was set aside for later meets the new prices when it is used.",
  source: "facts/cycles.md CYC-P24, S1, S10, CYC-2.8, CYC-2.13",
  fidelity: { simplified: "an input of its own stands for the registry; limits do not change" },
  when: {},
  then: {
    set: "the prices are the given ones",
  },
});

export const topUp = rule({
  id: "top-up",
  chapter: "cycles",
  title: "Cycles are minted onto a canister",
  intent: "Where there are no tokens, the only way in which cycles come into being after genesis.",
  source: "facts/cycles.md T54",
  fidelity: { simplified: "stands for the provisional top-up of the management canister" },
  when: {
    exists: ["the canister exists", "IC0301"],
  },
  then: {
    credit: "the cycles go to the balance",
    mint: "the cycles are minted",
  },
});
