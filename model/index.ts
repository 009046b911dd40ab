/** The reference state machine: what the specification means. Slow, and readable. */
import { faultsOf, type Genesis, type Input, type Machine, type Session } from "../spec/index.ts";
import { viewOf } from "./observe.ts";
import { bootState } from "./boot.ts";
import type { State } from "./state.ts";
import { step, type Stepped } from "./step.ts";
import { reading, type Reading } from "./transition.ts";

/** The reference machine, read as said, or with one clause taken out. @throws Error at boot when the genesis has faults. */
export const createModel = (options: Reading = {}): Machine => ({
  name: "model",
  boot: (genesis: Genesis): Session => {
    const stepper = createStepper(genesis, options);
    let state = stepper.initial;
    return {
      apply: (input) => {
        const stepped = stepper.step(state, input);
        state = stepped.state;
        return stepped.observation;
      },
      view: () => viewOf(state),
    };
  },
});

/** The reference as a pure function, for whoever goes more than one way from a state: states never change. */
export interface Stepper {
  readonly initial: State;
  step(state: State, input: Input): Stepped;
}

/** @throws Error when the genesis has faults. */
export const createStepper = (genesis: Genesis, options: Reading = {}): Stepper => {
  const fire = reading(options);
  const faults = faultsOf(genesis);
  if (faults.length > 0) throw new Error(`genesis: ${faults.join("; ")}`);
  return { initial: bootState(genesis), step: (state, input) => step(fire, genesis, state, input) };
};

/** The reference machine. */
export const model: Machine = createModel();

export { faults, type Fault } from "./faults.ts";
export type { State } from "./state.ts";
export type { Reading } from "./transition.ts";
