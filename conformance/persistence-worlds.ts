/**
 * Worlds in which entries of the table of what survives what can be tried on any machine. In a world one thing happens, to a canister
 * for each item: first each gets its item, then it happens, then each is looked at. The canister is named after its entry.
 */
import {
  bytes,
  cycles,
  feesOfSystem,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  publishedParameters,
  seconds,
  type IngressId,
  type Move,
  type Parameters,
  type Path,
  type Scenario,
} from "../spec/index.ts";
import {
  asker,
  askerOf,
  errandOf,
  isAskedFor,
  isCalled,
  isExecuted,
  isHeld,
  isInstalled,
  isOrdered,
  isRound,
  isSliced,
  moduleOf,
  nameOf,
  subject,
  worker,
  workerOf,
} from "./persistence-canisters.ts";
import type { Item } from "./persistence-names.ts";
import type { PersistenceEntry } from "./persistence-table.ts";

export interface PersistenceWorld {
  readonly scenario: Scenario;
  /** The first step at which something happens, and the first look: numbers of steps. */
  readonly happens: number;
  readonly looks: number;
}

/**
 * A world of entries with the same happening. One with cycles set aside for memory has no other: what others write would cost, too.
 * When it is `restarted`, too, before anybody looks, all is as without: nothing that happened lives in the process alone.
 */
export const persistenceWorld = (entries: readonly PersistenceEntry[], restarted = false): PersistenceWorld => {
  const installed = entries.filter(isInstalled);
  const preparing = entries.some(({ happening: what }) => what === "loaded") ? [haveAsked("prepare")] : [];
  const ordering = entries.some(({ happening: what }) => isOrdered(what)) ? [haveAsked("order")] : [];
  const before = [...preparing, ...entries.flatMap(settingUpEarly), round(1n), ...entries.flatMap(settingUp), ...ordering, round(1n)];
  const during = [...happening(entries), ...(restarted ? [restart] : [])];
  const first = entries.some(({ item }) => item === "inquiry") ? answering : round(1n);
  const after = [...entries.flatMap(lookingAt), first, ...Array.from({ length: 7 }, () => round(1n)), round(30n), round(1n)];
  const last = entries.filter(({ item }) => item === "allocation").map((entry) => topUp(entry, 1n));
  return {
    scenario: {
      genesis: {
        parameters: parametersOf(entries),
        time: nanoseconds(1_000n),
        ...(installed.length > 0 && { modules: installed.map(moduleOf) }),
        canisters: [
          ...entries.map(subject),
          ...(entries.some(isCalled) ? [asker(entries.filter(isCalled))] : []),
          ...(entries.some(isPetition) ? [worker(entries.filter(isPetition))] : []),
        ],
      },
      inputs: [...before, ...during, ...after, ...last],
    },
    happens: before.length,
    looks: before.length + during.length,
  };
};

/** What a user says for an entry. */
export const messageOf = ({ item }: PersistenceEntry, purpose: "set" | "ask" | "act" | "late" | "look" | "toil"): IngressId =>
  ingressId(`${item}-${purpose}`);

/** What a user reads for an entry. */
export const pathsOf = (entry: PersistenceEntry): readonly Path[] => {
  const id = messageOf(entry, "set");
  if (entry.item === "certified") return [["canister", nameOf(entry), "certified_data"]];
  return ["status", "reply"].map((label) => ["request_status", id, label]);
};

const isPetition = ({ item }: PersistenceEntry): boolean => item === "petition";

/** A page costs a cycle a second, a percent of compute 1000, an execution 1: what is held, paid or lost can be told apart. */
const parametersOf = (entries: readonly PersistenceEntry[]): Parameters => {
  const has = (...wanted: readonly Item[]): boolean => entries.some(({ item }) => wanted.includes(item));
  const sliced = entries.some(isSliced);
  const slice = sliced ? 1_000 : 4_000;
  const isDry = entries.some(({ happening }) => happening === "dry");
  return {
    ...publishedParameters,
    cores: 32,
    messageInstructionLimit: instructions(4_000),
    sliceInstructionLimit: instructions(slice),
    messageOverhead: instructions(1),
    // A message of 1000 instructions ends the round for its canister.
    roundInstructionLimit: sliced || has("waiting") ? instructions(slice + 1_000) : publishedParameters.roundInstructionLimit,
    maxPausedExecutions: 32,
    heapPages: 3,
    tapeLag: 4,
    chunkBytes: publishedParameters.pageSize,
    chargePeriod: isDry || has("allocation") ? publishedParameters.chargePeriod : nanoseconds(10n ** 18n),
    storage: has("reserved")
      ? { threshold: bytes(0), capacity: bytes(32 * 8_192), period: seconds(400) }
      : { ...publishedParameters.storage, period: seconds(0) },
    fees: {
      ...feesOfSystem,
      name: "what survives what",
      execution: cycles(1n),
      gibSecond: cycles(262_144n),
      percentSecond: cycles(1_000n),
      signature: cycles(0n),
    },
  };
};

/** What the management canister is asked for in one round, it does at the start of the next. */
const haveAsked = (method: "prepare" | "order"): Move => ({
  kind: "ingress",
  id: ingressId(method),
  canister: askerOf,
  method,
  payload: hex(""),
});

const restart: Move = { kind: "restart" };

const round = (elapsed: bigint, checkpoint = false): Move & { readonly kind: "round" } => ({
  kind: "round",
  elapsed: nanoseconds(elapsed * 1_000_000_000n),
  tape: hex("01".repeat(32)),
  ...(checkpoint && { checkpoint }),
});

/** A block that answers the one request that waits for consensus. */
const answering: Move = { ...round(1n), answers: [{ request: 0, reply: hex("01") }] };

const say = (entry: PersistenceEntry, purpose: "set" | "act" | "late" | "look"): Move => ({
  kind: "ingress",
  id: messageOf(entry, purpose),
  canister: nameOf(entry),
  method: purpose,
  payload: hex(""),
});

/** A user has another canister call that of the entry. */
const callFor = (entry: PersistenceEntry, purpose: "set" | "look"): Move => ({
  kind: "ingress",
  // Of some, something is said to the canister itself, too.
  id: messageOf(entry, purpose === "set" && (entry.item === "stop" || entry.item === "snapshot") ? "ask" : purpose),
  canister: askerOf,
  method: errandOf(entry, purpose),
  payload: hex(""),
});

const toil = (entry: PersistenceEntry): Move => ({
  kind: "ingress",
  id: messageOf(entry, "toil"),
  canister: workerOf,
  method: "toil",
  payload: hex(""),
});

const topUp = (entry: PersistenceEntry, count: bigint): Move => ({ kind: "top-up", canister: nameOf(entry), cycles: cycles(count) });

const ask = (entry: PersistenceEntry, method: "act" | "tell"): Move => ({
  kind: "query",
  canister: nameOf(entry),
  method,
  payload: hex(""),
});

const read = (entry: PersistenceEntry): Move => ({ kind: "read-state", paths: pathsOf(entry) });

/** What has to be said a round earlier than the rest, to be there in time. */
const settingUpEarly = (entry: PersistenceEntry): readonly Move[] => {
  const { item, happening } = entry;
  if (item === "stop" && !isExecuted(happening)) return stopping(entry);
  // The snapshot that is brought back was asked for before the chunk was.
  if (item === "rest" || item === "chunk") return [callFor(entry, "set")];
  if (item === "inquiry") return [say(entry, "set")];
  if (happening === "loaded") return item === "snapshot" ? [say(entry, "set")] : isInSnapshot(item) ? [say(entry, "act")] : [];
  if (item === "snapshot") return [say(entry, "set"), callFor(entry, "set")];
  return item === "context" ? [callFor(entry, "set")] : [];
};

/** What the snapshot has, or what depends on it: it is one thing when the snapshot is taken, and another when that is brought back. */
const isInSnapshot = (item: Item): boolean => ["heap", "stable", "size", "certified", "hook", "reserved"].includes(item);

const stopping = (entry: PersistenceEntry): readonly Move[] => [say(entry, "set"), callFor(entry, "set")];

const settingUp = (entry: PersistenceEntry): readonly Move[] => {
  switch (entry.item) {
    case "balance":
    case "snapshot":
      return entry.happening === "loaded" ? [say(entry, "act")] : [];
    case "context":
      return entry.happening === "loaded" ? [say(entry, "set")] : [];
    case "allocation":
    case "code":
    case "heartbeat":
    case "controllers":
    case "rest":
    case "chunk":
    case "inquiry":
    case "id":
      return [];
    case "stop":
      return isExecuted(entry.happening) ? stopping(entry) : [];
    case "petition":
      return [...(isHeld(entry) ? [toil(entry)] : []), say(entry, "set")];
    case "waiting":
      return isRound(entry.happening) ? [] : [say(entry, "set"), say(entry, "late")];
    default:
      return [say(entry, "set")];
  }
};

const happening = (entries: readonly PersistenceEntry[]): readonly Move[] => {
  const each = entries.flatMap(happeningTo);
  const what = entries[0]?.happening;
  if (what === "restarted") return [restart];
  if (what !== undefined && isOrdered(what)) return [round(1n)];
  if (what === undefined || !isRound(what)) return each;
  return [...each, round(what === "dry" ? 10n : 1n, what === "checkpoint" || what === "aborted")];
};

const happeningTo = (entry: PersistenceEntry): readonly Move[] => {
  const canister = nameOf(entry);
  // What is to wait behind something comes with it.
  if (entry.item === "waiting" && isRound(entry.happening)) return [say(entry, "act"), say(entry, "late")];
  if (isExecuted(entry.happening)) return entry.item === "execution" || entry.item === "stop" ? [] : [say(entry, "act")];
  switch (entry.happening) {
    case "asked":
      return [ask(entry, "act")];
    case "inspected":
      return [{ kind: "ingress", id: messageOf(entry, "act"), canister, method: "act", payload: hex("01") }];
    case "uninstalled":
      return [{ kind: "uninstall", canister }];
    case "deleted":
      return [{ kind: "delete-canister", canister }, anew(entry)];
    default:
      return [];
  }
};

const anew = (entry: PersistenceEntry): Move => ({ kind: "create-canister", canister: subject(entry) });

const lookingAt = (entry: PersistenceEntry): readonly Move[] => {
  switch (entry.item) {
    case "heap":
    case "stable":
    case "size":
      if (isAskedFor(entry)) return [...(entry.happening === "dry" ? [topUp(entry, 5n)] : []), callFor(entry, "look")];
      return [isSliced(entry) ? ask(entry, "tell") : say(entry, "look")];
    case "balance":
      return [topUp(entry, 1n)];
    case "allocation":
      return [topUp(entry, 1_000_000n)];
    case "code":
    case "hook":
      return [say(entry, "look")];
    case "controllers":
    case "rest":
    case "snapshot":
    case "chunk":
      return [callFor(entry, "look")];
    case "certified":
    case "status":
      return [read(entry)];
    case "id":
      return [anew(entry)];
    default:
      return [];
  }
};
