/**
 * What canisters pay for what they occupy. A machine tells the sums alone; what each canister pays follows from its pages,
 * its allocation, its balance and the time since it was last charged, so whoever followed a trace knows it. Written from
 * `docs/machine.md` section 14 alone.
 */
import { percent } from "../../spec/index.ts";
import { computeDay, memoryDay, priceFor } from "../money.ts";
import type { NotesOf } from "./absorb.ts";
import type { TrackedCanister, World } from "./world.ts";

/** One canister's charge. @unit cycles, but for seconds */
export interface Charge {
  readonly canister: TrackedCanister;
  /** Whole seconds since its last charge. */
  readonly seconds: bigint;
  /** What both cost for so long, and what of it is taken. */
  readonly price: { readonly memory: bigint; readonly compute: bigint };
  readonly taken: { readonly memory: bigint; readonly compute: bigint };
  /** Whether one of the two is not covered. */
  readonly dry: boolean;
}

const second = 1_000_000_000n;

/** The canisters that are charged when a round comes to its end with the world as it is now, by id. */
export const chargesNow = (world: World): readonly Charge[] =>
  [...world.canisters.values()].filter((canister) => isDue(world, canister)).map((canister) => chargeOf(world, canister));

export const isDue = ({ time, parameters }: World, { chargedAt, execution }: TrackedCanister): boolean =>
  execution === null && time - chargedAt >= parameters.chargePeriod;

const chargeOf = ({ time, parameters }: World, canister: TrackedCanister): Charge => {
  const { balance, pages, chargedAt, genesis } = canister;
  const seconds = (time - chargedAt) / second;
  const price = {
    memory: priceFor(memoryDay(parameters, pages.size), seconds),
    compute: priceFor(computeDay(parameters, genesis.computeAllocation), seconds),
  };
  const memory = price.memory <= balance ? price.memory : null;
  const compute = memory !== null && price.compute <= balance - memory ? price.compute : null;
  return { canister, seconds, price, taken: { memory: memory ?? 0n, compute: compute ?? 0n }, dry: compute === null };
};

/** What a charge leaves on the balance. @unit cycles */
export const leftBy = ({ canister, taken }: Charge): bigint => canister.balance - taken.memory - taken.compute;

/** What all of them pay. @unit cycles */
export const sumOf = (charges: readonly Charge[], what: "memory" | "compute"): bigint =>
  charges.reduce((sum, { taken }) => sum + taken[what], 0n);

/** A canister without code keeps its cycles and its callbacks; its contexts are told of right behind. */
export const loseCode = (world: World, canister: TrackedCanister): void => {
  Object.assign(canister, { installed: false, timer: null, certifiedData: "", hook: "none" });
  canister.pages.clear();
  canister.tasks.length = 0;
  world.withdrawing = canister.id;
};

export const chargeNotes: NotesOf<"resources-charged" | "ran-dry"> = {
  "resources-charged": (world) => {
    for (const charge of chargesNow(world)) Object.assign(charge.canister, { balance: leftBy(charge), chargedAt: world.time });
  },
  "ran-dry": (world, { canister: id }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    loseCode(world, canister);
    canister.balance = 0n;
    canister.genesis = { ...canister.genesis, computeAllocation: percent(0) };
  },
};
