/** Ingress: from the door to the ingress history, and into a block. */
import {
  anonymous,
  cycles,
  ingressInduct,
  ingressInspect,
  ingressSubmit,
  isProvisional,
  managementCanister,
  nanoseconds,
  type Cycles,
  type ErrorCode,
  type Input,
} from "../spec/index.ts";
import { refusalOfUser } from "./admitting.ts";
import { balanceOf } from "./cohorts.ts";
import { frameOn, noCycles, withoutContext } from "./frame.ts";
import { isThawed } from "./freezing.ts";
import { answerIngress, beginIngress, recordIngress } from "./history.ts";
import { enterIngress } from "./mail.ts";
import { askedIn, waitAsUser } from "./management.ts";
import { ingressOf, type PooledIngress } from "./messages.ts";
import { refusalOf, refusalsByStatus, rejectWith } from "./refusals.ts";
import { runScript } from "./script.ts";
import { setBalance, type Canister, type Engine } from "./state.ts";

/** @rule ingress-submit */
export const submitIngress = (engine: Engine, input: Extract<Input, { kind: "ingress" }>): void => {
  const { history, time } = engine;
  const { maxPayload, ingressLifetime, historyCapacity } = engine.genesis.parameters;
  const { id, sender = anonymous, canister, method, payload } = input;
  const refuse = (error: ErrorCode): void => void engine.events.push({ kind: "ingress-refused", ingress: id, error });
  const latest = nanoseconds(time + ingressLifetime);
  const expiry = input.expiry ?? latest;
  if (history.entries.has(id)) return refuse(known);
  if (payload.length / 2 > maxPayload) return refuse(tooLarge);
  if (time > expiry) return refuse(tooLate);
  if (expiry > latest) return refuse(tooFar);
  if (history.entries.size >= historyCapacity) return refuse(noRoom);
  const message: PooledIngress = { id, sender, canister, method, payload, expiry };
  const refused = canister === managementCanister ? refusalOfUser(engine, message) : refusalByReceiver(engine, message);
  if (refused !== null) return refuse(refused);
  recordIngress(engine, id, sender, { kind: "received" });
  engine.pool.push(message);
  engine.events.push({ kind: "ingress-received", ingress: id });
};

/** Why the canister does not get this message; `null` when it does. */
const refusalByReceiver = (engine: Engine, message: PooledIngress): ErrorCode | null => {
  const canister = engine.byId.get(message.canister);
  if (canister === undefined) return unknown;
  if (canister.code === null) return empty;
  const notRunning = refusals[canister.status];
  if (notRunning !== null) return notRunning;
  if (!isThawed(engine, canister, balanceOf(canister) - engine.prices.reception(message.payload.length / 2))) return unfunded;
  return inspect(engine, canister, message);
};

/** Everything that waits for a block, in order. */
export const inductIngress = (engine: Engine): void => {
  for (const message of engine.pool) {
    const error = message.canister === managementCanister ? inductForManagement(engine, message) : inductOne(engine, message);
    if (error !== null) answerIngress(engine, message.id, rejectWith(error));
  }
  engine.pool.length = 0;
};

/**
 * Says why the message does not enter the queue of its canister, when it does not.
 * @rule ingress-induct
 */
const inductOne = (engine: Engine, message: PooledIngress): ErrorCode | null => {
  const { id } = message;
  const canister = engine.byId.get(message.canister);
  if (canister === undefined) return gone;
  const fee = engine.prices.reception(message.payload.length / 2);
  if (!takeFee(engine, canister, fee)) return cannotReceive;
  enterIngress(engine, ingressOf(canister, message));
  beginIngress(engine.history.entries.get(id)!);
  engine.events.push({ kind: "ingress-inducted", ingress: id, canister: canister.id, fee, balance: balanceOf(canister) });
  return null;
};

/** What a user asks, which the canister that is named pays for: says why it does not begin to wait, when it does not. */
const inductForManagement = (engine: Engine, { id, sender, method, payload, expiry }: PooledIngress): ErrorCode | null => {
  const asked = askedIn({ method, payload });
  const canister = asked.canister === null || isProvisional(method) ? null : engine.byId.get(asked.canister);
  if (canister === undefined) return gone;
  const fee = canister === null ? noCycles : engine.prices.reception(payload.length / 2);
  if (canister !== null && !takeFee(engine, canister, fee)) return cannotReceive;
  waitAsUser(engine, { kind: "user", id, sender, method, payload, attached: noCycles, expiry }, asked);
  beginIngress(engine.history.entries.get(id)!);
  const balance = canister === null ? noCycles : balanceOf(canister);
  engine.events.push({ kind: "ingress-inducted", ingress: id, canister: canister?.id ?? null, asked: asked.method, fee, balance });
  return null;
};

/**
 * Whether the canister can pay for what it receives; then it does, or will when its paused execution is over.
 * @rule ingress-postpone
 */
const takeFee = (engine: Engine, canister: Canister, fee: Cycles): boolean => {
  const attempt = canister.execution?.attempt ?? null;
  if (!isThawed(engine, canister, balanceOf(canister) - (attempt?.postponed ?? 0n) - fee)) return false;
  if (attempt === null) {
    setBalance(engine, canister, cycles(balanceOf(canister) - fee));
    engine.totals.burned += fee;
  } else attempt.postponed = cycles(attempt.postponed + fee);
  return true;
};

/**
 * Why the canister does not let this message in; `null` when it does. Its frame is forgotten, whatever it wrote.
 * @rule ingress-inspect
 */
const inspect = (engine: Engine, canister: Canister, { sender, method, payload }: PooledIngress): ErrorCode | null => {
  const script = canister.code!.inspect;
  if (script === null) return null;
  const limit = engine.genesis.parameters.inspectionInstructionLimit;
  const balance = balanceOf(canister);
  const start = { time: engine.time, prices: engine.prices, balance, share: 0, callbacks: 0, storage: 0, messageBytes: 0 };
  const context = withoutContext(sender, "responded");
  const frame = frameOn(engine, canister, context, "inspection", limit, start, balance, payload, noCycles, null);
  frame.method = method;
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
