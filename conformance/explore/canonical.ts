/**
 * What of a state is its identity. A machine that runs for ever counts for ever: heights, times, numbers of contexts and
 * callbacks, ingress ids, totals of burned and minted cycles, the history of what was answered. None of these can change
 * what happens next, apart from the names under which it is told; so the key has distances in place of heights and
 * times, ranks in place of numbers and ids, and neither totals nor answers. Everything else is in the key as it is, a
 * field that this file has never heard of included: what is not known not to matter, matters.
 * docs/decisions/0008-exploration.md says why each of these steps is sound; a test holds equal keys to equal futures.
 */
import type { State } from "../../model/index.ts";
import { byId, type Genesis, type Observation } from "../../spec/index.ts";

/** The canonical key of a state between two inputs: one text for the subnet, one for each canister in canonical order. */
export const keyOf = (state: State, genesis: Genesis): readonly string[] => {
  const names = namesIn(state);
  const { parameters, committee, height, time, canisters, history, burned: _b, minted: _m, events: _e, ...rest } = state;
  const clock = [
    // A script that can read the time can tell two times apart; a committee counts heights, and so does the reset of priorities.
    readsTime(genesis) ? time : null,
    committee !== null || (parameters.scheduler === "current" && parameters.priority.resetInterval < never) ? height : null,
  ];
  const unanswered = [...history].flatMap(([id, status]) => (status.kind === "answered" ? [] : [[names.ingress.get(id), status.kind]]));
  const subnet = text({ parameters: constant(parameters), committee: constant(committee), clock, unanswered, ...rest }, names, null);
  const sorted = [...canisters.values()].sort((left, right) => byId(left.id, right.id));
  return [subnet, ...sorted.map(({ nextContext: _c, nextCallback: _k, ...canister }) => text(canister, names, canister.id))];
};

/** An observation with the names of the state before it: equal keys tell equal texts. */
export const observationKey = ({ events, ledger, draws }: Observation, before: State): string => {
  const { burned: _b, minted: _m, ...places } = ledger;
  return text({ events, places, draws }, namesIn(before), null);
};

/** A period that no walk outlasts. */
const never = Number.MAX_SAFE_INTEGER;

/** What a state calls things, and where it is in time. */
interface Names {
  readonly height: number;
  readonly time: bigint;
  readonly contexts: ReadonlyMap<string, Ranks>;
  readonly callbacks: ReadonlyMap<string, Ranks>;
  readonly ingress: ReadonlyMap<string, number>;
}

interface Ranks {
  readonly live: ReadonlyMap<number, number>;
  readonly next: number;
}

const namesIn = ({ height, time, canisters, history }: State): Names => {
  const contexts = new Map<string, Ranks>();
  const callbacks = new Map<string, Ranks>();
  for (const { id, nextContext, nextCallback, ...canister } of canisters.values()) {
    contexts.set(id, { live: ranked([...canister.contexts.keys()]), next: nextContext });
    callbacks.set(id, { live: ranked([...canister.callbacks.keys()]), next: nextCallback });
  }
  const open = [...history].flatMap(([id, { kind }]) => (kind === "answered" ? [] : [id]));
  return { height, time, contexts, callbacks, ingress: new Map(open.map((id, rank) => [id, rank])) };
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
  if (typeof value === "bigint" && times.has(field)) return `t${value - names.time}`;
  if (field === "ingress" && typeof value === "string") return `i${names.ingress.get(value) ?? "-new"}`;
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

/** Whether some script of the genesis reads the time. */
const readsTime = (genesis: Genesis): boolean => {
  const known = timeReaders.get(genesis);
  if (known !== undefined) return known;
  const written = JSON.stringify(genesis.canisters, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
  const reads = written.includes('"kind":"time"');
  timeReaders.set(genesis, reads);
  return reads;
};

const timeReaders = new WeakMap<Genesis, boolean>();
