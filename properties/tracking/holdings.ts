/**
 * What a canister holds that costs something while it is idle: pages, places for messages, and what is set aside for them.
 * Counted afresh each time, from what lies where. Written from `docs/machine.md` sections 2 and 4.4 alone.
 */
import { usualReservedLimit, type CanisterId, type Parameters } from "../../spec/index.ts";
import { freezingThreshold, setAsideFor, type Holdings } from "../money.ts";
import type { TrackedMessage } from "./messages.ts";
import { pagesInUse, type Memory } from "./pages.ts";
import type { TrackedCanister, World } from "./world.ts";

/** What a canister must keep, with its snapshots and its chunks and what else it holds now, at the prices of now, or at others. @unit cycles */
export const thresholdOf = (
  { parameters }: Pick<World, "parameters">,
  canister: TrackedCanister,
  held: Partial<Holdings> = {},
  prices: Parameters = parameters,
): bigint => {
  const holdings = { ...holdingsOf(canister, parameters), ...held };
  const memory = Math.max(canister.memoryAllocation, holdings.memory + memoryBeside(canister, parameters));
  return freezingThreshold(prices, canister.genesis, { ...holdings, memory });
};

/** What a canister holds now, but for its snapshots and its chunks, and for what is allocated to it. */
export const holdingsOf = (canister: TrackedCanister, parameters: Parameters): Holdings => ({
  memory: pagesInUse(parameters, canister) * parameters.pageSize,
  messages: messageMemory(canister, parameters),
  reserved: canister.reserved,
});

/** What a memory and some chunks take, of a canister or of a snapshot. @unit bytes */
export const bytesOf = (of: Memory & { readonly chunks: ReadonlyMap<string, unknown> }, parameters: Parameters): number =>
  pagesInUse(parameters, of) * parameters.pageSize + of.chunks.size * parameters.chunkBytes;

/** What the chunks and the snapshots of a canister take. @unit bytes */
const memoryBeside = ({ snapshots, chunks }: TrackedCanister, parameters: Parameters): number =>
  [...snapshots.values()].reduce((sum, snapshot) => sum + bytesOf(snapshot, parameters), chunks.size * parameters.chunkBytes);

/** The memory of a canister, as it is or when it uses so much more: what it uses, or what is allocated to it, whichever is more. @unit bytes */
export const memoryOf = (canister: TrackedCanister, parameters: Parameters, more = 0): number =>
  Math.max(canister.memoryAllocation, pagesInUse(parameters, canister) * parameters.pageSize + memoryBeside(canister, parameters) + more);

/** The memory of a canister by how many pages are in use. @unit bytes */
export const memoryWith =
  (canister: TrackedCanister, parameters: Parameters) =>
  (pages: number): number =>
    memoryOf(canister, parameters, (pages - pagesInUse(parameters, canister)) * parameters.pageSize);

/** By how much it grows when it uses so much more. @unit bytes */
export const growthOf = (canister: TrackedCanister, parameters: Parameters, more: number): number =>
  memoryOf(canister, parameters, more) - memoryOf(canister, parameters);

/** The memory for messages of a canister; what is executed in slices counts as if it were still in its queue. @unit bytes */
export const messageMemory = ({ openCalls, contexts, queues, execution }: TrackedCanister, { maxPayload }: Parameters): number => {
  let bytes = 0;
  for (const { status, deadline } of openCalls) if (status === "open" && deadline === null) bytes += maxPayload;
  for (const { status, origin, deadline } of contexts.values())
    if (status === "open" && origin.kind === "canister" && deadline === null) bytes += maxPayload;
  const held = execution?.message ?? null;
  for (const message of [...[...queues.inputs.values()].flat(), ...(held === null ? [] : [held])]) {
    if (message.kind === "request" && message.deadline === null) bytes += maxPayload;
    bytes += replyBytes(message);
  }
  for (const queue of queues.outputs.values()) for (const message of queue) bytes += replyBytes(message);
  return bytes;
};

/** What a guaranteed reply takes in a queue. @unit bytes */
export const replyBytes = (message: TrackedMessage | null): number =>
  message?.kind === "response" && message.deadline === null ? message.bytes : 0;

/** The memory of all canisters. @unit bytes */
export const memoryOfAll = ({ canisters, parameters }: World): number => {
  let used = 0;
  for (const canister of canisters.values()) used += memoryOf(canister, parameters);
  return used;
};

/** The memory of all canisters as a core sees it when a round begins. @unit bytes */
export const memorySeen = (world: World): number => Math.floor(memoryOfAll(world) / world.parameters.cores);

/** What has to be set aside when the memory of a canister becomes so much more between two executions; nothing when it becomes less. @unit cycles */
export const dueFor = (world: World, more: number): bigint => (more > 0 ? setAsideFor(world.parameters, memorySeen(world), more) : 0n);

/** The most that a canister may set aside. @unit cycles */
export const reservedLimitOf = ({ genesis }: Pick<TrackedCanister, "genesis">): bigint => genesis.reservedLimit ?? usualReservedLimit;

/** How many calls of a canister to a callee are open. */
export const openCallsTo = ({ openCalls }: TrackedCanister, callee: CanisterId): number => {
  let open = 0;
  for (const call of openCalls) if (call.callee === callee) open++;
  return open;
};
