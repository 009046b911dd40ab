/** Chunks: what is kept, what it costs to keep it, and which modules it makes. */
import * as fc from "fast-check";
import { asciiOf, type CanisterId, type Event, type Hex, type Principal } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { alone } from "../case.ts";
import { digestOf } from "../hashing.ts";
import { chunkPrice, setAsideFor } from "../money.ts";
import { rulingOf, type Ruling } from "../tracking/ingress.ts";
import { foreseeKeeping, joinedFrom } from "../tracking/chunks.ts";
import { growthOf, memorySeen, reservedLimitOf, thresholdOf } from "../tracking/holdings.ts";
import { askedIn, isAllowed, nextAsking, refusalOf, type TrackedAsking } from "../tracking/management.ts";
import { pagesInUse } from "../tracking/pages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

type Kept = Extract<Event, { readonly kind: "chunk-kept" }>;
type Installed = Extract<Event, { readonly kind: "installation-ran" }>;

export const chunksAreKeptAndPaidFor = watchedLaw({
  id: "chunks-are-kept-and-paid-for",
  statement:
    "A chunk that is not kept yet is kept exactly when there is room for it, the canister changed few enough bytes, what has to be set aside for it may be, and its balance covers the price and the freezing threshold with it; it costs what so many instructions cost, and whoever uploads it is answered with its digest, as is, at no cost, whoever uploads it again; and whoever asks is told of each chunk that was kept, or came back with a snapshot, and was not cleared away, and of which the canister was not rid by losing its code or running dry.",
  source: "facts/messages.md F9, F10, F11, IC0210; facts/cycles.md CYC-C30, CYC-2.17, CYC-4.2, T64",
  cites: [
    "chunk-keep",
    "chunks-clear",
    "info-tell",
    "canister-uninstall",
    "canister-exhaust",
    "snapshot-take",
    "snapshot-load",
    "restart",
    "memory-grow",
    "debit-decay",
    "code-replace",
  ],
  needs: ["code"],
  otherwise: "no chunk was kept",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: codedWorlds(vocabulary, { chunked: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, damped: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, poor: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, stored: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, stored: true, allotted: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, charged: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let kept = false;
    const stores = new Map<CanisterId, ReadonlySet<Hex>>();
    /** What snapshots keep, by canister and number. */
    const snapshots = new Map<string, ReadonlySet<Hex>>();
    const storeOf = (id: CanisterId): ReadonlySet<Hex> => stores.get(id) ?? new Set();
    return {
      onEvent: (event, world) => {
        switch (event.kind) {
          case "chunk-kept": {
            kept = true;
            const store = storeOf(event.canister);
            stores.set(event.canister, new Set([...store, event.digest]));
            return miskept(event, store, world);
          }
          case "chunks-cleared": {
            const there = storeOf(event.canister).size;
            stores.delete(event.canister);
            return event.chunks === there ? undefined : `${event.canister} kept ${there} chunks, and ${event.chunks} were cleared away`;
          }
          case "uninstalled":
          case "ran-dry":
          case "canister-deleted":
            stores.delete(event.canister);
            return undefined;
          case "snapshot-taken":
            snapshots.set(`${event.canister} ${event.snapshot}`, storeOf(event.canister));
            return undefined;
          case "snapshot-loaded":
            stores.set(event.canister, snapshots.get(`${event.source} ${event.snapshot}`) ?? new Set());
            return undefined;
          default: {
            const ruling = rulingOf(event, world);
            return ruling === null ? undefined : misanswered(ruling, world, storeOf);
          }
        }
      },
      interested: () => kept,
    };
  },
});

/** Whatever is kept was asked for, may be kept, and costs what it costs. */
const miskept = (event: Kept, store: ReadonlySet<Hex>, world: World): Complaint => {
  const { canister: id, digest, charged, reserved, balance } = event;
  const { parameters } = world;
  const canister = world.canisters.get(id);
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  if (canister === undefined || asking === undefined || asked?.method !== "upload_chunk" || asked.canister !== id)
    return `${id} keeps a chunk for which nobody asked`;
  const what = `chunk "${asked.chunk}" of ${id}`;
  if (!isAllowed(canister, "upload_chunk", asking.request.caller)) return `${what} comes from ${asking.request.caller}, which may not`;
  if (digest !== digestOf(asked.chunk)) return `${what} is kept under ${digest}, which is not its digest`;
  if (store.has(digest)) return `${what} was kept twice`;
  if (store.size >= parameters.chunkLimit) return `${what} was kept beside ${store.size}, and ${parameters.chunkLimit} may be`;
  if (canister.heapDebit >= parameters.heapDeltaRateLimit)
    return `${what} was kept, and ${canister.heapDebit} bytes were changed, of ${parameters.heapDeltaRateLimit}`;
  const price = chunkPrice(parameters);
  if (charged !== price) return `${what} costs ${price}, and was charged ${charged}`;
  const due = setAsideFor(parameters, memorySeen(world), growthOf(canister, parameters, parameters.chunkBytes));
  if (reserved !== due) return `${what} needs ${due} set aside, and ${reserved} were`;
  const all = canister.reserved + reserved;
  if (reserved > 0n && all > reservedLimitOf(canister))
    return `${what} makes ${all} set aside, and the limit is ${reservedLimitOf(canister)}`;
  if (balance !== canister.balance - charged - reserved)
    return `${what} took ${charged} and ${reserved} of ${canister.balance}, and left ${balance}`;
  const threshold = thresholdOf(world, canister, {
    memory: pagesInUse(parameters, canister) * parameters.pageSize + parameters.chunkBytes,
    reserved: all,
  });
  return balance < threshold ? `${what} left ${balance}, below a freezing threshold of ${threshold}` : undefined;
};

/** What is answered to whoever uploads a chunk, or asks for those that are kept. */
const misanswered = ({ asking, caller, result, what }: Ruling, world: World, storeOf: (id: CanisterId) => ReadonlySet<Hex>): Complaint => {
  const asked = asking === undefined ? null : askedIn(asking);
  const canister = asked?.canister == null ? undefined : world.canisters.get(asked.canister);
  if (canister === undefined || !isAllowed(canister, askedMethod(asking), caller)) return undefined;
  if (asked?.method === "stored_chunks") {
    const text = [...storeOf(asked.canister)].sort().join(" ");
    const long = text.length > world.parameters.maxPayload;
    if (result.kind === "reject") return long ? undefined : `${what} was not told of the chunks of ${asked.canister}`;
    return !long && result.payload === asciiOf(text) ? undefined : `${what} was told of other chunks of ${asked.canister} than "${text}"`;
  }
  if (asked?.method !== "upload_chunk") return undefined;
  const digest = digestOf(asked.chunk);
  if (result.kind === "reply") {
    if (!storeOf(asked.canister).has(digest)) return `${what} uploaded "${asked.chunk}" to ${asked.canister}, which does not keep it`;
    return result.payload === asciiOf(digest) ? undefined : `${what} uploaded "${asked.chunk}", and was told of another digest`;
  }
  const expected = foreseeKeeping(world, canister, asked.chunk)?.error ?? null;
  return result.error === expected
    ? undefined
    : `${what} uploaded "${asked.chunk}" to ${asked.canister}, refused with ${result.error}: expected ${expected ?? "its digest"}`;
};

const askedMethod = (asking: TrackedAsking | undefined) => (asking === undefined ? "canister_status" : askedIn(asking).method);

export const chunksMakeModules = watchedLaw({
  id: "chunks-make-modules",
  statement:
    "Chunks are joined to a module and installed exactly when who asks for it controls the canister, and controls the one that keeps them or is that one, when each of them is kept there, when all of them, joined in their order, have the digest that was said, and when the module could be installed by its name; what is installed then is that module, and whoever is refused is told the first of these that is not so.",
  source: "facts/messages.md F15, F12, F13, F14",
  cites: ["chunks-join", "chunk-keep", "install-begin", "management-allow", "canister-uninstall", "snapshot-load", "restart"],
  needs: ["code"],
  otherwise: "nobody had chunks joined",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: codedWorlds(vocabulary, { chunked: true }), weight: 3 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, hurried: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { chunked: true, kept: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let joined = false;
    /** What the installation that is being answered trapped with; `undefined` where none ran. */
    let ran: Installed["trap"] | undefined;
    return {
      onEvent: (event, world) => {
        if (event.kind === "installation-ran") {
          ran = event.trap;
          return misjoined(event, world);
        }
        const ruling = rulingOf(event, world);
        if (ruling === null) return undefined;
        const trap = ran;
        ran = undefined;
        const { asking, result } = ruling;
        if (asking === undefined || askedIn(asking).method !== "install_chunked_code") return undefined;
        joined = true;
        const error = result.kind === "reject" ? result.error : null;
        const expected = trap === undefined ? refusalOf(world, asking) : trap;
        const what = `${ruling.what} for chunks of ${asking.named ?? "nobody"}`;
        if (error !== expected) return `${what} was answered with ${error ?? "a reply"}: expected ${expected ?? "a reply"}`;
        return trap === undefined && error === null ? `${what} was answered with a reply, and nothing was installed` : undefined;
      },
      interested: () => joined,
    };
  },
});

/** What is installed is what the chunks make, and nothing is installed that they do not. */
const misjoined = ({ canister: id, module, mode }: Installed, world: World): Complaint => {
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  if (asking === undefined || asked?.method !== "install_chunked_code") return undefined;
  const { caller } = asking.request;
  const { store, digest, chunks } = asked;
  const what = `${module}, installed on ${id} from chunks of ${store},`;
  if (id !== asked.canister || mode !== asked.mode) return `${what} was asked for on ${asked.canister}, as ${asked.mode}`;
  const keeper = world.canisters.get(store);
  if (keeper === undefined) return `${what} comes from nobody`;
  if (!mayTakeFrom(keeper, caller)) return `${what} comes from a canister over which ${caller} has no say`;
  const made = joinedFrom(keeper, chunks);
  if (made === null) return `${what} has chunks that are not kept there`;
  if (digestOf(made) !== digest) return `${what} has a digest that was not asked for`;
  return made === module ? undefined : `${what} is not ${made}, which they make`;
};

const mayTakeFrom = ({ id, genesis }: TrackedCanister, caller: Principal): boolean =>
  id === caller || genesis.controllers?.includes(caller) === true;
