/** Queries: what users ask and nobody writes down. Answered by one node, on the state of the last round, for nothing. */
import { rule } from "../rule.ts";

export const queryAdmit = rule({
  id: "query-admit",
  chapter: "queries",
  title: "A query of a user is admitted",
  intent:
    "A query costs nobody any cycles, so something else must keep it in bounds: a canister has so many instructions for queries in each window of time. Whoever uses them up keeps everybody else waiting until the next window.",
  source: "facts/messages.md MSG-6.4, X11; facts/cycles.md CYC-2.16, T66; seed 003, queries",
  fidelity: {
    simplified: "one node answers all queries, on the state as it is now, certified or not; no signatures, expiry, or wall clock",
  },
  decides: [
    { place: "MSG-6.4, windows", answer: "a window begins at each multiple of its length, by the time of the last round" },
    {
      place: "MSG-6.4, the last query of a budget",
      answer: "a query begins while anything is left of the budget, and then runs to its end",
    },
    { place: "MSG-6.4, whose budget a call of a composite query uses", answer: "that of the canister that the user asked" },
  ],
  when: {
    sized: ["the payload has at most the bytes of the largest payload", "CN0020"],
    spare: ["in this window of time, the canister has used less than its budget for queries", "CN0021"],
  },
  then: {
    begin: "the instruction limit of a whole query is left to it",
  },
});

export const queryOpen = rule({
  id: "query-open",
  chapter: "queries",
  title: "A query is executed",
  intent:
    "The query of a user and a call of a composite query begin alike: on the memory of the last round, whatever ran in between. So two calls of the same query ask the same canister, not what the first call made of it.",
  source: "facts/messages.md H1, H2, MSG-6.1, MSG-6.2, X12; seed 000, query calls",
  fidelity: { simplified: "no limit on the wall clock; replies have the limit of all payloads" },
  decides: [
    {
      place: "CYC-Z12 against H1, queries to a frozen canister",
      answer: "refused with IC0207, at every depth: the cycles that a query would cost are not the reason, being able to go on is",
    },
    { place: "H2, a canister of another subnet", answer: "does not exist for a query: IC0301" },
    { place: "K14, a canister that calls itself, or comes twice in a chain of calls", answer: "allowed; it begins afresh" },
  ],
  when: {
    exists: ["the canister exists on this subnet", "IC0301"],
    installed: ["the canister has code", "IC0537"],
    unstopped: ["the canister is not stopped", "IC0508"],
    unstopping: ["the canister is not stopping", "IC0509"],
    exported: ["the canister exports the method as a query or as a composite query", "IC0536"],
    solvent: ["the balance covers the freezing threshold of the memory before the query of the user", "IC0207"],
  },
  then: {
    fresh: "the memory of the canister is as before the query of the user",
    limit: "its limit is that of one query, at most what is left to the whole query",
  },
});

export const queryManage = rule({
  id: "query-manage",
  chapter: "queries",
  title: "The management canister answers a query",
  intent:
    "Whoever may know the status of a canister need not wait for a round to learn it. No canister executes anything: it costs no instructions, and goes no deeper.",
  source: "facts/messages.md H3, H4-H7, F5",
  fidelity: { simplified: "of the methods that can be asked in queries, `canister_status` alone, which tells the status alone" },
  when: {
    known: ["the method is one that the management canister answers in queries", "IC0536"],
    named: ["the argument is as the method has it", "IC0408"],
    exists: ["the canister that is named exists on this subnet", "IC0301"],
    allowed: ["whoever asks is a controller of the canister that is named, or that canister", "IC0512"],
  },
  then: {
    answer: "the answer is the status of the canister",
  },
});

export const queryCall = rule({
  id: "query-call",
  chapter: "queries",
  title: "A composite query calls",
  intent: "Such a call costs no cycles, takes no slot and holds no memory: it is made and answered before the query is.",
  source: "facts/messages.md H2, MSG-6.2, MSG-10.4.11",
  fidelity: { simplified: "no limits on callbacks, queues, or memory; a timeout has no meaning" },
  when: {
    sized: ["the payload has at most the bytes of the largest payload", "IC0504"],
  },
  then: {
    wait: "the call is the last of those that its query has still to make",
  },
});

export const queryNest = rule({
  id: "query-nest",
  chapter: "queries",
  title: "A composite query goes on to its next call",
  intent: "Calls are made one after another, each with all that it calls itself. A tree that grows too deep or too dear is cut down whole.",
  source: "facts/messages.md H2, MSG-6.2, K14; facts/scheduler.md SCH-C40",
  fidelity: { simplified: "a query at the deepest place that neither answers nor calls is rejected by itself, not with the whole query" },
  decides: [
    {
      place: "K14, the order of newly produced calls",
      answer: "those of one query are made in the order in which it sent them, also in callbacks",
    },
    { place: "MSG-6.2, depth", answer: "the query of the user has depth 0, and what runs at the limit makes no calls" },
  ],
  when: {
    shallow: ["the depth of the calling query is less than the limit of depth", "IC0525"],
    left: ["at least one instruction is left to the whole query", "IC0526"],
  },
  then: {},
});

export const queryResume = rule({
  id: "query-resume",
  chapter: "queries",
  title: "A composite query has the answer to its call",
  intent: "What a query wrote before its call it finds again in the callback; what others wrote it never sees.",
  source: "facts/messages.md H2, MSG-6.2",
  fidelity: "faithful",
  when: {
    left: ["at least one instruction is left to the whole query", "IC0526"],
  },
  then: {
    memory: "the memory of the canister is as this query left it",
    limit: "the limit of the callback is that of one query, at most what is left to the whole query",
  },
});

export const queryCleanup = rule({
  id: "query-cleanup",
  chapter: "queries",
  title: "A cleanup runs after a callback of a query that trapped",
  intent: "It comes out of the limit of its callback: nothing is set aside for it, so a callback that exhausts its limit has no cleanup.",
  source: "facts/messages.md MSG-10.4, D5",
  fidelity: "faithful",
  when: {
    trapped: ["the callback trapped", null],
  },
  then: {
    limit: "the limit of the cleanup is what the callback left of its limit",
  },
});

export const queryCount = rule({
  id: "query-count",
  chapter: "queries",
  title: "What a query executes is counted for the whole query",
  intent: "Every call costs something even when its callee does nothing, or a small query could start a hundred thousand.",
  source: "facts/messages.md MSG-6.2; facts/scheduler.md SCH-C40",
  fidelity: { simplified: "a call to a frozen canister has no overhead, like one to a canister that does not exist" },
  when: {},
  then: {
    used: "what is left to the whole query falls by the instructions used",
    overhead: "where what ran was called by another query, it falls by the overhead of a call, too",
  },
});

export const queryAnswer = rule({
  id: "query-answer",
  chapter: "queries",
  title: "A query has answered",
  intent: "Whoever answers is done: calls that it sent and that were not made yet cannot change the answer, and are not made.",
  source: "facts/messages.md H2",
  fidelity: "faithful",
  when: {
    answered: ["what ran completed and gave an answer", null],
  },
  then: {
    answer: "the answer is that of the query",
  },
});

export const queryGiveUp = rule({
  id: "query-give-up",
  chapter: "queries",
  title: "A query that cannot answer any more is rejected",
  intent: "As with calls between canisters: when no callback will come, nobody is left who could answer.",
  source: "facts/messages.md E1, H2, MSG-6.2",
  fidelity: "faithful",
  when: {
    open: ["the query has no answer", null],
    idle: ["it has no calls still to make", null],
  },
  then: {
    reject: "its answer is a reject with the error of the trap of what ran last, or IC0506",
  },
});

export const queryEnd = rule({
  id: "query-end",
  chapter: "queries",
  title: "The query of a user is over",
  intent:
    "A query changes nothing. What is counted for its canister is known to this node alone: it is no part of the state root, and a restart forgets it.",
  source: "facts/messages.md D3, MSG-6.1, MSG-6.4, MSG-6.9, MSG-P16, X12; seed 000, query calls; seed 003, queries",
  fidelity: { simplified: "no statistics of queries, which replicas agree on and a canister is told" },
  decides: [
    { place: "MSG-6.9, answers from a cache", answer: "are counted like others: whether an answer came from a cache cannot be seen" },
    { place: "MSG-6.4, a query that failed", answer: "is counted for what it used" },
  ],
  when: {},
  then: {
    memory: "the memory of all canisters is as before the query",
    count:
      "what the canister has used of its budget for queries in this window grows by the instructions of the whole query, to the budget at most",
  },
});

export const queryDiscard = rule({
  id: "query-discard",
  chapter: "queries",
  title: "A query that runs as an update leaves its memory behind",
  intent:
    "Sent through consensus, a query is executed by all nodes, paid like an update, and its answer can be trusted. What it wrote is forgotten all the same; cycles that it accepted or burned are not.",
  source: "facts/messages.md D3, MSG-6.11, MSG-10.4.17; facts/cycles.md CYC-3.4",
  fidelity: { simplified: "it has the instruction limit of an update, and is sliced like one" },
  when: {
    query: ["the method is a query", null],
  },
  then: {
    memory: "the memory is as before the execution",
  },
});
