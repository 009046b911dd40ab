/** Snapshots of canisters, taken, brought back and listed: `docs/machine.md`, section 17.8. */
import { asciiOf, type Asked, type CanisterId, type ErrorCode, type Hex, type Principal } from "../spec/index.ts";
import { changesTold } from "./finish.ts";
import { canisterOf, changedPages, errorOf, pagesOf, tell } from "./reading.ts";
import { aheadOf, deleteSnapshot, loadSnapshot, snapshotPrice, takeSnapshot } from "./rules/snapshots.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** What came of a request: an answer, or an error. */
export interface Outcome {
  readonly state: State;
  readonly answer: Hex | { readonly error: ErrorCode };
}

export const take = (fire: Fire, before: State, { canister, replaced }: Asked & { method: "take_canister_snapshot" }): Outcome => {
  const fired = fire(takeSnapshot, before, { canister, replaced });
  if (!fired.applied) return { state: before, answer: { error: errorOf(fired.error) } };
  const { nextSnapshot: snapshot, ...was } = canisterOf(before, canister);
  const state = tell(fired.state, {
    kind: "snapshot-taken",
    canister,
    snapshot,
    replaced,
    pages: pagesOf(before.parameters, was),
    charged: snapshotPrice(before),
    reserved: aheadOf(before, { canister, replaced }),
    balance: canisterOf(fired.state, canister).balance,
  });
  return { state, answer: asciiOf(String(snapshot)) };
};

export const load = (
  fire: Fire,
  before: State,
  { canister, source, snapshot }: Asked & { method: "load_canister_snapshot" },
  by: Principal,
): Outcome => {
  const fired = fire(loadSnapshot, before, { canister, source, snapshot, by });
  if (!fired.applied) return { state: before, answer: { error: errorOf(fired.error) } };
  const [was, is] = [canisterOf(before, canister), canisterOf(fired.state, canister)];
  const told = tell(
    fired.state,
    {
      kind: "snapshot-loaded",
      canister,
      source,
      snapshot,
      charged: snapshotPrice(before),
      wrote: changedPages(was, is),
      pages: pagesOf(before.parameters, is),
      balance: is.balance,
    },
    ...changesTold(was, is),
  );
  return { state: told, answer: asciiOf("") };
};

export const removeSnapshot = (
  fire: Fire,
  before: State,
  { canister, snapshot }: Asked & { method: "delete_canister_snapshot" },
): Outcome => {
  const fired = fire(deleteSnapshot, before, { canister, snapshot });
  return fired.applied
    ? { state: tell(fired.state, { kind: "snapshot-deleted", canister, snapshot }), answer: asciiOf("") }
    : { state: before, answer: { error: errorOf(fired.error) } };
};

/** The snapshots of a canister as an answer. */
export const listOf = (state: State, canister: CanisterId): Hex =>
  asciiOf(
    [...canisterOf(state, canister).snapshots]
      .sort(([left], [right]) => left - right)
      .map(([number, snapshot]) => `${number}:${snapshot.takenAt}:${pagesOf(state.parameters, snapshot)}`)
      .join(" "),
  );
