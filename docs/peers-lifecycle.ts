/**
 * Of the acceptance tests, groups 16 to 23: the time, timers, versions and histories of canisters, and code that comes, is exchanged and
 * goes. Their cases are told apart as the suite itself tells them apart.
 * @source facts/messages.md 10.1; dfinity/ic-hs, src/IC/Test/Spec.hs, src/IC/Test/Spec/Timer.hs, CanisterVersion.hs and CanisterHistory.hs
 */
import { by, timesOver, wasmEngine, wordsOfTheSender } from "./fates.ts";
import { part, refTest, type Group } from "./peer-group.ts";

export const lifecycleTests: readonly Group[] = [
  refTest(
    16,
    "Time",
    part("in a query, and in an update", 2, by("replies-say-what-they-name", "clock-advances", "queries-are-foretold")),
    part("while code is installed, before an upgrade, and after it", 3, by("management-is-foretold", "clock-advances")),
  ),
  refTest(
    17,
    "Global timer",
    part(
      "set in an update, in a timer task, for now, to nothing (not what the call returns)",
      4,
      by("timers-fire-once", "timers-are-due-when-reached", "scripts-do-what-they-say", "timer-set.then.set"),
    ),
    part("set for a time that is over", 1, timesOver),
    part(
      "set while the canister is stopping or stopped, by its new code, too, and when it is started again",
      3,
      by(
        "nothing-begins-in-the-stopped",
        "tasks-take-turns",
        "timers-are-due-when-reached",
        "management-is-foretold",
        "tasks-choose.when.running",
      ),
    ),
    part(
      "set by code that begins, or by the code of before, which is gone then, as any timer when code is exchanged or taken away",
      6,
      by(
        "installations-leave-what-they-keep",
        "management-is-foretold",
        "survives-by-table",
        "timers-are-due-when-reached",
        "code-replace.then.timer",
        "canister-uninstall.then.timer",
      ),
    ),
  ),
  refTest(
    18,
    "Canister version",
    part(
      "in queries, also in a round, in updates, and before an upgrade",
      4,
      by("versions-count-changes", "management-is-foretold", "execution-commit.then.version"),
    ),
    part(
      "in heartbeats, timer tasks and callbacks, and counted when these have completed",
      4,
      by("agrees-with-reference", "versions-count-changes", "execution-commit.then.version"),
    ),
    part(
      "in code that begins, anew or again, and after an upgrade",
      3,
      by("management-is-foretold", "agrees-with-reference", "code-replace.then.version"),
    ),
    part(
      "after the loss of code, and after other controllers or settings",
      3,
      by("versions-count-changes", "histories-tell-the-newest", "canister-uninstall.then.version", "settings-update.then.version"),
    ),
    part(
      "unchanged after failures: of messages, tasks and callbacks, of installations at whatever stage, of whoever may not, of settings",
      15,
      by(
        "versions-count-changes",
        "code-changes-whole",
        "controllers-decide",
        "code-replace.then.version",
        "management-allow.when.allowed",
      ),
    ),
    part(
      "in cleanups, and after those that trap",
      2,
      by("versions-count-changes", "agrees-with-reference", "execution-commit.then.version"),
    ),
  ),
  refTest(
    19,
    "Canister history",
    part(
      "creation, installations, loss of code, controllers, many changes, by whom, no other settings; and as much of it as is asked for (but no hashes of modules, nor whom a change made a controller)",
      7,
      by(
        "histories-tell-the-newest",
        "management-is-foretold",
        "code-replace.then.change",
        "canister-uninstall.then.change",
        "settings-update.then.change",
      ),
    ),
    part("a request that names another version of its sender", 1, wordsOfTheSender),
    part("a user may not ask", 1, by("users-ask-for-what-is-theirs", "management-admit.when.open")),
  ),
  refTest(
    20,
    "is_controller",
    part(
      "of principals that are controllers, or are none",
      4,
      by("callers-are-known", "scripts-do-what-they-say", "identity-read.then.controller"),
    ),
  ),
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
    part(
      "an upgrade that completes: both hooks see what there is, the heap is new, stable memory stays",
      1,
      by("installations-leave-what-they-keep", "management-is-foretold", "survives-by-table", "code-replace.then.heap"),
    ),
    part(
      "hooks before and after an upgrade that trap, by themselves or by a call",
      4,
      by(
        "code-changes-whole",
        "management-is-foretold",
        "survives-by-table",
        "system-calls-by-context",
        "install-rollback.then.memory",
        "install-rollback.then.code",
      ),
    ),
    part(
      "a hook that traps because it looks at an argument",
      1,
      by("management-is-foretold", "system-calls-by-context", "code-changes-whole", "install-rollback.then.code"),
    ),
    part(
      "a reinstallation, and one that traps",
      2,
      by("installations-leave-what-they-keep", "code-changes-whole", "survives-by-table", "code-replace.then.stable"),
    ),
    part("a loss of code where there is none", 1, by("management-is-foretold", "uninstalling-answers-everybody")),
    part(
      "what later code finds: nothing, in the heap or in stable memory",
      2,
      by("roots-are-of-the-tree", "installations-leave-what-they-keep", "balances-follow-flows", "canister-uninstall.then.memory"),
    ),
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
    part("what is printed", 3, wasmEngine),
    part(
      "the caller, and oneself, in code that begins",
      2,
      by("management-is-foretold", "callers-are-known", "identity-read.then.caller", "identity-read.then.self"),
    ),
    part(
      "code that traps when it begins: by itself, by a call, by a reply, by a reject",
      4,
      by(
        "code-changes-whole",
        "system-calls-by-context",
        "management-is-foretold",
        "contexts-follow-the-matrix",
        "scripts-do-what-they-say",
        "system-call.when.sender",
        "system-call.when.answerer",
        "install-rollback.then.code",
      ),
    ),
  ),
];
