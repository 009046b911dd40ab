/** What an execution that completed leaves behind: its frame becomes the state of the canister. */
import { cycles, type Hex } from "../spec/index.ts";
import { thresholdOf, type Frame, type FrameCall } from "./frame.ts";
import { send, type Engine } from "./state.ts";
import { arm } from "./timers.ts";

/** Brings everything but the balance, which is settled first, into the state; returns the pages that now differ. */
export const commit = (engine: Engine, frame: Frame): readonly (readonly [page: number, content: Hex])[] => {
  const { canister, context } = frame;
  const { totals } = engine;
  for (const call of frame.calls) commitCall(engine, frame, call);
  if (frame.timer !== canister.timer) {
    canister.timer = frame.timer;
    arm(engine.timers, canister);
  }
  context.available = cycles(context.available - frame.accepted);
  totals.contexts -= frame.accepted;
  totals.burned += frame.burned;
  return frame.writes === null ? [] : commitPages(frame, frame.writes);
};

const commitCall = (engine: Engine, frame: Frame, { sent, payload, instruction }: FrameCall): void => {
  const { canister, context } = frame;
  const { onReply, onReject, onCleanup } = instruction;
  const { callback: id, callee, method, attached, fee } = sent;
  canister.nextCallback = id + 1;
  (canister.callbacks ??= new Map()).set(id, { id, context: context.id, callee, attached, onReply, onReject, onCleanup });
  canister.openTo ??= new Map();
  canister.openTo.set(callee, (canister.openTo.get(callee) ?? 0) + 1);
  context.calls++;
  engine.totals.callbacks++;
  engine.totals.messages += attached;
  engine.totals.burned += fee;
  send(engine, canister, {
    kind: "request",
    origin: { kind: "canister", canister: canister.id, callback: id },
    callee,
    method,
    payload,
    attached,
    next: null,
  });
};

const commitPages = (frame: Frame, writes: ReadonlyMap<number, Hex>): readonly (readonly [page: number, content: Hex])[] => {
  const { canister } = frame;
  canister.pages ??= new Map();
  const wrote: (readonly [number, Hex])[] = [];
  for (const [page, content] of writes) {
    if (canister.pages.get(page) !== content) wrote.push([page, content]);
  }
  if (frame.grown > 0) canister.threshold = thresholdOf(frame); // while the canister still counts its old pages
  for (const [page, content] of wrote) canister.pages.set(page, content);
  if (wrote.length > 0) canister.pagesText = null;
  return wrote.sort(([left], [right]) => left - right);
};
