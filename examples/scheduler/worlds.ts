/**
 * Worlds that show what the schedulers do to a reservation. A reserved canister with calls of two slices among others whose
 * calls are ten times as long: the order of long executions looks at how long they have been running before it looks at
 * priority, so the reservation waits behind them. And a reserved canister that is in debt because another one has more
 * credit than it can ever spend: newcomers without debt come before it.
 */
import {
  canisterId,
  currentParameters,
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

/**
 * The same at its worst, in small numbers: calls of `own` slices against three canisters with calls of `most` slices, and
 * one with calls of one slice, so that there are never long executions alone.
 */
export const longestAgainst = (own: number, most: number, rounds: number): Scenario => {
  const parts: readonly Part[] = [
    { name: "reserved", allocation: 82, slices: own },
    { name: "short", allocation: 0, slices: 1 },
    ...["one", "two", "three"].map((name) => ({ name: `long-${name}`, allocation: 0, slices: most })),
  ];
  return {
    genesis: {
      parameters: {
        ...currentParameters,
        cores: 2,
        allocatable: 100,
        roundInstructionLimit: instructions(12),
        messageInstructionLimit: instructions(10 * most),
        sliceInstructionLimit: instructions(10),
        messageOverhead: instructions(2),
        canisterOverhead: instructions(0),
        finalisationOverhead: instructions(0),
        fees: feesOfSystem,
      },
      time: nanoseconds(0n),
      canisters: parts.map(({ name, allocation, slices }) => ({
        ...empty(name, allocation),
        methods: [{ name: "work", body: [{ op: "consume", instructions: instructions(10 * slices - 1) }, answer] }],
      })),
    },
    inputs: Array.from({ length: rounds }, (_, k) => [
      ...parts.filter(({ slices }) => k % slices === 0).map(({ name, slices }) => ask(name, k / slices)),
      round(k + 1),
    ]).flat(),
  };
};

/**
 * The published scheduler, three cores: `greedy` reserved a whole core and is credited with a share of the rest that it can
 * never use; `reserved` has 31 percent, two others nothing. All have work in every round. After so many rounds, newcomers.
 * @source facts/scheduler.md SCH-2.1.9
 */
export const newcomersAfter = (rounds: number, newcomers: number, more: number): Scenario => ({
  genesis: {
    parameters: {
      ...publishedParameters,
      cores: 3,
      roundInstructionLimit: instructions(12),
      messageInstructionLimit: instructions(10),
      messageOverhead: instructions(2),
      fees: feesOfSystem,
    },
    time: nanoseconds(0n),
    canisters: [beating("greedy", 100), beating("reserved", 31), ...["one", "two"].map((name) => beating(`other-${name}`, 0))],
  },
  inputs: [
    ...Array.from({ length: rounds }, (_, k) => round(k + 1)),
    ...Array.from({ length: newcomers }, (_, k): Input => ({ kind: "create-canister", canister: beating(`newcomer-${k + 1}`, 0) })),
    ...Array.from({ length: more }, (_, k) => round(rounds + k + 1)),
  ],
});

const empty = (name: string, allocation: number): CanisterGenesis => ({
  id: canisterId(name),
  computeAllocation: percent(allocation),
  freezingThreshold: seconds(0),
  balance: cycles(0n),
  methods: [],
  onTimer: [],
});

/** Its heartbeat is as long as a round. */
const beating = (name: string, allocation: number): CanisterGenesis => ({
  ...empty(name, allocation),
  onHeartbeat: [{ op: "consume", instructions: instructions(10) }],
});

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
