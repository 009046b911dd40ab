/**
 * Worlds drawn from a seed in which requests leave the layer. They are other drawn worlds, in which canisters ask mostly for signatures, keys and
 * outcalls, with keys that the subnet has and with some that it has not, and in whose rounds answers come: right ones, too long ones, for requests
 * that are not prepared yet, for those that nobody made, for one request twice, and such as say that nothing came of it.
 */
import {
  bytes,
  cycles,
  hex,
  keyName,
  type ConsensusAnswer,
  type FeeTable,
  type Genesis,
  type ManagementMethod,
  type Move,
  type Parameters,
  type Scenario,
} from "../spec/index.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { managed } from "./drawn-management.ts";
import { drawnPrices } from "./drawn-prices.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withStableMemory } from "./drawn-stable.ts";
import { drawnWorld } from "./drawn-world.ts";

export const drawnOutcalls = (seed: number): Scenario => {
  const draw = drawFrom(seed ^ 0xca11);
  const worldFrom = draw.of([drawnWorld, drawnSchedule, drawnPrices, drawnCharges]);
  const { genesis, others = [], inputs } = managed(draw, () => worldFrom(seed), methods, true);
  const limits = limitsFrom(draw);
  const asking = (one: Genesis): Genesis => ({
    ...one,
    parameters: { ...one.parameters, ...limits, fees: feesFrom(draw, one.parameters.fees) },
  });
  return withStableMemory(seed, {
    genesis: asking(genesis),
    others: others.map(asking),
    inputs: inputs.map((move, at): Move => {
      if (move.kind === "set-fees") return { ...move, fees: feesFrom(draw, move.fees) };
      return move.kind === "round" && draw.chance(2, 3) ? { ...move, answers: draw.list(1, 4, () => answerFrom(draw, at)) } : move;
    }),
  });
};

const methods: readonly ManagementMethod[] = [
  ...Array.from({ length: 3 }, () => ["sign_with_ecdsa", "sign_with_schnorr", "vetkd_derive_key", "http_request"] as const).flat(),
  ...(["http_request", "stop_canister", "start_canister", "delete_canister", "uninstall_code", "deposit_cycles"] as const),
];

const limitsFrom = (draw: Draw): Partial<Parameters> => ({
  keys: draw.of([["k1", "k2"], ["k1", "k2"], ["k2", "k1"], ["k1"], ["k1"], []]).map(keyName),
  signatureQueue: draw.of([0, 1, 1, 2, 2, 20]),
  outcallLimit: draw.of([0, 1, 1, 2, 2, 50]),
  ...(draw.chance(3, 4) && { maxPayload: bytes(draw.of([80, 100])) }),
});

const feesFrom = (draw: Draw, fees: FeeTable): FeeTable => ({
  ...fees,
  signature: cycles(draw.of([0n, 7n, 40n, 900n])),
  outcall: cycles(draw.of([0n, 2n, 30n])),
  outcallNode: cycles(draw.of([0n, 1n])),
  outcallRequestByte: cycles(draw.of([0n, 1n, 3n])),
  outcallResponseByte: cycles(draw.of([0n, 0n, 1n, 2n])),
});

/** Numbers grow as the world goes on, and many requests are answered at some time. */
const answerFrom = (draw: Draw, at: number): ConsensusAnswer => ({
  request: draw.chance(1, 30) ? draw.of([99, -1, 0.5]) : draw.below(2 + Math.floor(at / 16)),
  reply: draw.chance(1, 4) ? null : hex("ee".repeat(draw.of([0, 0, 1, 2, 8, 9, 40, 101]))),
});
