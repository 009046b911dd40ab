/**
 * What of a state is its identity. A machine that runs for ever counts for ever: heights, times, numbers of contexts and
 * callbacks, versions, ingress ids, indices of the loopback stream, totals of cycles, the history of what was answered. None of these can change
 * what happens next, apart from the names under which it is told; so the key has distances in place of heights, times and
 * indices, ranks in place of numbers, places in place of ids, and neither versions nor callers that nobody reads, nor totals, nor answers that nobody counts. Everything
 * else is in the key as it is, a field that this file has never heard of included: what is not known not to matter, matters.
 * docs/decisions/0008-exploration.md says why each of these steps is sound; a test holds equal keys to equal futures.
 */
import type { State } from "../../model/index.ts";
import { byId, type Genesis, type InputKind, type Observation, type Parameters } from "../../spec/index.ts";

/** The greatest number of the wire: a limit, or a period, that nothing reaches. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** A time so far ahead is never reached: half of the greatest number of the wire. @unit nanoseconds */
const farAhead = 2n ** 52n;

/** What of the clock can show in a world. */
export interface Clock {
  /** Whether a script can tell two times apart: it reads the time, or sets a timer; or users read the state, which tells the time and what became of whom. */
  readonly reads: "state" | "time" | "timers" | "nothing";
  /** Heights that differ by a multiple of it are alike; 0 where no two heights are. */
  readonly period: number;
  /** Whether anybody can learn how often a canister changed: a script names its version, or asks for a history. */
  readonly versions: boolean;
  /** Whether a script asks who made the call that it serves. */
  readonly callers: boolean;
}

/** What of the clock can show, when a genesis is led through moves of these kinds. */
export const clockOf = (genesis: Genesis, kinds: ReadonlySet<InputKind>): Clock => {
  const { parameters, canisters, committee, network, tokens, modules = [] } = genesis;
  const written = JSON.stringify([canisters, modules], (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
  const isOpen = kinds.has("create-canister");
  // What canisters send, and answer to other subnets, takes its turn for the streams by the time; deadlines can be read; and
  // how many cycles may be minted depends on when the last ones were, as what is left of a budget for queries does on its window.
  const budgeted = kinds.has("query") && parameters.queryBudget !== unlimited;
  const tells =
    isOpen ||
    budgeted ||
    network !== undefined ||
    tokens !== undefined ||
    written.includes('"kind":"time"') ||
    written.includes('"op":"call"');
  // What a query is told of the certificate says what the whole state is; that there is one, that a round took place.
  const isRead = kinds.has("read-state") || (kinds.has("query") && (isOpen || written.includes('"kind":"certificate"')));
  const isCertain = kinds.has("query") && written.includes('"kind":"certified"');
  const reads = isRead ? "state" : tells ? "time" : written.includes('"op":"set-timer"') ? "timers" : "nothing";
  // A committee counts heights; so does the reset of priorities, whose period depends on the number of canisters; and there is nothing to read at the first.
  const isFixed = committee === undefined && !isRead && !isCertain && !isOpen && !kinds.has("delete-canister");
  const published = canisters.length > parameters.cores ? 100 * parameters.cores * canisters.length : 1;
  const { resetInterval } = parameters.priority;
  const period = parameters.scheduler === "published" ? published : resetInterval === unlimited ? 1 : resetInterval;
  const versions = isOpen || written.includes('"kind":"version"') || written.includes('"method":"canister_info"');
  const callers = isOpen || written.includes('"kind":"caller"');
  return { reads, period: isFixed ? period : 0, versions, callers };
};

/** Nothing is known of the world: two times, and two heights, are never alike. */
export const anyClock: Clock = { reads: "state", period: 0, versions: true, callers: true };

/** The canonical key of a state between two inputs, part by part: the subnet, the canisters by id, the messages that users wait for. */
export const keyOf = (state: State, clock: Clock): readonly string[] => writtenKey(state, clock).key;

/** An observation with the names of the state before it: equal keys tell equal texts. */
export const observationKey = ({ events, ledger, draws, tokens }: Observation, before: State, clock: Clock): string => {
  const { burned: _b, lost: _l, sent: _s, received: _r, minted: _m, ...places } = ledger;
  return text({ events, places, draws, tokens }, writtenKey(before, clock).names, null);
};

const writtenKey = (state: State, clock: Clock): { readonly key: readonly string[]; readonly names: Names } => {
  const names = namesIn(state, clock);
  const { parameters, committee, height, time, canisters, history, senders, heapDelta, streams, retired, ...others } = state;
  const { burned: _b, lost: _l, sent: _s, received: _r, minted: _m, events: _e, asking: _a, spent: _q, ...rest } = others;
  const { reads, period, versions } = clock;
  // Only the gate looks at the heap delta, and a gate without a limit is never shut.
  const gate = parameters.heapDeltaCapacity === unlimited && parameters.heapDeltaReserve === unlimited ? null : heapDelta;
  const shown = [gate, reads === "time" || reads === "state" ? time : null, period === 0 ? height : height % period];
  const constants = { parameters: constant(parameters), committee: constant(committee) };
  const parts = [
    text(
      { ...constants, shown, streams: streamsIn(state), spent: spentNow(state), retired: [...retired].sort(byId), ...rest },
      names,
      null,
    ),
  ];
  const sorted = [...canisters.values()].sort((left, right) => byId(left.id, right.id));
  for (const { nextContext: _c, nextCallback: _k, tasks, version, history: changes, ...canister } of sorted) {
    names.place = canister.id;
    names.met = 0;
    // Which of the tasks is first does not matter where there are none.
    const shownChanges = versions ? { version, changes } : {};
    parts.push(text({ ...canister, ...shownChanges, tasks: tasks.timer || tasks.heartbeat ? tasks : null }, names, canister.id));
  }
  const remembered = [...history].flatMap(([id, status]) => {
    const isOver = status.kind === "answered" || status.kind === "done";
    const told = reads === "state" ? `${id} ${senders.get(id) ?? ""}` : "";
    if (!isOver) return [`${names.ingress.get(id) ?? "nowhere"} ${status.kind} ${told}`];
    return forgets(parameters) || reads === "state" ? [`${id} ${text(status, names, null)} ${told}`] : [];
  });
  return { key: [...parts, remembered.sort().join()], names: { ...names, place: null } };
};

/** What queries used in the window of now: nothing else of it matters, and nothing at all where budgets have no limit. */
const spentNow = ({ spent, time, parameters: { queryBudget, queryWindow } }: State): readonly string[] =>
  queryBudget === unlimited
    ? []
    : [...spent].flatMap(([id, { window, instructions }]) => (window === time / queryWindow ? [`${id} ${instructions}`] : [])).sort();

/** Whether it can matter how many answers the history holds, which ones, and how old they are. */
const forgets = ({ historyCapacity, historyMemory, historyLifetime }: Parameters): boolean =>
  historyCapacity < unlimited || historyMemory < unlimited || historyLifetime < farAhead;

/** The streams by subnet. The loopback stream is nobody else's, so its indices are distances. */
const streamsIn = ({ own, streams }: State): readonly unknown[] =>
  [...streams]
    .sort(([left], [right]) => byId(left, right))
    .flatMap(([to, { begin, messages, signals }]) => {
      if (to !== own) return [{ to, first: begin, messages, seen: signals }];
      return messages.length === 0 && signals === begin ? [] : [{ to, messages, seen: signals - begin }];
    });

/** What a state calls things, and where it is in time. */
interface Names {
  readonly height: number;
  /** The subnet, and the first index of its loopback stream. */
  readonly own: string;
  readonly begin: number;
  /** How long a request with a guaranteed response may wait. @unit nanoseconds */
  readonly requestLifetime: bigint;
  /** Least time between two charges. @unit nanoseconds */
  readonly chargePeriod: bigint;
  /** Whether anything is ever set aside for memory: only then does it matter what of it a core saw in use. */
  readonly stores: boolean;
  /** Whether a script asks who called. */
  readonly callers: boolean;
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

const namesIn = ({ height, time, canisters, parameters, own, streams }: State, { reads, callers }: Clock): Names => {
  const contexts = new Map<string, Ranks>();
  const callbacks = new Map<string, Ranks>();
  for (const { id, nextContext, nextCallback, ...canister } of canisters.values()) {
    contexts.set(id, { live: ranked([...canister.contexts.keys()]), next: nextContext });
    callbacks.set(id, { live: ranked([...canister.callbacks.keys()]), next: nextCallback });
  }
  const begin = streams.get(own)?.begin ?? 0;
  const { requestLifetime, chargePeriod, storage } = parameters;
  const stores = storage.period > 0;
  return {
    height,
    own,
    begin,
    requestLifetime,
    chargePeriod,
    stores,
    callers,
    time,
    reads,
    contexts,
    callbacks,
    ingress: new Map(),
    place: "",
    met: 0,
  };
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
/** Fields that hold a time at which something is too old. */
const ends: ReadonlySet<string> = new Set(["expiry", "deadline"]);
/** Fields that hold an index of a stream. */
const indices: ReadonlySet<string> = new Set(["index", "begin", "signals"]);
/** Fields that never change in a canister's life and are long: written once for all. */
const constants: ReadonlySet<string> = new Set(["code", "fees", "said", "routes", "onReply", "onReject", "onCleanup"]);
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
  const loops = value["to"] === names.own || value["from"] === names.own;
  const isContext = "origin" in value;
  let told = "(";
  for (const field in value) {
    if (answered && field === "origin") continue;
    if (isContext && field === "caller" && !names.callers) continue;
    // An attempt whose prices bill nothing for messages does not look at how much of them there was.
    if (field === "messages" && isUnbilled(value["fees"])) continue;
    const isIndex = loops && indices.has(field) && typeof value[field] === "number";
    told += `${field}=${isIndex ? `n${(value[field] as number) - names.begin}` : fieldText(field, value[field], names, owner)};`;
  }
  return `${told})`;
};

const isUnbilled = (fees: unknown): boolean =>
  typeof fees === "object" && fees !== null && "messageGibSecond" in fees && fees.messageGibSecond === 0n;

const fieldText = (field: string, value: unknown, names: Names, owner: string | null): string => {
  if (typeof value === "number") {
    if (field === "callback") return rankOf(value, names.callbacks.get(owner ?? ""));
    if (field === "context") return rankOf(value, names.contexts.get(owner ?? ""));
    if (heights.has(field)) return `h${value - names.height}`;
    if (field === "used" && !names.stores) return "-";
  }
  if (typeof value === "bigint") {
    if (times.has(field)) return names.reads === "nothing" ? "t" : `t${value - names.time}`;
    if (field === "chargedAt") return names.chargePeriod >= farAhead ? "never" : `t${value - names.time}`;
    // A request was sent at a time, and is too old so much later.
    if (field === "at") return ahead(value + names.requestLifetime - names.time);
    if (ends.has(field)) return ahead(value - names.time);
  }
  if (field === "ingress" && typeof value === "string") return `i${ingressName(value, names)}`;
  if (constants.has(field) && typeof value === "object") return constant(value);
  if (value instanceof Map && unordered.has(field)) return sortedMap(field, value as Map<number, unknown>, names, owner);
  if (value instanceof Map && field === "chunks") return [...(value as ReadonlyMap<string, string>).keys()].sort().join();
  if (value instanceof Map && field === "outputs") return outputsText(value as ReadonlyMap<string, readonly unknown[]>, names, owner);
  return text(value, names, owner);
};

const ahead = (left: bigint): string => (left >= farAhead ? "never" : `t${left}`);

/** By peer; a queue that is empty is none. */
const outputsText = (outputs: ReadonlyMap<string, readonly unknown[]>, names: Names, owner: string | null): string =>
  `{${[...outputs]
    .filter(([, messages]) => messages.length > 0)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([peer, messages]) => `${peer}:${text(messages, names, owner)}`)
    .join()}}`;

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
