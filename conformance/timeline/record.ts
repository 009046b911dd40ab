/** A session as a timeline needs it: what a machine observed, and after each round what it says of priorities, when it says so. */
import type { CanisterId, Genesis, Input, Machine, Observation, Scenario } from "../../spec/index.ts";

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

/** Leads a scenario through the door. */
export const record = async (machine: Machine, { genesis, inputs }: Scenario): Promise<Recording> => {
  const session = await machine.boot(genesis);
  try {
    const steps: RecordedStep[] = [];
    for (const input of inputs) {
      const observation = await session.apply(input);
      const view = input.kind === "round" ? await session.view?.() : undefined;
      const accounts = view?.canisters.map(({ id, accumulatedPriority, executedRounds }) => ({
        canister: id,
        priority: accumulatedPriority,
        unpaid: executedRounds,
      }));
      steps.push({ input, observation, accounts: accounts ?? null });
    }
    return { machine: machine.name, genesis, steps };
  } finally {
    await session.close?.();
  }
};
