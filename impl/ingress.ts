/** Ingress: from the door to the ingress history, and into a block. */
import { cycles, ingressInduct, ingressInspect, ingressSubmit, nanoseconds, type ErrorCode, type Hex, type Input } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { frameOn, noContext, noCycles } from "./frame.ts";
import { isThawed } from "./freezing.ts";
import { answerIngress, beginIngress, recordIngress } from "./history.ts";
import { enterIngress } from "./mail.ts";
import { ingressOf } from "./messages.ts";
import { refusalOf, refusalsByStatus, rejectWith } from "./refusals.ts";
import { runScript } from "./script.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";

/** @rule ingress-submit */
export const submitIngress = (engine: Engine, input: Extract<Input, { kind: "ingress" }>): void => {
  const { history, prices, time } = engine;
  const { maxPayload, ingressLifetime, historyCapacity } = engine.genesis.parameters;
  const { id, canister: target, method, payload } = input;
  const refuse = (error: ErrorCode): void => void engine.events.push({ kind: "ingress-refused", ingress: id, error });
  const latest = nanoseconds(time + ingressLifetime);
  const expiry = input.expiry ?? latest;
  if (history.entries.has(id)) return refuse(known);
  if (payload.length / 2 > maxPayload) return refuse(tooLarge);
  if (time > expiry) return refuse(tooLate);
  if (expiry > latest) return refuse(tooFar);
  if (history.entries.size >= historyCapacity) return refuse(noRoom);
  const canister = engine.byId.get(target);
  if (canister === undefined) return refuse(unknown);
  if (canister.code === null) return refuse(empty);
  const notRunning = refusals[canister.status];
  if (notRunning !== null) return refuse(notRunning);
  if (!isThawed(engine, canister, balanceOf(canister) - prices.reception(payload.length / 2))) return refuse(unfunded);
  const refused = inspect(engine, canister, payload);
  if (refused !== null) return refuse(refused);
  recordIngress(engine, id, { kind: "received" });
  engine.pool.push({ id, canister: target, method, payload, expiry });
  engine.events.push({ kind: "ingress-received", ingress: id });
};

/**
 * Everything that waits for a block, in order.
 * @rule ingress-induct
 * @rule ingress-postpone
 */
export const inductIngress = (engine: Engine): void => {
  const { prices, totals, history } = engine;
  for (const { id, canister: target, method, payload, expiry } of engine.pool) {
    const canister = engine.byId.get(target);
    if (canister === undefined) {
      answerIngress(engine, id, rejectWith(gone));
      continue;
    }
    const fee = prices.reception(payload.length / 2);
    const attempt = canister.execution?.attempt ?? null;
    if (!isThawed(engine, canister, balanceOf(canister) - (attempt?.postponed ?? 0n) - fee)) {
      answerIngress(engine, id, rejectWith(cannotReceive));
      continue;
    }
    if (attempt === null) {
      setBalance(engine, canister, cycles(balanceOf(canister) - fee));
      totals.burned += fee;
    } else attempt.postponed = cycles(attempt.postponed + fee);
    beginIngress(history.entries.get(id)!);
    enterIngress(engine, ingressOf(canister, id, method, payload, expiry));
    engine.events.push({ kind: "ingress-inducted", ingress: id, canister: canister.id, fee, balance: balanceOf(canister) });
  }
  engine.pool.length = 0;
};

/**
 * Why the canister does not let this message in; `null` when it does. Its frame is forgotten, whatever it wrote.
 * @rule ingress-inspect
 */
const inspect = (engine: Engine, canister: Canister, payload: Hex): ErrorCode | null => {
  const script = canister.code!.inspect;
  if (script === null) return null;
  const limit = engine.genesis.parameters.inspectionInstructionLimit;
  const balance = balanceOf(canister);
  const start = { time: engine.time, prices: engine.prices, balance, share: 0, callbacks: 0, storage: 0, messageBytes: 0 };
  const frame = frameOn(engine, canister, noContext, "inspection", limit, start, balance, payload, noCycles, null);
  return runScript(frame, script) ?? (frame.isAccepted ? null : notAccepted);
};

const known = refusalOf(ingressSubmit.when.fresh);
const tooLarge = refusalOf(ingressSubmit.when.sized);
const tooLate = refusalOf(ingressSubmit.when.unexpired);
const tooFar = refusalOf(ingressSubmit.when.near);
const noRoom = refusalOf(ingressSubmit.when.room);
const unknown = refusalOf(ingressSubmit.when.exists);
const empty = refusalOf(ingressSubmit.when.installed);
const refusals = refusalsByStatus(ingressSubmit.when);
const unfunded = refusalOf(ingressSubmit.when.funded);
const notAccepted = refusalOf(ingressInspect.when.accepted);
const gone = refusalOf(ingressInduct.when.exists);
const cannotReceive = refusalOf(ingressInduct.when.funded);
