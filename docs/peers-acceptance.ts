/**
 * The groups of the acceptance tests of the interface specification, ic-ref-test, with those of its reference
 * implementation and of the replica's copy. An input that stands for a method of the management canister counts for what
 * the method does. A suite that asks for a reject where codes differ (IC0536 and IC0537 are 3 in ic-hs, 5 in the replica
 * and here) counts as asking for the reject.
 * @source facts/messages.md 10.1, 10.2
 */
import {
  authentication,
  by,
  restOfTheTree,
  consensusAnswers,
  cryptography,
  httpInterface,
  lifecycle,
  realWasm,
  stableMemory,
  type Fate,
} from "./fates.ts";
import type { Group, Part } from "./peer-group.ts";

const part = (what: string, cases: number | null, fate: Fate): Part => ({ what, cases, fate });
const refTest = (number: number, group: string, ...parts: readonly Part[]): Group => ({
  id: `MSG-10.1.${number}`,
  peer: "ic-ref-test",
  group,
  parts,
});

export const acceptanceTests: readonly Group[] = [
  refTest(1, "NNS canisters", part("their ids, and who may mint", 1, lifecycle)),
  refTest(2, "Create and install", part("installing code, in a canister or in none", 2, lifecycle)),
  refTest(3, "Calls to a subnet id", part("methods of the management canister of a subnet", 3, lifecycle)),
  refTest(
    4,
    "Create with an id",
    part("an id that is free, and one that is taken", 2, by("members-are-admitted", "canister-create.when.fresh")),
    part("an id outside of the ranges of the subnet", 1, lifecycle),
  ),
  refTest(5, "Wasm validation", part("modules that are valid, and that are not", 47, realWasm)),
  refTest(
    6,
    "Management, in steps",
    part("two answers of raw_rand differ, and have 32 bytes", 1, by("randomness-is-late-and-fresh", "randomness-comes-from-the-tape")),
    part("install, status, stop, start, delete; controllers; through canisters", 11, lifecycle),
  ),
  refTest(7, "HTTP outcalls", part("requests, limits, transforms", 42, consensusAnswers)),
  refTest(
    8,
    "Simple calls",
    part("a call, and a query", 2, by("replies-say-what-they-name", "answers-once", "queries-are-foretold")),
    part(
      "methods that are not there",
      2,
      by("codes-are-disciplined", "context-open.when.exported", "queries-are-foretold", "query-open.when.exported"),
    ),
    part("reject", 2, by("codes-are-disciplined", "replies-say-what-they-name", "call-reject.then.answer", "queries-are-foretold")),
    part(
      "no response: a reject, and what was written stays",
      3,
      by("contexts-follow-the-matrix", "context-give-up.when.childless", "memory-persists", "queries-are-foretold"),
    ),
    part("a second reply", 2, by("scripts-do-what-they-say", "call-reply.when.unanswered", "queries-are-foretold")),
    part("data appended after the reply; the caller", 4, realWasm),
  ),
  refTest(9, "Settings", part("controllers, and allocations that are valid or not", 18, lifecycle)),
  refTest(10, "Anonymous user", part("senders that are absent or anonymous", 4, authentication)),
  refTest(
    11,
    "State",
    part("what was set is there, until it is set again", 2, by("memory-persists", "page-write.then.store", "queries-are-foretold")),
    part("a message that is submitted twice runs once", 1, by("history-is-monotone", "ingress-is-screened", "ingress-submit.when.fresh")),
  ),
  refTest(
    12,
    "API availability: 42 calls in 9 contexts",
    part(
      "reply, reject, accept (twice), call, accept a message, set the timer, trap, time, balance (twice): 11 calls, in all contexts but those of installing",
      77,
      by("system-calls-by-context", "scripts-do-what-they-say", "queries-are-foretold", "ingress-is-screened", "system-call.when.sender"),
    ),
    part("all 42 calls in init and in pre_upgrade", 84, lifecycle),
    part("8 calls of stable memory", 56, stableMemory),
    part("setting certified data", 7, by("system-calls-by-context", "certified-data-follow-the-script", "system-call.when.certifier")),
    part("the certificate that a query sees", 7, restOfTheTree),
    part("21 calls that scripts do not have, or that are values to be read everywhere", 147, realWasm),
  ),
  refTest(
    13,
    "Self, wrong path, wrong effective id",
    part("a canister's own id", 1, realWasm),
    part("requests to the wrong path", 4, httpInterface),
    part("requests with the wrong effective id", 9, httpInterface),
  ),
  refTest(
    14,
    "Calls between canisters",
    part("the pieces of which a call is built", 7, realWasm),
    part(
      "to canisters and methods that are not there",
      3,
      by("gone-canisters-are-nobody", "one-response-per-call", "codes-are-disciplined", "request-bounce.then.reject"),
    ),
    part(
      "a query may not call",
      3,
      by("system-calls-by-context", "scripts-do-what-they-say", "queries-are-foretold", "system-call.when.sender"),
    ),
    part(
      "to oneself, and to another, to an update and to a query",
      4,
      by("one-response-per-call", "answers-reach-origins", "replies-say-what-they-name"),
    ),
    part("an update keeps what it wrote", 1, by("memory-persists", "page-write.then.store")),
    part("a query does not", 1, by("queries-in-rounds-are-forgotten", "query-discard.then.memory")),
    part(
      "a query that does not answer, and one that answers twice",
      2,
      by("contexts-follow-the-matrix", "context-give-up.when.childless", "scripts-do-what-they-say", "call-reply.when.unanswered"),
    ),
    part(
      "a second reply, in the callback",
      1,
      by("trap-leaves-nothing", "scripts-do-what-they-say", "call-reply.when.unanswered", "answers-once"),
    ),
    part("no cleanup where no callback trapped", 2, by("cleanup-follows-trap", "callback-cleanup.when.trapped")),
    part(
      "two callbacks, of which one traps, or both",
      3,
      by("contexts-follow-the-matrix", "context-respond.then.close", "trap-leaves-nothing"),
    ),
    part("the reject code in a reply; data appended before a callback", 2, realWasm),
  ),
  refTest(15, "Stable memory", part("of 32 bits, and of 64", 2, stableMemory)),
  refTest(
    16,
    "Time",
    part("in a query, and in an update", 2, by("replies-say-what-they-name", "clock-advances", "queries-are-foretold")),
    part("while code is installed, or upgraded", 3, lifecycle),
  ),
  refTest(
    17,
    "Global timer",
    part(
      "set in an update, in a timer task, for now, to nothing (not what the call returns)",
      4,
      by("timers-fire-once", "timers-are-due-when-reached", "scripts-do-what-they-say", "timer-set.then.set"),
    ),
    part("set for a time that is over: a script names a delay", 1, realWasm),
    part("while code is installed, upgraded, taken away; stopping and stopped", 9, lifecycle),
  ),
  refTest(18, "Canister version", part("in every context, after changes and after failures", 31, lifecycle)),
  refTest(19, "Canister history", part("what is tracked, and who may see it", 9, lifecycle)),
  refTest(20, "is_controller", part("of principals that are controllers, or are none", 4, lifecycle)),
  refTest(
    21,
    "Upgrades, reinstall, uninstall",
    part("who lost its code rejects calls", 1, by("uninstalling-answers-everybody", "ingress-is-screened", "canister-uninstall.then.code")),
    part("open call contexts are rejected", 1, by("uninstalling-answers-everybody", "answers-once", "context-withdraw.when.open")),
    part("upgrades and reinstalls; what a later install finds; who may", 13, lifecycle),
    part("stable memory is wiped", 1, stableMemory),
    part(
      "certified data is wiped",
      1,
      by("certified-data-follow-the-script", "roots-are-of-the-tree", "canister-uninstall.then.certified"),
    ),
  ),
  refTest(
    22,
    "Heartbeat",
    part("called for all canisters, and cannot reply", 1, by("tasks-take-turns", "scripts-do-what-they-say", "system-call.when.answerer")),
  ),
  refTest(
    23,
    "Debugging, and init",
    part("an explicit trap, also in a query", 2, by("trap-leaves-nothing", "scripts-do-what-they-say", "queries-are-foretold")),
    part("debug_print", 3, realWasm),
    part("caller and self in init, and traps there", 6, lifecycle),
  ),
  refTest(
    24,
    "Query",
    part("of a canister that is gone", 1, by("queries-are-foretold", "query-open.when.exists")),
    part("keeps nothing", 1, by("queries-change-nothing", "query-end.then.memory")),
    part("without one of its fields", null, httpInterface),
  ),
  {
    ...refTest(
      25,
      "read_state",
      part(
        "the time, and the statuses of requests, there and absent",
        null,
        by("certificates-show-what-is", "certificates-are-signed", "certificate-issue.then.values", "certificate-issue.then.absences"),
      ),
      part("controllers, modules, metadata, subnets, and who may read", null, restOfTheTree),
    ),
    cases: 31,
  },
  {
    ...refTest(
      26,
      "Certified variables",
      part(
        "set and read; too large; trapped",
        null,
        by("certified-data-follow-the-script", "certificates-show-what-is", "data-certify.when.fits", "data-certify.then.set"),
      ),
      part("where a query sees a certificate", null, restOfTheTree),
      part("while code is installed, upgraded, taken away", null, lifecycle),
    ),
    cases: 15,
  },
  refTest(
    27,
    "Cycles",
    part(
      "the balance, and what is available, in updates, callbacks and queries",
      7,
      by("replies-say-what-they-name", "queries-are-foretold"),
    ),
    part(
      "accepting nothing, more, or absurdly much",
      3,
      by("refund-within-attached", "scripts-do-what-they-say", "cycles-accept.then.take"),
    ),
    part(
      "sent, relayed, in transit, refunded, in one step and in two; too many",
      7,
      by("calls-are-sent-as-paid", "call-send.when.attachable", "refund-within-attached", "balances-follow-flows"),
    ),
    part("a new canister has what it was given", 1, by("members-are-admitted", "canister-create.then.create")),
    part(
      "a top-up by a user, also of nobody",
      2,
      by("cycles-minted-as-told", "every-input-is-observed", "top-up.when.exists", "top-up.then.credit"),
    ),
    part("while code is installed; status, deposits, deletion, other top-ups and creations", 14, lifecycle),
    part("calls of 64 bits, and a call that is given up while it is built", 3, realWasm),
  ),
  refTest(
    28,
    "inspect_message",
    part(
      "without code, without acceptance, accepted once or twice, trapped; the argument",
      6,
      by("ingress-is-screened", "ingress-inspect.when.accepted", "ingress-inspect.when.completed", "message-accept.when.once"),
    ),
    part("the name of the method, and the caller", 2, realWasm),
    part("methods of the management canister", 6, lifecycle),
  ),
  refTest(29, "Delegation targets", part("good ones, and bad ones", 33, authentication)),
  refTest(30, "Authentication schemes", part("in queries, and in updates", 18, authentication)),
  refTest(
    31,
    "Signature checking",
    part(
      "calls whose expiry is past, or too far",
      2,
      by("ingress-is-screened", "ingress-submit.when.unexpired", "ingress-submit.when.near"),
    ),
    part("signatures, keys, and the expiry of queries and of read_state", 16, authentication),
  ),
  refTest(32, "Canister signatures", part("direct, and by delegation", 7, authentication)),
  refTest(33, "Threshold ECDSA", part("signing, and what is wrong with it", 3, consensusAnswers)),
  {
    id: "MSG-10.1.34",
    peer: "ic-hs",
    group: "Unit tests, and properties of its parts",
    parts: [
      part("hash trees", 8, by("roots-are-of-the-tree", "certificates-show-what-is", "a-changed-leaf-breaks-the-witness")),
      part("BLS signatures", 7, cryptography),
      part("ECDSA, secp256k1, WebAuthn", 12, authentication),
      part("stable memory", 7, stableMemory),
      part("ids of requests", null, httpInterface),
      part(
        "the state, written out and read back",
        null,
        by("restart-is-invisible", "contexts-follow-the-matrix", "restart.then.memory", "restart.then.contexts"),
      ),
    ],
  },
  {
    id: "MSG-10.2",
    peer: "spec_compliance",
    group: "Beyond ic-ref-test",
    parts: [
      part(
        "large updates and queries, at the limit and above it",
        4,
        by("ingress-is-screened", "ingress-submit.when.sized", "queries-are-foretold", "query-admit.when.sized"),
      ),
      part("HTTP outcalls for one's own subnet, and for another", null, consensusAnswers),
      part("/subnet in read_state", null, restOfTheTree),
    ],
  },
];
