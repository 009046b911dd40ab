/** Growth: the clauses of `stable-grow` and `memory-grow` in `spec/rules/execution.ts`, one line each. */
import { cycles, memoryGrow, stableGrow, stableRoomOf, type Cycles } from "../../spec/index.ts";
import { growthOf } from "../memory.ts";
import { freezingThreshold, reservation } from "../money.ts";
import { canisterOf, draftOf, pagesOf, runningOf } from "../reading.ts";
import type { Canister, State } from "../state.ts";
import { transition } from "../transition.ts";

export const growStable = transition(stableGrow)<{ pages: number }>({
  when: {
    room: (before, { pages }) => growing(before).stablePages + pages <= stableRoomOf(before.parameters),
    capacity: (before, { pages }) => {
      const { parameters, round } = before;
      const more = growthOf(parameters, growing(before), { ...growing(before), stablePages: growing(before).stablePages + pages });
      return !isLasting(before) || more === 0 || round.left.used + more <= Math.floor(parameters.storage.capacity / parameters.cores);
    },
  },
  then: {
    size: (after, before, { pages }) => void (draftOf(after, runningOf(before).canister).stablePages = growing(before).stablePages + pages),
  },
});

/** The page is stored already, or stable memory larger; `start` is the state before. */
export const growMemory = transition(memoryGrow)<{ start: State }>({
  when: {
    grows: (before, { start }) =>
      isLasting(before) && pagesOf(before.parameters, growing(before)) > pagesOf(before.parameters, growing(start)),
    limited: (before, { start }) =>
      toReserve(before, start) === 0n || growing(before).reserved + toReserve(before, start) <= growing(before).reservedLimit,
    payable: (before, { start }) => growing(before).balance >= toReserve(before, start),
    thawed: (before, { start }) => !["update", "task"].includes(runningOf(before).phase) || isThawed(before, toReserve(before, start)),
  },
  then: {
    debit: (after, before, { start }) =>
      void (draftOf(after, runningOf(before).canister).balance = cycles(growing(before).balance - toReserve(before, start))),
    reserve: (after, before, { start }) =>
      void (draftOf(after, runningOf(before).canister).reserved = cycles(growing(before).reserved + toReserve(before, start))),
    count: (after, before, { start }) => void (after.round.left.used = before.round.left.used + grown(before, start)),
  },
});

/** What has to be set aside for what the memory grew by since `start`. */
export const toReserve = (state: State, start: State): Cycles => reservation(state.parameters, state.round.left.used, grown(state, start));

/** Whether what the execution does to the memory may stay. */
const isLasting = (state: State): boolean => ["update", "task", "callback", "cleanup", "installation"].includes(runningOf(state).phase);

const grown = (state: State, start: State): number => growthOf(state.parameters, growing(start), growing(state));

const growing = (state: State): Canister => canisterOf(state, runningOf(state).canister);

const isThawed = (before: State, more: Cycles): boolean => {
  const { balance, reserved } = growing(before);
  return balance - more >= freezingThreshold(before, { ...growing(before), reserved: cycles(reserved + more) });
};
