/** What a canister went through: its version, and the changes of its code and its controllers. */
import type { Draft } from "immer";
import type { CanisterId, Change, Principal } from "../spec/index.ts";
import { canisterOf, draftOf } from "./reading.ts";
import type { State } from "./state.ts";

/** The canister is another than before. */
export const grow = (after: Draft<State>, before: State, canister: CanisterId): void =>
  void (draftOf(after, canister).version = canisterOf(before, canister).version + 1);

/** A change, as the newest; the version after it is the next one. */
export const enter = (after: Draft<State>, before: State, canister: CanisterId, kind: Change["kind"], by: Principal | null): void => {
  const { history, version } = canisterOf(before, canister);
  const change: Change = { version: version + 1, time: before.time, kind, by };
  draftOf(after, canister).history = {
    total: history.total + 1,
    changes: newest([...history.changes, change], before.parameters.changesKept),
  };
};

/** The last so many of some changes. */
export const newest = (changes: readonly Change[], count: number): Change[] => changes.slice(Math.max(0, changes.length - count));
