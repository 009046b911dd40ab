/**
 * Memory that is allocated: at and around what canisters use, where memory becomes scarce, and where there is no more of it. Some have
 * just enough to set aside and to last with what they ask for, and some a cycle less; some may set just so much aside, or a cycle less.
 * @source facts/cycles.md CYC-4.2, CYC-4.5, CYC-Z08, T46; facts/messages.md F1, F4, IC0531, IC0533
 */
import { asciiOf, percent, seconds, type CanisterGenesis, type CanisterId, type Parameters } from "../../spec/index.ts";
import { creationFee, freezingThreshold, setAsideFor } from "../money.ts";
import type { Registry, Say } from "./coded-words.ts";
import type { Dice } from "./dice.ts";

/** What is asked for first, in this order: of whoever is made, and then of the tenants. */
export interface Allotments {
  readonly offers: readonly Offer[];
  readonly shares: ReadonlyMap<CanisterId, Share>;
}

/** What is said of a canister that is to be made, and what is given for it. */
export interface Offer {
  readonly words: string;
  /** @unit cycles */
  readonly attached: bigint;
}

/** What a tenant asks for. */
export interface Share {
  /** @unit bytes */
  readonly memory: number;
  /** What has to be set aside for it when its turn comes, as far as that can be known. @unit cycles */
  readonly due: bigint;
}

export const nothingAllotted: Allotments = { offers: [], shares: new Map() };

/** What everybody asks for first. */
export const allotmentsOf = (dice: Dice, parameters: Parameters, tenants: readonly CanisterId[]): Allotments => {
  let taken = 0;
  const dueFor = (memory: number): bigint => setAsideFor(parameters, Math.floor(taken / parameters.cores), memory);
  const take = (memory: number): void => {
    if (taken + memory <= parameters.storage.capacity) taken += memory;
  };
  const offers = dice.times(1, 3, (): Offer => {
    const memory = fewBytes(dice, parameters);
    const due = dueFor(memory);
    const freezing = seconds(dice.pick([0, 1, 10, 100]));
    const kept = freezingThreshold(
      parameters,
      { computeAllocation: percent(0), freezingThreshold: freezing },
      { memory, messages: 0, reserved: due },
    );
    const given = creationFee(parameters) + due + kept + dice.pick([-1n, 0n, 0n, 1n, 10n ** 9n]);
    const limit = due > 0n && dice.chance(45) ? [`reserved_cycles_limit=${due + dice.pick([-1n, 0n])}`] : [];
    if (given >= creationFee(parameters) + due + kept) take(memory);
    return {
      words: dice.shuffle([`memory_allocation=${memory}`, `freezing_threshold=${freezing}`, ...limit]).join(" "),
      attached: given < 0n ? 0n : given,
    };
  });
  const shares = new Map(
    tenants.map((id): readonly [CanisterId, Share] => {
      const memory = fewBytes(dice, parameters);
      const due = dueFor(memory);
      take(memory);
      return [id, { memory, due }];
    }),
  );
  return { offers, shares };
};

/** So much that it can be had: some pages, or a byte more or less. */
const fewBytes = (dice: Dice, { pageSize, maxPages }: Parameters): number =>
  Math.max(0, dice.whole(0, 2 * maxPages) * pageSize + dice.pick([-1, 0, 0, 1]));

/** What a tenant has that is to have its share: just what that takes, or a cycle less. @unit cycles */
export const shareEdge = (dice: Dice, parameters: Parameters, tenant: CanisterGenesis, { memory, due }: Share): bigint =>
  due + freezingThreshold(parameters, tenant, { memory, messages: 0, reserved: due }) + dice.pick([-1n, -1n, 0n, 0n, 1n]);

/** Anything that a canister may be allocated, or may not. @unit bytes */
const allotment = ({ dice, parameters }: Registry): string => {
  const { storage, pageSize, maxPages } = parameters;
  const wanted = dice.weigh<() => number>([
    [14, () => fewBytes(dice, parameters)],
    [4, () => storage.threshold + dice.pick([-1, 0, 1])],
    [6, () => storage.capacity - dice.whole(0, 4 * maxPages) * pageSize + dice.pick([-1, 0, 1])],
    [4, () => 0],
    [1, () => Number.MAX_SAFE_INTEGER],
  ])();
  return `memory_allocation=${Math.max(0, wanted)}`;
};

/** Settings with memory: alone, or with what decides about it; sometimes for longer than anybody can pay. */
export const memorySettings = (registry: Registry): readonly string[] => {
  const { dice, parameters } = registry;
  if (dice.chance(12)) return [`memory_allocation=${fewBytes(dice, parameters)}`, `freezing_threshold=${10 ** 12}`];
  const some = setAsideFor(parameters, dice.whole(0, 2 * parameters.maxPages) * parameters.pageSize, fewBytes(dice, parameters));
  const limit = `reserved_cycles_limit=${dice.pick([0n, some, some > 0n ? some - 1n : 0n, 10n ** 28n])}`;
  const freezing = `freezing_threshold=${dice.pick([0, 1, 100, 1_000])}`;
  return dice.shuffle([
    ...(dice.chance(85) ? [allotment(registry)] : []),
    ...(dice.chance(25) ? [limit] : []),
    ...(dice.chance(25) ? [freezing] : []),
    ...(dice.chance(15) ? [`compute_allocation=${dice.pick([0, 1, 2])}`] : []),
  ]);
};

/** The method with which clerks give what is offered there. */
export const offering = (at: number): string => `create_canister-offer-${at}`;

/** Everybody asks for memory before anybody uses some; and then they write, and what they have becomes more or less. */
export const firstAllotments = (registry: Registry, say: Say, round: () => void): void => {
  const { dice, tenants, clerks, allotments } = registry;
  const [chief] = clerks as readonly [CanisterId];
  allotments.offers.forEach(({ words, attached }, at) => {
    const amount = attached - creationFee(registry.parameters);
    const provision = `${amount > 0n ? amount : 0n} ${words}`;
    const isProvided = registry.provisions !== "none" && dice.chance(registry.provisions === "most" ? 60 : 10);
    if (isProvided && provision.length <= registry.parameters.maxPayload)
      say(chief, "provisional_create_canister_with_cycles", asciiOf(provision));
    else say(chief, offering(at), asciiOf(words));
  });
  for (const id of tenants) {
    const words = [id, `memory_allocation=${allotments.shares.get(id)?.memory ?? 0}`];
    if (dice.chance(85)) say(chief, "update_settings", asciiOf(words.join(" ")));
  }
  dice.times(2, 2, round);
  for (const id of tenants) {
    const first = dice.pick([[], ["grow"], ["keep"], ["keep", "grow"]]);
    for (const method of first) say(id, method, asciiOf("1"));
    if (dice.chance(50)) say(chief, "update_settings", asciiOf(`${id} ${allotment(registry)}`));
  }
  dice.times(1, 2, round);
};
