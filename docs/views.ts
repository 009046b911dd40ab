/**
 * Four ways to look at a canister, each of them true in part: a contract, an actor, a process, an instance of a Wasm module.
 * What the source says of each is taken apart into facts, and each fact is held to the laws that check it; or it is said
 * why none does yet.
 * @source seed 002, the introduction and the four views; facts/messages.md X26, SEED-002-01 to SEED-002-03
 */
import { by, consensus, wasmEngine, type Fate } from "./fates.ts";

export interface View {
  readonly id: string;
  readonly title: string;
  /** Whose way to look it is, and what they see. */
  readonly opening: string;
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly says: string;
  readonly fate: Fate;
}

const fact = (says: string, fate: Fate): Fact => ({ says, fate });

/** What is said of canisters before they are looked at in any of these ways. */
export const inEveryView: readonly Fact[] = [
  fact(
    "A canister is a unit of computation that joins code and data.",
    by("scripts-do-what-they-say", "memory-persists", "uninstalling-answers-everybody", "restart-is-invisible", "restart.then.code"),
  ),
  fact("It may hold any code and any data: a page of the web, a messenger, an exchange of tokens.", wasmEngine),
];

export const views: readonly View[] = [
  {
    id: "contract",
    title: "A smart contract",
    opening: "Who comes from Ethereum sees a contract, which nobody can tamper with.",
    facts: [
      fact(
        "Its execution is bound by the protocol: what lasts of it is done in rounds, and every node that follows the protocol comes to the same.",
        by(
          "clock-advances",
          "turns-are-dealt",
          "rerun-agrees",
          "restart-is-invisible",
          "insertion-order-is-invisible",
          "core-order-is-invisible",
          "queries-change-nothing",
        ),
      ),
      fact("The protocol is secure: the nodes agree on the blocks.", consensus),
      fact(
        "It is tamper-proof, because its state changes only by messages that are executed on the chain.",
        by(
          "roots-are-of-the-tree",
          "scripts-do-what-they-say",
          "memory-persists",
          "trap-leaves-nothing",
          "queries-change-nothing",
          "queries-in-rounds-are-forgotten",
          "refusals-change-nothing",
          "query-end.then.memory",
        ),
      ),
      fact(
        "Its state can be audited, and verified by the cryptography of chain keys.",
        by("certificates-show-what-is", "certificates-are-signed", "a-changed-leaf-breaks-the-witness", "certificate-sign.then.sign"),
      ),
    ],
  },
  {
    id: "actor",
    title: "An actor",
    opening: "Who comes from a university sees an actor, which answers messages by acting in one or more of three ways.",
    facts: [
      fact(
        "It acts in answer to the messages that it receives, one after another.",
        by("inputs-take-turns", "turns-are-dealt", "contexts-follow-the-matrix", "input-take.then.leave"),
      ),
      fact(
        "It may change its private state.",
        by("scripts-do-what-they-say", "memory-persists", "core-order-is-invisible", "page-write.then.store"),
      ),
      fact(
        "It may send messages to other canisters.",
        by(
          "calls-are-sent-as-paid",
          "requests-in-order",
          "one-response-per-call",
          "answers-reach-origins",
          "messages-enter-in-order",
          "call-send.then.send",
        ),
      ),
      fact(
        "It may create more canisters.",
        by("made-canisters-are-new", "management-is-foretold", "cycles-conserved", "canister-make.then.create"),
      ),
      fact("It has a single thread of execution.", by("turns-are-dealt", "slices-are-exact", "slices-are-invisible")),
      fact(
        "Many canisters can be executed at the same time.",
        by("turns-are-dealt", "cores-are-divided", "work-is-conserved", "core-order-is-invisible"),
      ),
      fact("So the scalability of other platforms, which have not this, is overcome.", {
        outOfScope: "a comparison with other platforms, which no machine can fail",
      }),
    ],
  },
  {
    id: "process",
    title: "A process of an operating system",
    opening: "Who builds systems sees a process, and in the platform an operating system.",
    facts: [
      fact(
        "The platform schedules the execution of canisters.",
        by(
          "priorities-order-the-round",
          "priorities-are-settled",
          "window-guarantee",
          "allocations-are-kept",
          "instructions-within-limits",
          "few-executions-stay-paused",
          "schedule-order.then.priority",
        ),
      ),
      fact(
        "The platform keeps state on behalf of a canister, such as its balance of cycles.",
        by("balances-follow-flows", "cycles-are-where-they-lie", "charges-are-exact", "restart-is-invisible", "restart.then.balances"),
      ),
      fact(
        "The platform keeps its open calls to other canisters, too.",
        by("context-lifecycle", "slots-are-bounded", "one-response-per-call", "restart-is-invisible", "restart.then.callbacks"),
      ),
      fact(
        "A canister cannot change its balance directly: every change is a flow that the platform knows.",
        by("balances-follow-flows", "cycles-conserved", "cycles-minted-as-told", "scripts-do-what-they-say"),
      ),
      fact(
        "The platform has an interface by which a canister manages others, when it is one of their controllers.",
        by(
          "management-is-foretold",
          "controllers-decide",
          "stops-are-answered-once",
          "management-take.then.leave",
          "management-allow.when.allowed",
        ),
      ),
      fact(
        "By that interface, it creates others.",
        by(
          "made-canisters-are-new",
          "code-changes-whole",
          "settings-are-kept-to",
          "canister-make.when.funded",
          "code-replace.then.code",
          "settings-update.then.controllers",
        ),
      ),
      fact(
        "By that interface, it pays other canisters.",
        by(
          "refund-within-attached",
          "calls-are-sent-as-paid",
          "best-effort-payments-add-up",
          "balances-follow-flows",
          "cycles-accept.then.credit",
        ),
      ),
      fact(
        "By that interface, it sends messages to other canisters.",
        by("calls-are-sent-as-paid", "system-calls-by-context", "replies-say-what-they-name", "system-call.when.sender"),
      ),
    ],
  },
  {
    id: "instance",
    title: "An instance of a Wasm module",
    opening: "Who builds virtual machines sees an instance of a module, which never goes away.",
    facts: [
      fact("It is made as a Wasm module, so that it can be written in many languages, which work together.", wasmEngine),
      fact(
        "It is a whole instance, with a state of its own.",
        by("scripts-do-what-they-say", "memory-persists", "roots-are-of-the-tree", "page-write.then.store"),
      ),
      fact("It has a stack of its own.", wasmEngine),
      fact(
        "Its memory persists by itself: a user need not see that data are stored.",
        by("memory-persists", "restart-is-invisible", "restart.then.memory"),
      ),
      fact(
        "What the platform stored is there when the canister is scheduled the next time.",
        by("memory-persists", "slices-are-exact", "slices-are-invisible", "restart-is-invisible", "restart.then.executions"),
      ),
      fact(
        "The module itself is stored with the rest of the state.",
        by("restart-is-invisible", "scripts-do-what-they-say", "restart.then.code"),
      ),
    ],
  },
];
