/**
 * The rules that a word of a vocabulary needs. A machine that leaves one of them out is never asked what the word says: either
 * the rule is what the word is about, or whatever the word brings about cannot be told without it.
 */
import type { InputKind, Instruction, Parameters, RuleId } from "../spec/index.ts";
import type { Custom, Limit } from "./vocabulary.ts";

/** The rules that a word needs: without one of them there is no such word. */
export type Needs<T extends string> = Readonly<Partial<Record<T, readonly RuleId[]>>>;

/** Who leaves out one of them has no committee: shares without tapes, or tapes without rounds, are half a protocol. */
export const committeeNeeds: readonly RuleId[] = ["block-finalise", "share-admit", "tape-make", "tape-deliver"];

export const randomnessNeeds: readonly RuleId[] = ["randomness-ask", "randomness-answer"];

/** What goes into the loopback stream, when a round has no time left for it, comes out of it as of any other. */
const streamsNeed: readonly RuleId[] = ["message-stream", "slice-admit", "stream-request", "stream-response", "message-see"];

const tasksNeed: readonly RuleId[] = ["tasks-choose", "task-begin", "tasks-drop"];

/** What is paid for is only known when it was asked for; so these go together. */
const conversionsNeed: readonly RuleId[] = [
  "conversion-pay",
  "conversion-notify",
  "cycles-mint",
  "conversion-top-up",
  "conversion-create",
  "conversion-burn",
  "conversion-refund",
];

export const inputsNeed: Needs<InputKind> = {
  "top-up": ["top-up"],
  // A message that was sent, or begun, before prices changed meets the new ones.
  "set-fees": ["fees-set", "callback-refuse", "prepayment-adjust", "execution-desist"],
  transfer: ["tokens-transfer"],
  pay: conversionsNeed,
  notify: conversionsNeed,
  reward: ["reward-mint"],
  "set-rate": ["rate-set"],
  restart: ["restart"],
  ingress: ["ingress-submit"],
  query: ["query-admit", "query-open", "query-count", "query-answer", "query-give-up", "query-end"],
  uninstall: ["canister-uninstall", "context-withdraw", "context-delete", "response-discard"],
  "create-canister": ["canister-create"],
  "delete-canister": ["canister-delete", "response-orphan", "cycles-lose", "request-bounce", "message-ignore", "stream-reject"],
  "set-compute-allocation": ["allocation-set"],
  "read-state": ["state-certify", "certificate-issue", "certificate-sign"],
  finalise: committeeNeeds,
  share: committeeNeeds,
};

export const instructionsNeed: Needs<Instruction["op"]> = {
  write: ["page-write", "memory-grow"],
  "stable-grow": ["stable-grow", "memory-grow"],
  call: ["call-send"],
  "accept-message": ["message-accept", "ingress-inspect"],
  accept: ["cycles-accept"],
  reply: ["call-reply"],
  reject: ["call-reject"],
  burn: ["cycles-burn"],
  "set-timer": ["timer-set", "timer-begin", ...tasksNeed],
  certify: ["data-certify"],
  trap: ["execution-rollback"],
};

export const customsNeed: Needs<Custom> = {
  "best-effort": ["call-send", "request-expire", "message-expire", "callback-expire", "response-late"],
  strays: ["request-bounce"],
  heartbeats: tasksNeed,
  inspections: ["ingress-inspect", "message-accept"],
  hooks: ["hook-ready", "task-begin"],
  networks: [...streamsNeed, "stream-reject", "message-ignore", "refund-stream", "refund-induct"],
  slices: [
    "execution-pause",
    "execution-resume",
    "prepayment-adjust",
    "execution-hold",
    "execution-finish",
    "execution-abort",
    "ingress-postpone",
  ],
  "replicated-queries": ["query-discard"],
  "composite-queries": ["query-call", "query-nest", "query-resume", "query-cleanup"],
  "status-queries": ["query-manage"],
  bitcoin: ["bitcoin-route"],
  provision: ["cycles-provide"],
  users: ["management-admit"],
  identities: ["identity-read"],
  "data-certificates": ["certificate-read", "state-certify"],
  reservations: ["memory-grow"],
  "message-rents": ["messages-charge"],
  // What is withdrawn, or answered to who is gone, is told as where an input asks for it.
  management: [
    "management-ask",
    "management-take",
    "management-allow",
    "management-answer",
    "canister-stop",
    "canister-rest",
    "stop-answer",
    "stop-expire",
    "canister-start",
    "cycles-deposit",
    "request-bounce",
    "canister-uninstall",
    "context-withdraw",
    "context-delete",
    "response-discard",
    "canister-delete",
    "response-orphan",
    "cycles-lose",
  ],
  code: [
    "install-begin",
    "code-replace",
    "install-commit",
    "install-rollback",
    "install-settle",
    "debit-decay",
    "settings-update",
    "canister-make",
    "info-tell",
    "snapshot-take",
    "snapshot-load",
    "snapshot-delete",
    "chunk-keep",
    "chunks-clear",
    "chunks-join",
  ],
  outcalls: ["signature-ask", "outcall-ask", "nonce-draw", "consensus-answer"],
  // Where nothing that was executed used an instruction, the round is over, and answers leave by the loopback stream.
  "current-scheduler": [
    ...streamsNeed,
    "schedule-rank",
    "long-cores",
    "cores-divide",
    "full-round",
    "full-idle",
    "full-count",
    "start-charge",
    "rounds-charge",
    "allocation-grant",
    "priority-decay",
    "free-share",
    "priority-reset",
  ],
  "heap-limits": ["round-gate", "canister-suspend", "debit-decay", "suspension-charge"],
  checkpoints: ["checkpoint"],
  overheads: ["turn-end"],
  strangers: [...streamsNeed, "stream-reject", "message-ignore", "refund-stream", "refund-induct", "response-late"],
};

export const limitsNeed: Needs<Limit> = {
  roundInstructionLimit: [...streamsNeed, "stream-reject"],
  guaranteedResponseMemory: [...streamsNeed, "stream-reject"],
  bestEffortMemory: ["message-shed"],
  requestLifetime: ["request-expire"],
  ingressLifetime: ["ingress-expire"],
  historyLifetime: ["ingress-prune", "ingress-expire"],
  historyMemory: ["ingress-forget"],
  inspectionInstructionLimit: ["ingress-inspect"],
  // Whoever cannot pay loses its code; and what it still owed leaves by the loopback stream, for the round is over.
  chargePeriod: [
    ...streamsNeed,
    "resources-charge",
    "memory-charge",
    "messages-charge",
    "allocation-charge",
    "canister-exhaust",
    "context-withdraw",
    "context-delete",
    "response-discard",
  ],
};

export const fatesNeed: Needs<Parameters["droppedCycles"]> = {
  lost: ["cycles-lose"],
  returned: ["cycles-return"],
};
