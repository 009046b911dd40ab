/**
 * What it takes to keep something beside a canister, or to bring it back: a price that is burned, what has to be set aside for its
 * bytes, and its bytes as if they had been written.
 */
import type { Draft } from "immer";
import { bytes, cycles, type CanisterId, type Cycles } from "../spec/index.ts";
import { growthOf, memoryInUse } from "./memory.ts";
import { freezingThreshold, reservation } from "./money.ts";
import { canisterOf, draftOf, known, move } from "./reading.ts";
import type { Canister, State } from "./state.ts";

/** Whether a canister wrote little enough for more to be written of it. */
export const isCalm = ({ canisters, parameters }: State, canister: CanisterId): boolean =>
  known(canisters.get(canister), `canister ${canister}`).heapDebit < parameters.heapDeltaRateLimit;

/** Whether the balance covers a cost, and the freezing threshold of what the canister will be. */
export const canPay = (before: State, then: Canister, cost: bigint): boolean => then.balance >= cost + freezingThreshold(before, then);

/** What has to be set aside when a canister becomes another, whose memory may be greater. */
export const aheadFor = (before: State, now: Canister, then: Canister): Cycles =>
  aheadForBytes(before, growthOf(before.parameters, now, then));

/** What has to be set aside for so many bytes more, outside of an execution. */
export const aheadForBytes = (before: State, more: number): Cycles =>
  reservation(before.parameters, Math.floor(memoryInUse(before) / before.parameters.cores), more);

export const burnPrice = (after: Draft<State>, before: State, canister: CanisterId, price: Cycles): void => {
  move(after, canister, -price);
  after.burned = cycles(before.burned + price);
};

export const setAside = (after: Draft<State>, before: State, canister: CanisterId, ahead: Cycles): void => {
  move(after, canister, -ahead);
  draftOf(after, canister).reserved = cycles(canisterOf(before, canister).reserved + ahead);
};

export const writeDown = (after: Draft<State>, before: State, canister: CanisterId, written: number): void => {
  draftOf(after, canister).heapDebit = bytes(canisterOf(before, canister).heapDebit + written);
  after.heapDelta = bytes(before.heapDelta + written);
};
