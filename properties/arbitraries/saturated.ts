/**
 * Saturated worlds, for fairness: canisters that always have work, in a network where one message fills a core for a
 * round. Nothing costs anything, so nobody freezes; all that differs between canisters is their allocation.
 */
import type * as fc from "fast-check";
import {
  bytes, canisterId, cycles, hex, ingressId, instructions, nanoseconds, percent, seconds, type CanisterGenesis, type Hex, type Input, type Parameters, type Scenario, type Script,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge } from "./networks.ts";
import { within } from "./scripts.ts";
import { withFewerInputs } from "./busy.ts";

export const saturatedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => drawn((dice) => saturatedWorld(dice, vocabulary), withFewerInputs);

const saturatedWorld = (dice: Dice, { instructions: words }: Vocabulary): Scenario => {
  const cores = dice.whole(1, 4);
  const count = dice.chance(90) ? cores + dice.whole(1, 8) : dice.whole(1, cores);
  const rounds = dice.whole(104, 124);
  const limit = dice.whole(2, 50);
  const allocations = allocationsOf(dice, count, cores);
  const body: Script = within(words, [{ op: "consume", instructions: instructions(limit - 1) }, { op: "reply", payload: { kind: "bytes", bytes: "" as Hex } }]);
  const canisters = dice.shuffle(
    allocations.map((allocation, at): CanisterGenesis => ({
      id: canisterId(`c${String(at).padStart(2, "0")}`),
      computeAllocation: percent(allocation),
      freezingThreshold: seconds(0),
      balance: cycles(0n),
      methods: [{ name: "work", body }],
      onTimer: [],
    })),
  );
  const inputs: Input[] = [];
  for (const canister of canisters) {
    const messages = backlogOf(canister.computeAllocation, allocations, cores, rounds);
    for (let at = 0; at < messages; at++) inputs.push({ kind: "ingress", id: ingressId(`${canister.id}-${at}`), canister: canister.id, method: "work", payload: "" as Hex });
  }
  for (let at = 0; at < rounds; at++) inputs.push({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex("00".repeat(32)) });
  return { genesis: { parameters: networkOf(cores, limit, dice.whole(1, 5)), time: nanoseconds(0n), canisters }, inputs };
};

/** One message and its overhead use a core up. */
const networkOf = (cores: number, limit: number, overhead: number): Parameters => ({
  scheduler: "published",
  cores,
  roundInstructionLimit: instructions(limit + overhead),
  messageInstructionLimit: instructions(limit),
  messageOverhead: instructions(overhead),
  cleanupReserve: 0,
  queueCapacity: 1,
  maxPayload: bytes(32),
  maxPages: 1,
  pageSize: bytes(4),
  tapeLag: 1,
  fees: freeOfCharge,
});

/** Allocations far below the capacity, mostly, and several of them equal. */
const allocationsOf = (dice: Dice, count: number, cores: number): readonly number[] => {
  const usual = dice.pick([1, 5, 10, 10, 20, 25]);
  let left = 100 * cores;
  return Array.from({ length: count }, () => {
    const wanted = dice.weigh([[5, usual], [2, 0], [2, dice.whole(1, 60)], [1, dice.whole(1, 100)]]);
    const given = Math.min(wanted, left);
    left -= given;
    return given;
  });
};

/** Somewhat more messages than the canister's share of all rounds, so that it never runs out of work. */
const backlogOf = (allocation: number, allocations: readonly number[], cores: number, rounds: number): number => {
  const free = 100 * cores - allocations.reduce((sum, each) => sum + each, 0);
  const share = allocations.length <= cores ? 1 : (allocation + free / allocations.length) / 100;
  return Math.min(rounds, Math.ceil(rounds * share * 1.25) + 3);
};
