/**
 * Code comes to a canister, and is exchanged for other code. Whatever runs in an installation runs whole or not at all: when
 * any of it traps, the old code goes on with all that it knew.
 */
import { rule } from "../rule.ts";

export const installBegin = rule({
  id: "install-begin",
  chapter: "code",
  title: "An installation begins",
  intent: "What cannot come to a good end is refused before it costs anything; and who installs a lot has to let rounds pass.",
  source: "facts/messages.md F12, F13, F14, IC0209, IC0505, IC0514; facts/scheduler.md SCH-4.4, SCH-C06; facts/cycles.md CYC-2.17",
  fidelity: {
    simplified:
      "modules are known by name and always sound; an installation is never sliced, and counts for nothing in the limits of a round",
  },
  when: {
    known: ["there is a module of that name", "IC0505"],
    empty: ["a canister onto which code is installed has none", "IC0514"],
    present: ["a canister whose code is upgraded has some", "IC0537"],
    said: ["an upgrade of code with a heap that can outlive it says what becomes of the heap", "IC0504"],
    keeping: ["a heap that is to be kept is one that the new code can keep", "IC0504"],
    patient: ["the install debit of the canister is zero", "IC0209"],
    funded: ["the balance covers the freezing threshold and the most that an installation costs", "IC0207"],
  },
  then: {
    debit: "the most that an installation costs leaves the balance",
    hold: "it is held for the installation, whose limit is that of installations",
    share: "the installation sees as much memory in use as a core at the start of an iteration",
  },
});

export const codeReplace = rule({
  id: "code-replace",
  chapter: "code",
  title: "The new code is put in place",
  intent:
    "An upgrade keeps stable memory, and the heap when it was told so; all else begins anew, and open calls go on. What the new code does first, it does as the canister that it makes.",
  source: "facts/messages.md F12, F13, F14, MSG-P24, MSG-P26, MSG-ST07, MSG-ST17, MSG-10.1.18",
  fidelity: {
    simplified: "callbacks keep the scripts with which they were sent, where the network keeps places in a table of the new code",
  },
  decides: [
    {
      place: "F14, the timer that the hook of the old code sets",
      answer: "gone, like every timer of before: only what the new code sets stays",
    },
    { place: "K2, the chunks of a canister onto which code is installed", answer: "they stay" },
  ],
  when: {},
  then: {
    code: "the code of the canister is that of the module",
    heap: "the pages of the heap are gone, unless an upgrade keeps them",
    stable: "stable memory has no pages any more, unless it is an upgrade",
    timer: "the global timer is deactivated",
    certified: "the certified data are empty, unless it is an upgrade",
    hook: "the hook of the canister is armed",
    version: "the version of the canister is one greater",
    change: "the change is the newest of the canister's history",
  },
});

export const installCommit = rule({
  id: "install-commit",
  chapter: "code",
  title: "An installation completes",
  intent: "The canister must be able to pay for what it has grown to.",
  source: "facts/messages.md F12, F13, F14; facts/cycles.md CYC-2.17",
  fidelity: "faithful",
  when: {
    solvent: ["the balance covers the freezing threshold of the memory now in use", "IC0207"],
  },
  then: {},
});

export const installRollback = rule({
  id: "install-rollback",
  chapter: "code",
  title: "An installation that traps leaves no trace but its cost",
  intent: "Also what the hook of the old code wrote is undone when the new code fails.",
  source: "facts/messages.md F14, MSG-P24, MSG-M24a",
  fidelity: "faithful",
  when: {},
  then: {
    code: "the canister has the code of before",
    memory: "the canister has the pages, and the stable memory, of before",
    timer: "the global timer is as before",
    certified: "the certified data are as before",
    hook: "the hook is as before",
    history: "the version and the history are as before",
    balance: "the balance is as before, less what is held",
    reserved: "what the canister set aside is as before",
    burned: "the total of burned cycles is as before",
  },
});

export const installSettle = rule({
  id: "install-settle",
  chapter: "code",
  title: "An installation is settled",
  intent: "Whether it completed or not, instructions that were used are paid for, and count against the next one.",
  source: "facts/cycles.md CYC-2.17; facts/scheduler.md SCH-4.4",
  fidelity: { simplified: "one that trapped counts as well; the facts have no word about it" },
  when: {},
  then: {
    refund: "what is held for instructions that were not used goes to the balance",
    burn: "the rest of what is held is burned",
    debit: "the install debit of the canister is the instructions that were used",
  },
});
