/**
 * What a machine on trial can be asked. A partial implementation names the rules that it does not follow, and worlds
 * are drawn without what those rules need, so that it gets useful runs on its first day.
 */
import type { InputKind, Instruction, Parameters } from "../spec/index.ts";
import { committeeNeeds, customsNeed, fatesNeed, inputsNeed, instructionsNeed, limitsNeed, randomnessNeeds, type Needs } from "./needs.ts";

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
  /** What users, and queries, ask of the management canister in queries. */
  | "status-queries"
  /** What it costs a round to leave a canister, or an iteration. */
  | "overheads"
  /** Memory that is paid for in advance. */
  | "reservations"
  /** Prices for the memory of messages. */
  | "message-rents"
  /** Tokens, and what makes cycles of them. */
  | "tokens"
  /** What users read, and can check. */
  | "certificates"
  /** What canisters ask of the management canister about each other. */
  | "management"
  /** Code that canisters install, settings, histories, snapshots, chunks, and canisters that they make. */
  | "code"
  /** What canisters ask of the nodes, and blocks answer: signatures, keys and outcalls. */
  | "outcalls"
  /** A canister that answers what is asked of Bitcoin. */
  | "bitcoin"
  /** Cycles from nothing, for canisters that ask for them. */
  | "provision"
  /** What users ask of the management canister. */
  | "users"
  /** What scripts read of who takes part. */
  | "identities"
  /** What queries read of what the subnet certified, and other scripts in vain. */
  | "data-certificates";

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
    "stable-grow",
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
    "status-queries",
    "overheads",
    "reservations",
    "message-rents",
    "tokens",
    "certificates",
    "management",
    "code",
    "outcalls",
    "bitcoin",
    "provision",
    "users",
    "identities",
    "data-certificates",
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
  if (!inputs.has("read-state")) customs.delete("certificates");
  if (!inputs.has("query")) for (const custom of ["queries", "status-queries"] as const) customs.delete(custom);
  if (!inputs.has("query") || !instructions.has("call")) customs.delete("composite-queries");
  if (droppedCycles.size === 0 || !instructions.has("call")) customs.delete("best-effort");
  if (!instructions.has("call")) for (const custom of ["management", "bitcoin"] as const) customs.delete(custom);
  if (!customs.has("management")) for (const custom of ["code", "outcalls", "provision", "users"] as const) customs.delete(custom);
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
