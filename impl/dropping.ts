/** Best-effort messages that are dropped, for their age or their size, and the cycles that were on them. */
import { cycles as checked, type CanisterId, type Cycles } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { freeSlot, leaveInput, leaveOutput } from "./mail.ts";
import { cyclesOn, type Message } from "./messages.ts";
import { setBalance, type Engine } from "./state.ts";
import { append } from "./streams.ts";

/** A message leaves its queue for nowhere, and its cycles with it. */
export const drop = (engine: Engine, message: Message, reason: "expired" | "shed"): void => {
  const pair = message.pair!;
  sayDropped(engine, message, reason);
  if (message.side === "output") leaveOutput(engine, message);
  else {
    leaveInput(engine, message);
    if (message.kind === "request") freeSlot(engine, pair);
  }
  dropCycles(engine, callerOf(message), cyclesOn(message));
};

/** The event of a message that is about to be dropped. */
export const sayDropped = (engine: Engine, message: Message, reason: "expired" | "shed"): void => {
  const callback = message.kind === "request" ? message.origin.callback : message.callback;
  engine.events.push({
    kind: "message-dropped",
    reason,
    message: message.kind,
    canister: message.pair!.owner.id,
    queue: message.side,
    caller: callerOf(message),
    callback,
  });
};

/**
 * What becomes of the cycles on a message that was dropped.
 * @rule cycles-lose
 * @rule cycles-return
 * @rule refund-stream
 */
export const dropCycles = (engine: Engine, owner: CanisterId, cycles: Cycles): void => {
  if (cycles === 0n) return;
  const say = (fate: "lost" | "returned" | "streamed"): void => void engine.events.push({ kind: "cycles-dropped", owner, cycles, fate });
  const caller = engine.byId.get(owner);
  const subnet = engine.routes.get(owner);
  if (engine.genesis.parameters.droppedCycles === "lost" || (caller === undefined && subnet === undefined)) {
    engine.totals.lost += cycles;
    say("lost");
  } else if (caller !== undefined) {
    setBalance(engine, caller, checked(balanceOf(caller) + cycles));
    say("returned");
  } else {
    say("streamed");
    append(engine, subnet!, { kind: "refund", canister: owner, cycles });
  }
};

const callerOf = (message: Message): CanisterId => (message.kind === "request" ? message.origin.canister : message.caller);
