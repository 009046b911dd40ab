/**
 * Two laws that believe no event about memory and timers: they keep what scripts must have left, and compare it with
 * what a canister says later, and with when its timer runs.
 */
import type { CanisterId, Executed, Script } from "../../spec/index.ts";
import { memoryProbes, timerProbes } from "../arbitraries/probes.ts";
import { alone } from "../case.ts";
import { firstValueOf, flattened, lastingValueOf, reachable, readingOf } from "../reading.ts";
import { foresee } from "../tracking/foresight.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { remainingCounter, type World } from "../tracking/world.ts";

export const memoryPersists = watchedLaw({
  id: "memory-persists",
  statement: "What a completed execution wrote to a page is what a later one reads there, whatever ran, trapped or restarted in between.",
  source: "seed 000, orthogonal persistence; facts/messages.md X12, MSG-P7",
  cites: ["page-write", "execution-rollback", "restart", "call-reply"],
  otherwise: "no page was read back",
  cases: (vocabulary) => memoryProbes(vocabulary).map(alone),
  watch: () => {
    /** By canister and page; a page that is not here was never written, one that is `null` may hold anything. */
    const memory = new Map<string, string | null>();
    let expected: string | null = null;
    let read = false;
    return {
      onEvent: (event, world) => {
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

/** What an execution that begins with reading a page into its reply must say. */
const readBack = (event: Executed, world: World, memory: ReadonlyMap<string, string | null>): string | null => {
  const foreseen = event.trap === null ? foresee(event, world) : null;
  const first = foreseen?.script[0];
  if (foreseen === null || first?.op !== "reply" || first.payload.kind !== "page") return null;
  const page = (at: number): string => memory.get(`${event.canister} ${at}`) ?? "";
  return memory.get(`${event.canister} ${first.payload.page}`) === null ? null : firstValueOf(first.payload, { ...foreseen.given, page });
};

const remember = (event: Executed, world: World, memory: Map<string, string | null>): void => {
  const genesis = world.canisters.get(event.canister)?.genesis;
  if (genesis === undefined || (event.trap !== null && event.cleanup !== "completed")) return;
  const foreseen = event.trap === null ? foresee(event, world) : null;
  const written = foreseen === null ? readingOf(genesis).instructions : reachable(foreseen.script);
  for (const instruction of written) {
    if (instruction.op !== "write") continue;
    const alone =
      foreseen?.script.includes(instruction) === true &&
      written.filter((other) => other.op === "write" && other.page === instruction.page).length === 1;
    memory.set(
      `${event.canister} ${instruction.page}`,
      foreseen !== null && alone ? lastingValueOf(instruction.value, foreseen.given) : null,
    );
  }
};

export const timersFireOnce = watchedLaw({
  id: "timers-fire-once",
  statement:
    "A timer that a completed execution set runs once: not before its time, and in the first round that reaches it, unless the round is used up or the canister cannot pay; a timer that was replaced or cleared never runs.",
  source: "facts/messages.md MSG-P26, C3, MSG-7.4",
  cites: ["timer-set", "timer-due", "timer-begin", "restart", "execution-rollback"],
  otherwise: "no timer ran",
  cases: (vocabulary) => timerProbes(vocabulary).map(alone),
  watch: () => {
    const alarms = new Map<CanisterId, Alarm>();
    const attempts = new Set<CanisterId>();
    let fired = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-began") attempts.clear();
        if (event.kind === "executed" || event.kind === "not-executed") {
          const alarm = alarms.get(event.canister);
          const complaint = event.cause.kind === "timer" ? untimely(event.canister, alarm, world) : undefined;
          if (event.cause.kind === "timer") attempts.add(event.canister);
          fired ||= event.cause.kind === "timer" && event.kind === "executed";
          if (event.kind === "executed") alarms.set(event.canister, alarmAfter(event, alarm ?? { at: null, setIn: 0 }, world));
          return complaint;
        }
        return event.kind === "round-ended" ? missed(alarms, attempts, world) : undefined;
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

const untimely = (canister: CanisterId, alarm: Alarm | undefined, { time }: World): Complaint => {
  if (alarm === undefined || alarm.at === null) return `the timer of ${canister} ran, but it was not set`;
  return alarm.at !== undefined && alarm.at > time ? `the timer of ${canister} ran at ${time}, but it was set to ${alarm.at}` : undefined;
};

const missed = (alarms: ReadonlyMap<CanisterId, Alarm>, attempts: ReadonlySet<CanisterId>, world: World): Complaint => {
  const { round, time, height } = world;
  if (round === null || remainingCounter(world, round) < 1) return undefined;
  for (const [canister, { at, setIn }] of alarms) {
    if (at !== null && at !== undefined && at <= time && setIn < height && !attempts.has(canister))
      return `the timer of ${canister} was set to ${at} in round ${setIn}, and did not run in round ${height} at ${time}`;
  }
  return undefined;
};

const alarmAfter = (event: Executed, before: Alarm, world: World): Alarm => {
  const setIn = world.height;
  const begun: Alarm = event.cause.kind === "timer" ? { at: null, setIn } : before;
  if (event.trap !== null && event.cleanup !== "completed") return begun;
  const foreseen = event.trap === null ? foresee(event, world) : null;
  const genesis = world.canisters.get(event.canister)?.genesis;
  if (genesis === undefined) return { at: undefined, setIn };
  const all = foreseen === null ? flattened(genesis.methods.flatMap(({ body }): Script => body)) : reachable(foreseen.script);
  const settings = all.filter((instruction) => instruction.op === "set-timer");
  if (settings.length === 0) return begun;
  const [only] = settings;
  if (foreseen === null || settings.length > 1 || only === undefined || !foreseen.script.includes(only)) return { at: undefined, setIn };
  return { at: only.after === null ? null : world.time + only.after, setIn };
};
