/**
 * The groups of the acceptance tests of the interface specification, ic-ref-test, up to 15; those about what changes in a canister are
 * in `peers-lifecycle.ts`, the others in `peers-outside.ts`.
 * An input that stands for a method of the management canister counts for what the method does, and so does a canister that
 * asks for it where a user does in the suite. A suite that asks for a reject where codes differ (IC0536 and IC0537 are 3 in
 * ic-hs, 5 in the replica and here) counts as asking for the reject.
 * @source facts/messages.md 10.1
 */
import {
  authentication,
  by,
  httpInterface,
  namesOfSubnets,
  systemCanisters,
  textOfRejects,
  wasmEngine,
  outsideOfOutcalls,
} from "./fates.ts";
import { part, refTest, type Group } from "./peer-group.ts";

export const acceptanceTests: readonly Group[] = [
  refTest(1, "NNS canisters", part("their ids, and who may mint", 1, systemCanisters)),
  refTest(
    2,
    "Create and install",
    part(
      "code in a canister that was made for it",
      1,
      by("made-canisters-are-new", "code-changes-whole", "management-is-foretold", "canister-make.then.create", "code-replace.then.code"),
    ),
    part("code for a canister that is not there", 1, by("management-is-foretold", "management-allow.when.exists")),
  ),
  refTest(3, "Calls to a subnet id", part("methods of the management canister of a subnet", 3, namesOfSubnets)),
  refTest(
    4,
    "Create with an id",
    part("an id that is free, and one that is taken", 2, by("members-are-admitted", "canister-create.when.fresh")),
    part("an id outside of the ranges of the subnet", 1, namesOfSubnets),
  ),
  refTest(5, "Wasm validation", part("modules that are valid, and that are not", 47, wasmEngine)),
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
    part(
      "one canister from its creation on: install, install again, reinstall, upgrade, other controllers, and who is none of them",
      2,
      by(
        "management-is-foretold",
        "made-canisters-are-new",
        "code-changes-whole",
        "settings-are-kept-to",
        "controllers-decide",
        "install-begin.when.empty",
        "settings-update.then.controllers",
      ),
    ),
    part("a reinstallation where there is no code", 1, by("management-is-foretold", "code-changes-whole", "code-replace.then.code")),
    part("modules that are compressed, or large", 2, wasmEngine),
  ),
  {
    ...refTest(
      7,
      "HTTP outcalls",
      part(
        "https alone; URLs, and answers to be allowed, of the greatest length and longer",
        null,
        by("management-is-foretold", "management-ask.when.named", "consensus-is-paid-for", "outcall-ask.when.funded"),
      ),
      part(
        "answers of the greatest length, and longer",
        null,
        by("answers-come-from-blocks", "consensus-answer.when.sized", "consensus-answer.then.leave"),
      ),
      part("methods, headers, bodies and transforms", null, outsideOfOutcalls),
    ),
    cases: 42,
  },
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
    part("data appended after the answer", 2, wasmEngine),
    part("the caller", 2, by("callers-are-known", "queries-are-foretold", "identity-read.then.caller")),
  ),
  refTest(
    9,
    "Settings",
    part("a canister asks for its own status", 1, by("controllers-decide", "management-is-foretold", "management-allow.when.allowed")),
    part(
      "controllers that are others from now on, several, none, the canister itself, or too many",
      6,
      by(
        "settings-are-kept-to",
        "controllers-decide",
        "histories-tell-the-newest",
        "made-canisters-are-new",
        "settings-update.when.few",
        "settings-update.then.controllers",
        "canister-make.when.few",
      ),
    ),
    part("controllers that are named twice", 1, by("settings-are-kept-to", "made-canisters-are-new", "settings-update.then.controllers")),
    part(
      "an allocation and a freezing threshold with which a canister is made (and one of memory)",
      1,
      by("made-canisters-are-new", "memory-is-promised-and-paid-for", "management-is-foretold", "canister-make.then.create"),
    ),
    part(
      "allocations and thresholds that are out of their range",
      9,
      by("management-is-foretold", "users-ask-for-what-is-theirs", "management-ask.when.named", "management-admit.when.named"),
    ),
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
      "reply, reject, accept (twice), call, accept a message, set the timer, trap, time, balance (twice): 11 calls",
      99,
      by(
        "system-calls-by-context",
        "scripts-do-what-they-say",
        "queries-are-foretold",
        "ingress-is-screened",
        "management-is-foretold",
        "system-call.when.sender",
      ),
    ),
    part(
      "size, grow, read and write of stable memory, of 64 bits: 4 calls",
      36,
      by(
        "system-calls-by-context",
        "stable-memory-has-a-size",
        "scripts-do-what-they-say",
        "queries-are-foretold",
        "value-read.then.size",
        "stable-grow.then.size",
        "page-write.then.store",
        "value-read.then.page",
      ),
    ),
    part("the same four, of 32 bits", 36, wasmEngine),
    part("setting certified data", 9, by("system-calls-by-context", "certified-data-follow-the-script", "system-call.when.certifier")),
    part(
      "the certificate that a query sees",
      9,
      by("system-calls-by-context", "queries-are-foretold", "certificate-read.when.asked", "certificate-read.then.root"),
    ),
    part(
      "what is given, the caller, oneself, available and refunded cycles (twice each), the code of a reject, the status, the version, a controller, the method: 12 calls",
      108,
      by(
        "system-calls-by-context",
        "scripts-do-what-they-say",
        "callers-are-known",
        "queries-are-foretold",
        "management-is-foretold",
        "value-read.when.given",
        "value-read.when.available",
        "value-read.when.refunded",
        "identity-read.when.rejected",
        "identity-read.when.inspected",
      ),
    ),
    part("data for a reply and for a call, cycles for a call (twice), a cleanup for it, a text to print: 6 calls", 54, wasmEngine),
    part("the text of a reject", 9, textOfRejects),
    part(
      "the counter of instructions",
      9,
      by("system-calls-by-context", "scripts-do-what-they-say", "queries-are-foretold", "value-read.then.instructions"),
    ),
    part(
      "whether there is a certificate",
      9,
      by("system-calls-by-context", "scripts-do-what-they-say", "queries-are-foretold", "certificate-read.then.present"),
    ),
  ),
  refTest(
    13,
    "Self, wrong path, wrong effective id",
    part("a canister's own id", 1, by("callers-are-known", "scripts-do-what-they-say", "identity-read.then.self")),
    part("requests to the wrong path", 4, httpInterface),
    part("requests with the wrong effective id", 9, httpInterface),
  ),
  refTest(
    14,
    "Calls between canisters",
    part("the pieces of which a call is built", 7, wasmEngine),
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
    part("the reject code in a reply", 1, by("scripts-do-what-they-say", "system-calls-by-context", "identity-read.when.rejected")),
    part("data appended before a callback", 1, wasmEngine),
  ),
  refTest(
    15,
    "Stable memory",
    part(
      "of 64 bits",
      1,
      by(
        "stable-memory-has-a-size",
        "memory-persists",
        "scripts-do-what-they-say",
        "stable-grow.when.room",
        "stable-grow.then.size",
        "page-write.when.inside",
        "value-read.when.inside",
      ),
    ),
    part("of 32 bits", 1, wasmEngine),
  ),
];
