/** What controllers decide about a canister besides its code; how canisters make canisters; what can be learnt of one. */
import { rule } from "../rule.ts";

export const settingsUpdate = rule({
  id: "settings-update",
  chapter: "management",
  title: "The settings of a canister are changed",
  intent: "Only what is said changes. No canister may be promised what the subnet does not have, or what it cannot pay for.",
  source:
    "facts/messages.md F4, MSG-ST05, IC0101, IC0530, IC0531, IC0533, IC0540; facts/cycles.md CYC-4.2, CYC-4.5, CYC-Z08, CYC-Z10, T46; facts/scheduler.md SCH-E3, SCH-P19",
  fidelity: {
    simplified: "five settings; the price of a small message is not charged, as only canisters ask",
  },
  when: {
    few: ["at most ten controllers are named", "IC0504"],
    admitted: ["the compute allocation is not greater than before, or with those of all others below what may be allocated", "IC0101"],
    payable: [
      "the compute allocation is not greater than before, or the balance covers the freezing threshold with the new settings",
      "IC0530",
    ],
    sufficient: ["the limit of what the canister may set aside, if it is said, is not below what it has set aside", "IC0540"],
    roomy: ["the canister takes no more memory than before, or with that of all others no more than the subnet has", "IC0101"],
    limited: ["nothing has to be set aside for the memory, or with it no more is set aside than the limit of the canister", "IC0533"],
    secured: [
      "the memory allocation is not greater than before, or the balance covers what has to be set aside, and the freezing threshold with the new settings",
      "IC0531",
    ],
  },
  then: {
    controllers: "the controllers are those that are named, if any are said",
    allocation: "the compute allocation is the one that is said, if one is",
    memory: "the memory allocation is the one that is said, if one is",
    reserve: "what has to be set aside for the memory is set aside from the balance",
    freezing: "the freezing threshold is the one that is said, if one is",
    limit: "the limit of what the canister may set aside is the one that is said, if one is",
    version: "the version of the canister is one greater",
    change: "where controllers were said, that is the newest change of the canister's history",
  },
});

export const canisterMake = rule({
  id: "canister-make",
  chapter: "management",
  title: "A canister makes a canister",
  intent:
    "The cycles that came with the request are the child's, less the fee; or, where things are tried out, they come from nothing. Whoever asked controls it, unless others are named.",
  source:
    "facts/messages.md F1, F2, IC0531, IC0533; facts/cycles.md CYC-4.2, CYC-4.5, CYC-C12, CYC-Z10, T46, T50, T54, CYC-C38; facts/scheduler.md SCH-E1, SCH-P18",
  fidelity: {
    simplified:
      "ids are counted texts; a subnet has no greatest number of canisters; the freezing threshold of the settings is looked at for memory alone",
  },
  when: {
    few: ["at most ten controllers are named", "IC0504"],
    admitted: ["the compute allocation is zero, or with those of all others below what may be allocated", "IC0101"],
    roomy: ["no memory is allocated, or with that of all canisters no more than the subnet has", "IC0101"],
    funded: ["the attached cycles cover the fee of a creation, or its cycles are made from nothing", "IC0403"],
    limited: ["nothing has to be set aside for the memory, or no more than the limit of the canister", "IC0533"],
    secured: [
      "no memory is allocated, or what it comes with covers what has to be set aside, and the freezing threshold of the canister",
      "IC0531",
    ],
  },
  then: {
    create:
      "a running canister without code exists, with the settings that are said and the usual ones else; it comes with the attached cycles less the fee, or with what is made for it",
    reserve: "what has to be set aside for the memory is set aside from its balance",
    burn: "the fee is burned, where its cycles are not made from nothing",
    mint: "what is made for it is minted",
  },
});

export const infoTell = rule({
  id: "info-tell",
  chapter: "management",
  title: "The history of a canister is told",
  intent: "Everybody can see how a canister came to be what it is, and who saw to it; of the oldest changes there remains that they were.",
  source: "facts/messages.md F7, K4, MSG-ST17, MSG-P30",
  fidelity: { simplified: "a text instead of a record; without the module's hash" },
  decides: [
    { place: "K4, how many changes are told when none are asked for", answer: "none: only how many there were, and the controllers" },
  ],
  when: {
    fits: ["the answer is a payload of the greatest size at most", "IC0504"],
  },
  then: {},
});
