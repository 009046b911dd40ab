/**
 * A reserved canister with calls of two slices, among others whose calls are ten times as long and who reserved nothing.
 * The order of long executions looks at how long they have been running before it looks at priority, so the canister
 * with the reservation waits behind them, and its priority climbs in vain.
 */
import {
  canisterId,
  currentParameters,
  cycles,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type Input,
  type Instruction,
  type Scenario,
  type Script,
} from "../../spec/index.ts";

/**
 * Two cores, an application subnet of 2026 but for what may be allocated: 82 percent of a core for calls of two slices, nothing for
 * calls of 20, 17, 14 and 11 slices and for one that works on its timer, a slice in every round. Calls come as fast as a core could
 * execute them, so everybody has work from the first round to the last.
 * @source facts/scheduler.md SCH-7.10
 */
export const longAgainstShort = (rounds: number): Scenario => ({
  genesis: {
    parameters: { ...currentParameters, cores: 2, allocatable: 100 },
    time: nanoseconds(0n),
    canisters: [...callers, short].map(canisterOf),
  },
  inputs: [
    ask(short.name, 0),
    ...Array.from({ length: rounds }, (_, k) => [
      ...callers.filter(({ slices }) => k % slices === 0).map(({ name, slices }) => ask(name, k / slices)),
      round(k + 1),
    ]).flat(),
  ],
});

interface Part {
  readonly name: string;
  readonly allocation: number;
  /** Of each of its messages. */
  readonly slices: number;
}

const callers: readonly Part[] = [
  { name: "reserved-2", allocation: 82, slices: 2 },
  { name: "long-20", allocation: 0, slices: 20 },
  { name: "long-17", allocation: 0, slices: 17 },
  { name: "long-14", allocation: 0, slices: 14 },
  { name: "long-11", allocation: 0, slices: 11 },
];
const short: Part = { name: "short", allocation: 0, slices: 1 };

const canisterOf = ({ name, allocation, slices }: Part): CanisterGenesis => ({
  id: canisterId(name),
  computeAllocation: percent(allocation),
  freezingThreshold: seconds(0),
  balance: cycles(10n ** 16n),
  methods: [{ name: "work", body: slices > 1 ? [...consuming(slices), answer] : [again, answer] }],
  onTimer: slices > 1 ? [] : [...consuming(slices), again],
});

/** All but one instruction of so many slices: one is left for what follows. */
const consuming = (slices: number): Script => [
  { op: "consume", instructions: instructions(slices * currentParameters.sliceInstructionLimit - 1) },
];
const answer: Instruction = { op: "reply", payload: { kind: "bytes", bytes: hex("") } };
/** The timer is due in the next round. */
const again: Instruction = { op: "set-timer", after: nanoseconds(0n) };

const ask = (name: string, number: number): Input => ({
  kind: "ingress",
  id: ingressId(`${name}-${number}`),
  canister: canisterId(name),
  method: "work",
  payload: hex(""),
});

const round = (number: number): Input => ({
  kind: "round",
  elapsed: nanoseconds(1_000_000_000n),
  tape: hex(number.toString(16).padStart(64, "0")),
});
