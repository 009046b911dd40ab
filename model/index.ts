/** The reference state machine: what the specification means. Slow, and readable. */
import { faultsOf, type Genesis, type Machine, type Session } from "../spec/index.ts";
import { viewOf } from "./observe.ts";
import { bootState } from "./state.ts";
import { step } from "./step.ts";
import { reading, type Reading } from "./transition.ts";

/** The reference machine, read as said, or with one clause taken out. @throws Error at boot when the genesis has faults. */
export const createModel = (options: Reading = {}): Machine => {
  const fire = reading(options);
  return {
    name: "model",
    boot: (genesis: Genesis): Session => {
      const faults = faultsOf(genesis);
      if (faults.length > 0) throw new Error(`genesis: ${faults.join("; ")}`);
      let state = bootState(genesis);
      return {
        apply: (input) => {
          const stepped = step(fire, genesis, state, input);
          state = stepped.state;
          return stepped.observation;
        },
        view: () => viewOf(state),
      };
    },
  };
};

/** The reference machine. */
export const model: Machine = createModel();

export type { Reading } from "./transition.ts";
