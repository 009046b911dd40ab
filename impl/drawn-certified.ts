/**
 * Worlds drawn from a seed in which canisters certify and users read: those of other chapters, whose scripts certify something here and there, and
 * in queries the certificate is read, and between whose inputs the state is.
 */
import type { CanisterGenesis, Genesis, Scenario, Script } from "../spec/index.ts";
import { withCertificates } from "./drawn-certificates.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { drawnCode } from "./drawn-management.ts";
import { drawnPrices } from "./drawn-prices.ts";
import { withReads } from "./drawn-reads.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withValues } from "./drawn-values.ts";
import { drawnWorld } from "./drawn-world.ts";
import { certify, message, pageOf } from "./small-world.ts";

export const drawnCertified = (seed: number): Scenario => {
  const draw = drawFrom(seed + 77);
  const { genesis, others = [], inputs } = draw.of([drawnWorld, drawnSchedule, drawnCharges, drawnPrices, drawnCode])(seed);
  const scenario = withValues(seed, {
    genesis: certifying(draw, genesis),
    others: others.map((one) => certifying(draw, one)),
    inputs: inputs.slice(0, MOVES),
  });
  return withReads(seed, withCertificates(seed, scenario), 3);
};

/** What comes early is enough: after every move all of the state is looked at. */
const MOVES = 50;

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
