/** Canisters come, go, change what they reserve, and lose their code. */
import { rule } from "../rule.ts";

export const canisterCreate = rule({
  id: "canister-create",
  chapter: "canisters",
  title: "A canister is created",
  intent: "A new canister starts without priority and without debt. What it reserves, the subnet has to have.",
  source: "facts/scheduler.md SCH-E1, SCH-E4, SCH-C26, SCH-P18; facts/messages.md F1; facts/cycles.md CYC-C12, CYC-Z10, T50",
  fidelity: {
    simplified: "an input of its own, with code and minted cycles; canisters make canisters by the management canister",
  },
  when: {
    fresh: ["no canister, the management canister included, has or had the id, and no route leads to it", "IC0205"],
    admitted: ["the allocation is zero, or with those of all others below what may be allocated", "IC0101"],
    funded: ["the cycles that come with it cover the fee of a creation", "IC0403"],
  },
  then: {
    create: "the canister exists, with the code, the allocation and the cycles that it is given, less the fee",
    mint: "the cycles that come with it are minted",
    burn: "the fee is burned",
  },
});

export const canisterDelete = rule({
  id: "canister-delete",
  chapter: "canisters",
  title: "A canister is deleted",
  intent: "Only one that owes no answer and has nothing to do. Its cycles are lost, and its id never means another canister.",
  source: "facts/scheduler.md SCH-E2, SCH-P18; facts/messages.md F24",
  fidelity: {
    simplified: "also an input of its own, for which a canister without call contexts stands for a stopped one",
  },
  decides: [{ place: "K19, what a deleted canister had set aside", answer: "burned like its balance, and in the books like it" }],
  when: {
    exists: ["the canister exists", "IC0301"],
    answered: ["the canister has no call context", "IC0510"],
    rested: ["the canister has no execution under way", "IC0510"],
    empty: ["the input and output queues of the canister are empty", "IC0203"],
  },
  then: {
    remove: "the canister exists no longer",
    burn: "its balance, and what it set aside, is burned",
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
      "also an input of its own, which is refused on a paused canister and does not look at the freezing threshold of the new allocation",
  },
  when: {
    exists: ["the canister exists", "IC0301"],
    steady: ["the canister has no paused execution", "CN0015"],
    admitted: ["the allocation is not greater than before, or with those of all others below what may be allocated", "IC0101"],
  },
  then: {
    set: "the compute allocation of the canister is the given one",
    version: "the version of the canister is one greater",
  },
});

export const canisterUninstall = rule({
  id: "canister-uninstall",
  chapter: "canisters",
  title: "The code of a canister is taken away",
  intent:
    "The canister goes on to exist, with its cycles and its callbacks, but nothing of it can run any more. What it owes is answered at once.",
  source: "facts/messages.md F16, F43, MSG-P10; facts/scheduler.md SCH-R7a",
  fidelity: { simplified: "also an input of its own, which nobody has to be allowed" },
  decides: [
    {
      place: "K16, the status of a canister that is uninstalled while it stops",
      answer: "it goes on stopping, and comes to rest at the end of the round",
    },
    { place: "K1, whose chunks an uninstallation clears away", answer: "those of the canister alone" },
  ],
  when: {
    exists: ["the canister exists", "IC0301"],
    rested: ["the canister has no execution under way", "CN0015"],
  },
  then: {
    code: "the canister has no code: no methods, no heartbeat, no inspection, no hook",
    memory: "the canister has no pages, and no stable memory",
    timer: "the global timer is deactivated",
    certified: "the certified data of the canister are empty",
    chunks: "the canister keeps no chunks",
    version: "the version of the canister is one greater",
    change: "that its code was taken away is the newest change of the canister's history",
  },
});

export const contextWithdraw = rule({
  id: "context-withdraw",
  chapter: "canisters",
  title: "An open call of an uninstalled canister is rejected",
  intent: "Nobody can answer it any more. The caller gets back what was not accepted.",
  source: "facts/messages.md F16, RC4, MSG-P10",
  fidelity: "faithful",
  when: {
    open: ["the call context is open", null],
  },
  then: {
    respond: "a reject with error IC0406, with all available cycles, goes to the origin",
  },
});

export const contextDelete = rule({
  id: "context-delete",
  chapter: "canisters",
  title: "A call context of an uninstalled canister is deleted",
  intent:
    "Callbacks of it may still be open; the context stays, marked, until the last of them came back. Contexts that were responded are deleted as well: their callbacks have no code either.",
  source: "facts/messages.md F16, E4, K20, MSG-P10",
  fidelity: "faithful",
  decides: [{ place: "K20, responded contexts of an uninstalled canister", answer: "deleted like the open ones" }],
  when: {},
  then: {
    delete: "the call context is deleted",
  },
});

export const responseDiscard = rule({
  id: "response-discard",
  chapter: "canisters",
  title: "A response for a deleted call context is discarded",
  intent: "The code that asked is gone. No instruction runs, and what was set aside for it returns, with the refund.",
  source: "facts/messages.md E4, MSG-P10; facts/cycles.md T24",
  fidelity: "faithful",
  decides: [
    {
      place: "K10, the reserve of a callback whose context is deleted",
      answer: "back to the balance, less the price of the response's bytes",
    },
  ],
  when: {
    deleted: ["the call context of the callback is deleted", null],
  },
  then: {
    close: "the callback is gone, and the call is no longer open",
    refund: "the refunded cycles, at most the attached ones, go to the balance",
    release:
      "the reserve of the callback, less the price of the response's bytes, at most the part for the transmission, goes to the balance",
    burn: "the price of the response's bytes, at most the reserve for the transmission, is burned",
  },
});
