/** Execution: one message on one canister, paid before it runs, all or nothing. */
import { rule } from "../rule.ts";

export const executionBegin = rule({
  id: "execution-begin",
  chapter: "execution",
  title: "An update or a task is paid for before it runs",
  intent:
    "The cycles for the most that a message may use are taken first, and only from what lies above the freezing threshold; so a message that runs can always be paid.",
  source: "facts/cycles.md CYC-2.1, CYC-2.2, T06; seed 003, cycles accounting",
  fidelity: "faithful",
  when: {
    unstopped: ["for a call, the canister is not stopped", "IC0508"],
    unstopping: ["for a call, the canister is not stopping", "IC0509"],
    funded: ["the balance, less the freezing threshold, covers the base fee and the message limit", "IC0207"],
  },
  then: {
    debit: "the base fee and the price of the message limit leave the balance",
    hold: "the execution holds them as its prepayment",
  },
});

export const contextOpen = rule({
  id: "context-open",
  chapter: "execution",
  title: "A call gets its call context",
  intent: "The context remembers to whom an answer is owed, and holds the attached cycles until they are accepted or go back.",
  source: "facts/messages.md C1, B6, B7, MSG-6.12; facts/cycles.md CYC-2.3, T07, T09",
  fidelity: "faithful",
  decides: [
    { place: "K12, calls to empty canisters", answer: "rejected with IC0537" },
    { place: "K12, unknown methods", answer: "rejected with IC0536" },
  ],
  when: {
    installed: ["the canister has code", "IC0537"],
    exported: ["the canister exports the method", "IC0536"],
    replicable: ["the method is no composite query", "IC0527"],
  },
  then: {
    open: "an open call context with the origin and all attached cycles exists",
    name: "the next context of the canister gets the next number",
  },
});

export const instructionsUse = rule({
  id: "instructions-use",
  chapter: "execution",
  title: "An instruction is counted before it acts",
  intent: "Execution is metered to the last instruction; what would pass the limit is stopped, and the whole prepayment is forfeited.",
  source: "facts/cycles.md CYC-2.6; facts/scheduler.md SCH-3.11; seed 003, deterministic time slicing",
  fidelity: { simplified: "an instruction of a script costs 1, `consume` what it names" },
  when: {
    within: ["with its cost, the execution stays within its limit", "IC0522"],
  },
  then: {
    count: "the instructions used grow by its cost",
  },
});

export const systemCall = rule({
  id: "system-call",
  chapter: "execution",
  title: "A system call is made where it is allowed",
  intent:
    "A cleanup may not send, answer or certify; a task has nobody to answer and no cycles to accept; an inspection changes nothing, and neither does a query, which has only an answer to give.",
  source:
    "facts/messages.md MSG-10.4.6, MSG-10.4.7, MSG-10.4.9, MSG-10.4.10, MSG-10.4.11, MSG-10.4.12, MSG-10.4.13, MSG-10.4.14, MSG-10.4.17, D3, D5, D6",
  fidelity: "faithful",
  decides: [
    {
      place: "MSG-10.4.17, cycles in a query that is executed in a round",
      answer: "a parameter says whether it may accept them, and whether it may burn them",
    },
    { place: "K9, whether a variable of the environment is there", answer: "canisters have no environment variables here" },
  ],
  when: {
    sender: ["a call is sent by an update, a task, a composite query, or a callback", "IC0504"],
    payer: ["cycles are attached to a call by anything but a composite query or its callback", "IC0504"],
    answerer: ["a reply or a reject is made by an update, a query, or a callback", "IC0504"],
    acceptor: [
      "cycles are accepted by an update, by a callback that is not one of a query, or, where the parameters allow it, by a query in a round",
      "IC0504",
    ],
    inspector: ["a message is accepted by an inspection", "IC0504"],
    burner: ["cycles are burned outside of inspections and queries, or, where the parameters allow it, by a query in a round", "IC0504"],
    lasting: ["the global timer is set outside of inspections and queries", "IC0504"],
    certifier: ["data are certified by an update, a callback or a task", "IC0504"],
  },
  then: {},
});

export const pageWrite = rule({
  id: "page-write",
  chapter: "execution",
  title: "A canister writes a page of its memory",
  intent: "Memory is what a canister finds again in its next execution, whenever that is.",
  source: "seed 000, orthogonal persistence; facts/messages.md X12, X13, MSG-10.4.16",
  fidelity: { simplified: "a page is written whole; the heap grows by being written" },
  decides: [
    {
      place: "K7, where what is read of stable memory is put",
      answer: "nowhere: pages are read and written whole, and there are no offsets",
    },
  ],
  when: {
    inside: ["the page is one of the heap, or of stable memory as far as that goes", "IC0502"],
    fits: ["the content has at most the bytes of a page", "IC0502"],
  },
  then: {
    store: "the page holds the content",
  },
});

export const stableGrow = rule({
  id: "stable-grow",
  chapter: "execution",
  title: "A canister makes its stable memory larger",
  intent:
    "Stable memory has a size, and beyond it nothing can be written or read. Whoever wants more asks for it; where there is no more, nothing happens, and a look at the size tells.",
  source: "seed 000, memory limit; facts/messages.md X13, MSG-10.1.15, MSG-10.4.16",
  fidelity: { simplified: "pages are as large as those of the heap; whether it grew is seen from the size" },
  when: {
    room: ["with what it grows by, it has at most the pages that there are beside the heap", null],
    capacity: [
      "outside of inspections and queries, with what the memory of the canister grows by, the memory in use that the core sees is at most an even share of what the subnet has, or it does not grow",
      null,
    ],
  },
  then: {
    size: "stable memory has so many pages more",
  },
});

export const memoryGrow = rule({
  id: "memory-grow",
  chapter: "execution",
  title: "The memory of a canister grows",
  intent:
    "Where the memory of a subnet becomes scarce, whoever takes more of it pays for a time in advance, the longer the scarcer. What is set aside pays for the memory before the balance does, and never comes back.",
  source: "facts/cycles.md CYC-4.5, CYC-4.6, CYC-Z06, CYC-Z08, CYC-C22, CYC-C37, T46",
  fidelity: { simplified: "code and tables take no memory; for pages of the heap a subnet is never full" },
  decides: [
    {
      place: "CYC-4.5, the memory in use as a canister sees it while cores run at the same time",
      answer: "an even share of what was in use when the iteration began, and what grew on its own core since",
    },
  ],
  when: {
    grows: ["a page of the heap is written for the first time, or stable memory grew, and this is neither an inspection nor a query", null],
    limited: ["nothing has to be set aside, or with what is set aside already it is within the limit of the canister", "IC0534"],
    payable: ["the balance covers what has to be set aside", "IC0532"],
    thawed: ["for an update or a task, what is left of the balance covers the freezing threshold with what is new", "IC0532"],
  },
  then: {
    debit: "what has to be set aside leaves the balance",
    reserve: "what has to be set aside is set aside",
    count: "the memory in use that the core sees grows by what the memory of the canister grew by",
  },
});

export const executionCommit = rule({
  id: "execution-commit",
  chapter: "execution",
  title: "An execution completes",
  intent: "A canister may not grow into a state that it could not afford for the time of its freezing threshold.",
  source: "facts/messages.md D1, D3, D5, MSG-7.5, MSG-ST07; facts/cycles.md CYC-2.4, CYC-4.6, T16",
  fidelity: "faithful",
  when: {
    solvent: [
      "for an update or a task, the balance, less the fees postponed while it was paused, covers the freezing threshold of the memory now in use",
      "IC0207",
    ],
    limited: ["for an update, the pages of the heap are within the memory limit of the canister, if it has one", "IC0539"],
  },
  then: {
    version: "the version of the canister is one greater, unless it is a query",
  },
});

export const executionRollback = rule({
  id: "execution-rollback",
  chapter: "execution",
  title: "An execution that traps leaves no trace but its cost",
  intent: "A trap is as if the message had not run, except that its instructions are paid.",
  source: "facts/messages.md D2, MSG-P7; facts/cycles.md CYC-2.5, CYC-P6",
  fidelity: "faithful",
  when: {},
  then: {
    memory: "the pages, and the size of stable memory, are as before the execution",
    timer: "the global timer is as before the execution",
    certified: "the certified data of the canister are as before the execution",
    balance: "the balance is as before the execution, with the prepayment taken off",
    reserved: "what is set aside is as before the execution",
    available: "the cycles available on the call context are as before the execution",
    burned: "the total of burned cycles is as before the execution",
    requests: "the requests that it sent are gone from the output queues",
    share: "the core's share of the memory for responses is as before the execution",
    storage: "the memory in use that the core sees is as before the execution",
    count: "the core's copy of the callbacks that are left is as before the execution",
    calls: "of the calls that its query has still to make, those that it sent are gone",
    callbacks: "the callbacks that it made are gone",
    answer: "the answer that it gave is gone",
  },
});

export const executionSettle = rule({
  id: "execution-settle",
  chapter: "execution",
  title: "The prepayment is settled",
  intent: "What was not used goes back; what was used is burned. With the limit passed, all counts as used.",
  source: "facts/cycles.md S2, S3, CYC-2.5, CYC-2.6, T10, T13, T15, T25; seed 003, cycles accounting",
  fidelity: "faithful",
  when: {},
  then: {
    refund: "the price of the instructions not used, at most the prepayment, goes to the balance",
    burn: "the rest of the prepayment is burned",
  },
});
