/**
 * Saturated worlds, for fairness: canisters that always have work, in a network where one message fills a core for a
 * round. Nothing costs anything, so nobody freezes; all that differs between canisters is their allocation.
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type Input,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, plenty } from "./networks.ts";
import { within } from "./scripts.ts";
import { withFewerInputs } from "./busy.ts";

/** Of the published scheduler; or of the current one, with fewer canisters, where a machine knows it. */
export const saturatedWorlds = (vocabulary: Vocabulary, scheduler: Parameters["scheduler"] = "published"): fc.Arbitrary<Scenario> => {
  const known = vocabulary.customs.has("current-scheduler") ? scheduler : "published";
  return drawn((dice) => saturatedWorld(dice, vocabulary, known), withFewerInputs);
};

const saturatedWorld = (dice: Dice, { instructions: words }: Vocabulary, scheduler: Parameters["scheduler"]): Scenario => {
  const current = scheduler === "current";
  const cores = dice.weigh([
    [current ? 0 : 5, 1],
    [current ? 6 : 3, 2],
    [1, 3],
    [1, 4],
  ]);
  const count = dice.chance(93) ? cores + (current ? dice.whole(1, 4) : dice.whole(2, 8)) : dice.whole(1, cores);
  const rounds = dice.whole(104, 124);
  const limit = dice.whole(2, 50);
  const allocations = allocationsOf(dice, count, current ? 100 * (cores - 1) - 1 : 100 * cores);
  const body: Script = within(words, [
    { op: "consume", instructions: instructions(limit - 1) },
    { op: "reply", payload: { kind: "bytes", bytes: hex("") } },
  ]);
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
  const feeds = canisters.map((canister) => ({ canister, share: shareOf(canister.computeAllocation, allocations, cores), fed: 0 }));
  const inputs: Input[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const feed of feeds) {
      for (const wanted = Math.min(round * feed.share + 3, rounds); feed.fed < wanted; feed.fed++) {
        inputs.push({
          kind: "ingress",
          id: ingressId(`${feed.canister.id}-${feed.fed}`),
          canister: feed.canister.id,
          method: "work",
          payload: hex(""),
        });
      }
    }
    inputs.push({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex("00".repeat(32)) });
  }
  return { genesis: { parameters: { ...networkOf(cores, limit, dice.whole(1, 5)), scheduler }, time: nanoseconds(0n), canisters }, inputs };
};

/** One message and its overhead use a core up. */
const networkOf = (cores: number, limit: number, overhead: number): Parameters => ({
  ...plenty,
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
const allocationsOf = (dice: Dice, count: number, most: number): readonly number[] => {
  const usual = dice.pick([1, 5, 10, 10, 20, 25]);
  let left = most;
  return Array.from({ length: count }, () => {
    const wanted = dice.weigh([
      [9, usual],
      [2, 0],
      [2, dice.whole(1, 60)],
      [1, dice.whole(1, 100)],
    ]);
    const given = Math.min(wanted, left, 100);
    left -= given;
    return given;
  });
};

/** Somewhat more messages in a round than the canister's share of it, so that it never runs out of work. */
const shareOf = (allocation: number, allocations: readonly number[], cores: number): number => {
  const free = 100 * cores - allocations.reduce((sum, each) => sum + each, 0);
  return allocations.length <= cores ? 1 : Math.min(1, ((allocation + free / allocations.length) / 100) * 1.15);
};
