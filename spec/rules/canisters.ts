/** Canisters come, go, and change what they reserve. */
import { rule } from "../rule.ts";

export const canisterCreate = rule({
  id: "canister-create",
  chapter: "canisters",
  title: "A canister is created",
  intent: "A new canister starts without priority and without debt. What it reserves, the subnet has to have.",
  source: "facts/scheduler.md SCH-E1, SCH-E4, SCH-C26, SCH-P18; facts/messages.md F1",
  fidelity: {
    simplified: "an input of its own, with code and minted balance, until the management canister is there to do it; fees come with it",
  },
  when: {
    fresh: ["no canister, the management canister included, has or had the id", "IC0205"],
    admitted: ["the allocation is zero, or with those of all others below what may be allocated", "IC0101"],
  },
  then: {
    create: "the canister exists, with the code, the allocation and the balance that it is given",
    mint: "its balance is minted",
  },
});

export const canisterDelete = rule({
  id: "canister-delete",
  chapter: "canisters",
  title: "A canister is deleted",
  intent: "Only one that owes no answer and has nothing to do. Its cycles are lost, and its id never means another canister.",
  source: "facts/scheduler.md SCH-E2, SCH-P18; facts/messages.md F24",
  fidelity: {
    simplified:
      "an input of its own until the management canister is there to do it; a canister without call contexts stands for a stopped one",
  },
  when: {
    exists: ["the canister exists", "IC0301"],
    answered: ["the canister has no call context", "IC0510"],
    rested: ["the canister has no execution under way", "IC0510"],
    empty: ["the input and output queues of the canister are empty", "IC0203"],
  },
  then: {
    remove: "the canister exists no longer",
    burn: "its balance is burned",
    retire: "its id is one that a canister had",
  },
});

export const allocationSet = rule({
  id: "allocation-set",
  chapter: "canisters",
  title: "The compute allocation of a canister is set",
  intent:
    "A subnet never promises more than it has. A canister that is slow because it reserved too little can be helped while it is aborted.",
  source: "facts/scheduler.md SCH-E3, SCH-E4, SCH-C26, SCH-P19, SCH-R7a",
  fidelity: {
    simplified:
      "an input of its own until the management canister is there to do it; on a paused canister it is refused where the network lets it wait; the freezing threshold of the new allocation is not looked at",
  },
  when: {
    exists: ["the canister exists", "IC0301"],
    steady: ["the canister has no paused execution", "CN0010"],
    admitted: ["the allocation is not greater than before, or with those of all others below what may be allocated", "IC0101"],
  },
  then: {
    set: "the compute allocation of the canister is the given one",
  },
});
