/** Growth: the clauses of `memory-grow` in `spec/rules/execution.ts`, one line each. */
import { cycles, memoryGrow, type Cycles } from "../../spec/index.ts";
import { freezingThreshold, reservation } from "../money.ts";
import { canisterOf, draftOf, runningOf } from "../reading.ts";
import type { Canister, State } from "../state.ts";
import { transition } from "../transition.ts";

/** The page is stored already; `start` is the state before. */
export const growMemory = transition(memoryGrow)<{ page: number; start: State }>({
  when: {
    grows: (before, { page, start }) =>
      ["update", "task", "callback", "cleanup", "installation"].includes(runningOf(before).phase) && !growing(start).pages.has(page),
    limited: (before) => toReserve(before) === 0n || growing(before).reserved + toReserve(before) <= growing(before).reservedLimit,
    payable: (before) => growing(before).balance >= toReserve(before),
    thawed: (before) => !["update", "task"].includes(runningOf(before).phase) || isThawed(before, toReserve(before)),
  },
  then: {
    debit: (after, before) =>
      void (draftOf(after, runningOf(before).canister).balance = cycles(growing(before).balance - toReserve(before))),
    reserve: (after, before) =>
      void (draftOf(after, runningOf(before).canister).reserved = cycles(growing(before).reserved + toReserve(before))),
    count: (after, before) => void (after.round.left.used = before.round.left.used + before.parameters.pageSize),
  },
});

/** What has to be set aside for one more page. */
export const toReserve = ({ parameters, round }: State): Cycles => reservation(parameters, round.left.used, parameters.pageSize);

const growing = (state: State): Canister => canisterOf(state, runningOf(state).canister);

const isThawed = (before: State, more: Cycles): boolean => {
  const { balance, reserved } = growing(before);
  return balance - more >= freezingThreshold(before, { ...growing(before), reserved: cycles(reserved + more) });
};
