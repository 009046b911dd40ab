/** What became of an item, as far as what is told shows it: in words of the table of what survives what. */
import { lookUp, type Event, type EventKind, type IngressId, type Result, type Step, type Task } from "../spec/index.ts";
import type { Item } from "./persistence-names.ts";
import type { PersistenceEntry } from "./persistence-table.ts";
import { isAskedFor, isSliced, nameOf } from "./persistence-canisters.ts";
import { messageOf, pathsOf, type PersistenceWorld } from "./persistence-worlds.ts";

/** What the steps of a world show of one of its entries. */
export const outcomeOf = (entry: PersistenceEntry, world: PersistenceWorld, steps: readonly Step[]): string =>
  looks[entry.item]({
    entry,
    world,
    steps,
    all: eventsOf(steps),
    since: eventsOf(steps.slice(world.happens)),
    later: eventsOf(steps.slice(world.looks)),
  });

interface Told {
  readonly entry: PersistenceEntry;
  readonly world: PersistenceWorld;
  readonly steps: readonly Step[];
  readonly all: readonly Event[];
  /** From when it happens on. */
  readonly since: readonly Event[];
  /** From the first look on. */
  readonly later: readonly Event[];
}

const looks: Readonly<Record<Item, (told: Told) => string>> = {
  heap: (told) => contentOf(told),
  stable: (told) => contentOf(told),
  size: (told) => contentOf(told).replace(/^0+(?=.)/, ""),
  timer: (told) => {
    if (hasRun(told, told.later, "timer")) return "fires";
    return its(told, told.later, "tasks-chosen").length > 0 ? "is due" : "does not fire";
  },
  certified: (told) => certificateOf(told)[0]!,
  balance: (told) => {
    const topped = its(told, told.later, "topped-up")[0];
    const left = topped === undefined ? refusalOf(told) : String(topped.balance - topped.cycles);
    const burned = burnedOf(told);
    return burned === null ? left : `${left}, ${burned} burned`;
  },
  reserved: ({ world: { happens, looks }, steps }) => {
    const [before, after] = [happens, looks].map((at) => steps[at - 1]!.observation.ledger.reserved);
    if (before === 0n) return "nothing, from the first";
    if (after === 0n) return "nothing";
    return after === before ? "as before" : after! > before! ? "more" : "less";
  },
  allocation: (told) => {
    const [first, last] = its(told, told.later, "topped-up");
    if (first === undefined || last === undefined) return refusalOf(told);
    return first.balance - (last.balance - last.cycles) < 1_000n ? "is not paid for" : "is paid for";
  },
  code: (told) => answerTo(told, "look"),
  heartbeat: (told) => (hasRun(told, eventsOf(told.steps.slice(-2)), "heartbeat") ? "beats" : "is silent"),
  hook: (told) => {
    if (!hasRun(told, told.all, "low-memory")) return "has never run";
    if (hasRun(told, told.since, "low-memory")) return "runs again";
    const answer = answerTo(told, "look");
    return answer === "01" ? "does not run again" : answer;
  },
  context: (told) => [answerTo(told, "set"), ...its(told, told.since, "context-deleted").map(() => "deleted")].join(", "),
  call: (told) => {
    const run = its(told, told.since, "executed").filter(({ cause }) => cause.kind === "response");
    const discarded = its(told, told.since, "response-discarded");
    const late = told.since.filter((event) => event.kind === "response-late" && event.caller === nameOf(told.entry));
    const left = its(told, told.since, "context-removed").at(-1)?.remaining ?? 0;
    const back = [...run, ...discarded].reduce((sum, { refunded }) => sum + refunded, 0n);
    const counted = (count: number, word: string): readonly string[] => (count === 0 ? [] : [`${count} ${word}`]);
    return [
      ...counted(run.length, "run"),
      ...counted(discarded.length, "discarded"),
      ...counted(late.length, "late"),
      ...counted(left, "left"),
      `${back} cycles back`,
    ].join(", ");
  },
  waiting: (told) => answerTo(told, "late"),
  execution: (told) => {
    const resumed = its(told, told.later, "execution-resumed")[0];
    const course = resumed === undefined ? "is gone" : resumed.afresh ? "begins again" : "goes on";
    return `${course}, ${answerTo(told, "set")}`;
  },
  controllers: (told) => statusIn(answerTo(told, "look")),
  rest: (told) => statusIn(answerTo(told, "look")),
  stop: (told) => {
    const id = messageOf(told.entry, "ask");
    const stopped = told.later.findIndex((event) => event.kind === "canister-stopped" && event.canister === nameOf(told.entry));
    const answered = told.later.findIndex((event) => event.kind === "ingress-answered" && event.ingress === id);
    return stopped >= 0 && stopped < answered ? `${answerTo(told, "ask")} when it is stopped` : answerTo(told, "ask");
  },
  petition: (told) => [statusIn(managementAnswer(told)), ...discardedOf(told)].join(", "),
  inquiry: (told) => [managementAnswer(told), ...discardedOf(told)].join(", "),
  snapshot: (told) => statusIn(answerTo(told, "look")) || "none",
  chunk: (told) => statusIn(answerTo(told, "look")) || "none",
  status: (told) => certificateOf(told).join(" "),
  id: (told) => its(told, told.later, "canister-create-refused")[0]?.error ?? "means another canister",
};

/** What the management canister answered to the canister of the entry. */
const managementAnswer = ({ entry, later }: Told): string => {
  const answered = later.find((event) => event.kind === "management-answered" && event.caller === nameOf(entry));
  return inWords(answered?.kind === "management-answered" ? answered.result : undefined);
};

const discardedOf = (told: Told): readonly string[] => its(told, told.since, "response-discarded").map(() => "discarded");

/** Of the page that the entry is about. */
const contentOf = (told: Told): string => {
  if (isAskedFor(told.entry)) return its(told, told.later, "not-executed")[0]?.error ?? "something";
  return isSliced(told.entry) ? inWords(its(told, told.later, "query-answered")[0]?.result) : answerTo(told, "look");
};

const eventsOf = (steps: readonly Step[]): readonly Event[] => steps.flatMap(({ observation }) => observation.events);

/** The events of a kind that tell of the canister of the entry. */
const its = <K extends EventKind>({ entry }: Told, events: readonly Event[], kind: K): readonly Extract<Event, { readonly kind: K }>[] =>
  events.filter(
    (event): event is Extract<Event, { readonly kind: K }> =>
      event.kind === kind && "canister" in event && event.canister === nameOf(entry),
  );

const hasRun = (told: Told, events: readonly Event[], task: Task): boolean =>
  its(told, events, "executed").some(({ cause }) => cause.kind === task);

const refusalOf = (told: Told): string => its(told, told.later, "top-up-refused")[0]?.error ?? "nothing is told";

/** What a user got for a message: bytes, or an error. */
const answerTo = ({ entry, all }: Told, purpose: Parameters<typeof messageOf>[1]): string => {
  const id: IngressId = messageOf(entry, purpose);
  for (const event of all) {
    if (event.kind === "ingress-refused" && event.ingress === id) return event.error;
    if (event.kind === "ingress-answered" && event.ingress === id) return inWords(event.result);
  }
  return "no answer";
};

const inWords = (result: Result | undefined): string =>
  result === undefined ? "no answer" : result.kind === "reply" ? result.payload : result.error;

/** What the certified state says at the paths that are read for the entry. */
const certificateOf = ({ entry, world, steps }: Told): readonly string[] => {
  const paths = pathsOf(entry);
  const read = steps.slice(world.looks).find(({ input }) => input.kind === "read-state" && input.paths.join() === paths.join());
  const certificate = read?.observation.events.find((event) => event.kind === "certificate-issued");
  if (certificate?.kind !== "certificate-issued") return ["no certificate"];
  return paths.map((path) => {
    const found = lookUp(certificate.witness, path);
    if (found.kind !== "found") return found.kind;
    return path.at(-1) === "status" ? textOf(found.value) : found.value === "" ? "empty" : found.value;
  });
};

/** What a canister learned of another, in words: a text in ASCII, or the reject code alone. */
const statusIn = (answer: string): string =>
  /^0[0-9]$/.test(answer) ? `reject ${Number(answer)}` : /^([0-9a-f]{2})+$/.test(answer) ? textOf(answer) : answer;

const textOf = (value: string): string => (value.match(/../g) ?? []).map((digits) => String.fromCharCode(parseInt(digits, 16))).join("");

/** What was burned with the canister; of a deletion, as the ledger has it. */
const burnedOf = (told: Told): bigint | null => {
  const { entry, steps } = told;
  if (entry.happening === "dry") return its(told, told.since, "ran-dry")[0]?.burned ?? null;
  const at = steps.findIndex(({ input }) => input.kind === "delete-canister" && input.canister === nameOf(entry));
  return at < 1 ? null : steps[at]!.observation.ledger.burned - steps[at - 1]!.observation.ledger.burned;
};
