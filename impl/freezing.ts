/**
 * The freezing threshold: the balance below which a canister may not spend, so that it can pay for what it occupies for a while. Prices,
 * memory, allocation and messages make it. All but the messages change seldom, so what they make is kept until it changes. The
 * messages change all the time; but most canisters have much more than they need, and for these it is enough to know what
 * a multiple of their messages would cost.
 */
import { cycles, type Cycles } from "../spec/index.ts";
import { memoryTaken } from "./canister.ts";
import { reservedOf } from "./cohorts.ts";
import type { Canister, Engine } from "./state.ts";

/** What is known of the price of a canister's freezing period, as long as prices, memory and allocation stay. @unit cycles */
export interface Frost {
  /** Of memory and allocation, in a day. */
  readonly standingDay: bigint;
  /** With so many bytes for messages. */
  bytes: number;
  price: Cycles;
  /** With more than there are now, if that was found out. */
  ampleBytes: number;
  ample: Cycles;
}

/** That of a canister as it is now, with so many bytes more for messages. */
export const thresholdNow = (engine: Engine, canister: Canister, moreBytes = 0): Cycles =>
  lessReserved(frozenWith(engine, canister, canister.messageBytes + moreBytes), reservedOf(canister));

/** Whether so many cycles are not below the freezing threshold of a canister as it is now, with so many bytes more for messages. */
export const isThawed = (engine: Engine, canister: Canister, balance: bigint, moreBytes = 0): boolean =>
  isAmple(engine, canister, balance, canister.messageBytes + moreBytes) || balance >= thresholdNow(engine, canister, moreBytes);

/** Whether so many cycles are certainly enough, with so many bytes for messages; if not, it has to be found out. */
export const isAmple = (engine: Engine, canister: Canister, balance: bigint, messageBytes: number): boolean => {
  const frost = frostOf(engine, canister);
  if (messageBytes > frost.ampleBytes) {
    frost.ampleBytes = 2 * messageBytes;
    frost.ample = engine.prices.frozen(frost.standingDay, frost.ampleBytes, canister.freezing);
  }
  return balance >= frost.ample;
};

/** What the canister as it is now, but with so many bytes for messages, costs in its freezing period. */
export const frozenWith = (engine: Engine, canister: Canister, messageBytes: number): Cycles => {
  const frost = frostOf(engine, canister);
  if (frost.bytes !== messageBytes) {
    frost.bytes = messageBytes;
    frost.price = engine.prices.frozen(frost.standingDay, messageBytes, canister.freezing);
  }
  return frost.price;
};

/** What is set aside already need not be on the balance. */
export const lessReserved = (frozen: Cycles, reserved: Cycles): Cycles => (frozen > reserved ? cycles(frozen - reserved) : none);

const none = cycles(0n);

const frostOf = ({ prices, genesis }: Engine, canister: Canister): Frost => {
  if (canister.frost !== null) return canister.frost;
  const standingDay = prices.standingDay(memoryTaken(genesis.parameters, canister), canister.allocation);
  const price = prices.frozen(standingDay, 0, canister.freezing);
  return (canister.frost = { standingDay, bytes: 0, price, ampleBytes: 0, ample: price });
};
