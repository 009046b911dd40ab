/**
 * Whose turn it is. Between timer, heartbeat and messages a canister passes a turn on from round to round; between
 * local, ingress and remote inputs from message to message; and among its peers the one that was served goes behind the
 * others. So nobody who has much to say keeps the others out.
 */
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { takenIn, type Taking } from "../tracking/executions.ts";
import { isStartedBy } from "../tracking/foresight.ts";
import { messageText } from "../tracking/messages.ts";
import { nextInput, type NextInput, type Source } from "../tracking/queues.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, Turn, World } from "../tracking/world.ts";
import { afterIterations } from "./phases.ts";

export const tasksTakeTurns = watchedLaw({
  id: "tasks-take-turns",
  statement:
    "In each round every canister with a heartbeat or a due timer, and no other, begins with the next of timer, heartbeat and messages that has something to do; its timer and its heartbeat run at most once, the chosen one first, or not at all when it is the turn of messages; what got no core is dropped; and the hook runs before all else, once.",
  source: "facts/messages.md MSG-P26, MSG-7.1, MSG-7.2, MSG-7.3, C2, C3, C4, C5; facts/scheduler.md SCH-R7c, SCH-R7k",
  cites: ["tasks-choose", "tasks-drop", "task-begin", "timer-begin", "hook-ready", "message-take", "canister-uninstall", "restart"],
  otherwise: "no canister had a task",
  cases: (vocabulary) =>
    orScheduled(mixedWorlds(vocabulary, { customs: ["heartbeats", "hooks"], plant: ["alarm"] }), vocabulary, { long: true }).map(alone),
  watch: () => {
    const hooked = new Set<CanisterId>();
    const ran = new Set<string>();
    let tasked = false;
    let chosen: CanisterId | null = null;
    let choosing = false;
    let dropping = false;
    return {
      onEvent: (event, world) => {
        switch (event.kind) {
          case "round-skipped":
            choosing = false;
            return undefined;
          case "round-began":
            ran.clear();
            [chosen, choosing, dropping] = [null, true, true];
            return undefined;
          case "tasks-chosen": {
            tasked = true;
            const before = chosen;
            chosen = event.canister;
            return choosing
              ? (passedOver(before, chosen, world) ?? mischosen(event, world))
              : `the tasks of ${chosen} were chosen too late`;
          }
          case "tasks-dropped":
            chosen = dropping ? null : chosen;
            dropping = false;
            return world.canisters.get(event.canister)?.tasks.length === 0
              ? `${event.canister} lost tasks that it did not have`
              : undefined;
          case "executed":
          case "not-executed":
          case "execution-paused": {
            const taken = takenIn(event, world);
            return taken === null || !isTask(taken) ? undefined : again(taken, ran, hooked, world);
          }
          default: {
            const complaint =
              choosing && (event.kind === "turn-began" || afterIterations(event, world)) ? passedOver(chosen, null, world) : undefined;
            if (event.kind === "turn-began" || afterIterations(event, world)) choosing = false;
            return complaint ?? (event.kind === "round-ended" ? leftWaiting(world) : undefined);
          }
        }
      },
      interested: () => tasked || hooked.size > 0,
    };
  },
});

const isDue = ({ timer }: TrackedCanister, { time }: World): boolean => timer !== null && timer <= time;

/** What a canister begins its round with; `null` when it has no tasks. */
const turnOf = (canister: TrackedCanister, world: World): Turn | null => {
  const { installed, genesis, queues, turn, execution } = canister;
  const has: Readonly<Record<Turn, boolean>> = {
    timer: installed && isDue(canister, world),
    heartbeat: installed && genesis.onHeartbeat !== undefined,
    message: queues.ingress.length > 0 || queues.inputs.size > 0,
  };
  if (execution !== null || (!has.timer && !has.heartbeat)) return null;
  const circle: readonly Turn[] = ["timer", "heartbeat", "message"];
  const at = circle.indexOf(turn);
  return [...circle.slice(at), ...circle.slice(0, at)].find((one) => has[one]) ?? null;
};

const mischosen = ({ canister: id, turn }: Extract<Event, { readonly kind: "tasks-chosen" }>, world: World): Complaint => {
  const canister = world.canisters.get(id);
  const expected = canister === undefined ? null : turnOf(canister, world);
  return turn === expected ? undefined : `${id} began its round with its ${turn}, and the turn was that of ${expected ?? "nothing"}`;
};

/** Canisters by id between two whose tasks were chosen, that had tasks as well. */
const passedOver = (after: CanisterId | null, before: CanisterId | null, world: World): Complaint => {
  if (after !== null && before !== null && byId(after, before) >= 0) return `the tasks of ${before} were chosen after those of ${after}`;
  for (const canister of world.canisters.values()) {
    const { id } = canister;
    if ((after !== null && byId(id, after) <= 0) || (before !== null && byId(id, before) >= 0)) continue;
    if (turnOf(canister, world) !== null) return `${id} had tasks, and none were chosen`;
  }
  return undefined;
};

const again = ({ canister: id, cause }: Taking, ran: Set<string>, hooked: Set<CanisterId>, world: World): Complaint => {
  const canister = world.canisters.get(id);
  if (cause.kind === "low-memory") {
    if (hooked.has(id)) return `the hook of ${id} ran twice`;
    hooked.add(id);
    return canister?.hook === "ready" ? undefined : `the hook of ${id} ran when it was ${canister?.hook ?? "nobody's"}`;
  }
  const task = `${cause.kind} of ${id}`;
  if (ran.has(task)) return `the ${task} ran twice in a round`;
  ran.add(task);
  return canister?.tasks[0] === cause.kind ? undefined : `the ${task} ran, and ${canister?.tasks[0] ?? "no task"} was first`;
};

const leftWaiting = ({ canisters }: World): Complaint => {
  for (const { id, tasks } of canisters.values()) if (tasks.length > 0) return `the round ended, and the ${tasks[0]} of ${id} still waits`;
  return undefined;
};

export const inputsTakeTurns = watchedLaw({
  id: "inputs-take-turns",
  statement:
    "A canister takes its next message from the first of local, ingress and remote inputs, beginning with the turn, that has one, of the peer that was served longest ago, and the first of that queue; so of three messages in a row each source that has one gives one, and while a peer waits no other of its kind is served twice.",
  source: "facts/messages.md MSG-P25, MSG-3.5, Q7",
  cites: [
    "input-take",
    "turn-reset",
    "request-induct",
    "response-induct",
    "stream-request",
    "stream-response",
    "ingress-induct",
    "restart",
  ],
  otherwise: "no canister had inputs of two kinds, or of two peers",
  cases: (vocabulary) =>
    orScheduled(mixedWorlds(vocabulary, { always: ["call"], plant: ["fan", "crowd"], crowded: true }), vocabulary).map(alone),
  watch: () => {
    const waits = new Map<CanisterId, Waiting>();
    let chosen = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-ended") waits.clear();
        const taken = takenIn(event, world);
        const canister = taken === null ? undefined : world.canisters.get(taken.canister);
        if (taken === null || canister === undefined || isTask(taken)) return undefined;
        const { ingress, local, remote } = canister.queues;
        chosen ||= [ingress, local, remote].filter(({ length }) => length > 0).length > 1 || local.length > 1 || remote.length > 1;
        return mistaken(taken, canister) ?? unfair(canister, waits);
      },
      interested: () => chosen,
    };
  },
});

const isTask = ({ cause }: Taking): boolean => cause.kind !== "update" && cause.kind !== "response";

const mistaken = (taken: Taking, { id, queues }: TrackedCanister): Complaint => {
  const next = nextInput(queues)?.input;
  if (next === undefined) return `${id} took a message, and there was none`;
  if (isTaken(taken, next)) return undefined;
  return `${id} took another message, and ${next.kind === "ingress" ? `ingress ${next.ingress}` : messageText(next.message)} was next`;
};

const isTaken = ({ cause }: Taking, next: NextInput): boolean => {
  if (next.kind === "message") return isStartedBy(cause)(next.message);
  return cause.kind === "update" && cause.origin.kind === "ingress" && cause.origin.ingress === next.ingress;
};

/** Since when sources and peers of a canister wait: what was served meanwhile. */
interface Waiting {
  readonly sources: Map<Source, number>;
  readonly peers: Map<CanisterId, Set<CanisterId>>;
}

/** Counts who is served while others wait, without a look at whose turn it is. */
const unfair = ({ id, queues }: TrackedCanister, all: Map<CanisterId, Waiting>): Complaint => {
  const waiting = all.get(id) ?? { sources: new Map<Source, number>(), peers: new Map<CanisterId, Set<CanisterId>>() };
  all.set(id, waiting);
  const next = nextInput(queues);
  if (next === null) return undefined;
  for (const source of ["local", "ingress", "remote"] as const) {
    const passed = queues[source].length === 0 || source === next.source ? 0 : (waiting.sources.get(source) ?? 0) + 1;
    if (passed > 2) return `the ${source} inputs of ${id} were passed over ${passed} times`;
    waiting.sources.set(source, passed);
  }
  if (next.input.kind === "ingress" || next.source === "ingress") return undefined;
  const { peer } = next.input;
  waiting.peers.delete(peer);
  for (const other of queues[next.source]) {
    if (other === peer) continue;
    const served = waiting.peers.get(other) ?? new Set();
    if (served.has(peer)) return `${peer} was served twice by ${id}, while ${other} waited`;
    waiting.peers.set(other, served.add(peer));
  }
  return undefined;
};
