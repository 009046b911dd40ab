/**
 * What is taken of the memory of the subnet, kept by changes: nobody ever adds it up over all canisters. Guaranteed
 * responses have their memory before they exist; best-effort messages have it while they are there.
 */
import type { Engine } from "./state.ts";

export interface Usage {
  /** Guaranteed responses that do not exist yet, each of which may be of the largest size: at their callers, and at their callees. */
  responses: number;
  /** Payloads of guaranteed replies in queues and streams. @unit bytes */
  replies: number;
  /** Payloads of best-effort messages in queues. @unit bytes */
  bestEffort: number;
  /** Of all canisters: what they allocated, or what their heaps, stable memories, chunks and snapshots take, whichever is more. @unit bytes */
  memory: number;
}

/** That of some canisters which have nothing to do yet, and take so many bytes. */
export const usageOf = (memory: number): Usage => ({ responses: 0, replies: 0, bestEffort: 0, memory });

/** What each of so many cores sees of the memory of all canisters. @unit bytes */
export const memorySeen = ({ usage }: Engine, cores: number): number => Math.floor(usage.memory / cores);

/** What is not in use of the memory for guaranteed responses. @unit bytes */
export const freeMemory = ({ usage, genesis: { parameters } }: Engine): number =>
  Math.max(0, parameters.guaranteedResponseMemory - usage.responses * parameters.maxPayload - usage.replies);

/** Whether there is memory for the response to this request, if it is guaranteed. */
export const hasMemory = (engine: Engine, { deadline }: { readonly deadline: bigint | null }): boolean =>
  deadline !== null || freeMemory(engine) >= engine.genesis.parameters.maxPayload;
