/** What an execution that completed leaves behind: its frame becomes the state of the canister. */
import { cycles } from "../spec/index.ts";
import type { Frame, FrameCall, Start } from "./frame.ts";
import { change } from "./labels.ts";
import { enterOutput, pairOf } from "./mail.ts";
import { requestOf, type Callback } from "./messages.ts";
import { countCallback } from "./occupancy.ts";
import { writePages, type Wrote } from "./pages.ts";
import type { Engine } from "./state.ts";
import { arm } from "./timers.ts";
import { note } from "./watch.ts";

/**
 * Brings everything but the balance, which is settled first, into the state; returns the pages that now differ. The core that gives
 * is that of the last slice; what the execution took is less than there was at its start, but that may have been another core.
 */
export const commit = (engine: Engine, frame: Frame, start: Start): Wrote => {
  const { canister, context } = frame;
  const { totals, core } = engine;
  for (const call of frame.calls) commitCall(engine, frame, call);
  core.share = Math.max(0, core.share - (start.share - frame.share));
  core.callbacks = Math.max(0, core.callbacks - frame.calls.length);
  core.storage += frame.storage - start.storage;
  if (frame.timer !== canister.timer) {
    canister.timer = frame.timer;
    change(canister);
    arm(engine.timers, canister);
  }
  if (frame.certifiedData !== canister.certifiedData) {
    canister.certifiedData = frame.certifiedData;
    change(canister);
  }
  context.available = cycles(context.available - frame.accepted);
  totals.contexts -= frame.accepted;
  totals.burned += frame.burned;
  return writePages(engine, canister, frame.writes ?? nothing, frame);
};

const nothing: Wrote = [];

const commitCall = (engine: Engine, frame: Frame, { sent, payload, instruction }: FrameCall): void => {
  const { canister, context } = frame;
  const { totals } = engine;
  const { onReply, onReject, onCleanup } = instruction;
  const { callback: id, callee, method, attached, deadline, fee } = sent;
  const callback: Callback = {
    kind: "callback",
    canister,
    id,
    context: context.id,
    callee,
    attached,
    reserve: frame.prices.reserve,
    expiry: deadline,
    onReply,
    onReject,
    onCleanup,
    isAnswered: false,
  };
  canister.nextCallback = id + 1;
  (canister.callbacks ??= new Map()).set(id, callback);
  context.calls++;
  totals.callbacks++;
  totals.reserves += sent.reserve;
  totals.burned += fee;
  countCallback(engine, callback, 1);
  if (deadline !== null) note(engine.expiring, callback);
  const pair = pairOf(engine, canister, callee);
  pair.calls++;
  const origin = { kind: "canister", canister: canister.id, callback: id } as const;
  enterOutput(engine, pair, requestOf(origin, callee, method, payload, attached, deadline, deadline ?? engine.leaveBy));
};
