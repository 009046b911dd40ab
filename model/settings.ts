/** What is told of settings and histories: `docs/machine.md`, sections 17.6 and 17.7. */
import { asciiOf, type CanisterId, type Change, type Event, type Hex } from "../spec/index.ts";
import { newest } from "./changes.ts";
import { canisterOf } from "./reading.ts";
import type { State } from "./state.ts";

/** All settings of a canister, as they are now. */
export const settingsTold = (state: State, canister: CanisterId): Event => {
  const { controllers, computeAllocation, freezingThreshold, reservedLimit } = canisterOf(state, canister);
  return { kind: "settings-updated", canister, controllers: [...controllers].sort(), computeAllocation, freezingThreshold, reservedLimit };
};

/** The history of a canister as an answer, with the newest `count` changes. */
export const infoOf = (state: State, canister: CanisterId, count: number): Hex => {
  const { controllers, history } = canisterOf(state, canister);
  const names = [...controllers].sort().join(",");
  return asciiOf([String(history.total), names === "" ? "-" : names, ...newest(history.changes, count).map(changeText)].join(" "));
};

const changeText = ({ version, time, kind, by }: Change): string => [version, time, kind, by ?? "-"].join(":");
