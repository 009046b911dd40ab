/**
 * The freezing threshold: the balance below which a canister may not spend, so that it can pay for what it occupies for a while. Prices,
 * pages, allocation and messages make it; all but the messages change seldom, so what they make is kept until it changes.
 */
import { cycles, type Cycles } from "../spec/index.ts";
import { reservedOf } from "./cohorts.ts";
import type { Canister, Engine } from "./state.ts";

/** That of a canister as it is now, with so many bytes more for messages. */
export const thresholdNow = (engine: Engine, canister: Canister, moreBytes = 0): Cycles => {
  const bytes = canister.messageBytes + moreBytes;
  if (canister.frozenFor !== bytes) {
    canister.frozen = engine.prices.frozen(canister.allocation, canister.freezing, canister.pages?.size ?? 0, bytes);
    canister.frozenFor = bytes;
  }
  return lessReserved(canister.frozen, reservedOf(canister));
};

/** What is set aside already need not be on the balance. */
export const lessReserved = (frozen: Cycles, reserved: Cycles): Cycles => (frozen > reserved ? cycles(frozen - reserved) : none);

const none = cycles(0n);
