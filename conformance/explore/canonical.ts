/**
 * What of a state is its identity. A machine that runs for ever counts for ever: heights, times, numbers of contexts and
 * callbacks, ingress ids, totals of burned and minted cycles, the history of what was answered. None of these can change
 * what happens next, apart from the names under which it is told; so the key has distances in place of heights and
 * times, ranks in place of numbers, places in place of ids, and neither totals nor answers. Everything else is in the key as it is, a
 * field that this file has never heard of included: what is not known not to matter, matters.
 * docs/decisions/0008-exploration.md says why each of these steps is sound; a test holds equal keys to equal futures.
 */
import type { State } from "../../model/index.ts";
import { byId, type Genesis, type InputKind, type Observation } from "../../spec/index.ts";

/** The greatest number of the wire: a limit, or a period, that nothing reaches. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** What of the clock can show in a world. */
export interface Clock {
  /** Whether a script can tell two times apart: it reads the time, or sets a timer. */
  readonly reads: "time" | "timers" | "nothing";
  /** Heights that differ by a multiple of it are alike; 0 where no two heights are. */
  readonly period: number;
}

/** What of the clock can show, when a genesis is led through moves of these kinds. */
export const clockOf = (genesis: Genesis, kinds: ReadonlySet<InputKind>): Clock => {
  const { parameters, canisters, committee } = genesis;
  const written = JSON.stringify(canisters, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
  const isOpen = kinds.has("create-canister");
  const reads = isOpen || written.includes('"kind":"time"') ? "time" : written.includes('"op":"set-timer"') ? "timers" : "nothing";
  // A committee counts heights; so does the reset of priorities, whose period depends on the number of canisters.
  const isFixed = committee === undefined && !isOpen && !kinds.has("delete-canister");
  const published = canisters.length > parameters.cores ? 100 * parameters.cores * canisters.length : 1;
  const { resetInterval } = parameters.priority;
  const period = parameters.scheduler === "published" ? published : resetInterval === unlimited ? 1 : resetInterval;
  return { reads, period: isFixed ? period : 0 };
};

/** Nothing is known of the world: two times, and two heights, are never alike. */
export const anyClock: Clock = { reads: "time", period: 0 };

/** The canonical key of a state between two inputs, part by part: the subnet, the canisters by id, the messages that users wait for. */
export const keyOf = (state: State, clock: Clock): readonly string[] => writtenKey(state, clock).key;

/** An observation with the names of the state before it: equal keys tell equal texts. */
export const observationKey = ({ events, ledger, draws }: Observation, before: State, clock: Clock): string => {
  const { burned: _b, minted: _m, ...places } = ledger;
  return text({ events, places, draws }, writtenKey(before, clock).names, null);
};

const writtenKey = (state: State, clock: Clock): { readonly key: readonly string[]; readonly names: Names } => {
  const names = namesIn(state, clock);
  const { parameters, committee, height, time, canisters, history, heapDelta, burned: _b, minted: _m, events: _e, ...rest } = state;
  const { reads, period } = clock;
  // Only the gate looks at the heap delta, and a gate without a limit is never shut.
  const gate = parameters.heapDeltaCapacity === unlimited && parameters.heapDeltaReserve === unlimited ? null : heapDelta;
  const shown = [gate, reads === "time" ? time : null, period === 0 ? height : height % period];
  const parts = [text({ parameters: constant(parameters), committee: constant(committee), shown, ...rest }, names, null)];
  for (const { nextContext: _c, nextCallback: _k, ...canister } of [...canisters.values()].sort((left, right) => byId(left.id, right.id))) {
    names.place = canister.id;
    names.met = 0;
    parts.push(text(canister, names, canister.id));
  }
  const unanswered = [...history].flatMap(([id, { kind }]) =>
    kind === "answered" ? [] : [`${names.ingress.get(id) ?? "nowhere"} ${kind}`],
  );
  return { key: [...parts, unanswered.sort().join()], names: { ...names, place: null } };
};

/** What a state calls things, and where it is in time. */
interface Names {
  readonly height: number;
  readonly time: bigint;
  readonly reads: Clock["reads"];
  readonly contexts: ReadonlyMap<string, Ranks>;
  readonly callbacks: ReadonlyMap<string, Ranks>;
  /** An ingress message is named by where it is met first: its id says nothing to anybody but its user. */
  readonly ingress: Map<string, string>;
  /** Where the writing is; `null` once all that there is has its name. */
  place: string | null;
  /** How many messages were named there. */
  met: number;
}

interface Ranks {
  readonly live: ReadonlyMap<number, number>;
  readonly next: number;
}

const namesIn = ({ height, time, canisters }: State, { reads }: Clock): Names => {
  const contexts = new Map<string, Ranks>();
  const callbacks = new Map<string, Ranks>();
  for (const { id, nextContext, nextCallback, ...canister } of canisters.values()) {
    contexts.set(id, { live: ranked([...canister.contexts.keys()]), next: nextContext });
    callbacks.set(id, { live: ranked([...canister.callbacks.keys()]), next: nextCallback });
  }
  return { height, time, reads, contexts, callbacks, ingress: new Map(), place: "", met: 0 };
};

const ingressName = (id: string, names: Names): string => {
  const known = names.ingress.get(id);
  if (known !== undefined || names.place === null) return known ?? "another";
  const name = `${names.place}.${names.met++}`;
  names.ingress.set(id, name);
  return name;
};

const none: ReadonlyMap<number, number> = new Map();

/** Numbers are given in ascending order, so renumbering by rank keeps every comparison of two of them. */
const ranked = (numbers: readonly number[]): ReadonlyMap<number, number> =>
  numbers.length === 0 ? none : new Map([...numbers].sort((left, right) => left - right).map((number, rank) => [number, rank]));

const rankOf = (number: number, ranks: Ranks | undefined): string => {
  if (ranks === undefined) return `?${number}`;
  // A number that was given and is no more: a name of nothing. One that is still to be given: how many come before it.
  return number >= ranks.next ? `+${number - ranks.next}` : `#${ranks.live.get(number) ?? "gone"}`;
};

/** Fields that hold a height, and fields that hold a time, where they are not `null`. */
const heights: ReadonlySet<string> = new Set(["height", "sent", "asked", "since", "tape"]);
const times: ReadonlySet<string> = new Set(["time", "timer"]);
/** Fields that never change in a canister's life and are long: written once for all. */
const constants: ReadonlySet<string> = new Set(["methods", "onTimer", "onReply", "onReject", "onCleanup"]);
/** Maps that mean the same in any order. */
const unordered: ReadonlySet<string> = new Set(["pages", "contexts", "callbacks"]);

/** A value as text, with what is in it named as `names` has it. `owner` is the canister whose contexts and callbacks are meant. */
const text = (value: unknown, names: Names, owner: string | null): string => {
  if (Array.isArray(value)) return `[${value.map((item) => text(item, names, owner)).join()}]`;
  if (value instanceof Map)
    return `{${[...(value as Map<unknown, unknown>)].map(([key, held]) => `${text(key, names, owner)}:${text(held, names, owner)}`).join()}}`;
  if (value instanceof Set) return `{${[...value].map((item) => text(item, names, owner)).join()}}`;
  if (typeof value === "object" && value !== null) return record(value as Readonly<Record<string, unknown>>, names, owner);
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? "-");
};

const record = (value: Readonly<Record<string, unknown>>, names: Names, outer: string | null): string => {
  const { caller, canister } = value;
  const owner = typeof caller === "string" ? caller : typeof canister === "string" ? canister : outer;
  // Nobody answers a context that has responded, so nobody asks where its answer went.
  const answered = value["status"] === "responded";
  let told = "(";
  for (const field in value) {
    if (answered && field === "origin") continue;
    told += `${field}=${fieldText(field, value[field], names, owner)};`;
  }
  return `${told})`;
};

const fieldText = (field: string, value: unknown, names: Names, owner: string | null): string => {
  if (typeof value === "number") {
    if (field === "callback") return rankOf(value, names.callbacks.get(owner ?? ""));
    if (field === "context") return rankOf(value, names.contexts.get(owner ?? ""));
    if (heights.has(field)) return `h${value - names.height}`;
  }
  if (typeof value === "bigint" && times.has(field)) return names.reads === "nothing" ? "t" : `t${value - names.time}`;
  if (field === "ingress" && typeof value === "string") return `i${ingressName(value, names)}`;
  if (constants.has(field) && typeof value === "object") return constant(value);
  if (value instanceof Map && unordered.has(field)) return sortedMap(field, value as Map<number, unknown>, names, owner);
  return text(value, names, owner);
};

const sortedMap = (field: string, map: ReadonlyMap<number, unknown>, names: Names, owner: string | null): string => {
  const key = (number: number): string =>
    field === "pages" ? String(number) : rankOf(number, (field === "contexts" ? names.contexts : names.callbacks).get(owner ?? ""));
  const entries = [...map].sort(([left], [right]) => left - right);
  return `{${entries.map(([number, held]) => `${key(number)}:${text(held, names, owner)}`).join()}}`;
};

/** The number of a value that is long and never changes: equal ones have the same. */
const constant = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "-";
  const known = constantsByIdentity.get(value);
  if (known !== undefined) return known;
  const written = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? `${part}n` : part instanceof Map ? [...(part as Map<unknown, unknown>)] : part,
  );
  const name = constantsByText.get(written) ?? `=${constantsByText.size}`;
  constantsByText.set(written, name);
  constantsByIdentity.set(value, name);
  return name;
};

const constantsByIdentity = new WeakMap<object, string>();
const constantsByText = new Map<string, string>();
