/**
 * Chunks, told before they are told: an onlooker knows what a canister keeps, so it knows what another chunk costs and what comes of
 * those that are joined. Written from `docs/machine.md` sections 2 and 17.10 alone.
 */
import { joinedName, type Asked, type ErrorCode, type Hex, type Principal } from "../../spec/index.ts";
import { digestOf } from "../hashing.ts";
import { chunkPrice } from "../money.ts";
import { dueFor, growthOf, reservedLimitOf, thresholdOf } from "./holdings.ts";
import type { AskedInstallation } from "./installations.ts";
import type { TrackedCanister, World } from "./world.ts";

/** What comes of a chunk that is kept now. */
export interface ForeseenKeeping {
  readonly error: ErrorCode | null;
  readonly digest: Hex;
  readonly charged: bigint;
  readonly reserved: bigint;
  readonly balance: bigint;
}

/** `null` where the canister keeps the chunk already. */
export const foreseeKeeping = (world: World, canister: TrackedCanister, chunk: string): ForeseenKeeping | null => {
  const { parameters } = world;
  const { chunks, heapDebit } = canister;
  const digest = digestOf(chunk);
  if (chunks.has(digest)) return null;
  const charged = chunkPrice(parameters);
  const reserved = dueFor(world, growthOf(canister, parameters, parameters.chunkBytes));
  const balance = canister.balance - charged - reserved;
  const after = { ...canister, reserved: canister.reserved + reserved, chunks: new Map([...chunks, [digest, chunk]]) };
  const told = { digest, charged, reserved, balance };
  if (chunks.size >= parameters.chunkLimit) return { ...told, error: "IC0504" };
  if (heapDebit >= parameters.heapDeltaRateLimit) return { ...told, error: "IC0210" };
  if (reserved > 0n && after.reserved > reservedLimitOf(canister)) return { ...told, error: "IC0534" };
  return { ...told, error: balance < thresholdOf(world, after) ? "IC0207" : null };
};

/** What is told of the chunks of a canister. */
export const storedIn = ({ chunks }: Pick<TrackedCanister, "chunks">): string => [...chunks.keys()].sort().join(" ");

type Joining = Extract<Asked, { readonly method: "install_chunked_code" }>;

/** What a canister keeps under these digests, joined; `null` when it does not keep one of them. */
export const joinedFrom = ({ chunks }: Pick<TrackedCanister, "chunks">, digests: readonly Hex[]): string | null =>
  digests.every((digest) => chunks.has(digest)) ? digests.map((digest) => chunks.get(digest)).join("") : null;

/** Why chunks are not joined; `null` when they are. */
export const refusalOfJoining = ({ canisters }: Pick<World, "canisters">, asked: Joining, caller: Principal): ErrorCode | null => {
  const store = canisters.get(asked.store);
  if (store === undefined) return "IC0301";
  if (store.id !== caller && store.genesis.controllers?.includes(caller) !== true) return "IC0512";
  const joined = joinedFrom(store, asked.chunks);
  return joined === null || digestOf(joined) !== asked.digest ? "IC0504" : null;
};

/** The installation that is asked for, of a module or of what chunks make; `null` where none is, or one of them is missing. */
export const installationIn = ({ canisters }: Pick<World, "canisters">, asked: Asked): AskedInstallation | null => {
  if (asked.method === "install_code") return asked;
  if (asked.method !== "install_chunked_code") return null;
  const { canister, mode, skipsPreUpgrade, heap, store, chunks } = asked;
  const keeper = canisters.get(store);
  const joined = keeper === undefined ? null : joinedFrom(keeper, chunks);
  return joined === null ? null : { method: "install_code", canister, mode, skipsPreUpgrade, heap, module: joinedName([joined]) };
};
