/**
 * The kinds of attack by which somebody makes a canister pay: with ingress messages, with requests, and with answers. Each is
 * a small scenario and a sentence about it; what it costs stands nowhere, because it is measured.
 */
import { currentParameters, cycles, nanoseconds, type FeeTable, type RuleId, type Script } from "../../spec/index.ts";
import { callTo } from "../../properties/index.ts";
import {
  asCallee,
  attacker,
  byCanister,
  byUser,
  consume,
  frozen,
  ingress,
  largestPayload,
  littleWork,
  mostCallbackWork,
  mostWork,
  poor,
  reply,
  roundsOf,
  victim,
  type Pair,
  type Plot,
  type Victim,
} from "./worlds.ts";

export interface Attack {
  readonly id: string;
  /** Who attacks: a user has no cycles. */
  readonly by: "user" | "canister";
  /** What the attack is. */
  readonly title: string;
  /** What becomes of it. */
  readonly outcome: string;
  /** The rules that decide what is paid. */
  readonly cites: readonly RuleId[];
  readonly world: (fees: FeeTable) => Pair;
}

const works: Victim = { does: { little: [consume(littleWork), reply], most: [consume(mostWork), reply] } };

const gift = cycles(1_000_000_000n);

/** Slices of the longest execution, one a round, and as many again for what comes before and after. */
const longRounds = 2 * Math.ceil(currentParameters.messageInstructionLimit / currentParameters.sliceInstructionLimit) + 10;

const requests =
  (target: Victim, attack: Script, plot: Partial<Plot> = {}): Attack["world"] =>
  (fees) =>
    byCanister(fees, target, { attack, ...plot });

/** The victim serves a request by calling back, and works when it has the answer. */
const callsBack = (work: number): Attack["world"] =>
  requests({ does: { notify: [callTo(attacker, "hear", { onReply: [consume(work), reply] })] } }, [callTo(victim, "notify")], {
    does: { hear: [reply] },
    rounds: longRounds,
  });

/** A queue need not be long to be full, and its length is no part of any price. */
const queueCapacity = 5;
const full = Array.from({ length: queueCapacity }, () => callTo(victim, "little"));

/** Every kind of attack. They are made when they are asked for: the largest payloads are megabytes. */
export const makeAttacks = (largest = largestPayload()): readonly Attack[] => [
  {
    id: "ingress-executed",
    by: "user",
    title: "ingress, little work",
    outcome: "received and executed: the receiver pays for both",
    cites: ["ingress-induct", "execution-settle"],
    world: (fees) => byUser(fees, works, { method: "little" }),
  },
  {
    id: "ingress-most-work",
    by: "user",
    title: "ingress, the most work that a message may do",
    outcome: "received and executed, in slices",
    cites: ["ingress-induct", "execution-settle"],
    world: (fees) => byUser(fees, works, { method: "most" }, longRounds),
  },
  {
    id: "ingress-large",
    by: "user",
    title: "ingress with the largest payload, little work",
    outcome: "received and executed: the receiver pays for each byte",
    cites: ["ingress-induct"],
    world: (fees) => byUser(fees, works, { method: "little", payload: largest.bytes }),
  },
  {
    id: "ingress-no-method",
    by: "user",
    title: "ingress for a method that does not exist",
    outcome: "received, not executed",
    cites: ["ingress-induct", "context-open"],
    world: (fees) => byUser(fees, works, { method: "nowhere" }),
  },
  {
    id: "ingress-poor",
    by: "user",
    title: "ingress to a canister that cannot set aside what a message might use",
    outcome: "received, not executed",
    cites: ["ingress-induct", "execution-begin"],
    world: (fees) => byUser(fees, { ...works, ...poor }, { method: "little" }),
  },
  {
    id: "ingress-frozen",
    by: "user",
    title: "ingress to a frozen canister",
    outcome: "refused before it is received",
    cites: ["ingress-submit"],
    world: (fees) => byUser(fees, { ...works, ...frozen }, { method: "little" }),
  },
  {
    id: "ingress-inspected",
    by: "user",
    title: "ingress that the inspection refuses",
    outcome: "refused before it is received",
    cites: ["ingress-inspect"],
    world: (fees) => byUser(fees, { ...works, inspect: [consume(littleWork)] }, { method: "little" }),
  },
  {
    id: "request-executed",
    by: "canister",
    title: "request, little work",
    outcome: "executed: the receiver pays for its work, the sender for the way there and back and for its callback",
    cites: ["call-send", "execution-settle", "callback-begin"],
    world: requests(works, [callTo(victim, "little")]),
  },
  {
    id: "request-most-work",
    by: "canister",
    title: "request, the most work that a message may do",
    outcome: "executed, in slices",
    cites: ["call-send", "execution-settle"],
    world: requests(works, [callTo(victim, "most")], { rounds: longRounds }),
  },
  {
    id: "request-large",
    by: "canister",
    title: "request with the largest payload, little work",
    outcome: "executed: the sender pays for each byte",
    cites: ["call-send"],
    world: requests(works, [callTo(victim, "little", { payload: largest })]),
  },
  {
    id: "request-large-reply",
    by: "canister",
    title: "request with the largest reply",
    outcome: "executed: the sender pays for each byte of the reply, too",
    cites: ["callback-begin"],
    world: requests({ does: { tell: [{ op: "reply", payload: largest }] } }, [callTo(victim, "tell")]),
  },
  {
    id: "request-traps",
    by: "canister",
    title: "request whose method traps after little work",
    outcome: "executed up to there",
    cites: ["execution-rollback", "execution-settle"],
    world: requests({ does: { little: [consume(littleWork), { op: "trap" }] } }, [callTo(victim, "little")]),
  },
  {
    id: "request-no-method",
    by: "canister",
    title: "request for a method that does not exist",
    outcome: "not executed",
    cites: ["context-open", "execution-settle"],
    world: requests(works, [callTo(victim, "nowhere")]),
  },
  {
    id: "request-frozen",
    by: "canister",
    title: "request to a frozen canister",
    outcome: "not executed",
    cites: ["execution-begin"],
    world: requests({ ...works, ...frozen }, [callTo(victim, "little")]),
  },
  {
    id: "request-late",
    by: "canister",
    title: "best-effort request that times out in the queue of a busy canister",
    outcome: "dropped, not executed",
    cites: ["message-expire", "callback-expire"],
    world: requests(works, [callTo(victim, "little", { timeout: nanoseconds(1_000_000_000n) })], {
      before: [ingress("work", victim, "most"), ...roundsOf(1)],
      rounds: longRounds,
    }),
  },
  {
    id: "request-queue-full",
    by: "canister",
    title: "one request more than there is room for in the queue",
    outcome: `not sent: the sender pays for the instruction that tried (the queue has ${queueCapacity} places here)`,
    cites: ["call-send"],
    world: requests(works, [...full, callTo(victim, "little")], { else: full, queueCapacity }),
  },
  {
    id: "request-given",
    by: "canister",
    title: "request with 1,000,000,000 cycles, all accepted, little work",
    outcome: "executed: what is accepted is a gift",
    cites: ["cycles-accept"],
    world: requests({ does: { little: [consume(littleWork), { op: "accept", cycles: gift }, reply] } }, [
      callTo(victim, "little", { attached: gift }),
    ]),
  },
  {
    id: "request-refunded",
    by: "canister",
    title: "request with 1,000,000,000 cycles, none accepted, little work",
    outcome: "executed: what is not accepted comes back",
    cites: ["call-reply", "callback-begin"],
    world: requests(works, [callTo(victim, "little", { attached: gift })]),
  },
  {
    id: "calls-back",
    by: "canister",
    title: "request that makes the victim call back, little work in the callback",
    outcome: "executed: the victim pays for a call of its own",
    cites: ["call-send", "callback-begin"],
    world: callsBack(littleWork),
  },
  {
    id: "calls-back-most-work",
    by: "canister",
    title: "the same, the most work in the callback",
    outcome: "executed, the callback in slices",
    cites: ["call-send", "callback-begin"],
    world: callsBack(mostCallbackWork),
  },
  {
    id: "reply-large",
    by: "canister",
    title: "the largest reply to a call of the victim",
    outcome: "the caller pays for each byte, and for its callback",
    cites: ["callback-begin"],
    world: (fees) => asCallee(fees, [callTo(attacker, "serve")], [{ op: "reply", payload: largest }]),
  },
];
