/**
 * The canisters of the worlds in which the table of what survives what is tried: each has one item, and methods that make it, change it
 * as far as a script can, and show it.
 */
import {
  asciiOf,
  canisterId,
  cycles,
  hex,
  instructions,
  managementCanister,
  moduleName,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Module,
  type Script,
  type Value,
} from "../spec/index.ts";
import { callTo } from "../properties/index.ts";
import { plainCanister } from "./plain-canister.ts";
import type { Happening, Item } from "./persistence-names.ts";
import type { PersistenceEntry } from "./persistence-table.ts";

/** The canister of an entry. */
export const subject = (entry: PersistenceEntry): CanisterGenesis => {
  const { item, happening } = entry;
  const dry = happening === "dry";
  return {
    ...plainCanister(nameOf(entry), methodsOf(entry, "first")),
    ...(dry && { balance: cycles(5_000n) }),
    ...(((item === "allocation" && happening !== "loaded") || dry) && { computeAllocation: percent(1) }),
    ...(hasHeartbeat(entry, "first") && { onHeartbeat: [] }),
    ...((isDecidedAbout(entry) || isOrdered(happening)) && { controllers: [askerOf] }),
    ...(item === "hook" && { lowMemory: { limit: 8, threshold: 8, hook: [] } }),
    ...(happening === "inspected" && {
      inspect: [{ op: "when-odd", value: message, then: changeOf(item), otherwise: [{ op: "accept-message" }] }],
    }),
    // As long as it has its page, it can pay for no execution; without, it can.
    ...(isAskedFor(entry) && { balance: cycles(6n), freezingThreshold: seconds(5), computeAllocation: percent(0) }),
  };
};

/** The canister that has the item. */
export const nameOf = ({ item, happening }: PersistenceEntry): CanisterId => canisterId(`${item}-when-${happening}`);

/** Whether nobody but another canister can ask whether the item is there: a user is told at once that there is no code. */
export const isAskedFor = ({ item, happening }: PersistenceEntry): boolean =>
  isMemory(item) && (happening === "uninstalled" || happening === "dry");

/** Whether it is some part of the memory of a canister. */
export const isMemory = (item: Item): boolean => item === "heap" || item === "stable" || item === "size";

/** Whether this happens when another canister asks the management canister for it. */
export const isOrdered = (happening: Happening): boolean => ["upgraded", "failed", "reinstalled", "loaded"].includes(happening);

/** Whether code is installed for this to happen; where a snapshot is brought back, only to tell its code from that of now. */
export const isInstalled = ({ item, happening }: PersistenceEntry): boolean =>
  happening === "loaded" ? item === "code" || item === "heartbeat" : isOrdered(happening);

/** The code that is installed for an entry. It differs from that of the genesis in an answer, and in what runs by itself. */
export const moduleOf = (entry: PersistenceEntry): Module => {
  const { onTimer, lowMemory } = subject(entry);
  const trapping: Script = [...changeOf(entry.item), { op: "trap" }];
  return {
    name: moduleName(nameOf(entry)),
    methods: methodsOf(entry, "installed"),
    onTimer,
    ...(hasHeartbeat(entry, "installed") && { onHeartbeat: [] }),
    ...(lowMemory !== undefined && { lowMemory }),
    ...(entry.happening === "failed" && { onPostUpgrade: trapping }),
  };
};

/** The code of the genesis, or that which is installed. */
type Place = "first" | "installed";

/** Whether the code is that which is there when it happens. */
const isPresent = ({ happening }: PersistenceEntry, place: Place): boolean => (place === "installed") === (happening === "loaded");

const hasHeartbeat = (entry: PersistenceEntry, place: Place): boolean => entry.item === "heartbeat" && isPresent(entry, place);

/** Whether another canister decides about it, or asks about it. */
const isDecidedAbout = ({ item }: PersistenceEntry): boolean => ["controllers", "rest", "stop", "snapshot", "chunk"].includes(item);

/** Whether another canister has to call it, or to decide about it. */
export const isCalled = (entry: PersistenceEntry): boolean =>
  entry.item === "context" || isAskedFor(entry) || isDecidedAbout(entry) || isOrdered(entry.happening);

/** Whether an execution is cut into slices. */
export const isSliced = (entry: PersistenceEntry): boolean =>
  entry.item === "execution" || entry.happening === "paused" || entry.happening === "aborted" || isHeld(entry);

/** Whether a request of the canister is held, since the one that it names has an execution under way: a round would be the end of its wait. */
export const isHeld = ({ item, happening }: PersistenceEntry): boolean =>
  item === "petition" && (isRound(happening) || isOrdered(happening));

/** Whether something happens in a round. */
export const isRound = (happening: Happening): boolean => isExecuted(happening) || ["idle", "checkpoint", "dry"].includes(happening);

/** Whether a canister executes something for this to happen. */
export const isExecuted = (happening: Happening): boolean =>
  ["completed", "trapped", "round-asked", "paused", "aborted"].includes(happening);

const message: Value = { kind: "message" };

const tell: Script = [{ op: "reply", payload: message }];

const content = (text: string): Value => ({ kind: "bytes", bytes: hex(text) });

const reply: Instruction = { op: "reply", payload: content("01") };

const otherReply: Instruction = { op: "reply", payload: content("02") };

export const askerOf = canisterId("asker");

/** Calls the canisters of some entries, or decides about them, as no user can. */
export const asker = (entries: readonly PersistenceEntry[]): CanisterGenesis =>
  plainCanister(askerOf, [
    ...entries.flatMap(errandsOf),
    ...(entries.some(({ happening }) => isOrdered(happening)) ? [{ name: "order", body: inGoodOrder(entries).map(ordering) }] : []),
    ...(entries.some(({ happening }) => happening === "loaded") ? [{ name: "prepare", body: entries.flatMap(preparing) }] : []),
  ]);

/** A request that waits for an execution holds up all that the same caller asks later. */
const inGoodOrder = (entries: readonly PersistenceEntry[]): readonly PersistenceEntry[] => [
  ...entries.filter(({ item }) => item !== "execution"),
  ...entries.filter(({ item }) => item === "execution"),
];

const ordering = (entry: PersistenceEntry): Instruction =>
  entry.happening === "loaded" ? petitionFor("load_canister_snapshot", `${nameOf(entry)} ${nameOf(entry)} 0`, [], []) : installing(entry);

/** A snapshot, and behind it what no execution can change. */
const preparing = (entry: PersistenceEntry): Script => [
  petitionFor("take_canister_snapshot", nameOf(entry), [], []),
  ...(isInstalled(entry) ? [installing(entry)] : []),
  ...(entry.item === "allocation" ? [petitionFor("update_settings", `${nameOf(entry)} compute_allocation=1`, [], [])] : []),
];

const installing = (entry: PersistenceEntry): Instruction => {
  const mode = entry.happening === "reinstalled" ? "reinstall" : "upgrade";
  return petitionFor("install_code", `${nameOf(entry)} ${mode} ${moduleOf(entry).name}`, [], []);
};

/** What the asker does for an entry. */
export const errandOf = ({ item }: PersistenceEntry, purpose: "set" | "look"): string => `${item}-${purpose}`;

const errandsOf = (entry: PersistenceEntry): readonly Method[] => {
  const set = (call: Instruction): Method => ({ name: errandOf(entry, "set"), body: [call] });
  const look = (call: Instruction): Method => ({ name: errandOf(entry, "look"), body: [call] });
  switch (entry.item) {
    case "context":
      return [set(callTo(nameOf(entry), "set", { onReply: tell, onReject: tell }))];
    case "controllers":
      return [look(petitionFor("canister_status", nameOf(entry), tell))];
    case "rest":
      return [set(petitionFor("stop_canister", nameOf(entry))), look(petitionFor("canister_status", nameOf(entry), tell))];
    case "stop":
      return [set(petitionFor("stop_canister", nameOf(entry)))];
    case "snapshot":
      return [set(petitionFor("take_canister_snapshot", nameOf(entry))), look(petitionFor("list_canister_snapshots", nameOf(entry), tell))];
    case "chunk":
      return [set(petitionFor("upload_chunk", `${nameOf(entry)} piece`)), look(petitionFor("stored_chunks", nameOf(entry), tell))];
    default:
      return isAskedFor(entry) ? [look(callTo(nameOf(entry), "look"))] : [];
  }
};

export const workerOf = canisterId("worker");

/** Is asked about by canisters whose requests are to wait, and works in slices meanwhile. */
export const worker = (entries: readonly PersistenceEntry[]): CanisterGenesis =>
  plainCanister(workerOf, [{ name: "toil", body: [use(3_500), reply] }], { controllers: entries.map(nameOf) });

/** Asks something of the management canister, which may be about a canister alone; a reject is told. */
const petitionFor = (method: ManagementMethod, words: string, onReply: Script = [reply], onReject: Script = tell): Instruction =>
  callTo(managementCanister, method, { payload: content(asciiOf(words)), onReply, onReject });

const methodsOf = (entry: PersistenceEntry, place: Place): readonly Method[] => {
  const { item, happening } = entry;
  const set: Method = { name: "set", body: settingOf(entry) };
  const act: Method = { name: "act", body: actionOf(entry), ...(["asked", "round-asked"].includes(happening) && { mode: "query" }) };
  const plain = item === "code" && !isPresent(entry, place) ? otherReply : reply;
  const telling: Script = isMemory(item)
    ? [{ op: "reply", payload: item === "size" ? { kind: "stable-size" } : { kind: "page", page: pageOf(item) } }]
    : [...lookOf(item), plain];
  const all: readonly Method[] = [set, act, { name: "late", body: [reply] }, { name: "look", body: telling }];
  return isMemory(item) && isSliced(entry) ? [...all, { name: "tell", mode: "query", body: telling }] : all;
};

const use = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });

/** The heap has three pages. */
const pageOf = (item: Item): number => (item === "stable" ? 3 : 0);

const grow = (pages: number): Instruction => ({ op: "stable-grow", pages });

const write = (page: number, text: string): Instruction => ({ op: "write", page, value: content(text) });

/** How a canister gets its item. */
const settingOf = (entry: PersistenceEntry): Script => {
  switch (entry.item) {
    case "stable":
      return [grow(1), write(pageOf(entry.item), "01")];
    case "size":
      return [grow(1)];
    case "heap":
    case "reserved":
    case "hook":
    case "snapshot":
      return [write(pageOf(entry.item), "01")];
    case "timer":
      return [{ op: "set-timer", after: nanoseconds(20_000_000_000n) }];
    case "certified":
      return [{ op: "certify", data: content("01") }];
    case "context":
      return [callTo(managementCanister, "raw_rand", { onReply: [reply] })];
    case "call":
      return [callTo(managementCanister, "raw_rand", { attached: cycles(100n) })];
    case "waiting":
      return [use(1_000)];
    case "execution":
      return [use(3_500), reply];
    case "stop":
      return [callTo(managementCanister, "raw_rand", { onReply: [reply] }), ...(isExecuted(entry.happening) ? [soonAnswered(entry)] : [])];
    case "petition":
      return [petitionFor("canister_status", workerOf, tell)];
    case "inquiry":
      return [petitionFor("vetkd_derive_key", "key-1 input", tell)];
    case "status":
      return [reply];
    default:
      return [];
  }
};

/** A call whose response runs in the next round, also in a canister that is stopping. */
const soonAnswered = (entry: PersistenceEntry): Instruction =>
  petitionFor("canister_status", nameOf(entry), actionOf(entry), actionOf(entry));

/** How an execution changes the item, as far as a script can. */
const changeOf = (item: Item): Script => {
  switch (item) {
    case "heap":
    case "stable":
      return [write(pageOf(item), "03")];
    case "size":
      return [grow(2)];
    case "reserved":
    case "hook":
    case "snapshot":
      return [write(1, "03")];
    case "timer":
      return [{ op: "set-timer", after: null }];
    case "certified":
      return [{ op: "certify", data: content("03") }];
    case "balance":
      return [{ op: "burn", cycles: cycles(5n) }];
    case "call":
      return [callTo(managementCanister, "raw_rand")];
    default:
      return [];
  }
};

const actionOf = ({ item, happening }: PersistenceEntry): Script => {
  // Of what is brought back, there is nothing yet.
  const room = item === "stable" && happening === "loaded" ? [grow(1)] : [];
  const change = [...room, ...changeOf(item), ...(item === "waiting" ? [use(1_000)] : [])];
  switch (happening) {
    case "trapped":
      return [...change, { op: "trap" }];
    case "paused":
    case "aborted":
      return [...changeOf(item), use(3_500), { op: "trap" }];
    default:
      return change;
  }
};

const lookOf = (item: Item): Script => (item === "hook" ? [write(2, "01")] : []);
