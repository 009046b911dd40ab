/** Cycles: the clauses of `spec/rules/cycles.ts`, one line each. */
import { castDraft } from "immer";
import { cycles, cyclesAccept, cyclesBurn, feesSet, topUp, type CanisterId, type Cycles, type FeeTable } from "../../spec/index.ts";
import { least, liquid } from "../money.ts";
import { canisterOf, draftOf, runningOf } from "../reading.ts";
import type { State } from "../state.ts";
import { transition } from "../transition.ts";
import { availableNow, makeAvailable } from "./calls.ts";

export const accept = transition(cyclesAccept)<{ asked: Cycles }>({
  when: {},
  then: {
    credit: (after, before, { asked }) =>
      void (draftOf(after, runningOf(before).canister).balance = cycles(
        canisterOf(before, runningOf(before).canister).balance + least(asked, availableNow(before)),
      )),
    take: (after, before, { asked }) => makeAvailable(after, before, cycles(availableNow(before) - least(asked, availableNow(before)))),
  },
});

export const burn = transition(cyclesBurn)<{ asked: Cycles }>({
  when: {},
  then: {
    debit: (after, before, { asked }) =>
      void (draftOf(after, runningOf(before).canister).balance = cycles(
        canisterOf(before, runningOf(before).canister).balance - burnable(before, asked),
      )),
    burn: (after, before, { asked }) => void (after.burned = cycles(before.burned + burnable(before, asked))),
  },
});

export const mintOnto = transition(topUp)<{ canister: CanisterId; minted: Cycles }>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
  },
  then: {
    credit: (after, before, { canister, minted }) =>
      void (draftOf(after, canister).balance = cycles(canisterOf(before, canister).balance + minted)),
    mint: (after, before, { minted }) => void (after.minted = cycles(before.minted + minted)),
  },
});

export const setFees = transition(feesSet)<{ fees: FeeTable }>({
  when: {},
  then: {
    set: (after, before, { fees }) => void (after.parameters = castDraft({ ...before.parameters, fees })),
  },
});

/** What a canister that asks to burn so much really burns. */
export const burnable = (before: State, asked: Cycles): Cycles =>
  least(asked, liquid(before, canisterOf(before, runningOf(before).canister)));
