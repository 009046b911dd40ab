/**
 * The groups of the acceptance tests of the interface specification, ic-ref-test, up to 23; the others are in `peers-outside.ts`.
 * An input that stands for a method of the management canister counts for what the method does, and so does a canister that
 * asks for it where a user does in the suite. A suite that asks for a reject where codes differ (IC0536 and IC0537 are 3 in
 * ic-hs, 5 in the replica and here) counts as asking for the reject.
 * @source facts/messages.md 10.1
 */
import { authentication, by, restOfTheTree, consensusAnswers, httpInterface, lifecycle, realWasm, stableMemory } from "./fates.ts";
import { part, refTest, type Group } from "./peer-group.ts";

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
    part(
      "running, stopping and stopped: what is told of it, what is refused meanwhile, and being started, also while stopping",
      4,
      by(
        "management-is-foretold",
        "stops-are-answered-once",
        "nothing-begins-in-the-stopped",
        "canister-stop.then.stop",
        "canister-rest.then.rest",
        "canister-start.then.cancel",
        "query-open.when.unstopped",
      ),
    ),
    part(
      "deletion, of the stopped alone",
      1,
      by("management-is-foretold", "gone-canisters-are-nobody", "management-allow.when.stopped", "canister-delete.then.remove"),
    ),
    part("whoever is no controller", 1, by("controllers-decide", "management-is-foretold", "management-allow.when.allowed")),
    part("requests as such, installs, large ones, creation by a canister", 5, lifecycle),
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
  refTest(
    9,
    "Settings",
    part("a canister asks for its own status", 1, by("controllers-decide", "management-is-foretold", "management-allow.when.allowed")),
    part("who controllers are, and allocations that are valid or not", 17, lifecycle),
  ),
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
    part(
      "while the canister is stopping or stopped, and when it is started again",
      3,
      by("nothing-begins-in-the-stopped", "tasks-take-turns", "timers-are-due-when-reached", "tasks-choose.when.running"),
    ),
    part("while code is installed, upgraded, taken away", 6, lifecycle),
  ),
  refTest(18, "Canister version", part("in every context, after changes and after failures", 31, lifecycle)),
  refTest(19, "Canister history", part("what is tracked, and who may see it", 9, lifecycle)),
  refTest(20, "is_controller", part("of principals that are controllers, or are none", 4, lifecycle)),
  refTest(
    21,
    "Upgrades, reinstall, uninstall",
    part("who lost its code rejects calls", 1, by("uninstalling-answers-everybody", "ingress-is-screened", "canister-uninstall.then.code")),
    part("open call contexts are rejected", 1, by("uninstalling-answers-everybody", "answers-once", "context-withdraw.when.open")),
    part(
      "contexts that were deleted keep a canister from being stopped, and their answers are not delivered",
      2,
      by("stops-are-answered-once", "uninstalling-answers-everybody", "canister-rest.when.answered", "response-discard.when.deleted"),
    ),
    part("not for whoever is no controller", 1, by("controllers-decide", "management-is-foretold", "management-allow.when.allowed")),
    part("upgrades and reinstalls; what a later install finds", 10, lifecycle),
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
];
