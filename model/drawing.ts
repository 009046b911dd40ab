/** What is told of a draw: `docs/machine.md`, section 6. */
import { height, type Draw } from "../spec/index.ts";
import type { Request, State } from "./state.ts";
import { drawOf } from "./tape.ts";

/** The draws so far, and the next one, for a request. */
export const drawn = (before: State, { caller: canister, callback, sent }: Request, purpose: Draw["purpose"]): readonly Draw[] => {
  const { seed, draws: index, drawn: earlier } = before.round;
  const tape = height(before.height + (before.committee?.offset ?? 0));
  return [...earlier, { tape, index, purpose, asked: height(sent), canister, callback, bytes: drawOf(seed, index) }];
};

/** The state with a draw told that the round made on the way to it. */
export const withDrawn = (after: State, draws: readonly Draw[]): State => ({ ...after, round: { ...after.round, drawn: draws } });
