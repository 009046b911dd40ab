/** What is kept beside a canister costs it something once, and takes memory of the subnet from then on, which may have to be set aside for. */
import { cycles, type Cycles } from "../spec/index.ts";
import { memoryTaken, type Canister } from "./canister.ts";
import { balanceOf, reservedOf } from "./cohorts.ts";
import { lessReserved } from "./freezing.ts";
import { setBalance, setReserved, type Engine } from "./state.ts";
import { memorySeen } from "./usage.ts";

/** What is taken from the balance: what is burned, and what is set aside. */
export interface Price {
  readonly charged: Cycles;
  readonly reserved: Cycles;
}

/** What something costs that takes so many bytes of memory; below 0 when it takes the place of more. */
export const priceOf = (engine: Engine, charged: Cycles, bytes: number): Price => {
  const { prices, genesis } = engine;
  return { charged, reserved: bytes > 0 ? prices.aside(memorySeen(engine, genesis.parameters.cores), bytes) : nothing };
};

/** Whether the canister may set so much aside. */
export const isLimited = (canister: Canister, { reserved }: Price): boolean =>
  reserved === 0n || reservedOf(canister) + reserved <= canister.reservedLimit;

/** Whether the balance covers the price, and the freezing threshold with so many bytes of memory more. */
export const isFunded = ({ prices, genesis }: Engine, canister: Canister, { charged, reserved }: Price, bytes: number): boolean => {
  const standingDay = prices.standingDay(memoryTaken(genesis.parameters, canister) + bytes, canister.allocation);
  const frozen = prices.frozen(standingDay, canister.messageBytes, canister.freezing);
  return balanceOf(canister) - charged - reserved >= lessReserved(frozen, cycles(reservedOf(canister) + reserved));
};

/** What is set aside is aside, and the rest is burned. */
export const pay = (engine: Engine, canister: Canister, { charged, reserved }: Price): void => {
  setBalance(engine, canister, cycles(balanceOf(canister) - charged - reserved));
  if (reserved > 0n) setReserved(engine, canister, cycles(reservedOf(canister) + reserved));
  engine.totals.burned += charged;
};

const nothing = cycles(0n);
