/** Charges: the clauses of `spec/rules/charges.ts`, one line each. */
import type { Draft } from "immer";
import {
  allocationCharge,
  bytes,
  canisterExhaust,
  cycles,
  hex,
  memoryCharge,
  messagesCharge,
  percent,
  resourcesCharge,
  type CanisterId,
  type Cycles,
} from "../../spec/index.ts";
import { grow } from "../changes.ts";
import { least } from "../money.ts";
import { canisterOf, draftOf, move, noMemory } from "../reading.ts";
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

/** What a canister has to pay: so much. */
interface Due {
  readonly canister: CanisterId;
  readonly price: Cycles;
}

export const chargeMemory = transition(memoryCharge)<Due>({
  when: {
    covered: (before, due) => fundsOf(before, due) >= due.price,
  },
  then: {
    draw: (after, before, due) => draw(after, before, due),
    debit: (after, before, due) => debit(after, before, due),
    burn: (after, before, { price }) => void (after.burned = cycles(before.burned + price)),
  },
});

export const chargeMessages = transition(messagesCharge)<Due>({
  when: {
    covered: (before, due) => fundsOf(before, due) >= due.price,
  },
  then: {
    draw: (after, before, due) => draw(after, before, due),
    debit: (after, before, due) => debit(after, before, due),
    burn: (after, before, { price }) => void (after.burned = cycles(before.burned + price)),
  },
});

export const chargeAllocation = transition(allocationCharge)<Due>({
  when: {
    covered: (before, due) => fundsOf(before, due) >= due.price,
  },
  then: {
    draw: (after, before, due) => draw(after, before, due),
    debit: (after, before, due) => debit(after, before, due),
    burn: (after, before, { price }) => void (after.burned = cycles(before.burned + price)),
  },
});

export const exhaust = transition(canisterExhaust)<{ canister: CanisterId }>({
  when: {},
  then: {
    code: (after, _before, { canister }) => void (draftOf(after, canister).code = null),
    memory: (after, _before, { canister }) => void Object.assign(draftOf(after, canister), noMemory),
    timer: (after, _before, { canister }) => void (draftOf(after, canister).timer = null),
    certified: (after, _before, { canister }) => void (draftOf(after, canister).certifiedData = hex("")),
    allocation: (after, _before, { canister }) => void (draftOf(after, canister).computeAllocation = percent(0)),
    allotment: (after, _before, { canister }) => void (draftOf(after, canister).memoryAllocation = bytes(0)),
    version: (after, before, { canister }) => grow(after, before, canister),
    snapshots: (after, _before, { canister }) => void (draftOf(after, canister).snapshots = new Map()),
    chunks: (after, _before, { canister }) => void (draftOf(after, canister).chunks = new Map()),
    history: (after, _before, { canister }) => void (draftOf(after, canister).history.changes = []),
    burn: (after, before, { canister }) => {
      const { balance, reserved } = canisterOf(before, canister);
      Object.assign(draftOf(after, canister), { balance: cycles(0n), reserved: cycles(0n) });
      after.burned = cycles(before.burned + balance + reserved);
    },
  },
});

const fundsOf = (before: State, { canister }: Due): bigint => canisterOf(before, canister).balance + canisterOf(before, canister).reserved;

/** What is set aside pays first. */
const drawn = (before: State, { canister, price }: Due): Cycles => least(canisterOf(before, canister).reserved, price);

const draw = (after: Draft<State>, before: State, due: Due): void =>
  void (draftOf(after, due.canister).reserved = cycles(canisterOf(before, due.canister).reserved - drawn(before, due)));

const debit = (after: Draft<State>, before: State, due: Due): void => move(after, due.canister, drawn(before, due) - due.price);
