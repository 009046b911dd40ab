/** What is told of settings and histories: `docs/machine.md`, sections 17.6 and 17.7. */
import { asciiOf, type CanisterId, type Change, type Cycles, type Event, type Hex } from "../spec/index.ts";
import { newest } from "./changes.ts";
import { canisterOf } from "./reading.ts";
import type { State } from "./state.ts";

/** All settings of a canister, as they are now. */
export const settingsTold = (state: State, canister: CanisterId): Event => {
  const { controllers: named, computeAllocation, memoryAllocation, freezingThreshold, reservedLimit } = canisterOf(state, canister);
  const controllers = [...named].sort();
  return { kind: "settings-updated", canister, controllers, computeAllocation, memoryAllocation, freezingThreshold, reservedLimit };
};

/** What is told where something was set aside for memory. */
export const reservedTold = (state: State, canister: CanisterId, ahead: Cycles): readonly Event[] =>
  ahead === 0n ? [] : [{ kind: "memory-reserved", canister, cycles: ahead, balance: canisterOf(state, canister).balance }];

/** The history of a canister as an answer, with the newest `count` changes. */
export const infoOf = (state: State, canister: CanisterId, count: number): Hex => {
  const { controllers, history } = canisterOf(state, canister);
  const names = [...controllers].sort().join(",");
  return asciiOf([String(history.total), names === "" ? "-" : names, ...newest(history.changes, count).map(changeText)].join(" "));
};

const changeText = ({ version, time, kind, by }: Change): string => [version, time, kind, by ?? "-"].join(":");
