/**
 * Two laws that believe no event about memory and timers: they keep what scripts must have left, and compare it with
 * what a canister says later, and with when its timer runs.
 */
import type { CanisterId, Event, Executed, Script } from "../../spec/index.ts";
import { orKept } from "../arbitraries/coded.ts";
import { memoryProbes, timerProbes } from "../arbitraries/probes.ts";
import { alone } from "../case.ts";
import { flattened, reachable, readingOf } from "../reading.ts";
import { enact, type Enacted } from "../tracking/enactment.ts";
import type { Foreseen } from "../tracking/foresight.ts";
import { isKept, moduleNamed } from "../tracking/installations.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { mayGoOn } from "../tracking/counters.ts";
import type { World } from "../tracking/world.ts";
import { betweenThem } from "./foretold.ts";
import { afterIterations } from "./phases.ts";

export const memoryPersists = watchedLaw({
  id: "memory-persists",
  statement:
    "What a completed execution wrote to a page is what a later one reads there, whatever ran, trapped or restarted in between; and what a snapshot kept is read when it is brought back.",
  source: "seed 000, orthogonal persistence; facts/messages.md X12, MSG-P7",
  cites: ["page-write", "execution-rollback", "restart", "call-reply", "snapshot-take", "snapshot-load"],
  otherwise: "no page was read back",
  cases: (vocabulary) => orKept(memoryProbes(vocabulary), vocabulary).map(alone),
  watch: () => {
    /** By canister and page; a page that is not here was never written, one that is `null` may hold anything. */
    const memory = new Map<string, string | null>();
    const kept = new Map<string, ReadonlyMap<string, string | null>>();
    let expected: string | null = null;
    let read = false;
    return {
      onEvent: (event, world) => {
        if (betweenThem.has(event.kind)) return undefined;
        if (event.kind === "installation-ran") exchanged(event, world, memory);
        if (event.kind === "uninstalled" || event.kind === "ran-dry") forget(event.canister, memory);
        if (event.kind === "snapshot-taken") kept.set(`${event.canister} ${event.snapshot}`, pagesOf(event.canister, memory));
        if (event.kind === "snapshot-loaded") {
          forget(event.canister, memory);
          for (const [page, content] of kept.get(`${event.source} ${event.snapshot}`) ?? [])
            memory.set(`${event.canister} ${page}`, content);
        }
        if (event.kind === "executed") {
          expected = readBack(event, world, memory);
          remember(event, world, memory);
          return undefined;
        }
        const promised = expected;
        expected = null;
        if (promised === null || event.kind !== "answered" || event.result.kind !== "reply") return undefined;
        read ||= promised !== "";
        return event.result.payload === promised
          ? undefined
          : `${event.canister} read "${event.result.payload}" from a page to which "${promised}" was written`;
      },
      interested: () => read,
    };
  },
});

const forget = (id: CanisterId, memory: Map<string, string | null>): void => {
  for (const page of pagesOf(id, memory).keys()) memory.delete(`${id} ${page}`);
};

/** What is known of the pages of one canister. */
const pagesOf = (id: CanisterId, memory: ReadonlyMap<string, string | null>): ReadonlyMap<string, string | null> =>
  new Map([...memory].flatMap(([key, content]) => (key.startsWith(`${id} `) ? [[key.slice(id.length + 1), content] as const] : [])));

/** Other code: pages that do not outlive it were never written, and what its hooks write nobody here follows. */
const exchanged = (
  { canister: id, trap }: Extract<Event, { readonly kind: "installation-ran" }>,
  { installing, parameters }: World,
  memory: Map<string, string | null>,
): void => {
  if (trap !== null || installing === null) return;
  const written = (script: Script): void => {
    for (const instruction of reachable(script)) if (instruction.op === "write") memory.set(`${id} ${instruction.page}`, null);
  };
  written(installing.old);
  for (const key of [...memory.keys()]) {
    const [of, page] = key.split(" ");
    if (of === id && !isKept(parameters, installing, Number(page))) memory.delete(key);
  }
  written(installing.new);
};

/** What an execution that begins with reading a page into its reply must say. */
const readBack = (event: Executed, { foreseen }: World, memory: ReadonlyMap<string, string | null>): string | null => {
  const first = event.trap === null ? foreseen?.script[0] : undefined;
  if (first?.op !== "reply" || first.payload.kind !== "page") return null;
  const content = memory.get(`${event.canister} ${first.payload.page}`);
  return content === undefined ? "" : content;
};

/** What its script, led along the memory that was kept here, leaves in it. */
const remember = (event: Executed, { foreseen, canisters }: World, memory: Map<string, string | null>): void => {
  const genesis = canisters.get(event.canister)?.genesis;
  if (foreseen?.mode === "replicated-query") return;
  if (genesis === undefined || (event.trap !== null && event.cleanup !== "completed")) return;
  const ended = event.trap === null && foreseen !== null ? ledAlong(event.canister, foreseen, memory) : null;
  if (ended !== null) {
    for (const [page, content] of ended.pages) memory.set(`${event.canister} ${page}`, content);
    return;
  }
  for (const instruction of foreseen === null
    ? readingOf(genesis).instructions
    : [...reachable(foreseen.script), ...cleanupOf(event, foreseen)])
    if (instruction.op === "write") memory.set(`${event.canister} ${instruction.page}`, null);
};

const ledAlong = (canister: CanisterId, { script, seen, before }: Foreseen, memory: ReadonlyMap<string, string | null>): Enacted | null => {
  const pages = new Map<number, string>();
  for (const [key, content] of memory) {
    const [id, page] = key.split(" ");
    if (id !== canister) continue;
    if (content === null) return null;
    pages.set(Number(page), content);
  }
  return enact(script, seen, { ...before, pages }, seen.parameters.messageInstructionLimit);
};

const cleanupOf = ({ cause }: Executed, { canister }: Foreseen): Script =>
  cause.kind === "response" ? reachable(canister.calls.get(cause.callback)?.instruction?.onCleanup ?? []) : [];

export const timersFireOnce = watchedLaw({
  id: "timers-fire-once",
  statement:
    "A timer that a completed execution set runs once: not before its time, and in the first round that reaches it, or in the one after where messages had the turn, unless the round is used up, or the canister cannot pay or does not run; a timer that was replaced or cleared never runs.",
  source: "facts/messages.md MSG-P26, C3, MSG-7.4",
  cites: ["timer-set", "tasks-choose", "timer-begin", "restart", "execution-rollback"],
  otherwise: "no timer ran",
  cases: (vocabulary) => timerProbes(vocabulary).map(alone),
  watch: () => {
    const alarms = new Map<CanisterId, Alarm>();
    const attempts = new Set<CanisterId>();
    const passed = new Set<CanisterId>();
    /** Whose timer was due when the round began: what runs before the timer task may set it anew. */
    const due = new Set<CanisterId>();
    let rested = true;
    let fired = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-began") {
          attempts.clear();
          due.clear();
          for (const [canister, { at }] of alarms) if (at === undefined || (at !== null && at <= event.time)) due.add(canister);
          rested = false;
        }
        if (event.kind === "uninstalled" || event.kind === "ran-dry" || event.kind === "canister-deleted") alarms.delete(event.canister);
        if (event.kind === "installation-ran" && event.trap === null) {
          const alarm = alarmOf(event, world);
          alarms.set(event.canister, alarm);
          // Tasks are chosen behind it.
          if (alarm.at === undefined) due.add(event.canister);
          else due.delete(event.canister);
        }
        if (event.kind === "executed" || event.kind === "not-executed") {
          const alarm = alarms.get(event.canister);
          const complaint = event.cause.kind === "timer" ? untimely(event.canister, alarm, due, world) : undefined;
          if (event.cause.kind === "timer") attempts.add(event.canister);
          fired ||= event.cause.kind === "timer" && event.kind === "executed";
          if (event.kind === "executed") alarms.set(event.canister, alarmAfter(event, alarm ?? { at: null, setIn: 0 }, world));
          return complaint;
        }
        if (rested || !afterIterations(event, world)) return undefined;
        rested = true;
        return missed(alarms, attempts, passed, world);
      },
      interested: () => fired,
    };
  },
});

interface Alarm {
  /** The time at which the timer must run; `null` when it must not, `undefined` when an onlooker cannot know. */
  readonly at: bigint | null | undefined;
  /** The height at which this was said. */
  readonly setIn: number;
}

const untimely = (canister: CanisterId, alarm: Alarm | undefined, due: Set<CanisterId>, { time }: World): Complaint => {
  if (due.delete(canister)) return undefined;
  if (alarm === undefined || alarm.at === null) return `the timer of ${canister} ran, but it was not set`;
  return `the timer of ${canister} ran at ${time}, but it was set ${alarm.at === undefined ? "in the same round" : `to ${alarm.at}`}`;
};

/** `passed`: whose timer was due in the round before, and did not run. */
const missed = (
  alarms: ReadonlyMap<CanisterId, Alarm>,
  attempts: ReadonlySet<CanisterId>,
  passed: Set<CanisterId>,
  world: World,
): Complaint => {
  const { round, time, height } = world;
  if (round === null || round.skipped || !mayGoOn(world, round)) {
    passed.clear();
    return undefined;
  }
  for (const [canister, { at, setIn }] of alarms) {
    const { suspended = false, rested = false, execution = null, status = "running" } = world.canisters.get(canister) ?? {};
    const busy = suspended || rested || execution !== null || status !== "running";
    const late = at !== null && at !== undefined && at <= time && setIn < height && !busy && !attempts.has(canister);
    const again = late && passed.has(canister);
    if (late) passed.add(canister);
    else passed.delete(canister);
    if (again) return `the timer of ${canister} was set to ${at} in round ${setIn}, and did not run in round ${height} at ${time}`;
  }
  return undefined;
};

/** Other code begins without a timer, but for what its own hook sets. */
const alarmOf = ({ mode, module }: Extract<Event, { readonly kind: "installation-ran" }>, world: World): Alarm => {
  const code = moduleNamed(world, module);
  const hook = mode === "upgrade" ? code?.onPostUpgrade : code?.onInit;
  return { at: reachable(hook ?? []).some(({ op }) => op === "set-timer") ? undefined : null, setIn: world.height };
};

const alarmAfter = (event: Executed, before: Alarm, world: World): Alarm => {
  const setIn = world.height;
  const begun: Alarm = event.cause.kind === "timer" ? { at: null, setIn } : before;
  if (event.trap !== null && event.cleanup !== "completed") return begun;
  const foreseen = event.trap === null ? world.foreseen : null;
  const genesis = world.canisters.get(event.canister)?.genesis;
  if (genesis === undefined) return { at: undefined, setIn };
  const all = foreseen === null ? flattened(genesis.methods.flatMap(({ body }): Script => body)) : reachable(foreseen.script);
  const settings = all.filter((instruction) => instruction.op === "set-timer");
  if (settings.length === 0) return begun;
  const [only] = settings;
  if (foreseen === null || settings.length > 1 || only === undefined || !foreseen.script.includes(only)) return { at: undefined, setIn };
  return { at: only.after === null ? null : foreseen.seen.time + only.after, setIn };
};
