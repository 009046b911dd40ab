/** Writing a state out as text and reading it back. JSON knows no maps, no sets and no big integers, so they are marked. */
import { restartFrom } from "./rules/rounds.ts";
import { bootState } from "./boot.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";
import type { Genesis } from "../spec/index.ts";

/** Boots from the genesis and takes over what was written out. */
export const restarted = (fire: Fire, genesis: Genesis, before: State): State =>
  fire(restartFrom, bootState(genesis), { read: readBack(writeOut(before)) }).state;

const writeOut = (state: State): string =>
  JSON.stringify(state, (_key, value: unknown) =>
    typeof value === "bigint"
      ? { $integer: value.toString() }
      : value instanceof Map
        ? { $map: [...(value as Map<unknown, unknown>)] }
        : value instanceof Set
          ? { $set: [...(value as Set<unknown>)] }
          : value,
  );

const readBack = (text: string): State =>
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$integer" in value) return BigInt(String(value.$integer));
    if ("$set" in value) return new Set(value.$set as unknown[]);
    if ("$map" in value) return new Map(value.$map as [unknown, unknown][]);
    return value;
  }) as State;
