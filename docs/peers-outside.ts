/**
 * Of the acceptance tests, the groups from 24 on: what users ask, read, pay, pass an inspection with and sign; and the tests of
 * the reference implementation by itself, and those that the replica's copy adds.
 * @source facts/messages.md 10.1, 10.2
 */
import {
  authentication,
  by,
  cryptography,
  httpInterface,
  codeAndSubnets,
  saidAgain,
  namesOfSubnets,
  publicKeys,
  wasmEngine,
} from "./fates.ts";
import { part, refTest, type Group } from "./peer-group.ts";

export const outsideTests: readonly Group[] = [
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
      part(
        "controllers, and who may read",
        null,
        by("certificates-show-what-is", "roots-are-of-the-tree", "certificate-issue.when.own", "state-certify.then.controllers"),
      ),
      part("modules, metadata, subnets", null, codeAndSubnets),
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
      part(
        "where a query sees a certificate",
        null,
        by("queries-are-foretold", "certificate-read.when.asked", "certificate-read.when.issued", "certificate-read.then.root"),
      ),
      part(
        "set by code that begins, and before and after an upgrade; gone with code that is exchanged or taken away",
        null,
        by(
          "installations-leave-what-they-keep",
          "management-is-foretold",
          "survives-by-table",
          "roots-are-of-the-tree",
          "code-replace.then.certified",
          "canister-uninstall.then.certified",
        ),
      ),
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
    part(
      "deposits, also to nobody",
      3,
      by("management-is-foretold", "balances-follow-flows", "cycles-deposit.then.credit", "management-allow.when.exists"),
    ),
    part("the balance while code is installed, and before and after an upgrade", 4, by("management-is-foretold", "balances-follow-flows")),
    part(
      "a canister that a canister makes and deletes, with cycles on the request that come back",
      1,
      by(
        "made-canisters-are-new",
        "controllers-decide",
        "management-is-foretold",
        "balances-follow-flows",
        "canister-make.then.create",
        "canister-delete.then.remove",
      ),
    ),
    part(
      "the usual balance of a canister, and top-ups by canisters",
      4,
      by(
        "provisions-are-minted",
        "management-is-foretold",
        "cycles-minted-as-told",
        "cycles-provide.then.credit",
        "cycles-provide.then.mint",
        "canister-make.then.mint",
      ),
    ),
    part("the balance in a status", 1, saidAgain),
    part("a balance beyond 2^128", 1, wasmEngine),
    part("calls of 64 bits, and a call that is given up while it is built", 3, wasmEngine),
  ),
  refTest(
    28,
    "inspect_message",
    part(
      "without code, without acceptance, accepted once or twice, trapped; the argument",
      6,
      by("ingress-is-screened", "ingress-inspect.when.accepted", "ingress-inspect.when.completed", "message-accept.when.once"),
    ),
    part(
      "the name of the method, and the caller",
      2,
      by(
        "ingress-is-screened",
        "system-calls-by-context",
        "callers-are-known",
        "identity-read.then.method",
        "identity-read.then.caller",
        "identity-read.when.inspected",
      ),
    ),
    part(
      "methods of the management canister",
      6,
      by(
        "users-ask-for-what-is-theirs",
        "management-admit.when.known",
        "management-admit.when.open",
        "management-admit.when.named",
        "management-admit.when.allowed",
      ),
    ),
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
  refTest(
    33,
    "Threshold ECDSA",
    part("signing", 1, by("answers-come-from-blocks", "signatures-are-drawn-for", "consensus-is-paid-for", "signature-ask.then.wait")),
    part("paths of derivation, and the canister of a public key", 2, publicKeys),
  ),
  {
    id: "MSG-10.1.34",
    peer: "ic-hs",
    group: "Unit tests, and properties of its parts",
    parts: [
      part("hash trees", 8, by("roots-are-of-the-tree", "certificates-show-what-is", "a-changed-leaf-breaks-the-witness")),
      part("BLS signatures", 7, cryptography),
      part("ECDSA, secp256k1, WebAuthn", 12, authentication),
      part(
        "stable memory",
        7,
        by(
          "stable-memory-has-a-size",
          "scripts-do-what-they-say",
          "stable-grow.when.room",
          "stable-grow.then.size",
          "page-write.when.inside",
          "value-read.when.inside",
        ),
      ),
      part("ids of requests", null, httpInterface),
      part(
        "the state, written out and read back",
        null,
        by("restart-is-invisible", "answers-once", "contexts-follow-the-matrix", "restart.then.memory", "restart.then.contexts"),
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
      part("HTTP outcalls for one's own subnet", null, by("answers-come-from-blocks", "outcall-ask.then.wait")),
      part("HTTP outcalls for another subnet", null, namesOfSubnets),
      part("/subnet in read_state", null, codeAndSubnets),
    ],
  },
];
