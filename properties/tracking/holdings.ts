/**
 * What a canister holds that costs something while it is idle: pages, places for messages, and what is set aside for them.
 * Counted afresh each time, from what lies where. Written from `docs/machine.md` sections 2 and 4.4 alone.
 */
import { usualReservedLimit, type CanisterId, type Parameters } from "../../spec/index.ts";
import { freezingThreshold, type Holdings } from "../money.ts";
import type { TrackedMessage } from "./messages.ts";
import type { TrackedCanister, World } from "./world.ts";

/** What a canister must keep, with what it holds now besides its snapshots, at the prices of now, or at others. @unit cycles */
export const thresholdOf = (
  { parameters }: Pick<World, "parameters">,
  canister: TrackedCanister,
  held: Partial<Holdings> = {},
  prices: Parameters = parameters,
): bigint => {
  const holdings = { ...holdingsOf(canister, parameters), ...held };
  return freezingThreshold(prices, canister.genesis, { ...holdings, pages: holdings.pages + keptPages(canister) });
};

/** What a canister holds now, but for its snapshots. */
export const holdingsOf = (canister: TrackedCanister, parameters: Parameters): Holdings => ({
  pages: canister.pages.size,
  messages: messageMemory(canister, parameters),
  reserved: canister.reserved,
});

/** The pages of the snapshots of a canister. */
export const keptPages = ({ snapshots }: Pick<TrackedCanister, "snapshots">): number =>
  [...snapshots.values()].reduce((sum, { pages }) => sum + pages.size, 0);

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

/** The memory of all canisters, with their snapshots. @unit bytes */
export const memoryInUse = ({ canisters, parameters }: World): number => {
  let pages = 0;
  for (const canister of canisters.values()) pages += canister.pages.size + keptPages(canister);
  return pages * parameters.pageSize;
};

/** The most that a canister may set aside. @unit cycles */
export const reservedLimitOf = ({ genesis }: Pick<TrackedCanister, "genesis">): bigint => genesis.reservedLimit ?? usualReservedLimit;

/** How many calls of a canister to a callee are open. */
export const openCallsTo = ({ openCalls }: TrackedCanister, callee: CanisterId): number => {
  let open = 0;
  for (const call of openCalls) if (call.callee === callee) open++;
  return open;
};
