/** A session as a timeline needs it: what a machine observed, and after each round what it says of priorities, when it says so. */
import { drive, type CanisterId, type Genesis, type Input, type Machine, type Observation, type Scenario } from "../../spec/index.ts";
import { genesesOf } from "../subnets.ts";

export interface Recording {
  readonly machine: string;
  readonly genesis: Genesis;
  readonly steps: readonly RecordedStep[];
}

export interface RecordedStep {
  readonly input: Input;
  readonly observation: Observation;
  /** After a round, from a machine that shows its state; else `null`. */
  readonly accounts: readonly Account[] | null;
}

/** What a canister has with the scheduler. */
export interface Account {
  readonly canister: CanisterId;
  /** In the units of the scheduler. */
  readonly priority: bigint;
  readonly unpaid: number;
}

/** Leads a scenario through the door, all of its subnets, and keeps what one of them did. */
export const record = async (machine: Machine, scenario: Scenario, subnet = 0): Promise<Recording> => {
  const steps: RecordedStep[] = [];
  let booted = 0;
  const overheard: Machine = {
    name: machine.name,
    boot: async (genesis) => {
      const session = await machine.boot(genesis);
      if (booted++ !== subnet) return session;
      return {
        ...(session.close && { close: () => session.close!() }),
        apply: async (input) => {
          const observation = await session.apply(input);
          const view = input.kind === "round" ? await session.view?.() : undefined;
          const accounts = view?.canisters.map(({ id, accumulatedPriority, executedRounds }) => ({
            canister: id,
            priority: accumulatedPriority,
            unpaid: executedRounds,
          }));
          steps.push({ input, observation, accounts: accounts ?? null });
          return observation;
        },
      };
    },
  };
  await drive(overheard, scenario);
  return { machine: machine.name, genesis: genesesOf(scenario)[subnet]!, steps };
};
