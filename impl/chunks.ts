/**
 * Modules in pieces. The chunks of a canister are a map that is never written: who keeps one more takes a copy, which is short, and a snapshot has
 * the very map that its canister had. What they take of the memory of the subnet is counted for each of those who have it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import {
  asciiOf,
  chunkKeep,
  chunksJoin,
  hex,
  infoTell,
  joinedName,
  type Asked,
  type ErrorCode,
  type Hex,
  type ModuleName,
  type Principal,
  type Result,
} from "../spec/index.ts";
import type { Canister } from "./canister.ts";
import { balanceOf } from "./cohorts.ts";
import { isFunded, isLimited, pay, priceOf, type Price } from "./keeping.ts";
import { countKept } from "./limits.ts";
import { countMemory } from "./occupancy.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import type { Engine } from "./state.ts";

/** By digest; not empty. */
export type Chunks = ReadonlyMap<Hex, string>;

/** Under which a text is kept. */
export const digestOf = (text: string): Hex => hex(bytesToHex(sha256(utf8ToBytes(text))));

/** Keeps a chunk that is not kept yet, and gives the answer to whoever brought it. */
export const keepChunk = (engine: Engine, canister: Canister, chunk: string): Result => {
  const digest = digestOf(chunk);
  const answer: Result = { kind: "reply", payload: asciiOf(digest) };
  const { id, chunks } = canister;
  if (chunks?.has(digest) === true) return answer;
  const { chunkBytes } = engine.genesis.parameters;
  const price = priceOf(engine, canister, engine.prices.chunk, chunkBytes);
  const error = refusalOfKeeping(engine, canister, price);
  if (error !== null) return rejectWith(error);
  pay(engine, canister, price);
  replaceChunks(engine, canister, new Map([...(chunks ?? []), [digest, chunk]]));
  countKept(engine, canister, chunkBytes);
  engine.events.push({ kind: "chunk-kept", canister: id, digest, ...price, balance: balanceOf(canister) });
  return answer;
};

/** @rule chunks-clear */
export const clearChunks = (engine: Engine, canister: Canister): void => {
  const chunks = canister.chunks?.size ?? 0;
  replaceChunks(engine, canister, null);
  engine.events.push({ kind: "chunks-cleared", canister: canister.id, chunks });
};

/**
 * What those may know of them who look after them.
 * @rule info-tell
 */
export const listOfChunks = ({ genesis }: Engine, canister: Canister): Result => {
  const text = digestsIn(canister).join(" ");
  return text.length > genesis.parameters.maxPayload ? tooLong : { kind: "reply", payload: asciiOf(text) };
};

/** In ascending order. */
export const digestsIn = ({ chunks }: Canister): readonly Hex[] => [...(chunks?.keys() ?? [])].sort();

/** The canister keeps these chunks, and no others. */
export const replaceChunks = (engine: Engine, canister: Canister, chunks: Chunks | null): void => {
  const { chunks: before } = canister;
  if (chunks === before) return;
  canister.chunks = chunks;
  countMemory(engine, canister, ((chunks?.size ?? 0) - (before?.size ?? 0)) * engine.genesis.parameters.chunkBytes);
};

/** The name that these chunks make, or why they make none for whoever asks. */
type Joined = { readonly module: ModuleName; readonly error: null } | { readonly error: ErrorCode };

/** @rule chunks-join */
export const joinChunks = (
  { byId }: Engine,
  { store: id, digest, chunks: named }: Extract<Asked, { method: "install_chunked_code" }>,
  by: Principal,
): Joined => {
  const store = byId.get(id);
  if (store === undefined) return { error: noSuchStore };
  if (by !== id && !store.controllers.includes(by)) return { error: notController };
  const found: string[] = [];
  for (const one of named) {
    const chunk = store.chunks?.get(one);
    if (chunk === undefined) return { error: noSuchChunk };
    found.push(chunk);
  }
  const module = joinedName(found);
  return digestOf(module) === digest ? { module, error: null } : { error: mixedUp };
};

const tooMany = refusalOf(chunkKeep.when.room);
const tooMuchWritten = refusalOf(chunkKeep.when.calm);
const overReserve = refusalOf(chunkKeep.when.limited);
const notFunded = refusalOf(chunkKeep.when.funded);
const noSuchStore = refusalOf(chunksJoin.when.known);
const notController = refusalOf(chunksJoin.when.allowed);
const noSuchChunk = refusalOf(chunksJoin.when.found);
const mixedUp = refusalOf(chunksJoin.when.whole);
const tooLong = rejectWith(refusalOf(infoTell.when.fits));

/** @rule chunk-keep */
const refusalOfKeeping = (engine: Engine, canister: Canister, price: Price): ErrorCode | null => {
  const { chunkLimit, chunkBytes, heapDeltaRateLimit } = engine.genesis.parameters;
  if ((canister.chunks?.size ?? 0) >= chunkLimit) return tooMany;
  if (canister.heapDebit >= heapDeltaRateLimit) return tooMuchWritten;
  if (!isLimited(canister, price.reserved)) return overReserve;
  return isFunded(engine, canister, price, chunkBytes) ? null : notFunded;
};
