/** Leads a scenario through the door: one session for each subnet, and between them the network of the scenario. */
import { networkOf } from "./delivery.ts";
import type { Awaitable, Machine, Session } from "./machine.ts";
import type { Scenario, Step, Trace } from "./scenario.ts";

/** It awaits only when it is handed a promise, so machines in this process stay fast. */
export const drive = (machine: Machine, scenario: Scenario): Awaitable<Trace> => {
  const genesis = [scenario.genesis, ...(scenario.others ?? [])];
  const sessions: Session[] = [];
  const boot = (from: number): Awaitable<void> => {
    for (let at = from; at < genesis.length; at++) {
      const booted = machine.boot(genesis[at]!);
      if (booted instanceof Promise) return booted.then((session) => (sessions.push(session), boot(at + 1)));
      sessions.push(booted);
    }
  };
  const steps: Step[] = [];
  const network = networkOf(genesis);
  const walk = (from: number): Awaitable<void> => {
    for (let at = from; at < scenario.inputs.length; at++) {
      const { subnet, input } = network.arrange(scenario.inputs[at]!);
      const keep = (observation: Step["observation"]): void => {
        network.carry(subnet, observation);
        steps.push(subnet === 0 ? { input, observation } : { subnet, input, observation });
      };
      const observed = sessions[subnet]!.apply(input);
      if (observed instanceof Promise) return observed.then((observation) => (keep(observation), walk(at + 1)));
      keep(observed);
    }
  };
  const close = (): Awaitable<void> => {
    const closing = sessions.map((session) => session.close?.()).filter((closed) => closed instanceof Promise);
    return closing.length === 0 ? undefined : Promise.all(closing).then(() => undefined);
  };
  const traced = (): Trace => ({ machine: machine.name, scenario, steps });
  const failed = async (reason: unknown): Promise<never> => {
    await close();
    throw reason;
  };
  try {
    const walked = after(boot(0), () => walk(0));
    return walked instanceof Promise ? walked.then(() => after(close(), traced), failed) : after(close(), traced);
  } catch (reason) {
    void close();
    throw reason;
  }
};

const after = <T, R>(first: Awaitable<T>, next: (done: T) => Awaitable<R>): Awaitable<R> =>
  first instanceof Promise ? first.then(next) : next(first);
