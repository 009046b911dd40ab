/**
 * How a canister came to be what it is: how many changes there were of its code and its controllers, and the newest of them. Most canisters
 * are what they were at genesis, and have no list.
 */
import { asciiOf, infoTell, type Change, type Principal, type Result } from "../spec/index.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import type { Canister, Engine } from "./state.ts";

export interface Changes {
  count: number;
  /** The newest, those that came first in front. */
  kept: readonly Change[];
}

/** The canister, whose version tells so already, was changed just now; by nobody where it was an input. */
export const noteChange = ({ time, genesis }: Engine, canister: Canister, kind: Change["kind"], by: Principal | null): void => {
  const { count, kept } = canister.changes ?? none;
  const all = [...kept, { version: canister.version, time, kind, by }];
  canister.changes = { count: count + 1, kept: all.slice(Math.max(0, all.length - genesis.parameters.changesKept)) };
};

/** There remains that there were changes. */
export const forgetChanges = (canister: Canister): void => {
  if (canister.changes !== null) canister.changes = { count: canister.changes.count, kept: [] };
};

/**
 * What everybody may know of a canister, with so many of its newest changes.
 * @rule info-tell
 */
export const infoOf = ({ genesis }: Engine, { controllers, changes }: Canister, newest: number): Result => {
  const { count, kept } = changes ?? none;
  const words = [
    count,
    controllers.length === 0 ? "-" : controllers.join(","),
    ...kept.slice(Math.max(0, kept.length - newest)).map(wordOf),
  ];
  const text = words.join(" ");
  return text.length > genesis.parameters.maxPayload ? tooLong : { kind: "reply", payload: asciiOf(text) };
};

const none: Changes = { count: 0, kept: [] };
const tooLong = rejectWith(refusalOf(infoTell.when.fits));

const wordOf = ({ version, time, kind, by }: Change): string => `${version}:${time}:${kind}:${by ?? "-"}`;
