/**
 * What a machine on trial can be asked. A partial implementation names the rules that it does not follow, and worlds
 * are drawn without what those rules need, so that it gets useful runs on its first day.
 */
import type { InputKind, Instruction, Parameters, RuleId } from "../spec/index.ts";

export interface Vocabulary {
  readonly inputs: ReadonlySet<InputKind>;
  readonly instructions: ReadonlySet<Instruction["op"]>;
  readonly customs: ReadonlySet<Custom>;
  /** What a network may have little of. Of all else there is plenty, but for the slots of queues. */
  readonly limits: ReadonlySet<Limit>;
  /** What may become of the cycles on a best-effort message that is dropped. */
  readonly droppedCycles: ReadonlySet<Parameters["droppedCycles"]>;
  /** Whether canisters call the management canister. */
  readonly randomness: boolean;
  /** Whether worlds have a committee that makes the tape. */
  readonly committee: boolean;
}

/** What a world may have or not, besides inputs and instructions. */
export type Custom =
  /** Calls with a deadline. */
  | "best-effort"
  /** Calls to canisters that are nowhere. */
  | "strays"
  | "heartbeats"
  | "inspections"
  /** Limits on the memory of a canister, with a hook. */
  | "hooks"
  /** Several subnets, or one that knows routes to others. */
  | "networks"
  /** Slices that no honest subnet sends. */
  | "strangers"
  /** Messages that are executed in more than one slice. */
  | "slices"
  | "current-scheduler"
  /** Limits on the heap delta of a canister, a core, a round or the subnet. */
  | "heap-limits"
  | "checkpoints"
  /** What users ask between two rounds. */
  | "queries"
  /** Queries that are executed in a round. */
  | "replicated-queries"
  | "composite-queries"
  /** What it costs a round to leave a canister, or an iteration. */
  | "overheads"
  /** Memory that is paid for in advance. */
  | "reservations"
  /** Prices for the memory of messages. */
  | "message-rents"
  /** Tokens, and what makes cycles of them. */
  | "tokens"
  /** What canisters ask of the management canister about each other. */
  | "management";

export type Limit =
  | "roundInstructionLimit"
  | "guaranteedResponseMemory"
  | "bestEffortMemory"
  /** With `callbackQuota`. */
  | "callbackLimit"
  | "streamCapacity"
  | "requestLifetime"
  | "bestEffortLifetime"
  | "ingressLifetime"
  | "historyLifetime"
  | "historyCapacity"
  | "historyMemory"
  | "inspectionInstructionLimit"
  | "queryBudget"
  /** Time between two charges; of this there is so much, else, that none is ever due. */
  | "chargePeriod";

export const everything: Vocabulary = {
  inputs: new Set<InputKind>([
    "ingress",
    "query",
    "round",
    "top-up",
    "set-fees",
    "transfer",
    "pay",
    "notify",
    "reward",
    "set-rate",
    "create-canister",
    "delete-canister",
    "set-compute-allocation",
    "uninstall",
    "read-state",
    "finalise",
    "share",
    "restart",
  ]),
  instructions: new Set<Instruction["op"]>([
    "consume",
    "write",
    "when-odd",
    "call",
    "accept-message",
    "accept",
    "reply",
    "reject",
    "trap",
    "burn",
    "set-timer",
    "certify",
  ]),
  customs: new Set<Custom>([
    "best-effort",
    "strays",
    "heartbeats",
    "inspections",
    "hooks",
    "networks",
    "strangers",
    "slices",
    "current-scheduler",
    "heap-limits",
    "checkpoints",
    "queries",
    "replicated-queries",
    "composite-queries",
    "overheads",
    "reservations",
    "message-rents",
    "tokens",
    "management",
  ]),
  limits: new Set<Limit>([
    "roundInstructionLimit",
    "guaranteedResponseMemory",
    "bestEffortMemory",
    "callbackLimit",
    "streamCapacity",
    "requestLifetime",
    "bestEffortLifetime",
    "ingressLifetime",
    "historyLifetime",
    "historyCapacity",
    "historyMemory",
    "inspectionInstructionLimit",
    "queryBudget",
    "chargePeriod",
  ]),
  droppedCycles: new Set<Parameters["droppedCycles"]>(["lost", "returned"]),
  randomness: true,
  committee: true,
};

/** Those of some words that are known. */
export const among = <T>(known: ReadonlySet<T>, wanted: Iterable<T>): ReadonlySet<T> =>
  new Set([...wanted].filter((word) => known.has(word)));

/** What is left when these rules are not supported. Rules that every world needs leave the vocabulary as it is. */
export const without = (excluded: ReadonlySet<string>): Vocabulary => {
  const left = <T extends string>(all: ReadonlySet<T>, needs: Needs<T>): Set<T> =>
    new Set([...all].filter((word) => !needs[word]?.some((rule) => excluded.has(rule))));
  const droppedCycles = left(everything.droppedCycles, fatesNeed);
  const instructions = left(everything.instructions, instructionsNeed);
  const customs = left(everything.customs, customsNeed);
  const inputs = left(everything.inputs, inputsNeed);
  if (!inputs.has("query")) customs.delete("queries");
  if (!inputs.has("query") || !instructions.has("call")) customs.delete("composite-queries");
  if (droppedCycles.size === 0 || !instructions.has("call")) customs.delete("best-effort");
  if (!instructions.has("call")) customs.delete("management");
  if (!instructions.has("write")) customs.delete("reservations");
  if (![...tokenInputs].some((kind) => inputs.has(kind))) customs.delete("tokens");
  return {
    inputs,
    instructions,
    customs,
    limits: left(everything.limits, limitsNeed),
    droppedCycles,
    randomness: instructions.has("call") && !randomnessNeeds.some((rule) => excluded.has(rule)),
    committee: !committeeNeeds.some((rule) => excluded.has(rule)),
  };
};

/** Inputs that say something in a world with tokens alone. */
export const tokenInputs: ReadonlySet<InputKind> = new Set<InputKind>(["transfer", "pay", "notify", "reward", "set-rate"]);

/** The rules that a word needs: without one of them there is no such word. */
type Needs<T extends string> = Readonly<Partial<Record<T, readonly RuleId[]>>>;

/** Who leaves out one of them has no committee: shares without tapes, or tapes without rounds, are half a protocol. */
const committeeNeeds: readonly RuleId[] = ["block-finalise", "share-admit", "tape-make", "tape-deliver"];

const randomnessNeeds: readonly RuleId[] = ["randomness-ask", "randomness-answer"];

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

const inputsNeed: Needs<InputKind> = {
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

const instructionsNeed: Needs<Instruction["op"]> = {
  write: ["page-write", "memory-grow"],
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

const customsNeed: Needs<Custom> = {
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
  "current-scheduler": [
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

const limitsNeed: Needs<Limit> = {
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

const fatesNeed: Needs<Parameters["droppedCycles"]> = {
  lost: ["cycles-lose"],
  returned: ["cycles-return"],
};
