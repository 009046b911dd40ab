/**
 * Tasks: what a canister does without being asked. A round gives a canister its timer task and its heartbeat, or the
 * turn of its messages; the low-memory hook waits for no turn. Only canisters with a heartbeat or a due timer are looked at.
 */
import type { Task } from "../spec/index.ts";
import { hasInput } from "./inputs.ts";
import { activate, noTasks, type Canister, type Engine, type Turn, type WaitingTask } from "./state.ts";
import { arm, takeDue } from "./timers.ts";

/**
 * Gives their tasks to all running canisters that have a heartbeat, or a timer that the time has reached.
 * @rule tasks-choose
 */
export const chooseTasks = (engine: Engine): void => {
  const due = takeDue(engine.timers, engine.time);
  if (due.length === 0 && engine.beating.size === 0) return;
  const isDue = new Set(due);
  const candidates = [...new Set([...engine.beating, ...due])].sort((left, right) => left.index - right.index);
  for (const canister of candidates) {
    if (canister.status !== "running") continue; // its timer comes due when it runs again
    if (canister.execution === null) choose(engine, canister, isDue.has(canister));
    else if (isDue.has(canister)) arm(engine.timers, canister);
  }
};

/**
 * What comes before the inputs of a canister: its hook, then its tasks; `null` when there is nothing.
 * @rule message-take
 */
export const takeTask = (canister: Canister): Task | null => {
  if (isHookReady(canister)) {
    canister.hook = "executed";
    return "low-memory";
  }
  const first = canister.tasks[0];
  if (first === undefined) return null;
  canister.tasks = canister.tasks.length === 1 ? noTasks : only[canister.tasks[1]!];
  return first;
};

/** Whether the canister has a hook that is ready, and that it would run, a task or an input. */
export const hasWork = (canister: Canister): boolean => isHookReady(canister) || canister.tasks.length > 0 || hasInput(canister);

/**
 * Tasks that got no core are gone; a timer that is still due comes due again.
 * @rule tasks-drop
 */
export const dropTasks = (engine: Engine): void => {
  for (const canister of engine.tasked) {
    if (canister.tasks.length === 0) continue;
    if (canister.tasks.includes("timer")) arm(engine.timers, canister);
    canister.tasks = noTasks;
    engine.events.push({ kind: "tasks-dropped", canister: canister.id });
  }
  engine.tasked = [];
};

/**
 * After an execution: is the heap nearly full for the first time?
 * @rule hook-ready
 */
export const lookAtMemory = (engine: Engine, canister: Canister): void => {
  if (canister.hook !== "armed") return;
  const { limit, threshold } = canister.code!.lowMemory!;
  if (!(limit < canister.heapSize + threshold)) return;
  canister.hook = "ready";
  activate(engine, canister);
  engine.events.push({ kind: "hook-ready", canister: canister.id });
};

const isHookReady = ({ hook, status }: Canister): boolean => hook === "ready" && status === "running";

const behind: Readonly<Record<Turn, Turn>> = { timer: "heartbeat", heartbeat: "message", message: "timer" };
const only: Readonly<Record<WaitingTask, readonly WaitingTask[]>> = { timer: ["timer"], heartbeat: ["heartbeat"] };
const both: Readonly<Record<WaitingTask, readonly WaitingTask[]>> = { timer: ["timer", "heartbeat"], heartbeat: ["heartbeat", "timer"] };

const choose = (engine: Engine, canister: Canister, isDue: boolean): void => {
  const beats = canister.code!.onHeartbeat !== null;
  const applies = (turn: Turn): boolean => (turn === "timer" ? isDue : turn === "heartbeat" ? beats : hasInput(canister));
  let chosen = canister.turn;
  while (!applies(chosen)) chosen = behind[chosen];
  canister.turn = behind[chosen];
  if (chosen === "message") {
    if (isDue) arm(engine.timers, canister);
  } else {
    canister.tasks = isDue && beats ? both[chosen] : only[chosen];
    engine.tasked.push(canister);
    activate(engine, canister);
  }
  engine.events.push({ kind: "tasks-chosen", canister: canister.id, turn: chosen });
};
