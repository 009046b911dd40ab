/**
 * Canisters to put into worlds: methods from the grammar, what tasks and inspections run, bounds on memory, and balances
 * that mostly reach for everything, or lie at the edge of what the next message, call or page needs.
 */
import {
  cycles,
  percent,
  seconds,
  stableRoomOf,
  type CanisterGenesis,
  type CanisterId,
  type LowMemory,
  type Parameters,
  type Script,
} from "../../spec/index.ts";
import { callFee, callReserve, freezingThreshold, ofPages, prepayment, receptionFee } from "../money.ts";
import type { Dice } from "./dice.ts";
import type { Focus } from "./focus.ts";
import { levels, type Terrain } from "./grammar.ts";
import { idioms, type IdiomName } from "./idioms.ts";
import { controllersDrawn } from "./reads.ts";
import { bodyOf, inspectionOf, taskOf, within } from "./scripts.ts";

/** A canister that calls itself more often than others. */
export const canisterOf = (
  dice: Dice,
  terrain: Terrain,
  id: CanisterId,
  allocation: number,
  focus: Focus,
  planted: IdiomName | null,
): CanisterGenesis => {
  const { customs, words } = terrain;
  const here = { ...terrain, canisters: [...terrain.canisters, id] };
  const methods = levels.map((name, level) => {
    const programs = planted !== null && level === 0 ? [planted] : dice.chance(85) ? (focus.programs?.[level] ?? []) : [];
    const body = programs.length > 0 ? within(words, idioms[dice.pick(programs)](dice, here, level)) : bodyOf(dice, here, level);
    return { name, body };
  });
  const always = (custom: "heartbeats" | "inspections" | "hooks"): number => (focus.customs?.includes(custom) === true ? 85 : 45);
  const poor: CanisterGenesis = {
    id,
    computeAllocation: percent(allocation),
    freezingThreshold: seconds(dice.pick([0, 1, 1_000, 86_400, 2_592_000])),
    balance: cycles(0n),
    ...stableDrawn(dice, terrain.parameters),
    ...controllersDrawn(dice, customs, here.canisters),
    methods: dice.chance(4) ? methods.slice(0, 2) : methods,
    onTimer: taskOf(dice, terrain),
    ...(customs.has("heartbeats") && dice.chance(always("heartbeats")) && { onHeartbeat: heartbeatOf(dice, terrain) }),
    ...(customs.has("inspections") && dice.chance(always("inspections")) && { inspect: inspectionOf(dice, terrain) }),
    ...(customs.has("hooks") && dice.chance(always("hooks")) && { lowMemory: lowMemoryOf(dice, terrain) }),
  };
  return { ...poor, balance: cycles(balanceOf(dice, terrain, poor, focus.scarce === true && planted === null)) };
};

/** How much stable memory a canister begins with, where there can be any: mostly all. */
export const stableDrawn = (dice: Dice, parameters: Parameters): Pick<CanisterGenesis, "stablePages"> => {
  const room = stableRoomOf(parameters);
  if (room === 0) return {};
  const stablePages = dice.weigh([
    [5, room],
    [3, dice.whole(0, room)],
    [2, 0],
  ]);
  return { stablePages };
};

/** About what one message that sends one call costs. @unit cycles */
export const unitOf = (parameters: Parameters): bigint => {
  const unit = prepayment(parameters) + callFee(parameters, 4) + receptionFee(parameters, 4);
  return unit < 10n ? 10n : unit;
};

/** Allocations whose sum is allowed: several equal, most of them small. */
export const allocationsOf = (dice: Dice, canisters: number, cores: number): readonly number[] => {
  const usual = dice.pick([0, 0, 5, 20, 33]);
  let left = 100 * cores;
  return Array.from({ length: canisters }, () => {
    const wanted = dice.weigh([
      [5, usual],
      [2, 0],
      [1, dice.whole(0, 100)],
    ]);
    const given = Math.min(wanted, left);
    left -= given;
    return given;
  });
};

/** Most heartbeats call nobody: what is called in every round hardly comes to rest. */
const heartbeatOf = (dice: Dice, terrain: Terrain): Script => {
  const quiet = new Set([...terrain.words].filter((word) => word !== "call"));
  return taskOf(dice, dice.chance(70) ? { ...terrain, words: quiet } : terrain);
};

/** Of the limit on the heap, mostly some pages are left when the hook becomes ready; a threshold beyond the limit is passed from the start. */
const lowMemoryOf = (dice: Dice, terrain: Terrain): LowMemory => {
  const { maxPages, heapPages } = terrain.parameters;
  const limit = dice.chance(10) ? 0 : dice.whole(1, Math.min(maxPages, heapPages));
  return {
    limit,
    threshold: dice.weigh([
      [6, dice.whole(0, limit)],
      [1, limit + 1],
    ]),
    hook: taskOf(dice, terrain),
  };
};

/** Rich mostly; else at the edge of what one more message, call or page needs. @unit cycles */
const balanceOf = (dice: Dice, { parameters, unit }: Terrain, canister: CanisterGenesis, scarce: boolean): bigint => {
  const kind = scarce
    ? dice.weigh([
        [30, "rich"],
        [60, "edge"],
        [10, "poor"],
      ])
    : dice.weigh([
        [88, "rich"],
        [9, "edge"],
        [3, "poor"],
      ]);
  const largest = freezingThreshold(parameters, canister, ofPages(parameters, parameters.maxPages));
  if (kind === "rich") return largest + (unit + callReserve(parameters)) * BigInt(dice.whole(20, 400)) + dice.big(0n, unit);
  const threshold = freezingThreshold(parameters, canister, ofPages(parameters, dice.whole(0, parameters.maxPages)));
  if (kind === "poor") return dice.big(0n, threshold + prepayment(parameters));
  const calls =
    BigInt(
      dice.weigh([
        [3, 0],
        [2, 1],
        [1, 2],
      ]),
    ) *
    (callFee(parameters, 4) + callReserve(parameters));
  const messages = BigInt(dice.whole(1, 3)) * (prepayment(parameters) + receptionFee(parameters, dice.whole(0, 6)));
  const edge = threshold + messages + calls + dice.pick([-1n, 0n, 1n, 0n]);
  return edge < 0n ? 0n : edge;
};
