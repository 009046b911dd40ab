/**
 * The worlds of the benchmarks, all made before a clock runs: worlds as the properties draw them, the same put together
 * on one crowded subnet, and subnets of any size on which few canisters have work.
 */
import * as fc from "fast-check";
import { busyWorlds, everything, without, type Focus, type Vocabulary } from "../properties/index.ts";
import {
  bytes,
  canisterId,
  cycles,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Input,
  type Nanoseconds,
  type Parameters,
  type Scenario,
} from "../spec/index.ts";
import { ingressTo, roundOf } from "./ample.ts";

/** Worlds as the properties draw them. */
export const drawnWorlds = (seed: number, count: number, vocabulary: Vocabulary = everything, focus: Focus = {}): readonly Scenario[] =>
  fc.sample(busyWorlds(vocabulary, focus), { seed, numRuns: count });

/** The vocabulary of a machine that nobody restarts: a restart writes and reads the whole state, and is no execution. */
export const unrestarted = without(new Set(["restart"]));

/** The vocabulary of worlds that can be put together: a subnet that talks to others is no part of one. */
const companionable: Vocabulary = {
  ...unrestarted,
  customs: new Set([...unrestarted.customs].filter((custom) => custom !== "networks" && custom !== "strangers")),
};

/** Drawn worlds of one network put together, so many that a subnet has up to 64 canisters: the most that the model is for. */
export const crowdedWorlds = (seed: number, count: number): readonly Scenario[] =>
  Array.from({ length: count }, (_, at) => {
    const network = (drawn: Parameters): Parameters => ({ ...drawn, ...roomy });
    const parts = drawnWorlds(seed + at, 24, companionable, { network }).map((world, part) => renamed(world, `-${part}`));
    return together(parts, 64);
  });

/** The limits that all parts of a crowded world share. Prices too, for balances are drawn to fit the prices. */
const roomy: Parameters = {
  ...publishedParameters,
  roundInstructionLimit: instructions(2_000),
  messageInstructionLimit: instructions(200),
  messageOverhead: instructions(5),
  queueCapacity: 5,
  maxPayload: bytes(64),
  maxPages: 5,
  heapPages: 1,
  pageSize: bytes(64),
};

/** A subnet on which a burst of messages goes to some canisters, round after round. */
export interface Crowd {
  readonly genesis: Genesis;
  /** The ingress messages of a burst to so many canisters, another set each time. */
  burst(active: number): readonly Input[];
  /** A second later than the one before, when nobody says another time. */
  round(elapsed?: Nanoseconds): Input;
}

/**
 * A subnet with so many canisters on 4 cores. Up to 100 of them have reserved compute, with allocations from 1 to 7; all
 * have one method, which uses 1,000 instructions, writes a page and replies.
 */
export const crowdOf = (count: number): Crowd => {
  const ids = Array.from({ length: count }, (_, at) => canisterId(`c-${at.toString(36)}`));
  const reserved = Math.min(100, Math.floor(count / 2));
  const genesis: Genesis = {
    // What a message costs beside its instructions is little, and the history is large: so all can be active in one round.
    parameters: { ...publishedParameters, messageOverhead: instructions(1_000), historyCapacity: 10_000_000 },
    time: nanoseconds(0n),
    canisters: ids.map((id, at) => worker(id, at < reserved ? 1 + (at % 7) : 0)),
  };
  let messages = 0;
  let rounds = 0;
  return {
    genesis,
    burst: (active) => {
      const from = (rounds * 7_919) % count;
      const stride = Math.max(1, Math.floor(count / Math.max(1, active)));
      return Array.from({ length: active }, (_, at): Input => ingressTo(ids[(from + at * stride) % count]!, "work", messages++, "01"));
    },
    round: (elapsed) => roundOf(rounds++, elapsed),
  };
};

const worker = (id: CanisterId, allocation: number): CanisterGenesis => ({
  id,
  computeAllocation: percent(allocation),
  freezingThreshold: seconds(2_592_000),
  balance: cycles(10n ** 18n),
  methods: [
    {
      name: "work",
      body: [
        { op: "consume", instructions: instructions(1_000) },
        { op: "write", page: 0, value: { kind: "message" } },
        { op: "reply", payload: { kind: "message" } },
      ],
    },
  ],
  onTimer: [],
});

/** The same world with another ending on every name of a canister or a message. */
const renamed = (world: Scenario, ending: string): Scenario => {
  const names = new Set<string>(world.genesis.canisters.map(({ id }) => id));
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === "string") {
      if ((key === "callee" || key === "canister") && names.has(value)) return `${value}${ending}`;
      return value;
    }
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part, name)]));
  };
  const { genesis, inputs } = visit(world, "") as Scenario;
  return {
    genesis: { ...genesis, canisters: genesis.canisters.map((canister) => ({ ...canister, id: canisterId(`${canister.id}${ending}`) })) },
    inputs: inputs.map((input): Input => (input.kind === "ingress" ? { ...input, id: ingressId(`${input.id}${ending}`) } : input)),
  };
};

/** Worlds side by side: the n-th round of all of them is one round, with what each of them asks before it. */
const together = (worlds: readonly Scenario[], most: number): Scenario => {
  const kept: Scenario[] = [];
  for (const world of worlds)
    if (kept.reduce((sum, { genesis }) => sum + genesis.canisters.length, world.genesis.canisters.length) <= most) kept.push(world);
  const rounds = kept.map(({ inputs }) => inRounds(inputs));
  const inputs: Input[] = [];
  for (let at = 0; at < Math.max(...rounds.map(({ length }) => length)); at++) {
    const parts = rounds.flatMap((some) => some[at] ?? []);
    inputs.push(...parts.filter(({ kind }) => kind !== "round"), ...parts.filter(({ kind }) => kind === "round").slice(0, 1));
  }
  let left = 100 * roomy.cores;
  const canisters = kept
    .flatMap(({ genesis }) => genesis.canisters)
    .map((canister): CanisterGenesis => {
      const given = Math.min(left, canister.computeAllocation);
      left -= given;
      return { ...canister, computeAllocation: percent(given) };
    });
  return { genesis: { ...kept[0]!.genesis, canisters }, inputs };
};

/** The inputs in groups, each of which ends with its round. */
const inRounds = (inputs: readonly Input[]): readonly (readonly Input[])[] => {
  const groups: Input[][] = [[]];
  for (const input of inputs) {
    groups.at(-1)!.push(input);
    if (input.kind === "round") groups.push([]);
  }
  return groups;
};
