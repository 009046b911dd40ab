/**
 * Worlds drawn from a seed in which canisters certify and users read: those of other chapters, whose scripts certify something here and there, and
 * between whose inputs the state is read, at paths that are there, that are not, and that nobody may read.
 */
import type { CanisterGenesis, Genesis, Label, Move, Path, Scenario, Script } from "../spec/index.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { drawnPrices } from "./drawn-prices.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withValues } from "./drawn-values.ts";
import { drawnWorld } from "./drawn-world.ts";
import { certify, message, pageOf, readState } from "./small-world.ts";

export const drawnCertified = (seed: number): Scenario => {
  const draw = drawFrom(seed + 77);
  const { genesis, others = [], inputs } = draw.of([drawnWorld, drawnSchedule, drawnCharges, drawnPrices])(seed);
  return withValues(seed, {
    genesis: certifying(draw, genesis),
    others: others.map((one) => certifying(draw, one)),
    inputs: inputs.flatMap((move) => (draw.chance(1, 3) ? [move, readFrom(draw, move)] : [move])),
  });
};

const certifying = (draw: Draw, genesis: Genesis): Genesis => ({
  ...genesis,
  canisters: genesis.canisters.map((canister): CanisterGenesis => {
    const { methods, onTimer, onHeartbeat, inspect } = canister;
    return {
      ...canister,
      methods: methods.map((method) => ({ ...method, body: withData(draw, method.body) })),
      onTimer: withData(draw, onTimer),
      ...(onHeartbeat && { onHeartbeat: withData(draw, onHeartbeat) }),
      ...(inspect && draw.chance(1, 4) && { inspect: withData(draw, inspect) }),
    };
  }),
});

/** The script, and the callbacks of its calls, with something certified before some of the instructions, or at the end. */
const withData = (draw: Draw, script: Script): Script => {
  const some = (): Script => (draw.chance(1, 3) ? [certify(draw.of(data))] : []);
  return [
    ...script.flatMap((instruction) => [
      ...some(),
      instruction.op === "call"
        ? {
            ...instruction,
            onReply: withData(draw, instruction.onReply),
            onReject: withData(draw, instruction.onReject),
            onCleanup: draw.chance(1, 4) ? withData(draw, instruction.onCleanup) : instruction.onCleanup,
          }
        : instruction,
    ]),
    ...some(),
  ];
};

const data = ["", "01", "01", "ab".repeat(32), "ab".repeat(33), message, pageOf(0)] as const;

const readFrom = (draw: Draw, { subnet }: Move): Move => {
  const paths = draw.chance(1, 40) ? Array.from({ length: 1_001 }, () => ["time"]) : draw.list(0, 4, () => pathFrom(draw));
  return { ...readState(...paths), ...(subnet === undefined ? {} : { subnet }) };
};

const pathFrom = (draw: Draw): Path => {
  const canister = (): Label => draw.of(["a", "b", "c", "d", "e", "x", "y", "0", "nobody", "zz"]);
  const part = (): Label[] => draw.of([["status"], ["reply"], ["reject_code"], ["error_code"], []]);
  const cut = draw.below(12);
  if (cut < 1) return ["time"];
  if (cut < 5) return ["canister", canister(), "certified_data"];
  if (cut < 11)
    return ["request_status", draw.of(["i-again", `i${draw.below(1000)}`, `i${draw.below(10)}`, `m${draw.below(10)}`]), ...part()];
  return draw.chance(1, 4) ? ["canister", canister(), "memory"] : ["time"];
};
