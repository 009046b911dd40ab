/** What executions move: what they begin with, hold while they are under way, do with the cycles that they have, and give back. */
import { pricesOf, transmission, type World } from "../../properties/index.ts";
import type { CanisterId, Executed, SentCall } from "../../spec/index.ts";
import { payerOf, post, type Draft, type Told } from "./drafts.ts";
import type { FlowName } from "./flows.ts";

/** Whether the canister has an execution of more than one slice under way; and whether that is paused, not aborted. */
export const isLong = (canister: CanisterId, { canisters }: World): boolean => canisters.get(canister)?.execution != null;
export const isPaused = (canister: CanisterId, { canisters }: World): boolean => canisters.get(canister)?.execution?.attempt != null;

/** What an execution takes along when it is first paused: its prepayment, and what is on its message. */
export const taken = ({ canister, cause, prepaid }: Told<"execution-paused">, { canisters }: World): readonly Draft[] => {
  const prepayment = post(canister, "prepayment", prepaid, canister, canister);
  if (cause.kind === "update") {
    const payer = payerOf(cause.origin);
    return [prepayment, post(canister, "request held", cause.attached, payer, payer)];
  }
  if (cause.kind !== "response") return [prepayment];
  const refund = canisters.get(canister)?.calls.get(cause.callback)?.response?.refund ?? 0n;
  return [prepayment, post(canister, "response held", refund, canister, canister)];
};

/** What an execution begins with, and how its prepayment ends. One of more than one slice holds both since its first pause. */
export const begun = (event: Executed, known: World): readonly Draft[] => {
  const { canister, cause, prepaid, charged } = event;
  const long = isLong(canister, known);
  const settled = [
    ...(long ? [] : [post(canister, "prepayment", prepaid, canister, canister)]),
    post(canister, "execution refund", prepaid - charged, canister, canister),
    post(canister, "execution burned", charged, canister, null),
  ];
  switch (cause.kind) {
    case "update": {
      const payer = payerOf(cause.origin);
      return [post(canister, long ? "request let go" : "opened", cause.attached, payer, payer), ...settled];
    }
    case "timer":
    case "heartbeat":
    case "low-memory":
      return settled;
    case "response": {
      const { refunded, transmissionReserve, transmissionFee } = event;
      const call = known.canisters.get(canister)?.calls.get(cause.callback);
      const lacking = call === undefined ? 0n : prepaid - (call.reserve - call.transmission);
      return [
        post(canister, long ? "response let go" : "refunded", refunded, canister, canister),
        post(canister, "response transmission", transmissionFee, canister, null),
        post(canister, "response transmission refund", transmissionReserve - transmissionFee, canister, canister),
        lacking > 0n
          ? post(canister, "callback raised", lacking, canister, canister)
          : post(canister, "callback lowered", -lacking, canister, canister),
        post(canister, "callback burned", charged, canister, null),
        post(canister, "callback refund", prepaid - charged, canister, canister),
      ];
    }
  }
};

/** What an execution did with the cycles that it had. */
export const done = (event: Executed, known: World): readonly Draft[] => {
  const { canister, cause, accepted, burned, reserved, calls } = event;
  const context = known.canisters.get(canister)?.contexts.get(event.context);
  const payer = cause.kind === "update" ? payerOf(cause.origin) : context === undefined ? null : payerOf(context.origin);
  return [
    post(canister, "set aside", reserved, canister, canister),
    post(canister, "accepted", accepted, payer, canister),
    post(canister, "burned by the canister", burned, canister, null),
    ...calls.flatMap((call) => called(canister, call, known)),
  ];
};

const called = (canister: CanisterId, { attached, bytes, fee, reserve }: SentCall, known: World): readonly Draft[] => {
  // Whatever a machine charges, the two parts are what it charged.
  const due = transmission(pricesOf(known, known.canisters.get(canister)), bytes);
  const carried = due < fee ? due : fee;
  return [
    post(canister, "attached", attached, canister, canister),
    post(canister, "call fee", fee - carried, canister, null),
    post(canister, "request transmission", carried, canister, null),
    post(canister, "callback reserve", reserve, canister, canister),
  ];
};

/** The refund that goes with an answer. A call that never got a context leaves its cycles on the message. */
export const answered = ({ canister, context, origin, result, refund }: Told<"answered">, known: World): readonly Draft[] => {
  if (context === null) return [];
  const payer = payerOf(origin);
  return [post(canister, refundName(result, known.canisters.get(canister)?.installed ?? true), refund, payer, payer)];
};

const refundName = (result: Told<"answered">["result"], installed: boolean): FlowName => {
  if (!installed) return "uninstall refund";
  // A canister that rejects says IC0406, and no other error is its own.
  return result.kind === "reply" || result.error === "IC0406" ? "answer refund" : "unanswered refund";
};

/** What an execution held that is over before it began again; what is attached turns round with its message. */
export const desisted = ({ canister, cause }: Told<"not-executed">, { canisters }: World): readonly Draft[] => {
  const execution = canisters.get(canister)?.execution;
  if (execution == null) return [];
  const returned = post(canister, "prepayment returned", execution.prepaid, canister, canister);
  if (cause.kind !== "update") return [returned];
  const payer = payerOf(cause.origin);
  return [returned, post(canister, "request returned", cause.attached, payer, payer)];
};
