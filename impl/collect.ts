/**
 * What ran empty in a round is put away at its end: pairs of queues between canisters that have nothing more to do with each
 * other, and all mail of a canister that has nothing to do with anybody, whose turn it was included. Waiting until the
 * end spares a conversation in many short messages the making and unmaking of its queues.
 */
import { isEmptyPair } from "./mail.ts";
import type { Canister, Engine } from "./state.ts";

/** @rule turn-reset */
export const collectMail = ({ settling }: Engine): void => {
  for (const pair of settling.pairs) {
    pair.isEmptied = false;
    if (!isEmptyPair(pair)) continue;
    pair.owner.mail?.pairs.delete(pair.peer);
    forgetQuiet(pair.owner);
  }
  for (const canister of settling.canisters) {
    canister.isSettling = false;
    forgetQuiet(canister);
  }
  settling.pairs.length = 0;
  settling.canisters.length = 0;
};

/** A pair is kept for everything that takes a slot: inputs, outputs, open calls of the peer, callbacks. */
const forgetQuiet = (canister: Canister): void => {
  if (canister.mail === null || canister.mail.pairs.size > 0 || canister.mail.ingress.length > 0) return;
  if (canister.execution !== null) return; // its message came from somewhere, and the turn is kept with it
  canister.mail = null;
  canister.callbacks = null;
  if (canister.contexts?.size === 0) canister.contexts = null;
};
