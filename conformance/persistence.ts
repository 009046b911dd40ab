/** The table of what survives what as a law: what later messages, queries and looks into the certified state show is what the table says. */
import * as fc from "fast-check";
import type { InputKind, Instruction, Scenario, Trace } from "../spec/index.ts";
import { alone, fails, holds, readable, traceLaw, vacuous, type Property, type Vocabulary } from "../properties/index.ts";
import { encode } from "./json.ts";
import { nameOfHappening, nameOfItem, type Happening, type Item } from "./persistence-names.ts";
import { persistenceTable, type PersistenceEntry } from "./persistence-table.ts";
import { isAskedFor, isHeld, isMemory, isSliced, nameOf } from "./persistence-canisters.ts";
import { outcomeOf } from "./persistence-looks.ts";
import { persistenceWorld } from "./persistence-worlds.ts";

export * from "./persistence-names.ts";
export * from "./persistence-table.ts";
export { persistenceWorld, type PersistenceWorld } from "./persistence-worlds.ts";

/** A law like those of the suite, which whoever filters may choose by this name. */
export const survivesByTable: Property = traceLaw({
  id: "survives-by-table",
  statement:
    "what a canister has is kept, changed or lost by messages, queries, rounds, restarts, installations, snapshots and the end of its code as the table of what survives what says",
  source:
    "docs/machine.md sections 2, 3, 5, 7, 9 to 14, 16 and 17; facts/messages.md D2, F12, F13, F14, F16, F18, F20, F32, F33, X12, MSG-P14, MSG-P24",
  cites: [
    "page-write",
    "timer-set",
    "data-certify",
    "execution-rollback",
    "query-discard",
    "query-end",
    "ingress-inspect",
    "checkpoint",
    "restart",
    "execution-pause",
    "execution-abort",
    "code-replace",
    "install-rollback",
    "snapshot-take",
    "snapshot-load",
    "chunk-keep",
    "canister-uninstall",
    "canister-exhaust",
    "canister-delete",
    "context-withdraw",
    "context-delete",
    "response-discard",
    "management-take",
    "canister-stop",
    "canister-rest",
    "stop-answer",
    "stop-expire",
  ],
  cases: (vocabulary) => {
    const known = persistenceTable.filter((entry) => isKnown(entry, vocabulary));
    const restarted = vocabulary.inputs.has("restart") ? fc.boolean() : fc.constant(false);
    // The few that are tried alone are tried no less often than others.
    const worlds = groupsOf(known).map((group) => ({
      weight: Math.max(4, group.length),
      arbitrary: fc
        .tuple(fc.shuffledSubarray([...group], { minLength: 1 }), restarted)
        .map(([entries, again]) => alone(persistenceWorld(entries, again).scenario)),
    }));
    return worlds.length === 0 ? fc.constant(alone(persistenceWorld([]).scenario)) : fc.oneof(...worlds);
  },
  judge: (trace) => readable(() => judge(trace)),
});

/** The entries that can be tried in one world, again and again; some are best alone. */
export const groupsOf = (entries: readonly PersistenceEntry[]): readonly (readonly PersistenceEntry[])[] => {
  const groups = new Map<string, PersistenceEntry[]>();
  for (const entry of entries) {
    if (entry.fate === "impossible") continue;
    const isAlone = entry.item === "reserved" || isHeld(entry);
    const name = isAlone ? `${entry.item}, ${entry.happening}` : entry.happening;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups.values()];
};

const judge = ({ scenario, steps }: Trace) => {
  const entries = entriesOf(scenario);
  const world = [false, true]
    .map((restarted) => persistenceWorld(entries, restarted))
    .find((world) => encode(world.scenario) === encode(scenario));
  if (entries.length === 0 || world === undefined) return vacuous("this is no world of the table");
  for (const entry of entries) {
    const shown = outcomeOf(entry, world, steps);
    if (shown !== entry.shown)
      return fails(world.looks, `${nameOfItem[entry.item]} and ${nameOfHappening[entry.happening]}: expected ${entry.shown}, got ${shown}`);
  }
  return holds;
};

/** The entries that a world tries, in its order. */
const entriesOf = ({ genesis }: Scenario): readonly PersistenceEntry[] =>
  genesis.canisters.flatMap(({ id }) => persistenceTable.find((entry) => entry.fate !== "impossible" && nameOf(entry) === id) ?? []);

/** The words that a machine has to know. */
interface Words {
  readonly inputs?: readonly InputKind[];
  readonly instructions?: readonly Instruction["op"][];
  readonly customs?: readonly (Vocabulary["customs"] extends ReadonlySet<infer Custom> ? Custom : never)[];
  readonly limits?: readonly (Vocabulary["limits"] extends ReadonlySet<infer Limit> ? Limit : never)[];
  readonly randomness?: true;
}

/** To have an item, to change it, and to look at it. */
const wordsOfItem: Readonly<Record<Item, Words>> = {
  heap: { instructions: ["write", "reply"] },
  stable: { instructions: ["write", "stable-grow", "reply"] },
  size: { instructions: ["stable-grow", "reply"] },
  timer: { instructions: ["set-timer"] },
  certified: { inputs: ["read-state"], instructions: ["certify"] },
  balance: { inputs: ["top-up"], instructions: ["burn"] },
  reserved: { instructions: ["write"], customs: ["reservations"] },
  allocation: { inputs: ["top-up"], limits: ["chargePeriod"] },
  code: { instructions: ["reply"] },
  heartbeat: { customs: ["heartbeats"] },
  hook: { instructions: ["write", "reply"], customs: ["hooks"] },
  context: { instructions: ["call", "reply"], randomness: true },
  call: { instructions: ["call"], randomness: true },
  waiting: { instructions: ["consume", "reply"], limits: ["roundInstructionLimit"] },
  execution: { instructions: ["consume", "reply"] },
  controllers: { instructions: ["call", "reply"], customs: ["management"] },
  rest: { instructions: ["call", "reply"], customs: ["management"] },
  stop: { instructions: ["call", "reply"], customs: ["management"], randomness: true },
  petition: { instructions: ["call", "reply"], customs: ["management"] },
  inquiry: { instructions: ["call", "reply"], customs: ["management", "outcalls"] },
  snapshot: { instructions: ["write", "call", "reply"], customs: ["code"] },
  chunk: { instructions: ["call", "reply"], customs: ["code"] },
  status: { inputs: ["read-state"], instructions: ["reply"] },
  id: { inputs: ["create-canister"] },
};

const wordsOfHappening: Readonly<Record<Happening, Words>> = {
  completed: {},
  trapped: { instructions: ["trap"] },
  asked: { inputs: ["query"] },
  "round-asked": { customs: ["replicated-queries"] },
  inspected: { instructions: ["when-odd", "accept-message"], customs: ["inspections"] },
  idle: {},
  checkpoint: { customs: ["checkpoints"] },
  restarted: { inputs: ["restart"] },
  paused: { instructions: ["consume", "trap"] },
  aborted: { instructions: ["consume", "trap"], customs: ["checkpoints"] },
  upgraded: { instructions: ["call"], customs: ["code"] },
  failed: { instructions: ["call", "trap"], customs: ["code"] },
  reinstalled: { instructions: ["call"], customs: ["code"] },
  loaded: { instructions: ["call"], customs: ["code"] },
  uninstalled: { inputs: ["uninstall"] },
  dry: { limits: ["chargePeriod"] },
  deleted: { inputs: ["delete-canister", "create-canister"] },
};

/** What an entry needs beyond its item and what happens. */
const wordsOfPair = (entry: PersistenceEntry): readonly Words[] => [
  ...(isSliced(entry) ? [{ customs: ["slices"], limits: ["roundInstructionLimit"] } as const] : []),
  ...(isMemory(entry.item) && isSliced(entry) ? [{ inputs: ["query"] } as const] : []),
  ...(isAskedFor(entry) ? [{ instructions: ["call"] } as const] : []),
  ...(isAskedFor(entry) && entry.happening === "dry" ? [{ inputs: ["top-up"] } as const] : []),
];

/** Whether a machine that knows these words can try an entry. */
const isKnown = (entry: PersistenceEntry, known: Vocabulary): boolean =>
  known.inputs.has("ingress") &&
  [wordsOfItem[entry.item], wordsOfHappening[entry.happening], ...wordsOfPair(entry)].every(
    ({ inputs = [], instructions = [], customs = [], limits = [], randomness }) =>
      inputs.every((word) => known.inputs.has(word)) &&
      instructions.every((word) => known.instructions.has(word)) &&
      customs.every((word) => known.customs.has(word)) &&
      limits.every((word) => known.limits.has(word)) &&
      (randomness === undefined || known.randomness),
  );
