/**
 * What canisters pay for what they occupy. A machine tells the sums alone; what each canister pays follows from its memory,
 * its messages, its allocations, what it has and what it set aside, and the time since it was last charged, so whoever followed
 * a trace knows it. Written from `docs/machine.md` section 14 alone.
 */
import { percent } from "../../spec/index.ts";
import { computeDay, memoryDay, messagesDay, priceFor } from "../money.ts";
import type { NotesOf } from "./absorb.ts";
import { countChange, forgetChanges } from "./histories.ts";
import { memoryOf, messageMemory } from "./holdings.ts";
import type { TrackedCanister, World } from "./world.ts";

/** What a canister pays for. */
export type Due = "memory" | "messages" | "compute";

/** One canister's charge. @unit cycles, but for seconds */
export interface Charge {
  readonly canister: TrackedCanister;
  /** Whole seconds since its last charge. */
  readonly seconds: bigint;
  /** What each costs for so long, and what of it is taken. */
  readonly price: Readonly<Record<Due, bigint>>;
  readonly taken: Readonly<Record<Due, bigint>>;
  /** What is left of the balance, and of what was set aside, which pays first. */
  readonly balance: bigint;
  readonly reserved: bigint;
  /** Whether one of them is not covered. */
  readonly dry: boolean;
}

/** What must be known to tell a charge. */
export type Charging = Pick<World, "canisters" | "parameters" | "time">;

const second = 1_000_000_000n;

/** In the order in which they are paid. */
const dues: readonly Due[] = ["memory", "messages", "compute"];

/** The canisters that are charged when a round comes to its end with the world as it is now, by id. */
export const chargesNow = (world: Charging): readonly Charge[] =>
  [...world.canisters.values()].filter((canister) => isDue(world, canister)).map((canister) => chargeOf(world, canister));

export const isDue = ({ time, parameters }: Pick<Charging, "parameters" | "time">, { chargedAt, execution }: TrackedCanister): boolean =>
  execution === null && time - chargedAt >= parameters.chargePeriod;

const chargeOf = ({ time, parameters }: Charging, canister: TrackedCanister): Charge => {
  const { chargedAt, genesis } = canister;
  const seconds = (time - chargedAt) / second;
  const price = {
    memory: priceFor(memoryDay(parameters, memoryOf(canister, parameters)), seconds),
    messages: priceFor(messagesDay(parameters, messageMemory(canister, parameters)), seconds),
    compute: priceFor(computeDay(parameters, genesis.computeAllocation), seconds),
  };
  const taken = { memory: 0n, messages: 0n, compute: 0n };
  let { balance, reserved } = canister;
  for (const due of dues) {
    if (price[due] > balance + reserved) return { canister, seconds, price, taken, balance, reserved, dry: true };
    const drawn = price[due] < reserved ? price[due] : reserved;
    taken[due] = price[due];
    reserved -= drawn;
    balance -= price[due] - drawn;
  }
  return { canister, seconds, price, taken, balance, reserved, dry: false };
};

/** What of a charge comes from what was set aside. @unit cycles */
export const drawnBy = ({ canister, reserved }: Charge): bigint => canister.reserved - reserved;

/** What all of them pay. @unit cycles */
export const sumOf = (charges: readonly Charge[], what: Due): bigint => charges.reduce((sum, { taken }) => sum + taken[what], 0n);

/** A canister without code keeps its cycles and its callbacks; its contexts are told of right behind. */
export const loseCode = (world: World, canister: TrackedCanister): void => {
  Object.assign(canister, { installed: false, stablePages: 0, timer: null, certifiedData: "", hook: "none" });
  canister.pages.clear();
  canister.chunks.clear();
  canister.tasks.length = 0;
  world.withdrawing = canister.id;
};

export const chargeNotes: NotesOf<"resources-charged" | "ran-dry"> = {
  "resources-charged": (world) => {
    for (const { canister, balance, reserved } of chargesNow(world)) Object.assign(canister, { balance, reserved, chargedAt: world.time });
  },
  "ran-dry": (world, { canister: id }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    loseCode(world, canister);
    Object.assign(canister, { balance: 0n, reserved: 0n, memoryAllocation: 0 });
    canister.snapshots.clear();
    canister.genesis = { ...canister.genesis, computeAllocation: percent(0) };
    countChange(canister);
    forgetChanges(canister);
  },
};
