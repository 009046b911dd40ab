/**
 * What canisters occupy, counted when it changes and nowhere else: of the memory of the subnet what messages take and what was
 * written, and of each canister what its messages take, which it pays for.
 */
import type { Bytes } from "../spec/index.ts";
import { memoryOf } from "./canister.ts";
import type { Callback, Message } from "./messages.ts";
import { bytesOf } from "./messages.ts";
import type { Extent } from "./pages.ts";
import { stir, type Canister, type Context, type Engine } from "./state.ts";

/** A message entered a queue of this canister (`by` 1) or left it (`by` -1). */
export const countMessage = (engine: Engine, canister: Canister, message: Message, by: 1 | -1): void => {
  const { usage } = engine;
  if (message.deadline !== null) usage.bestEffort += by * bytesOf(message);
  else if (message.kind === "request") {
    if (message.side === "input") countResponse(engine, canister, by);
  } else {
    const bytes = by * bytesOf(message);
    usage.replies += bytes;
    occupy(engine, canister, bytes);
  }
};

/** A callback began (`by` 1) or ceased (`by` -1) to wait for a response that is guaranteed. */
export const countCallback = (engine: Engine, { canister, expiry }: Callback, by: 1 | -1): void => {
  if (expiry === null) countResponse(engine, canister, by);
};

/** A context began (`by` 1) or ceased (`by` -1) to be open. */
export const countContext = (engine: Engine, canister: Canister, { origin, deadline }: Context, by: 1 | -1): void => {
  if (deadline === null && origin.kind === "canister") countResponse(engine, canister, by);
};

/** The memory of the canister has so many pages now. */
export const resize = (engine: Engine, canister: Canister, { heapSize, stablePages }: Extent): void => {
  const pages = heapSize + stablePages - canister.heapSize - canister.stablePages;
  canister.heapSize = heapSize;
  canister.stablePages = stablePages;
  if (pages !== 0) countMemory(engine, canister, pages * engine.genesis.parameters.pageSize);
};

/** So many bytes more of the memory of the canister are in use, or, with a number below 0, fewer. */
export const countMemory = (engine: Engine, canister: Canister, bytes: number): void => {
  const before = memoryOf(canister);
  canister.usedBytes += bytes;
  countGrowth(engine, canister, before);
};

/** The canister takes so many bytes, whether it uses them or not. */
export const allocateMemory = (engine: Engine, canister: Canister, bytes: Bytes): void => {
  const before = memoryOf(canister);
  canister.memoryAllocation = bytes;
  countGrowth(engine, canister, before);
};

/** What the canister pays for what it occupies, and below which balance it is frozen, is to be found out anew. */
export const reprice = (engine: Engine, canister: Canister): void => {
  canister.frost = null;
  stir(engine, canister);
};

/** What grows or shrinks within an allocation changes nothing for anybody. */
const countGrowth = (engine: Engine, canister: Canister, before: number): void => {
  const memory = memoryOf(canister);
  if (memory === before) return;
  engine.usage.memory += memory - before;
  reprice(engine, canister);
};

/** A guaranteed response that does not exist yet may be of the largest size. */
const countResponse = (engine: Engine, canister: Canister, by: 1 | -1): void => {
  engine.usage.responses += by;
  occupy(engine, canister, by * engine.genesis.parameters.maxPayload);
};

const occupy = (engine: Engine, canister: Canister, bytes: number): void => {
  canister.messageBytes += bytes;
  stir(engine, canister);
};
