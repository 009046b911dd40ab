/** Traces of a committee of four, written by hand: each step is an input, and the events that somebody says it made. */
import {
  canisterId,
  cycles,
  height,
  hex,
  instructions,
  nanoseconds,
  publishedParameters,
  type Committee,
  type Draw,
  type Event,
  type Genesis,
  type Hex,
  type Input,
  type Observation,
  type ShareOrigin,
  type Trace,
} from "../../spec/index.ts";
import { shareOf, tapeOf } from "../committee/signatures.ts";

export const four: Committee = { nodes: 4, threshold: 2, dealing: hex("07".repeat(32)), offset: 0 };
const genesisOfFour: Genesis = { parameters: publishedParameters, time: nanoseconds(0n), committee: four, canisters: [] };

export type Told = readonly [input: Input, events: readonly Event[], draws?: readonly Draw[]];

export const traceOf = (steps: readonly Told[], genesis: Genesis = genesisOfFour): Trace => ({
  machine: "by hand",
  scenario: { genesis, inputs: steps.map(([input]) => input) },
  steps: steps.map(([input, events, draws]) => ({ input, observation: observed(events, draws) })),
});

const none = cycles(0n);

const observed = (events: readonly Event[], draws: readonly Draw[] = []): Observation => ({
  events,
  draws,
  ledger: {
    balances: none,
    reserved: none,
    messages: none,
    contexts: none,
    callbacks: none,
    burned: none,
    executions: none,
    float: none,
    lost: none,
    sent: none,
    received: none,
    minted: none,
  },
  stateRoot: null,
});

export const final = (node: number, of: number): Input => ({ kind: "finalise", node, height: height(of) });
export const handed = (from: number, to: number, of: number, origin: ShareOrigin = { kind: "released" }): Input => ({
  kind: "share",
  from,
  to,
  height: height(of),
  origin,
});
export const roundWith = (tape: Hex): Input => ({ kind: "round", elapsed: nanoseconds(1n), tape });

export const finalised = (node: number, of: number): Event => ({ kind: "block-finalised", node, height: height(of) });
export const released = (node: number, of: number, share: Hex = shareOf(four, node, of)): Event => ({
  kind: "share-released",
  node,
  height: height(of),
  share,
});
export const admitted = (from: number, node: number, of: number): Event => ({ kind: "share-admitted", node, from, height: height(of) });
export const made = (node: number, of: number, tape: Hex = tapeOf(four, of)): Event => ({
  kind: "tape-made",
  node,
  height: height(of),
  tape,
});
export const refusedRound = (of: number, error: "CN0008" | "CN0009"): Event => ({ kind: "round-refused", height: height(of), error });

/** A round in which nothing is executed, with what else it tells. */
export const idleRound = (of: number, ...more: readonly Event[]): readonly Event[] => [
  { kind: "round-began", height: height(of), time: nanoseconds(BigInt(of)) },
  ...more,
  { kind: "round-ended", height: height(of), iterations: 0, instructions: instructions(0) },
];

/** Nodes 2 and 1 see the genesis as final, and node 1 is handed the share of node 2. */
export const makingOfOne: readonly Told[] = [
  [final(2, 0), [finalised(2, 0), released(2, 1)]],
  [final(1, 0), [finalised(1, 0), released(1, 1)]],
  [handed(2, 1, 1), [admitted(2, 1, 1), made(1, 1)]],
];

/** A round that answers requests of one canister with these bytes. */
export const answersOfRound = (of: number, tape: Hex, bytes: readonly Hex[]): Told => {
  const canister = canisterId("a");
  const draws = bytes.map((drawn, index): Draw => ({
    tape: height(of),
    index,
    purpose: "randomness",
    asked: height(of - 1),
    canister,
    callback: 100 * of + index,
    bytes: drawn,
  }));
  return [
    roundWith(tape),
    idleRound(of, ...draws.map(({ callback }): Event => ({ kind: "randomness-answered", canister, callback }))),
    draws,
  ];
};
