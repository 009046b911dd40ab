/** The clock, and what hangs on it: rounds, and the timers that run in them. And that every input is told of. */
import { readableFor, takenIn } from "../tracking/executions.ts";
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { taskedWorlds } from "../arbitraries/focuses.ts";
import { timerProbes } from "../arbitraries/probes.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { queryWorlds } from "../arbitraries/queries.ts";
import { tokenWorlds } from "../arbitraries/tokens.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { tokenInputs } from "../vocabulary.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import type { Event, Executed, Step } from "../../spec/index.ts";

export const clockAdvances = watchedLaw({
  id: "clock-advances",
  statement:
    "A round begins one height above the last, at its time plus what elapsed, and ends at the same height; nothing but a round moves the clock, and nothing happens in a round before it begins or after it ends.",
  source: "facts/messages.md RND-2, RND-8a; facts/scheduler.md SCH-K1",
  cites: ["round-begin", "restart"],
  otherwise: "there was no round",
  cases: (vocabulary) => mixedWorlds(vocabulary).map(alone),
  watch: () => {
    let rounds = false;
    return {
      onEvent: (event, world, { input, observation }, position) => {
        if (event.kind === "round-began") {
          rounds = true;
          if (input.kind !== "round") return `a round began, but the input was ${input.kind}`;
          if (event.height !== world.height + 1) return `the round after height ${world.height} began at height ${event.height}`;
          return event.time === world.time + input.elapsed
            ? undefined
            : `${input.elapsed} ns after ${world.time}, the round began at ${event.time}`;
        }
        if (event.kind === "round-ended" && event.height !== world.height)
          return `the round of height ${world.height} ended at height ${event.height}`;
        if (event.kind === "round-ended" && position !== observation.events.length - 1)
          return `${observation.events[position + 1]?.kind} came after the end of the round`;
        return undefined;
      },
      onStep: ({ input, observation: { events } }) =>
        input.kind === "round" &&
        events[0]?.kind !== "round-refused" &&
        (events[0]?.kind !== "round-began" || events.at(-1)?.kind !== "round-ended")
          ? "the round has no beginning or no end"
          : undefined,
      interested: () => rounds,
    };
  },
});

export const everyInputIsObserved = watchedLaw({
  id: "every-input-is-observed",
  statement:
    "An input that is not a round is told by one event, about what the input names, or by none where it is about tokens and there are none, and for a node or an uninstalled canister by what follows from it; a machine answers every input, whatever state it is in.",
  source: "spec/machine.ts, the door is total; facts/messages.md MSG-P30",
  cites: [
    "ingress-submit",
    "top-up",
    "fees-set",
    "tokens-transfer",
    "conversion-pay",
    "conversion-notify",
    "restart",
    "query-admit",
    "canister-uninstall",
    "canister-create",
    "canister-delete",
    "allocation-set",
  ],
  otherwise: "there were only rounds",
  cases: (vocabulary) =>
    fc
      .oneof(
        {
          arbitrary: orScheduled(mixedWorlds(vocabulary, { inputs: ["top-up", "restart"] }), vocabulary, { members: true }),
          weight: 5,
        },
        { arbitrary: tokenWorlds(vocabulary), weight: 1 },
        { arbitrary: queryWorlds(vocabulary), weight: 1 },
      )
      .map(alone),
  watch: ({ scenario, steps }) => {
    let others = false;
    return {
      onStep: (step, world) => {
        others ||= step.input.kind !== "round";
        if (steps.length !== scenario.inputs.length) return `${scenario.inputs.length} inputs were given, and ${steps.length} observed`;
        return step.input.kind === "round" ? undefined : unobserved(step, world);
      },
      interested: () => others,
    };
  },
});

const unobserved = ({ input, observation: { events, draws } }: Step, { canisters, tokens }: World): Complaint => {
  const [event] = events;
  if (tokens === null && tokenInputs.has(input.kind))
    return event === undefined ? undefined : `there are no tokens, and ${input.kind} made the event ${event.kind}`;
  if (input.kind === "finalise" || input.kind === "share") return unobservedByCommittee(input, events);
  if (draws.length > 0) return `${input.kind} drew randomness`;
  if (input.kind === "uninstall") return unobservedUninstall(input, events, canisters.get(input.canister));
  if (event === undefined || events.length !== 1) return `${input.kind} made ${events.length} events`;
  switch (input.kind) {
    case "ingress":
      return (event.kind === "ingress-received" || event.kind === "ingress-refused") && event.ingress === input.id
        ? undefined
        : `ingress ${input.id} made the event ${event.kind}`;
    case "query":
      return toldOf(event, input.canister, ["query-answered", "query-refused"]);
    case "top-up": {
      const known = canisters.has(input.canister);
      if (event.kind !== (known ? "topped-up" : "top-up-refused"))
        return `the top-up of ${input.canister}, which ${known ? "exists" : "does not exist"}, made the event ${event.kind}`;
      if ((event.kind !== "topped-up" && event.kind !== "top-up-refused") || event.canister !== input.canister)
        return `the top-up of ${input.canister} went elsewhere`;
      return event.kind === "topped-up" && event.cycles !== input.cycles
        ? `${input.cycles} cycles were minted onto ${input.canister}, and ${event.cycles} told`
        : undefined;
    }
    case "create-canister":
      return toldOf(event, input.canister.id, ["canister-created", "canister-create-refused"]);
    case "delete-canister":
      return toldOf(event, input.canister, ["canister-deleted", "canister-delete-refused"]);
    case "set-compute-allocation":
      return toldOf(event, input.canister, ["allocation-set", "allocation-refused"]);
    case "read-state":
      return event.kind === "certificate-issued" || event.kind === "read-state-refused"
        ? undefined
        : `a read of the state made the event ${event.kind}`;
    case "set-fees":
      return event.kind === "fees-set" && event.name === input.fees.name ? undefined : `new prices made the event ${event.kind}`;
    case "transfer":
      return spentBy(event, input.from, ["tokens-transferred", "transfer-refused"]);
    case "pay":
      return spentBy(event, input.from, ["conversion-paid", "transfer-refused"]);
    case "notify":
      return (event.kind === "conversion-settled" || event.kind === "conversion-refused") && event.conversion === input.conversion
        ? undefined
        : `a notification of conversion ${input.conversion} made the event ${event.kind}`;
    case "reward":
      return event.kind === "reward-minted" && event.account === input.account ? undefined : `a reward made the event ${event.kind}`;
    case "set-rate":
      return event.kind === "rate-set" && event.permyriad === input.permyriad ? undefined : `a rate made the event ${event.kind}`;
    case "restart":
      return event.kind === "restarted" ? undefined : `a restart made the event ${event.kind}`;
    case "round":
      return undefined;
  }
};

const toldOf = (event: Event, canister: string, kinds: readonly Event["kind"][]): Complaint =>
  kinds.includes(event.kind) && "canister" in event && event.canister === canister
    ? undefined
    : `an input about ${canister} made the event ${event.kind}${"canister" in event ? ` of ${event.canister}` : ""}`;

const spentBy = (event: Event, from: string, kinds: readonly Event["kind"][]): Complaint =>
  kinds.includes(event.kind) && "from" in event && event.from === from
    ? undefined
    : `tokens of ${from} were to be spent, and that made the event ${event.kind}`;

/** What is taken away is told first; of what follows, it is told whose it was. */
const unobservedUninstall = (
  { canister }: Step["input"] & { readonly kind: "uninstall" },
  [event, ...others]: readonly Event[],
  known: TrackedCanister | undefined,
): Complaint => {
  const expected = known !== undefined && known.execution === null ? "uninstalled" : "uninstall-refused";
  if (event?.kind !== expected || event.canister !== canister)
    return `the uninstallation of ${canister}, which ${known === undefined ? "does not exist" : known.execution === null ? "exists" : "executes something"}, made the event ${event?.kind ?? "none"}`;
  if (event.kind === "uninstall-refused")
    return others.length === 0 ? undefined : `an uninstallation was refused, and then came ${others[0]!.kind}`;
  const stranger = others.find(
    (other) =>
      !(
        other.kind === "ingress-answered" ||
        ((other.kind === "answered" || other.kind === "context-removed" || other.kind === "context-deleted") && other.canister === canister)
      ),
  );
  return stranger === undefined ? undefined : `the uninstallation of ${canister} made the event ${stranger.kind}`;
};

/** What a node is told is accepted or refused; what follows from it is told too. */
const unobservedByCommittee = (input: CommitteeInput, events: readonly Event[]): Complaint => {
  const [first, ...others] = events;
  const node = input.kind === "finalise" ? input.node : input.to;
  const told = input.kind === "finalise" ? (["block-finalised", "block-refused"] as const) : (["share-admitted", "share-refused"] as const);
  if (first === undefined || !(told as readonly string[]).includes(first.kind))
    return `${input.kind} made the event ${first?.kind ?? "none"}`;
  if (!("node" in first) || first.node !== node || first.height !== input.height)
    return `the ${input.kind} of height ${input.height} for node ${node} is told of somebody else`;
  if (first.kind !== told[0]) return others.length === 0 ? undefined : `a ${input.kind} was refused, and then came ${others[0]!.kind}`;
  const stranger = others.find(
    (event) => !(event.kind === "tape-made" || (event.kind === "share-released" && input.kind === "finalise")) || event.node !== node,
  );
  return stranger === undefined ? undefined : `a ${input.kind} for node ${node} made the event ${stranger.kind}`;
};

type CommitteeInput = Extract<Step["input"], { readonly kind: "finalise" | "share" }>;

export const timersAreDueWhenReached = watchedLaw({
  id: "timers-are-due-when-reached",
  statement:
    "A timer task runs on exactly the canisters whose timer the time has reached, at most once a round; it clears the timer before it runs; and a timer is set to the time of the round plus a delay that the canister's scripts name.",
  source: "facts/messages.md MSG-P26, MSG-7.1, MSG-7.4, C3; facts/scheduler.md SCH-R7c",
  cites: ["tasks-choose", "timer-set", "timer-begin", "execution-rollback", "canister-uninstall"],
  otherwise: "no timer ran",
  cases: (vocabulary) =>
    fc.oneof({ arbitrary: taskedWorlds(vocabulary), weight: 1 }, { arbitrary: timerProbes(vocabulary), weight: 3 }).map(alone),
  watch: () => {
    const ran = new Set<string>();
    /** The timers as they were when the tasks of the round were chosen: what runs before the timer task may set it anew. */
    const timers = new Map<string, bigint | null>();
    let due = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-began") {
          ran.clear();
          timers.clear();
        }
        if (event.kind === "tasks-chosen") timers.set(event.canister, world.canisters.get(event.canister)?.timer ?? null);
        if (event.kind === "executed" || event.kind === "not-executed" || event.kind === "execution-paused") {
          const canister = world.canisters.get(event.canister);
          if (takenIn(event, world)?.cause.kind === "timer") {
            due = true;
            const timer = timers.get(event.canister) ?? null;
            const complaint =
              canister === undefined ? `the timer of ${event.canister}, which does not exist, ran` : undueOf(event.canister, timer, world);
            if (complaint !== undefined) return complaint;
            if (ran.has(event.canister)) return `the timer of ${event.canister} ran twice in a round`;
            ran.add(event.canister);
          }
          return event.kind === "executed" ? missetTimer(event, world) : undefined;
        }
        return undefined;
      },
      interested: () => due,
    };
  },
});

const undueOf = (id: string, timer: bigint | null, { time }: World): Complaint => {
  if (timer === null) return `the timer of ${id} ran, but was not set`;
  return timer > time ? `the timer of ${id} ran at ${time}, but was set to ${timer}` : undefined;
};

const missetTimer = ({ canister: id, cause, timer }: Executed, { canisters, time: now }: World): Complaint => {
  const canister = canisters.get(id);
  if (canister === undefined) return undefined;
  const time = canister.execution?.attempt?.time ?? now;
  const before = cause.kind === "timer" ? null : canister.timer;
  if (timer === before || timer === null)
    return timer === before || names(canister, cause, null) ? undefined : `the timer of ${id} was set to ${before}, and is gone`;
  return names(canister, cause, timer - time)
    ? undefined
    : `the timer of ${id} is set to ${timer}, which is ${timer - time} ns after the time of the round: no script of it names that delay`;
};

const names = (canister: TrackedCanister, cause: Executed["cause"], delay: bigint | null): boolean =>
  readableFor(canister, cause).some((instruction) => instruction.op === "set-timer" && instruction.after === delay);
