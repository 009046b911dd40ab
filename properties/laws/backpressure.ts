/**
 * Self-regulation: who sends faster than the other side works is told so at the call, soon; and when nobody sends any
 * more, all that is under way is worked off. Both have a bound, which a trace shows to be kept.
 */
import type { Event, Move, Scenario } from "../../spec/index.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { isUnexecuted } from "../tracking/executions.ts";
import { alone } from "../case.ts";
import { readingOf } from "../reading.ts";
import { countInputs } from "../tracking/queues.ts";
import { endOf } from "../tracking/streams.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";
import { lawBetween, type Site } from "./network-walk.ts";

export const fastProducersAreTold = watchedLaw({
  id: "fast-producers-are-told",
  statement:
    "A canister that in each of K rounds on end tries to send one callee at least r calls more than came back from it has one of them refused, where K is the capacity of a stream and of a queue together, divided by r and rounded up, and two.",
  source: "facts/messages.md MSG-P19, MSG-3.6, SEED-003-05; seed 003, self-regulation",
  cites: ["call-send", "message-stream", "callback-begin", "slice-admit"],
  otherwise: "nobody who sent more than came back was refused a call",
  cases: (vocabulary) => slowConsumerWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { streamCapacity, queueCapacity } = genesis.parameters;
    const pairs = new Map<string, Traffic>();
    let told = false;
    return {
      onEvent: (event, world): Complaint => {
        if (event.kind === "executed" || isUnexecuted(event)) count(event, world, pairs);
        return undefined;
      },
      onStep: ({ input }) => {
        if (input.kind !== "round") return undefined;
        for (const [pair, traffic] of pairs) {
          told ||= traffic.refused > 0 && traffic.attempts > traffic.closed;
          const net = traffic.attempts - traffic.closed;
          traffic.run = traffic.refused > 0 || net < 1 ? [] : [...traffic.run, net];
          Object.assign(traffic, { attempts: 0, closed: 0, refused: 0 });
          for (let rounds = 1; rounds <= traffic.run.length; rounds++) {
            const rate = Math.min(...traffic.run.slice(-rounds));
            if (rounds >= Math.ceil((streamCapacity + queueCapacity) / rate) + 2)
              return `${pair}: in each of ${rounds} rounds ${rate} calls more than came back, and none was refused`;
          }
        }
        return undefined;
      },
      interested: () => told,
    };
  },
});

/** What one canister sent another in the round, and in the rounds before it of which the last one without a refusal is the last. */
interface Traffic {
  attempts: number;
  closed: number;
  refused: number;
  /** Attempts beyond what came back, round by round. */
  run: readonly number[];
}

const count = (
  event: Extract<Event, { readonly kind: "executed" | "response-discarded" | "callback-refused" }>,
  { canisters }: World,
  pairs: Map<string, Traffic>,
): void => {
  const trafficTo = (callee: string): Traffic => {
    const pair = `${event.canister} to ${callee}`;
    const known = pairs.get(pair) ?? { attempts: 0, closed: 0, refused: 0, run: [] };
    pairs.set(pair, known);
    return known;
  };
  const callback = isUnexecuted(event) ? event.callback : event.cause.kind === "response" ? event.cause.callback : null;
  const closed = callback === null ? undefined : canisters.get(event.canister)?.calls.get(callback);
  if (closed !== undefined) trafficTo(closed.callee).closed++;
  if (event.kind !== "executed") return;
  for (const { callee } of event.calls) trafficTo(callee).attempts++;
  for (const { callee } of event.refusedCalls) {
    trafficTo(callee).attempts++;
    trafficTo(callee).refused++;
  }
};

export const everythingDrains = lawBetween({
  id: "everything-drains",
  statement:
    "When nobody sends anything from outside any more, and every round is handed all that there is, no three rounds of every subnet pass without an execution while a message is under way, no execution is ever paused, no round ever skipped, and nobody waits for consensus or for a stop; and after as many as there are executions due, and five, nothing is.",
  source: "facts/messages.md MSG-P19, MSG-P3; seed 003, self-regulation",
  cites: [
    "slice-admit",
    "message-see",
    "message-stream",
    "request-induct",
    "stream-request",
    "stream-response",
    "callback-begin",
    "context-respond",
  ],
  otherwise: "nothing was under way when production stopped, or it did not stop",
  worlds: (vocabulary) => slowConsumerWorlds(vocabulary),
  watch: (sites, { scenario }) => {
    const last = scenario.inputs.findLastIndex(({ kind }) => kind !== "round" && kind !== "restart");
    let calm = isCalm(scenario, sites);
    const patience = 3 + Math.max(...sites.map(({ world }) => world.parameters.tapeLag));
    const served = new Set<number>();
    let [due, cycles, idle, worked] = [0, 0, 0, false];
    return {
      onEvent: (event, _, at) => {
        if (event.kind === "executed") {
          worked = true;
          if (at > last) due += 2 * event.calls.length;
        }
        worked ||= event.kind === "not-executed" || isUnexecuted(event);
        // An execution that is aborted in each round may never end, and rounds are skipped until there is a checkpoint.
        calm &&= event.kind !== "execution-paused" && event.kind !== "round-skipped";
        return undefined;
      },
      onStep: ({ input }, { number }, at): Complaint => {
        if (!calm || at < last) return undefined;
        if (at === last) due = 2 * openCalls(sites) + underway(sites);
        if (at === last || input.kind !== "round") return undefined;
        if (isServedAll(scenario.inputs[at]!, sites.length, number)) served.add(number);
        if (served.size < sites.length) return undefined;
        served.clear();
        cycles++;
        const left = underway(sites);
        idle = worked || left === 0 ? 0 : idle + 1;
        worked = false;
        if (sites.some(({ world }) => waitsForOthers(world))) {
          idle = 0;
          return undefined;
        }
        if (idle >= patience) return `${left} messages are under way, and nothing was executed in ${idle} rounds of every subnet`;
        return left > 0 && cycles >= due + 5
          ? `${left} messages are under way after ${cycles} rounds of every subnet, for ${due} executions`
          : undefined;
      },
      interested: () => calm && due > 0 && cycles > 0 && underway(sites) === 0,
    };
  },
});

/** Whether nothing begins by itself, and whatever is sent can be answered. */
const isCalm = ({ genesis, others = [], inputs }: Scenario, sites: readonly Site[]): boolean =>
  [genesis, ...others].every(({ canisters }) =>
    canisters.every((canister) => canister.onHeartbeat === undefined && !readingOf(canister).ops.has("set-timer")),
  ) &&
  sites.every(({ name, world }) => {
    const names = sites.map((other) => other.name);
    return (
      [...world.subnets].every((subnet) => names.includes(subnet)) && names.every((other) => other === name || world.subnets.has(other))
    );
  }) &&
  inputs.every((move) => move.kind !== "round" || move.slices === undefined);

/** Whether a round is handed all that the streams of all others may hold for it. */
const isServedAll = ({ deliveries = [] }: Move, subnets: number, own: number): boolean =>
  Array.from({ length: subnets }, (_, from) => from).every(
    (from) => from === own || deliveries.some((one) => one.from === from && one.count >= 50),
  );

const openCalls = (sites: readonly Site[]): number =>
  sites.reduce((sum, { world }) => [...world.canisters.values()].reduce((all, canister) => all + canister.openCalls.size, sum), 0);

/** Whether somebody waits for consensus, which is outside, or for a stop, for as long as that takes; others may wait for whoever does. */
const waitsForOthers = ({ consensus, canisters }: World): boolean =>
  consensus.size > 0 || [...canisters.values()].some(({ stops }) => stops.length > 0);

/** Messages in queues, in the pool, waiting for randomness or the management canister, and in streams without having been seen. */
const underway = (sites: readonly Site[]): number => {
  let count = 0;
  for (const { name, world } of sites) {
    count += world.pool.length + world.waiting.length + world.management.length;
    for (const { queues } of world.canisters.values()) {
      count += countInputs(queues);
      for (const queue of queues.outputs.values()) count += queue.length;
    }
    for (const [to, stream] of world.streams) {
      const there = sites.find((site) => site.name === to)?.world.streams.get(name)?.signals ?? 0;
      count += to === name ? stream.messages.length : Math.max(0, endOf(stream) - there);
    }
  }
  return count;
};
