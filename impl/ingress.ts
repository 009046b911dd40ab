/** Ingress: from the door to the ingress history, into a block, and back to the history with an answer. */
import { cycles, ingressInduct, ingressSubmit, type ErrorCode, type Input, type Result } from "../spec/index.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { touchEntry } from "./root.ts";
import { receive, setBalance, type Engine, type IngressEntry } from "./state.ts";

/** @rule ingress-submit */
export const submitIngress = (engine: Engine, { id, canister: target, method, payload }: Extract<Input, { kind: "ingress" }>): void => {
  const { history, prices } = engine;
  const refuse = (error: ErrorCode): void => void engine.events.push({ kind: "ingress-refused", ingress: id, error });
  if (history.has(id)) return refuse(known);
  if (payload.length / 2 > engine.genesis.parameters.maxPayload) return refuse(tooLarge);
  const canister = engine.byId.get(target);
  if (canister === undefined) return refuse(unknown);
  if (canister.balance < canister.threshold + prices.reception(payload.length / 2)) return refuse(unfunded);
  const entry: IngressEntry = { index: history.size, id, status: { kind: "received" }, isDirty: false };
  history.set(id, entry);
  touchEntry(engine.root, entry);
  engine.waitingIngress.push({
    entry,
    canister,
    message: { kind: "ingress", origin: { kind: "ingress", ingress: id }, method, payload, next: null },
  });
  engine.events.push({ kind: "ingress-received", ingress: id });
};

/**
 * Everything that waits for a block, in order.
 * @rule ingress-induct
 */
export const inductIngress = (engine: Engine): void => {
  const { prices, totals } = engine;
  for (const { entry, canister, message } of engine.waitingIngress) {
    const fee = prices.reception(message.payload.length / 2);
    if (canister.balance < canister.threshold + fee) {
      answerIngress(engine, entry, rejectWith(cannotReceive));
      continue;
    }
    setBalance(engine, canister, cycles(canister.balance - fee));
    totals.burned += fee;
    entry.status = { kind: "processing" };
    touchEntry(engine.root, entry);
    receive(engine, canister, message);
    engine.events.push({ kind: "ingress-inducted", ingress: entry.id, canister: canister.id, fee, balance: canister.balance });
  }
  engine.waitingIngress.length = 0;
};

/** @rule ingress-answer */
export const answerIngress = (engine: Engine, entry: IngressEntry, result: Result): void => {
  entry.status = { kind: "answered", result };
  touchEntry(engine.root, entry);
  engine.events.push({ kind: "ingress-answered", ingress: entry.id, result });
};

const known = refusalOf(ingressSubmit.when.fresh);
const tooLarge = refusalOf(ingressSubmit.when.sized);
const unknown = refusalOf(ingressSubmit.when.exists);
const unfunded = refusalOf(ingressSubmit.when.funded);
const cannotReceive = refusalOf(ingressInduct.when.funded);
