/**
 * A guarded machine is the same machine, except that whatever it throws, and a promise that it never keeps, comes out
 * as a `MachineFault` that names the input. A machine that answers at once stays as fast as it was.
 */
import { drive, type Awaitable, type Machine, type Observation, type Scenario, type Session, type Trace } from "../spec/index.ts";
import { MachineFault, messageOf } from "./fault.ts";

/** How long a promise of a machine may take. A machine in another process has its own, shorter limits. @unit milliseconds */
export const promiseLimit = 30_000;

/** Leads a scenario through a machine. @throws MachineFault */
export const driveGuarded = (machine: Machine, scenario: Scenario): Awaitable<Trace> => drive(guarded(machine), scenario);

/** The machine for one scenario: its inputs are counted together, whichever of its sessions, one for each subnet, they go to. */
export const guarded = (machine: Machine, limit = promiseLimit): Machine => {
  let applied = 0;
  return {
    name: machine.name,
    boot: (genesis) =>
      caught(
        () => machine.boot(genesis),
        null,
        limit,
        (session) => guardedSession(session, () => applied++, limit),
      ),
  };
};

const guardedSession = (session: Session, next: () => number, limit: number): Session => ({
  apply: (input) => {
    const at = next();
    return caught(
      () => session.apply(input),
      at,
      limit,
      (observation) => wellFormed(observation, at),
    );
  },
  ...(session.view && { view: () => session.view!() }),
  ...(session.close && {
    close: () =>
      caught(
        () => session.close!(),
        null,
        limit,
        () => undefined,
      ),
  }),
});

/** Calls, and turns what is thrown or refused into a fault at this input. */
const caught = <T, U>(call: () => Awaitable<T>, at: number | null, limit: number, then: (value: T) => U): Awaitable<U> => {
  let value: Awaitable<T>;
  try {
    value = call();
  } catch (reason) {
    throw asFault(reason, at);
  }
  if (!(value instanceof Promise)) return then(value);
  return timely(value, at, limit).then(then, (reason: unknown) => {
    throw asFault(reason, at);
  });
};

const timely = <T>(value: Promise<T>, at: number | null, limit: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new MachineFault("TIMEOUT", `no answer within ${limit} ms`, at)), limit);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
};

const asFault = (reason: unknown, at: number | null): MachineFault =>
  reason instanceof MachineFault
    ? new MachineFault(reason.fault, reason.message, reason.at ?? at, reason.stderr)
    : new MachineFault("CRASH", messageOf(reason), at);

/** A property may read an observation without asking whether it is one. */
const wellFormed = (observation: Observation, at: number): Observation => {
  const came = observation as Partial<Observation> | null | undefined;
  if (!Array.isArray(came?.events) || !Array.isArray(came.draws) || typeof came.ledger !== "object") {
    throw new MachineFault("PROTOCOL_ERROR", "expected an observation with events, ledger and draws", at);
  }
  return observation;
};
