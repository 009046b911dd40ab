/**
 * Versions and histories of canisters, as an onlooker keeps them: how often a canister changed, and which changes of its code and
 * its controllers are still known. Written from `docs/machine.md` sections 3, 5, 14 and 17 alone.
 */
import { byId, type Change, type Principal } from "../../spec/index.ts";
import type { TrackedCanister, World } from "./world.ts";

/** What is known of how a canister came to be what it is. */
export interface TrackedHistory {
  /** How many changes of its code and its controllers there were. */
  total: number;
  /** The newest of them, the oldest first. */
  readonly kept: Change[];
}

/** The version of a canister is one greater. */
export const countChange = (canister: TrackedCanister): void => {
  canister.version++;
};

/** A change of its code or its controllers is the newest of its history, with the version of now. */
export const recordChange = (
  { parameters, time }: Pick<World, "parameters" | "time">,
  { history, version }: TrackedCanister,
  kind: Change["kind"],
  by: Principal | null,
): void => {
  history.total++;
  history.kept.push({ version, time, kind, by } as Change);
  while (history.kept.length > parameters.changesKept) history.kept.shift();
};

/** The changes are forgotten, but not how many there were. */
export const forgetChanges = ({ history }: TrackedCanister): void => void history.kept.splice(0);

/** What anybody is told of a canister, with so many of its newest changes. */
export const infoOf = ({ history, genesis }: TrackedCanister, newest: number): string => {
  const controllers = [...(genesis.controllers ?? [])].sort(byId).join(",");
  const { kept, total } = history;
  const told = kept
    .slice(Math.max(0, kept.length - newest))
    .map(({ version, time, kind, by }) => `${version}:${time}:${kind}:${by ?? "-"}`);
  return [total, controllers === "" ? "-" : controllers, ...told].join(" ");
};
