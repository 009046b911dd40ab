/**
 * The published scheduler as one would first write a model of it: one immutable state, one recipe for each
 * round, matched on its input. It is what a lockstep check costs when nobody thinks of its speed.
 */
import { Immer } from "immer";
import { match } from "ts-pattern";

export interface NaiveState {
  readonly canisters: readonly { readonly allocation: number; readonly priority: number; readonly waiting: number }[];
  /** Who was served in the last round, in the order of the round. */
  readonly served: readonly number[];
}

interface NaiveRound {
  readonly kind: "round";
  /** Who gets a message before it, as bits. */
  readonly arrived: number;
  readonly cores: number;
}

// Freezing every state would make it slower yet.
const { produce } = new Immer({ autoFreeze: false });

export const naiveState = (allocations: readonly number[]): NaiveState => ({
  canisters: allocations.map((allocation) => ({ allocation, priority: 0, waiting: 0 })),
  served: [],
});

export const naiveStep = (before: NaiveState, input: NaiveRound): NaiveState =>
  match(input)
    .with({ kind: "round" }, ({ arrived, cores }) => {
      const count = before.canisters.length;
      const free = 100 * cores - before.canisters.reduce((sum, { allocation }) => sum + allocation, 0);
      const priorities = before.canisters.map(({ allocation, priority }) => priority + count * allocation + free);
      const waiting = before.canisters.map((canister, at) => canister.waiting + ((arrived >>> at) & 1));
      const order = priorities.map((_, at) => at).sort((left, right) => priorities[right]! - priorities[left]! || left - right);
      const served = order.filter((at) => waiting[at]! > 0).slice(0, cores);
      return produce(before, (after) => {
        after.canisters.forEach((canister, at) => {
          canister.priority = priorities[at]! - (order.indexOf(at) < cores ? 100 * count : 0);
          canister.waiting = waiting[at]! - (served.includes(at) ? 1 : 0);
        });
        after.served = served;
      });
    })
    .exhaustive();
