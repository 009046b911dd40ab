/** Where everything lies in the picture: a column for each round, a lane for each core and each canister. @unit pixels */
import type { Timeline } from "./data.ts";

export interface Geometry {
  readonly column: number;
  readonly width: number;
  readonly height: number;
  /** The top of the lane of each core. */
  readonly cores: readonly number[];
  /** The top of the lane of each canister. */
  readonly canisters: readonly number[];
  /** Priorities that the lanes have room for, the least and the greatest. @unit rounds of one core */
  readonly priorities: readonly [least: number, greatest: number];
}

export const axisHeight = 24;
export const coreHeight = 26;
const coreGap = 7;
/** The parts of a canister's lane, by where they begin in it, and how high they are. */
export const parts = {
  status: { top: 0, height: 11 },
  priority: { top: 18, height: 52 },
  guarantee: { top: 80, height: 32 },
} as const;
export const laneHeight = 112;
const laneGap = 16;
/** Room for the number of the last round. */
const margin = 14;
const sectionGap = 22;

/** Few rounds get room for their numbers, many get what is left. */
const widest = 24;
const narrowest = 2;
const roomy = 1_210;

export const geometryOf = ({ rounds, cores, canisters }: Timeline): Geometry => {
  const column = Math.max(narrowest, Math.min(widest, Math.floor(roomy / Math.max(1, rounds.length))));
  const firstCanister = axisHeight + cores * (coreHeight + coreGap) + sectionGap;
  const told = canisters.flatMap(({ cells }) => cells.flatMap(({ priority, unpaid }) => [priority ?? 0, unpaid ?? 0]));
  return {
    column,
    width: column * rounds.length + margin,
    height: firstCanister + canisters.length * (laneHeight + laneGap),
    cores: Array.from({ length: cores }, (_, core) => axisHeight + core * (coreHeight + coreGap)),
    canisters: canisters.map((_, at) => firstCanister + at * (laneHeight + laneGap)),
    priorities: [Math.min(-2, Math.floor(least(told))), Math.max(2, Math.ceil(greatest(told)))],
  };
};

/** Where a priority lies in its lane. */
export const priorityAt = ({ priorities: [low, high] }: Geometry, top: number, priority: number): number =>
  top + parts.priority.top + (parts.priority.height * (high - priority)) / (high - low);

/** Where a number of full rounds in a window lies in its lane. */
export const guaranteeAt = (top: number, full: number): number => top + parts.guarantee.top + parts.guarantee.height * (1 - full / 100);

/** A coordinate as it is written: two digits are enough. */
export const digits = (coordinate: number): string => String(Math.round(coordinate * 100) / 100);

/** Boxes are collected by class and written as one path each: a picture of many rounds stays small. */
export class Boxes {
  readonly paths = new Map<string, string[]>();

  add(kind: string, x: number, y: number, width: number, height: number): void {
    const path = this.paths.get(kind) ?? [];
    path.push(`M${digits(x)} ${digits(y)}h${digits(width)}v${digits(height)}h${digits(-width)}z`);
    this.paths.set(kind, path);
  }
}

const least = (numbers: readonly number[]): number => numbers.reduce((low, each) => Math.min(low, each), 0);
const greatest = (numbers: readonly number[]): number => numbers.reduce((high, each) => Math.max(high, each), 0);
