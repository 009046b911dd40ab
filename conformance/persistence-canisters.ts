/**
 * The canisters of the worlds in which the table of what survives what is tried: each has one item, and methods that make it, change it
 * as far as a script can, and show it.
 */
import {
  canisterId,
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type Method,
  type Script,
  type Value,
} from "../spec/index.ts";
import { callTo } from "../properties/index.ts";
import { plainCanister } from "./plain-canister.ts";
import type { Happening, Item, PersistenceEntry } from "./persistence-table.ts";

/** The canister of an entry. */
export const subject = (entry: PersistenceEntry): CanisterGenesis => {
  const { item, happening } = entry;
  const dry = happening === "dry";
  return {
    ...plainCanister(nameOf(entry), methodsOf(entry)),
    ...(dry && { balance: cycles(5_000n) }),
    ...((item === "allocation" || dry) && { computeAllocation: percent(1) }),
    ...(item === "heartbeat" && { onHeartbeat: [] }),
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
  item === "pages" && (happening === "uninstalled" || happening === "dry");

/** Whether another canister has to call it. */
export const isCalled = (entry: PersistenceEntry): boolean => entry.item === "context" || isAskedFor(entry);

/** Whether an execution is cut into slices. */
export const isSliced = ({ item, happening }: PersistenceEntry): boolean =>
  item === "execution" || happening === "paused" || happening === "aborted";

/** Whether a canister executes something for this to happen. */
export const isExecuted = (happening: Happening): boolean =>
  ["completed", "trapped", "round-asked", "paused", "aborted"].includes(happening);

export const askerOf = canisterId("asker");

/** Calls the canisters of some entries, as no user can. */
export const asker = (entries: readonly PersistenceEntry[]): CanisterGenesis =>
  plainCanister(
    askerOf,
    entries.map((entry) => ({ name: entry.item, body: entry.item === "context" ? [waitingCall(entry)] : [callTo(nameOf(entry), "look")] })),
  );

const waitingCall = (entry: PersistenceEntry): Instruction => {
  const tell: Script = [{ op: "reply", payload: message }];
  return callTo(nameOf(entry), "set", { onReply: tell, onReject: tell });
};

const methodsOf = (entry: PersistenceEntry): readonly Method[] => {
  const { item, happening } = entry;
  const set: Method = { name: "set", body: settingOf(entry) };
  const act: Method = { name: "act", body: actionOf(entry), ...(["asked", "round-asked"].includes(happening) && { mode: "query" }) };
  const telling: Script = item === "pages" ? [{ op: "reply", payload: { kind: "page", page: 0 } }] : [...lookOf(item), reply];
  const all: readonly Method[] = [set, act, { name: "late", body: [reply] }, { name: "look", body: telling }];
  return item === "pages" && isSliced(entry) ? [...all, { name: "tell", mode: "query", body: telling }] : all;
};

const message: Value = { kind: "message" };

const content = (text: string): Value => ({ kind: "bytes", bytes: hex(text) });

const reply: Instruction = { op: "reply", payload: content("01") };

const use = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });

const write = (page: number, text: string): Instruction => ({ op: "write", page, value: content(text) });

/** How a canister gets its item. */
const settingOf = ({ item }: PersistenceEntry): Script => {
  switch (item) {
    case "pages":
    case "reserved":
    case "hook":
      return [write(0, "01")];
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
    case "status":
      return [reply];
    default:
      return [];
  }
};

/** How an execution changes the item, as far as a script can. */
const changeOf = (item: Item): Script => {
  switch (item) {
    case "pages":
      return [write(0, "03")];
    case "reserved":
    case "hook":
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
  const change = [...changeOf(item), ...(item === "waiting" ? [use(1_000)] : [])];
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
