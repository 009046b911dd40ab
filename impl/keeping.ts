/** What is kept beside a canister costs it something once, and takes memory of the subnet from then on, which may have to be set aside for. */
import { cycles, type Cycles } from "../spec/index.ts";
import { growthOf, memoryOf, type Canister } from "./canister.ts";
import { balanceOf, reservedOf } from "./cohorts.ts";
import { lessReserved } from "./freezing.ts";
import { setBalance, setReserved, type Engine } from "./state.ts";
import { memorySeen } from "./usage.ts";

/** What is taken from the balance: what is burned, and what is set aside. */
export interface Price {
  readonly charged: Cycles;
  readonly reserved: Cycles;
}

/** What something costs of which so many bytes are kept with a canister; below 0 when it takes the place of more. */
export const priceOf = (engine: Engine, canister: Canister, charged: Cycles, bytes: number): Price => ({
  charged,
  reserved: asideFor(engine, growthOf(canister, bytes)),
});

/** What has to be set aside where the memory of a canister grows by so many bytes; nothing where it does not. */
export const asideFor = (engine: Engine, growth: number): Cycles =>
  growth > 0 ? engine.prices.aside(memorySeen(engine, engine.genesis.parameters.cores), growth) : nothing;

/** Whether the canister may set so much aside, up to this limit. */
export const isLimited = (canister: Canister, reserved: Cycles, limit = canister.reservedLimit): boolean =>
  reserved === 0n || reservedOf(canister) + reserved <= limit;

/** Whether the balance covers the price, and the freezing threshold with so many bytes of memory more. */
export const isFunded = ({ prices }: Engine, canister: Canister, { charged, reserved }: Price, bytes: number): boolean => {
  const standingDay = prices.standingDay(memoryOf(canister, bytes), canister.allocation);
  const frozen = prices.frozen(standingDay, canister.messageBytes, canister.freezing);
  return balanceOf(canister) - charged - reserved >= lessReserved(frozen, cycles(reservedOf(canister) + reserved));
};

/** What is set aside is aside, and the rest is burned. */
export const pay = (engine: Engine, canister: Canister, { charged, reserved }: Price): void => {
  setBalance(engine, canister, cycles(balanceOf(canister) - charged));
  engine.totals.burned += charged;
  setAside(engine, canister, reserved);
};

/** So much of the balance is aside. */
export const setAside = (engine: Engine, canister: Canister, reserved: Cycles): void => {
  if (reserved === 0n) return;
  setBalance(engine, canister, cycles(balanceOf(canister) - reserved));
  setReserved(engine, canister, cycles(reservedOf(canister) + reserved));
};

const nothing = cycles(0n);
