/** A scenario is what is done to a machine; a trace is what the machine did. Both are plain values. */
import type { Genesis } from "./genesis.ts";
import type { Input } from "./input.ts";
import type { Observation } from "./observation.ts";

export interface Scenario {
  readonly genesis: Genesis;
  readonly inputs: readonly Input[];
}

export interface Step {
  readonly input: Input;
  readonly observation: Observation;
}

export interface Trace {
  readonly machine: string;
  readonly scenario: Scenario;
  /** One for each input, in order. */
  readonly steps: readonly Step[];
}
