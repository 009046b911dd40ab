/**
 * The door. Model, impl and every stranger implement `Machine` and nothing else.
 *
 * Three laws: the door is *total* (every input is legal in every state; a refusal is an observed event), *closed*
 * (nothing happens that is not an input) and *silent about text* (reject codes are compared, messages are not).
 */
import type { Genesis } from "./genesis.ts";
import type { Input } from "./input.ts";
import type { Observation } from "./observation.ts";
import type { Scenario, Step, Trace } from "./scenario.ts";
import type { StateView } from "./view.ts";

export type Awaitable<T> = T | Promise<T>;

/** A machine takes inputs and gives observations. */
export interface Machine {
  readonly name: string;
  /** Starts from nothing but the genesis. */
  boot(genesis: Genesis): Awaitable<Session>;
}

export interface Session {
  apply(input: Input): Awaitable<Observation>;
  /** The state in the words of the specification, to show where two machines part. */
  view?(): Awaitable<StateView>;
  close?(): Awaitable<void>;
}

/** Leads a scenario through the door. It awaits only when it is handed a promise, so machines in this process stay fast. */
export const drive = (machine: Machine, scenario: Scenario): Awaitable<Trace> => {
  const steps: Step[] = [];
  const traced = (): Trace => ({ machine: machine.name, scenario, steps });
  const walk = (session: Session, from: number): Awaitable<Trace> => {
    for (let at = from; at < scenario.inputs.length; at++) {
      const input = scenario.inputs[at]!;
      const observed = session.apply(input);
      if (observed instanceof Promise) {
        return observed.then((observation) => {
          steps.push({ input, observation });
          return walk(session, at + 1);
        });
      }
      steps.push({ input, observation: observed });
    }
    const closed = session.close?.();
    return closed instanceof Promise ? closed.then(traced) : traced();
  };
  const closing = (session: Session, walked: Awaitable<Trace>): Awaitable<Trace> =>
    walked instanceof Promise
      ? walked.catch(async (reason: unknown) => {
          await session.close?.();
          throw reason;
        })
      : walked;
  const session = machine.boot(scenario.genesis);
  if (session instanceof Promise) return session.then((booted) => closing(booted, walk(booted, 0)));
  try {
    return closing(session, walk(session, 0));
  } catch (reason) {
    void session.close?.();
    throw reason;
  }
};
