/**
 * A scenario is what is done to a machine; a trace is what the machine did. Both are plain values.
 * A scenario may join several subnets, each a session of the same machine: every move names its subnet, and a round of
 * one subnet is handed what the network lets through of the streams of the others. The network is the scenario's: it
 * delays, repeats, and lets streams overtake each other, but it neither invents nor changes a message.
 */
import type { Genesis } from "./genesis.ts";
import type { Input } from "./input.ts";
import type { Observation } from "./observation.ts";

export interface Scenario {
  readonly genesis: Genesis;
  /** Other subnets, each with a `network` of its own; `genesis` is subnet number 0, the first of these number 1. */
  readonly others?: readonly Genesis[];
  readonly inputs: readonly Move[];
}

/** An input for one of the subnets; one that names a subnet that is not there is for subnet number 0. */
export type Move = Input & {
  /** The number of the subnet; 0 when left out. */
  readonly subnet?: number;
  /** For a round: what the network delivers, in this order, after the slices that the input holds. */
  readonly deliveries?: readonly Delivery[];
};

/** The network hands over a slice of the stream of another subnet; a number that is no other subnet delivers nothing. */
export interface Delivery {
  /** The number of the subnet from which it comes. */
  readonly from: number;
  /** Most messages in it that were not delivered before. */
  readonly count: number;
  /** How many messages that were delivered before it repeats at most. */
  readonly again?: number;
}

export interface Step {
  /** The number of the subnet; left out for number 0. */
  readonly subnet?: number;
  /** As the machine got it: with the slices that were delivered. */
  readonly input: Input;
  readonly observation: Observation;
}

export interface Trace {
  readonly machine: string;
  readonly scenario: Scenario;
  /** One for each input, in order. */
  readonly steps: readonly Step[];
}
