/**
 * Simpler networks: a limit that is the published one is as if it were not there, and so is a scheduler that everybody
 * knows. A reader of a small case must not wonder whether a limit matters.
 */
import { instructions, publishedParameters, type Genesis } from "../spec/index.ts";
import type { Case } from "../properties/index.ts";
import { encode } from "./json.ts";
import { genesesOf } from "./subnets.ts";

/** The published value of what lies at a path, none when that is what lies there; `null` where no limit lies that can be taken away alone. */
export const publishedValue = (value: unknown, path: readonly (string | number)[]): readonly unknown[] | null => {
  const [owner, above] = [path.at(-2), path.at(-3)];
  const key = String(path.at(-1));
  const known: Readonly<Record<string, unknown>> =
    owner === "parameters" && roomy.has(key)
      ? { ...publishedParameters }
      : (owner === "priority" || owner === "storage") && above === "parameters"
        ? { ...publishedParameters[owner] }
        : {};
  return !(key in known) ? null : encode(known[key]) === encode(value) ? [] : [known[key]];
};

/** With rounds in which each message has room whole, so that none is sliced. */
export const unsliced = ({ scenario, relation }: Case): Case => {
  const [genesis, ...others] = genesesOf(scenario).map(withoutSlices);
  return { scenario: { ...scenario, genesis: genesis!, ...(others.length > 0 && { others }) }, relation };
};

const withoutSlices = (genesis: Genesis): Genesis => {
  const { parameters } = genesis;
  const { messageInstructionLimit, messageOverhead, roundInstructionLimit, sliceInstructionLimit } = parameters;
  if (sliceInstructionLimit >= messageInstructionLimit) return genesis;
  const enough = instructions(Math.max(roundInstructionLimit, messageInstructionLimit + messageOverhead));
  const { sliceInstructionLimit: published } = publishedParameters;
  const whole = instructions(Math.max(published, messageInstructionLimit));
  return { ...genesis, parameters: { ...parameters, roundInstructionLimit: enough, sliceInstructionLimit: whole } };
};

/** Those on the instructions of rounds are not among them: rounds would grow long. */
const roomy: ReadonlySet<string> = new Set([
  "scheduler",
  "maxPausedExecutions",
  "canisterOverhead",
  "finalisationOverhead",
  "heapDeltaIterationLimit",
  "heapDeltaRateLimit",
  "heapDeltaCapacity",
  "heapDeltaReserve",
  "allocatable",
  "guaranteedResponseMemory",
  "bestEffortMemory",
  "callbackLimit",
  "callbackQuota",
  "streamCapacity",
  "requestLifetime",
  "bestEffortLifetime",
  "droppedCycles",
  "ingressLifetime",
  "historyLifetime",
  "historyCapacity",
  "historyMemory",
  "inspectionInstructionLimit",
  "queryInstructionLimit",
  "queryTreeInstructionLimit",
  "queryCallOverhead",
  "queryDepth",
  "queryBudget",
  "queryWindow",
  "replicatedQueryAccepts",
  "stopTimeout",
  "installInstructionLimit",
  "installRateLimit",
  "changesKept",
  "snapshotLimit",
  "snapshotInstructions",
  "chunkLimit",
  "chunkBytes",
  "chunkInstructions",
  "chargePeriod",
  "storage",
  "maxPayload",
  "maxPages",
  "heapPages",
  "pageSize",
] satisfies (keyof typeof publishedParameters)[]);
