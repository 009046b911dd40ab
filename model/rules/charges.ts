/** Charges: the clauses of `spec/rules/charges.ts`, one line each. */
import {
  allocationCharge,
  canisterExhaust,
  cycles,
  hex,
  memoryCharge,
  percent,
  resourcesCharge,
  type CanisterId,
  type Cycles,
} from "../../spec/index.ts";
import { computeOfDay, memoryOfDay, ofSeconds } from "../money.ts";
import { canisterOf, draftOf } from "../reading.ts";
import type { State } from "../state.ts";
import { transition } from "../transition.ts";

export const chargeResources = transition(resourcesCharge)<{ canister: CanisterId }>({
  when: {
    due: (before, { canister }) => before.time - canisterOf(before, canister).chargedAt >= before.parameters.chargePeriod,
    rested: (before, { canister }) => canisterOf(before, canister).underway === null,
  },
  then: {
    stamp: (after, before, { canister }) => void (draftOf(after, canister).chargedAt = before.time),
  },
});

/** What a canister has to pay, for so many whole seconds. */
interface Due {
  readonly canister: CanisterId;
  readonly seconds: bigint;
}

export const chargeMemory = transition(memoryCharge)<Due>({
  when: {
    covered: (before, due) => canisterOf(before, due.canister).balance >= memoryPrice(before, due),
  },
  then: {
    debit: (after, before, due) => debit(after, before, due.canister, memoryPrice(before, due)),
    burn: (after, before, due) => void (after.burned = cycles(before.burned + memoryPrice(before, due))),
  },
});

export const chargeAllocation = transition(allocationCharge)<Due>({
  when: {
    covered: (before, due) => canisterOf(before, due.canister).balance >= allocationPrice(before, due),
  },
  then: {
    debit: (after, before, due) => debit(after, before, due.canister, allocationPrice(before, due)),
    burn: (after, before, due) => void (after.burned = cycles(before.burned + allocationPrice(before, due))),
  },
});

export const exhaust = transition(canisterExhaust)<{ canister: CanisterId }>({
  when: {},
  then: {
    code: (after, _before, { canister }) => void (draftOf(after, canister).code = null),
    memory: (after, _before, { canister }) => void (draftOf(after, canister).pages = new Map()),
    timer: (after, _before, { canister }) => void (draftOf(after, canister).timer = null),
    certified: (after, _before, { canister }) => void (draftOf(after, canister).certifiedData = hex("")),
    allocation: (after, _before, { canister }) => void (draftOf(after, canister).computeAllocation = percent(0)),
    burn: (after, before, { canister }) => {
      const { balance } = canisterOf(before, canister);
      debit(after, before, canister, balance);
      after.burned = cycles(before.burned + balance);
    },
  },
});

export const memoryPrice = ({ parameters, canisters }: State, { canister, seconds }: Due): Cycles =>
  ofSeconds(memoryOfDay(parameters, canisters.get(canister)!), seconds);

export const allocationPrice = ({ parameters, canisters }: State, { canister, seconds }: Due): Cycles =>
  ofSeconds(computeOfDay(parameters, canisters.get(canister)!), seconds);

const debit = (after: Parameters<typeof draftOf>[0], before: State, canister: CanisterId, price: Cycles): void =>
  void (draftOf(after, canister).balance = cycles(canisterOf(before, canister).balance - price));
