/**
 * What users ask the certified state for: what is there, what is next to it and is not there, what nobody may read, and too much at
 * once. A label that is not there lies between two that are, or before or behind all of them.
 */
import { mostPaths, type CanisterId, type IngressId, type Label, type Path } from "../../spec/index.ts";
import type { Dice } from "./dice.ts";

/** What there is to ask for. */
export interface Readable {
  readonly canisters: readonly CanisterId[];
  readonly messages: readonly IngressId[];
}

/** The paths of one read. */
export const pathsDrawn = (dice: Dice, known: Readable): readonly Path[] => {
  const paths = dice.times(0, 5, () => pathDrawn(dice, known));
  const many = dice.chance(11) ? dice.pick([mostPaths, mostPaths + 1]) : 0;
  const filled = paths.length > 0 ? paths : [["time"]];
  const all = many === 0 ? paths : Array.from({ length: many }, (_, at) => filled[at % filled.length]!);
  if (!dice.chance(9)) return all;
  return many === 0 || dice.chance(50) ? dice.shuffle([...all, closedDrawn(dice, known)]) : [closedDrawn(dice, known), ...all.slice(1)];
};

const pathDrawn = (dice: Dice, known: Readable): Path =>
  dice.weigh<() => Path>([
    [1, () => ["time"]],
    [5, () => ["canister", labelDrawn(dice, known.canisters), "certified_data"]],
    [4, () => ["canister", labelDrawn(dice, known.canisters), "controllers"]],
    [2, () => ["request_status", labelDrawn(dice, known.messages)]],
    [4, () => ["request_status", labelDrawn(dice, known.messages), dice.pick(parts)]],
  ])();

const parts = ["status", "reply", "reject_code", "error_code"] as const;

/** A path that nobody may read: it ends too early or too late, or leads elsewhere. */
const closedDrawn = (dice: Dice, known: Readable): Path => {
  const canister = labelDrawn(dice, known.canisters);
  const message = labelDrawn(dice, known.messages);
  return dice.pick<Path>([
    [],
    ["time", "time"],
    ["canister"],
    ["canister", canister],
    ["canister", canister, "timer"],
    ["canister", canister, "memory", "0000000000000000"],
    ["canister", canister, "certified_data", "x"],
    ["canister", canister, "controllers", "x"],
    ["canister", canister, "controller"],
    ["request_status"],
    ["request_status", message, "nonce"],
    ["request_status", message, "status", "status"],
    ["subnet"],
    ["certified_data"],
  ]);
};

/** One of these labels, or one that is next to them. */
const labelDrawn = (dice: Dice, labels: readonly Label[]): Label => {
  if (labels.length === 0 || dice.chance(6)) return dice.pick(["-", "0", "_", "zzz", "m", "z".repeat(32)]);
  const label = dice.pick(labels);
  return dice.chance(65) ? label : neighbourOf(dice, label);
};

/** Longer or shorter at the end, or with another last character: in the order of labels, nothing may lie between the two. */
const neighbourOf = (dice: Dice, label: Label): Label => {
  const shorter = label.slice(0, -1);
  const longer = label.length < 32 ? dice.pick([`${label}-`, `${label}0`, `${label}z`, `${label}_`]) : `${shorter}_`;
  return dice.pick([longer, longer, shorter === "" ? longer : shorter, `${shorter}_`, `${shorter}-`, `${shorter}1`]);
};
