/**
 * Tasks: what a canister does unasked. Between timer, heartbeat and messages it passes a turn on from round to round, so
 * that neither tasks nor messages starve; and a hook that is ready comes before all of them.
 */
import * as fc from "fast-check";
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { busyWorlds } from "../arbitraries/busy.ts";
import { orKept } from "../arbitraries/coded.ts";
import { taskedWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { takenIn, type Taking } from "../tracking/executions.ts";
import { runsHook } from "../tracking/management.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, Turn, World } from "../tracking/world.ts";
import { afterIterations } from "./phases.ts";

export const tasksTakeTurns = watchedLaw({
  id: "tasks-take-turns",
  statement:
    "In each round every canister that is running and has a heartbeat or a due timer, and no other, begins with the next of timer, heartbeat and messages that has something to do; its timer and its heartbeat run at most once, the chosen one first, or not at all when it is the turn of messages; what got no core is dropped; and the hook runs before all else, once for each code that comes, or comes back.",
  source: "facts/messages.md MSG-P26, MSG-7.1, MSG-7.2, MSG-7.3, C2, C3, C4, C5; facts/scheduler.md SCH-R7c, SCH-R7k",
  cites: [
    "tasks-choose",
    "tasks-drop",
    "task-begin",
    "timer-begin",
    "hook-ready",
    "message-take",
    "canister-uninstall",
    "restart",
    "snapshot-load",
  ],
  otherwise: "no canister had a task",
  cases: (vocabulary) => {
    const crowded = busyWorlds(vocabulary, {
      customs: ["heartbeats", "hooks"],
      inputs: ["uninstall"],
      limits: ["roundInstructionLimit"],
      programs: [["alarm", "grow"], ["alarm"]],
      crowded: true,
    });
    const worlds = fc.oneof({ arbitrary: taskedWorlds(vocabulary), weight: 3 }, { arbitrary: crowded, weight: 1 });
    return orKept(orScheduled(worlds, vocabulary, { long: true }), vocabulary).map(alone);
  },
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
          case "snapshot-loaded":
            hooked.delete(event.canister);
            return undefined;
          case "installation-ran":
            // Other code has a hook of its own.
            if (event.trap === null) hooked.delete(event.canister);
            return undefined;
          case "tasks-chosen": {
            tasked = true;
            const before = chosen;
            chosen = event.canister;
            return choosing
              ? (passedOver(before, chosen, world) ?? mischosen(event, world))
              : `the tasks of ${chosen} were chosen too late`;
          }
          case "tasks-dropped": {
            const complaint = choosing ? passedOver(chosen, null, world) : undefined;
            chosen = dropping ? null : chosen;
            [choosing, dropping] = [false, false];
            return world.canisters.get(event.canister)?.tasks.length === 0
              ? `${event.canister} lost tasks that it did not have`
              : complaint;
          }
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
  const { genesis, queues, turn, execution, status } = canister;
  const installed = canister.installed && status === "running";
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
    if (canister?.hook !== "ready") return `the hook of ${id} ran when it was ${canister?.hook ?? "nobody's"}`;
    return runsHook(canister) ? undefined : `the hook of ${id} ran when the canister was ${canister.status}`;
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

const isTask = ({ cause }: Taking): boolean => cause.kind !== "update" && cause.kind !== "response";
