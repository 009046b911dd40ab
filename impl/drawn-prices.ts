/**
 * Worlds drawn from a seed in which prices change, and in most of which there are tokens. They are the worlds in which canisters are
 * charged, with other inputs strewn in; creations cost something, and sometimes everything becomes many times as expensive.
 */
import {
  accountId,
  canisterId,
  cycles,
  e8s,
  nanoseconds,
  type FeeTable,
  type Genesis,
  type Move,
  type Scenario,
  type TokenGenesis,
} from "../spec/index.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { drawFrom, type Draw } from "./drawing.ts";

export const drawnPrices = (seed: number): Scenario => {
  const draw = drawFrom(seed);
  const { genesis, others = [], inputs } = drawnCharges(seed);
  const pricing = (one: Genesis): Genesis => {
    const fees = { ...one.parameters.fees, creation: cycles(draw.of([0n, 700n, 20_000n])) };
    const maxPausedExecutions = draw.chance(1, 2) ? 0 : one.parameters.maxPausedExecutions;
    return { ...one, parameters: { ...one.parameters, maxPausedExecutions, fees }, ...(draw.chance(3, 4) && { tokens: tokensFrom(draw) }) };
  };
  const subnets = 1 + others.length;
  return {
    genesis: pricing(genesis),
    others: others.map(pricing),
    inputs: inputs.flatMap((move) => [
      move,
      ...draw.list(0, draw.of([0, 2, 5]), () => ({ ...moveFrom(draw, genesis.parameters.fees), subnet: draw.below(subnets) })),
    ]),
  };
};

const owners = ["ann", "bob", "cleo"];

const tokensFrom = (draw: Draw): TokenGenesis => ({
  accounts: owners.slice(0, 1 + draw.below(3)).map((owner) => ({ account: accountId(owner), balance: e8s(draw.of([0n, 500n, 100_000n])) })),
  permyriad: draw.of([1n, 7n, 500n]),
  transferFee: e8s(draw.of([0n, 3n])),
  penalties: { topUp: e8s(draw.of([0n, 2n])), create: e8s(draw.of([0n, 20n])) },
  mintLimit: cycles(draw.of([1_000n, 30_000n, 10n ** 9n])),
  mintWindow: nanoseconds(draw.of([0n, 3n, 3_000n]) * 1_000_000_000n),
});

const moveFrom = (draw: Draw, fees: FeeTable): Move => {
  const from = accountId(draw.of([...owners, "dan"]));
  const tokens = e8s(draw.of([0n, 1n, 30n, 400n]));
  const cut = draw.below(16);
  if (cut < 4) return { kind: "set-fees", fees: feesFrom(draw, fees) };
  if (cut < 8) {
    const canister = canisterId(draw.of(["a", "a", "b", "c", "cc", "d", "far", "aaaaa-aa", "nobody"]));
    return { kind: "pay", from, tokens, purpose: { kind: draw.of(["top-up", "create"] as const), canister } };
  }
  if (cut < 12) return { kind: "notify", conversion: draw.below(4) };
  if (cut < 13) return { kind: "transfer", from, to: accountId(draw.of([...owners, "dan"])), tokens };
  if (cut < 14) return { kind: "set-rate", permyriad: draw.of([1n, 10n, 60n, 1_000n]) };
  const permyriad = draw.of([0n, 1n, 3n]);
  return { kind: "reward", account: from, reward: draw.of([{ unit: "xdr", permyriad } as const, { unit: "tokens", tokens } as const]) };
};

const feesFrom = (draw: Draw, fees: FeeTable): FeeTable => ({
  ...fees,
  name: draw.of(["low", "high", "odd"]),
  subnetSize: draw.of([1, 7, 13, 26, 260, 2_600]),
  execution: cycles(draw.of([0n, 100n, 333n])),
  tenInstructions: cycles(draw.of([1n, 10n, 25n])),
  transmissionByte: cycles(draw.of([0n, 1n, 5n])),
  gibSecond: cycles(draw.of([0n, 2n ** 18n, 2n ** 22n])),
  messageGibSecond: cycles(draw.of([0n, 2n ** 25n, 2n ** 28n])),
  baseSecond: cycles(draw.of([0n, 9n])),
  percentSecond: cycles(draw.of([0n, 1n, 6n])),
  creation: cycles(draw.of([0n, 700n, 20_000n])),
  schedule: draw.chance(1, 10) ? "free" : "normal",
});
