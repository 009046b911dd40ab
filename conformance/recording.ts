/**
 * What a machine did as far as it went. `drive` gives a whole trace or nothing; here a machine that breaks down on the way
 * leaves the steps before, and at the end of a scenario the state of a subnet can be looked at before the session is closed.
 */
import {
  drive,
  type Input,
  type Machine,
  type Observation,
  type Scenario,
  type Session,
  type StateView,
  type Step,
} from "../spec/index.ts";
import { MachineFault, messageOf } from "./fault.ts";
import { subnetOf } from "./subnets.ts";

export interface Recording {
  readonly steps: readonly Step[];
  /** What ended it, when it did not come to the end of the scenario. */
  readonly fault: string | null;
}

/** Leads a scenario through a machine for as long as it goes. `beforeEach` is called before each input. */
export const record = async (machine: Machine, scenario: Scenario, beforeEach?: () => void): Promise<Recording> => {
  const steps: Step[] = [];
  const overheard = watched(machine, (session, subnet) => ({
    apply: async (input) => {
      beforeEach?.();
      const observation = await session.apply(input);
      steps.push(stepOf(subnet, input, observation));
      return observation;
    },
  }));
  return { steps, fault: await faultOf(overheard, scenario) };
};

/** The state of a subnet after the first inputs of a scenario, or why it cannot be shown: the subnet of the last of them. */
export const stateAfter = async (machine: Machine, scenario: Scenario, inputs: number): Promise<StateView | string> => {
  const last = scenario.inputs[inputs - 1];
  const asked = last === undefined ? 0 : subnetOf(scenario, last);
  let state: StateView | string = `${machine.name} does not tell its state`;
  const asking = watched(machine, (session, subnet) => ({
    apply: (input) => session.apply(input),
    close: async () => {
      if (subnet === asked && session.view) state = await session.view();
    },
  }));
  const fault = await faultOf(asking, { ...scenario, inputs: scenario.inputs.slice(0, inputs) });
  return fault === null ? state : `${machine.name} failed before: ${fault}`;
};

/** The machine with something else at its door; the sessions of one scenario are numbered like its subnets. */
const watched = (machine: Machine, watch: (session: Session, subnet: number) => Session): Machine => {
  let subnets = 0;
  return {
    name: machine.name,
    boot: async (genesis) => {
      const subnet = subnets++;
      const session = await machine.boot(genesis);
      const outer = watch(session, subnet);
      return {
        ...outer,
        close: async () => {
          try {
            await outer.close?.();
          } finally {
            await session.close?.();
          }
        },
      };
    },
  };
};

const faultOf = async (machine: Machine, scenario: Scenario): Promise<string | null> => {
  try {
    await drive(machine, scenario);
    return null;
  } catch (reason) {
    return reason instanceof MachineFault ? `${reason.fault}: ${reason.message}` : messageOf(reason);
  }
};

const stepOf = (subnet: number, input: Input, observation: Observation): Step =>
  subnet === 0 ? { input, observation } : { subnet, input, observation };
