/** What the worlds of the benchmarks have in common: one core with ample room for a round, canisters with ample cycles, no prices. */
import {
  cycles,
  feesOfSystem,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Input,
  type Method,
  type MethodName,
  type Nanoseconds,
  type Parameters,
} from "../spec/index.ts";

export const second = nanoseconds(1_000_000_000n);

/** One core, and so much room for a round that limits do not cut it. */
export const ampleParameters: Parameters = {
  ...publishedParameters,
  cores: 1,
  roundInstructionLimit: instructions(10 ** 15),
  historyCapacity: 10_000_000,
  fees: feesOfSystem,
};

export const ampleCanister = (id: CanisterId, methods: readonly Method[]): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(10n ** 15n),
  methods,
  onTimer: [],
});

/** The ingress message of this number. */
export const ingressTo = (canister: CanisterId, method: MethodName, number: number, payload = ""): Extract<Input, { kind: "ingress" }> => ({
  kind: "ingress",
  id: ingressId(`m-${number.toString(36)}`),
  canister,
  method,
  payload: hex(payload),
});

/** The round of this number, with a tape of its own. */
export const roundOf = (number: number, elapsed: Nanoseconds = second): Extract<Input, { kind: "round" }> => ({
  kind: "round",
  elapsed,
  tape: hex(number.toString(16).padStart(64, "0")),
});
