/** Timers: the clauses of `spec/rules/timers.ts`, one line each. */
import { nanoseconds, timerBegin, timerDue, timerSet, type CanisterId, type Nanoseconds } from "../../spec/index.ts";
import { canisterOf, draftOf, runningOf } from "../state.ts";
import { transition } from "../transition.ts";

export const setTimer = transition(timerSet)<{ after: Nanoseconds | null }>({
  when: {},
  then: {
    set: (after, before, { after: delay }) =>
      void (draftOf(after, runningOf(before).canister).timer = delay === null ? null : nanoseconds(before.time + delay)),
  },
});

export const dueTimer = transition(timerDue)<{ canister: CanisterId }>({
  when: {
    set: (before, { canister }) => canisterOf(before, canister).timer !== null,
    reached: (before, { canister }) => (canisterOf(before, canister).timer ?? 0n) <= before.time,
    single: (before, { canister }) => !canisterOf(before, canister).task,
    free: (before, { canister }) => canisterOf(before, canister).underway === null,
  },
  then: {
    task: (after, _before, { canister }) => void (draftOf(after, canister).task = true),
  },
});

export const beginTimer = transition(timerBegin)<{ canister: CanisterId }>({
  when: {},
  then: {
    clear: (after, _before, { canister }) => void (draftOf(after, canister).timer = null),
    open: (after, before, { canister }) =>
      void draftOf(after, canister).contexts.set(canisterOf(before, canister).nextContext, {
        status: "responded",
        origin: { kind: "system" },
      }),
    name: (after, before, { canister }) => void (draftOf(after, canister).nextContext = canisterOf(before, canister).nextContext + 1),
  },
});
