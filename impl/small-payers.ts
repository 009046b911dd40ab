/** Payers without a canister behind them, for the tests of cohorts. */
import { cycles, nanoseconds } from "../spec/index.ts";
import type { Payer } from "./cohorts.ts";
import type { Upkeep } from "./rates.ts";

export const payerOf = (index: number, balance: bigint, chargedAt: bigint, reserved = 0n): Payer => ({
  index,
  stated: cycles(balance),
  statedReserve: cycles(reserved),
  chargedAt: nanoseconds(chargedAt),
  cohort: null,
  rate: null,
  mark: null,
  key: 0,
  place: 0,
});

/** Who pays only for memory. */
export const ofMemory = (memoryDay: bigint): Upkeep => ({ memoryDay, messagesDay: 0n, computeDay: 0n });
