/**
 * The door. Model, impl and every stranger implement `Machine` and nothing else.
 *
 * Three laws: the door is *total* (every input is legal in every state; a refusal is an observed event), *closed*
 * (nothing happens that is not an input) and *silent about text* (reject codes are compared, messages are not).
 */
import type { Genesis } from "./genesis.ts";
import type { Input } from "./input.ts";
import type { Observation } from "./observation.ts";
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
