/**
 * The tests in Rust of the replica, file by file. The fact sheet counts the tests of a file and names its topics, not its
 * tests; so a part is a topic, without a count, and what is said of it is said of what a machine shows of it. Of two files
 * it names no topics, `query_handler` and those of row 9: theirs are what the files themselves are about.
 * @source facts/messages.md 10.3
 */
import { bitcoin, by, consensus, insides, logs, migration, sizesOfCode, slicesOfInstallations, wasmEngine, type Fate } from "./fates.ts";
import type { Group, Part } from "./peer-group.ts";

const topic = (what: string, fate: Fate, cases: number | null = null): Part => ({ what, cases, fate });
const file = (number: number, group: string, cases: number, ...parts: readonly Part[]): Group => ({
  id: `MSG-10.3.${number}`,
  peer: "replica",
  group,
  cases,
  parts,
});

export const replicaTests: readonly Group[] = [
  file(
    1,
    "hypervisor",
    227,
    topic("traps", by("trap-leaves-nothing", "cleanup-follows-trap", "scripts-do-what-they-say", "execution-rollback.then.memory")),
    topic("the system calls of scripts", by("system-calls-by-context", "scripts-do-what-they-say", "calls-are-sent-as-paid")),
    topic(
      "what is read, and where it is there to be read",
      by("system-calls-by-context", "scripts-do-what-they-say", "callers-are-known", "value-read.when.given", "identity-read.then.caller"),
    ),
    topic("the instructions used so far, as a value", by("scripts-do-what-they-say", "value-read.then.instructions")),
    topic("the memory of Wasm modules, and how they are instrumented", wasmEngine),
    topic(
      "stable memory",
      by(
        "stable-memory-has-a-size",
        "scripts-do-what-they-say",
        "growth-is-paid-ahead",
        "stable-grow.when.room",
        "stable-grow.when.capacity",
        "page-write.when.inside",
        "value-read.when.inside",
      ),
    ),
  ),
  file(
    2,
    "canister_manager",
    153,
    topic("compute allocations", by("members-are-admitted", "allocation-set.when.admitted")),
    topic("reserved cycles", by("growth-is-paid-ahead", "reserves-pay-first", "charges-are-exact", "memory-grow.then.reserve")),
    topic(
      "starting, stopping, uninstalling, deleting; deposits; and who may",
      by(
        "management-is-foretold",
        "controllers-decide",
        "stops-are-answered-once",
        "management-allow.when.allowed",
        "canister-start.then.run",
        "cycles-deposit.then.credit",
      ),
    ),
    topic(
      "creating",
      by("made-canisters-are-new", "canister-make.when.funded", "canister-make.when.admitted", "canister-make.then.create"),
    ),
    topic(
      "installing, reinstalling, upgrading, and what it costs",
      by(
        "code-changes-whole",
        "installations-leave-what-they-keep",
        "installations-are-paid-for",
        "management-is-foretold",
        "install-begin.when.funded",
        "install-begin.when.patient",
        "install-settle.then.refund",
      ),
    ),
    topic(
      "settings",
      by("settings-are-kept-to", "settings-update.when.admitted", "settings-update.when.payable", "settings-update.when.sufficient"),
    ),
    topic(
      "versions",
      by("versions-count-changes", "code-replace.then.version", "canister-uninstall.then.version", "settings-update.then.version"),
    ),
    topic(
      "snapshots: taken, brought back, deleted; what they take and cost, and who may not",
      by(
        "snapshots-bring-back",
        "snapshots-are-paid-for",
        "snapshots-are-listed",
        "management-is-foretold",
        "snapshot-take.when.room",
        "snapshot-load.when.allowed",
        "snapshot-delete.when.found",
      ),
    ),
    topic(
      "chunks of modules: kept, cleared away, joined; what they take and cost, and who may not",
      by(
        "chunks-are-kept-and-paid-for",
        "chunks-make-modules",
        "management-is-foretold",
        "chunk-keep.when.room",
        "chunks-clear.then.clear",
        "chunks-join.when.allowed",
        "chunks-join.when.whole",
      ),
    ),
    topic(
      "memory allocations: raised and lowered, more than there is, below what is used, what is set aside and charged for them",
      by(
        "memory-is-promised-and-paid-for",
        "growth-is-paid-ahead",
        "reserves-pay-first",
        "settings-update.when.roomy",
        "settings-update.when.limited",
        "settings-update.when.secured",
        "settings-update.then.memory",
        "settings-update.then.reserve",
        "canister-make.when.roomy",
        "canister-make.then.reserve",
        "canister-exhaust.then.allotment",
      ),
    ),
  ),
  file(
    3,
    "scheduler",
    98,
    topic(
      "rounds",
      by("instructions-within-limits", "work-is-conserved", "turns-are-dealt", "cores-are-divided", "priorities-are-settled"),
    ),
    topic("heap delta", by("heap-debit-suspends", "heap-delta-gates-rounds", "round-gate.when.room")),
    topic("tasks", by("tasks-take-turns", "timers-are-due-when-reached", "timers-fire-once", "tasks-drop.then.drop")),
    topic("slices", by("slices-are-exact", "few-executions-stay-paused", "long-executions-finish", "execution-abort.then.drop")),
    topic("raw_rand that waits for a round", by("randomness-is-late-and-fresh", "randomness-ask.then.wait")),
    topic("stopping that takes too long", by("stops-are-answered-once", "stop-expire.when.late", "stop-expire.then.leave")),
    topic(
      "contexts of threshold signatures",
      by("signatures-are-drawn-for", "answers-come-from-blocks", "nonce-draw.when.later", "consensus-answer.when.prepared"),
    ),
  ),
  file(
    4,
    "execution_environment",
    90,
    topic(
      "replies and rejects",
      by("answers-reach-origins", "contexts-follow-the-matrix", "codes-are-disciplined", "refund-within-attached"),
    ),
    topic(
      "stopping",
      by("stops-are-answered-once", "nothing-begins-in-the-stopped", "execution-begin.when.unstopping", "stop-answer.then.leave"),
    ),
    topic(
      "what the management canister refuses canisters",
      by("management-is-foretold", "controllers-decide", "management-allow.when.exists", "management-allow.when.allowed"),
    ),
    topic(
      "what it refuses users",
      by(
        "users-ask-for-what-is-theirs",
        "management-is-foretold",
        "management-admit.when.known",
        "management-admit.when.open",
        "management-admit.when.allowed",
      ),
    ),
    topic(
      "fees of threshold signatures, and queues of them that are full",
      by("consensus-is-paid-for", "signature-ask.when.funded", "signature-ask.then.burn", "signature-ask.when.room"),
    ),
    topic("queues towards Bitcoin that are full", by("bitcoin-answers-for-itself", "bitcoin-route.then.callee", "call-send.when.slot")),
  ),
  file(
    5,
    "stream_handler, stream_builder",
    65,
    topic("induction", by("streams-come-in", "strangers-speak-for-themselves", "repeats-change-nothing", "stream-request.then.enter")),
    topic(
      "streams that are built, and cut",
      by(
        "streams-keep-their-indexes",
        "streams-come-in",
        "streams-go-out-in-turns",
        "slice-admit.then.collect",
        "message-stream.then.append",
      ),
    ),
    topic("signals that reject, and migration", migration),
  ),
  file(
    6,
    "queues",
    48,
    topic("slots", by("slots-are-bounded", "slots-are-reserved", "call-send.when.slot", "request-induct.when.slot")),
    topic("schedules", by("inputs-take-turns", "nobody-is-passed-over", "work-is-conserved", "input-take.then.rotate")),
    topic("time-outs", by("late-messages-expire", "timeouts-are-kept", "request-expire.when.late", "callback-expire.when.late")),
  ),
  file(
    7,
    "query_cache, query_handler",
    70,
    topic("all that makes a kept answer stale", by("asked-again-answered-again", "queries-are-foretold")),
    topic(
      "queries and composite queries: calls, depth, instructions, frozen canisters, in a round",
      by("queries-are-foretold", "query-trees-are-bounded", "queries-in-rounds-are-forgotten", "query-nest.when.shallow"),
    ),
    topic(
      "queries to the management canister",
      by("queries-are-foretold", "query-manage.when.known", "query-manage.when.allowed", "query-manage.then.answer"),
    ),
    topic("metrics, and when code is compiled", insides),
  ),
  file(
    8,
    "dts",
    31,
    topic(
      "slices of heartbeats and timers",
      by("slices-are-exact", "slices-are-invisible", "tasks-take-turns", "execution-pause.then.hold"),
    ),
    topic("aborts", by("few-executions-stay-paused", "slices-are-invisible", "slices-cost-nothing", "execution-abort.then.drop")),
    topic("fees that wait", by("postponed-fees-are-paid", "ingress-postpone.then.postpone")),
    topic(
      "stopping in the middle of an execution",
      by("management-is-foretold", "stops-are-answered-once", "management-take.when.steady", "management-take.when.ordered"),
    ),
    topic("slices of installs and upgrades", slicesOfInstallations),
  ),
  file(
    9,
    "replicated_state, system_state, call_context_manager",
    38,
    topic("memory of messages", by("guarantees-are-covered", "call-send.when.memory")),
    topic(
      "call contexts and callbacks",
      by("context-lifecycle", "contexts-follow-the-matrix", "context-remove.then.remove", "call-send.then.name"),
    ),
    topic("inputs in turns, time-outs, outputs in turns", by("inputs-take-turns", "late-messages-expire", "streams-go-out-in-turns")),
    topic("memory of histories and of modules", sizesOfCode),
    topic("answers of Bitcoin", bitcoin),
    topic("a state that is split", migration),
    topic("encodings", insides),
  ),
  {
    id: "MSG-10.3.10",
    peer: "replica",
    group: "Property tests",
    parts: [
      topic(
        "of the scheduler: instructions of a round, the same again, nothing left over, nobody lost, allocations, long executions",
        by(
          "instructions-within-limits",
          "rerun-agrees",
          "everything-drains",
          "gone-canisters-are-nobody",
          "window-guarantee",
          "allocations-are-kept",
          "long-executions-finish",
          "few-executions-stay-paused",
          "slices-are-exact",
        ),
        8,
      ),
      topic("of the corners of heap delta", by("heap-debit-suspends", "heap-delta-gates-rounds")),
      topic(
        "of queues: outputs come in turns, to the last; slots; time-outs",
        by("streams-go-out-in-turns", "what-fits-is-inducted", "slots-are-reserved", "late-messages-expire"),
        14,
      ),
      topic("of the outputs of a whole subnet", by("streams-go-out-in-turns", "messages-enter-in-order"), 7),
      topic("of encodings, and of the map of pages", insides, 10),
      topic("of logs", logs, 4),
      topic("of chunks of modules", by("chunks-are-kept-and-paid-for", "chunk-keep.then.keep"), 1),
      topic("of the builders of blocks", consensus, 3),
      topic("of messaging: memory, guaranteed refunds", by("guarantees-are-covered", "refund-within-attached", "cycles-cross-subnets")),
      topic("of messaging: order, when subnets split", migration),
      topic("balances with messages, where they are checked along the way", by("cycles-conserved", "cycles-are-where-they-lie")),
    ],
  },
];
