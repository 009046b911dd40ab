/** Tasks: the clauses of `spec/rules/timers.ts`, one line each. */
import {
  hookReady,
  managementCanister,
  nanoseconds,
  taskBegin,
  tasksChoose,
  tasksDrop,
  timerBegin,
  timerSet,
  type CanisterId,
  type Nanoseconds,
  type Task,
} from "../../spec/index.ts";
import { canisterOf, draftOf, hasInput, heapOf, runningOf } from "../reading.ts";
import { turns, type Canister, type State, type Turn } from "../state.ts";
import { transition } from "../transition.ts";

export const setTimer = transition(timerSet)<{ after: Nanoseconds | null }>({
  when: {},
  then: {
    set: (after, before, { after: delay }) =>
      void (draftOf(after, runningOf(before).canister).timer = delay === null ? null : nanoseconds(runningOf(before).time + delay)),
  },
});

export const chooseTasks = transition(tasksChoose)<{ canister: CanisterId; chosen: Turn }>({
  when: {
    tasks: (before, { canister }) => isDue(before, canisterOf(before, canister)) || hasHeartbeat(canisterOf(before, canister)),
    free: (before, { canister }) => canisterOf(before, canister).underway === null,
    running: (before, { canister }) => canisterOf(before, canister).status === "running",
  },
  then: {
    advance: (after, _before, { canister, chosen }) =>
      void (draftOf(after, canister).turn = turns[(turns.indexOf(chosen) + 1) % turns.length]!),
    timer: (after, before, { canister, chosen }) =>
      void (draftOf(after, canister).tasks.timer = chosen !== "message" && isDue(before, canisterOf(before, canister))),
    heartbeat: (after, before, { canister, chosen }) =>
      void (draftOf(after, canister).tasks.heartbeat = chosen !== "message" && hasHeartbeat(canisterOf(before, canister))),
    first: (after, _before, { canister, chosen }) => {
      if (chosen !== "message") draftOf(after, canister).tasks.first = chosen;
    },
  },
});

export const beginTask = transition(taskBegin)<{ canister: CanisterId }>({
  when: {},
  then: {
    open: (after, before, { canister }) =>
      void draftOf(after, canister).contexts.set(canisterOf(before, canister).nextContext, {
        status: "responded",
        origin: { kind: "system" },
        caller: managementCanister,
        deadline: null,
      }),
    name: (after, before, { canister }) => void (draftOf(after, canister).nextContext = canisterOf(before, canister).nextContext + 1),
  },
});

export const beginTimer = transition(timerBegin)<{ canister: CanisterId; task: Task }>({
  when: {
    timer: (_before, { task }) => task === "timer",
  },
  then: {
    clear: (after, _before, { canister }) => void (draftOf(after, canister).timer = null),
  },
});

export const dropTasks = transition(tasksDrop)<{ canister: CanisterId }>({
  when: {
    left: (before, { canister }) => canisterOf(before, canister).tasks.timer || canisterOf(before, canister).tasks.heartbeat,
  },
  then: {
    drop: (after, _before, { canister }) => void Object.assign(draftOf(after, canister).tasks, { timer: false, heartbeat: false }),
  },
});

export const readyHook = transition(hookReady)<{ canister: CanisterId }>({
  when: {
    armed: (before, { canister }) =>
      (canisterOf(before, canister).code?.lowMemory ?? null) !== null && canisterOf(before, canister).hook === "armed",
    low: (before, { canister }) => isLow(before, canisterOf(before, canister)),
  },
  then: {
    ready: (after, _before, { canister }) => void (draftOf(after, canister).hook = "ready"),
  },
});

/** From the one whose turn it is, the first that has something to do. */
export const chosenTurn = (state: State, canister: Canister): Turn => {
  const turn = turns.indexOf(canister.turn);
  const applies = { timer: isDue(state, canister), heartbeat: hasHeartbeat(canister), message: hasInput(canister) };
  return [...turns.slice(turn), ...turns.slice(0, turn)].find((one) => applies[one]) ?? "message";
};

const isDue = ({ time }: State, { timer }: Canister): boolean => timer !== null && timer <= time;

const hasHeartbeat = ({ code }: Canister): boolean => (code?.onHeartbeat ?? null) !== null;

const isLow = ({ parameters }: State, canister: Canister): boolean => {
  const { limit, threshold } = canister.code?.lowMemory ?? { limit: Infinity, threshold: 0 };
  return limit < heapOf(parameters, canister) + threshold;
};
