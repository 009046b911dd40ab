/** Worlds of heartbeats: each canister has work in every round, and a slice of it fills a core; so rounds are all there is to tell. */
import {
  cycles,
  instructions,
  percent,
  type CanisterGenesis,
  type Input,
  type Instruction,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { canister, network, round, world } from "./stories.ts";

export interface Beat {
  /** @unit percent */
  readonly allocation: number;
  /** Of its heartbeat; 1 when it is not said. */
  readonly slices?: number;
}

/** Canisters a, b and so on; a slice has 40 instructions, and the longest heartbeat all that a message may have. */
export const beating = (beats: readonly Beat[], rounds: number, parameters: Partial<Parameters> = {}): Scenario => ({
  genesis: world(
    beats.map(({ allocation, slices = 1 }, at) =>
      canister(
        String.fromCharCode("a".charCodeAt(0) + at),
        {},
        { computeAllocation: percent(allocation), balance: cycles(1_000_000_000n), onHeartbeat: [consuming(40 * slices)] },
      ),
    ),
    {
      cores: parameters.scheduler === "current" ? 2 : 1,
      roundInstructionLimit: instructions(42),
      sliceInstructionLimit: instructions(40),
      messageInstructionLimit: instructions(40 * Math.max(...beats.map(({ slices = 1 }) => slices))),
      ...parameters,
    },
  ),
  inputs: Array.from({ length: rounds }, (): Input => round()),
});

/** The same with a canister that cannot pay, and with what it is asked before each round. */
export const beatingBeside = (frozen: string, asked: (nth: number) => readonly Input[], scenario: Scenario): Scenario => {
  const { genesis, inputs } = scenario;
  const poor: CanisterGenesis = canister(frozen, { m0: [consuming(1)] }, { balance: cycles(20n) });
  const fees = { ...network.fees, ingress: cycles(0n), ingressByte: cycles(0n) };
  return {
    genesis: { ...genesis, parameters: { ...genesis.parameters, fees }, canisters: [...genesis.canisters, poor] },
    inputs: inputs.flatMap((input, nth) => [...asked(nth), input]),
  };
};

const consuming = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });
