/**
 * Prices that change. What was prepaid, or set aside for later, meets the prices of the moment in which it is used: an attempt
 * goes by those of its start, the next attempt by new ones, a callback by those of its execution. Who cannot pay what is dearer
 * now does not run, and gets back what it had paid; nobody runs for nothing, and nobody pays twice.
 */
import type { Event } from "../../spec/index.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { executionPrice, prepayment } from "../money.ts";
import { pricesOf } from "../tracking/executions.ts";
import { refundOf, transmittedOf } from "../tracking/foresight.ts";
import { thresholdOf } from "../tracking/holdings.ts";
import { callText, type TrackedCall } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type TrackedCanister, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";

export const attemptsPayThePricesOfNow = watchedLaw({
  id: "attempts-pay-the-prices-of-now",
  statement:
    "When an update or a task begins again that was aborted, its prepayment becomes that of the prices of now: what it lacks leaves the balance, if that covers it above the freezing threshold, and what it has beyond goes there; else the execution is over, its whole prepayment is back on the balance, nothing is charged, and its canister takes nothing more in the round. Where prices are the same, or for a callback, nothing of this happens.",
  source: "facts/cycles.md CYC-2.8, CYC-P24, T41, T42",
  cites: ["prepayment-adjust", "execution-desist", "fees-set", "execution-hold", "execution-pause"],
  needs: ["slices"],
  otherwise: "no execution began again at other prices",
  cases: (vocabulary) => thriftyWorlds(vocabulary, { repriced: true, priced: true, long: true, meanwhile: "executions" }).map(alone),
  watch: () => {
    let changed = false;
    let expected: object | null = null;
    return {
      onEvent: (event, world) => {
        const due = expected;
        expected = null;
        const complaint = due === null ? unasked(event, world) : otherwise(event, due);
        if (complaint !== undefined || event.kind !== "execution-resumed") return complaint;
        const canister = world.canisters.get(event.canister);
        if (event.afresh && canister !== undefined) expected = adjustmentOf(canister, world);
        changed ||= expected !== null;
        return undefined;
      },
      interested: () => changed,
    };
  },
});

const otherwise = (event: Event, expected: object): Complaint => {
  const difference = firstDifference(event, expected);
  return difference === null ? undefined : `an execution began again at other prices, and that was to be told otherwise: ${difference}`;
};

const unasked = (event: Event, { canisters }: World): Complaint => {
  if (event.kind === "prepayment-adjusted") return `the prepayment of ${event.canister} was adjusted, and prices are what they were`;
  return event.kind === "not-executed" && canisters.get(event.canister)?.execution != null
    ? `${event.canister} gave up an execution that it had paid for`
    : undefined;
};

/** What is told of an execution that begins again; `null` where nothing is. */
const adjustmentOf = (canister: TrackedCanister, world: World): object | null => {
  const { id, balance, execution } = canister;
  if (execution === null || execution.cause.kind === "response") return null;
  const now = prepayment(world.parameters);
  const { cause, prepaid } = execution;
  if (now === prepaid) return null;
  if (now > prepaid && balance < thresholdOf(world, canister) + now - prepaid)
    return { kind: "not-executed", canister: id, cause, error: "IC0207", charged: 0n, balance: balance + prepaid };
  const [taken, returned] = now > prepaid ? [now - prepaid, 0n] : [0n, prepaid - now];
  return { kind: "prepayment-adjusted", canister: id, taken, returned, balance: balance - taken + returned };
};

export const callbacksAreCovered = watchedLaw({
  id: "callbacks-are-covered",
  statement:
    "A response is executed exactly when what its call set aside for that, and the balance with what the response brings, cover the prepayment of the attempt: what is lacking leaves the balance, what is beyond goes to it, and the freezing threshold is no bound. Else it is refused with IC0207: the refund and what was set aside go to the balance, less the transmission and the price of an execution of nothing, each at most what was set aside for it. Where prices are those of the call, it is always executed.",
  source: "facts/cycles.md CYC-2.11, CYC-2.13, CYC-P11, CYC-P24, T24, T26",
  cites: ["callback-begin", "callback-refuse", "fees-set", "execution-pause"],
  otherwise: "no response was executed at other prices than those of its call",
  cases: (vocabulary) => thriftyWorlds(vocabulary, { repriced: true, priced: true, meanwhile: "calls" }).map(alone),
  watch: () => {
    let changed = false;
    return {
      onEvent: (event, world) => {
        const callback =
          event.kind === "callback-refused"
            ? event.callback
            : event.kind === "executed" && event.cause.kind === "response"
              ? event.cause.callback
              : null;
        if (callback === null || (event.kind !== "executed" && event.kind !== "callback-refused")) return undefined;
        const canister = world.canisters.get(event.canister);
        const call = callOf(world, event.canister, callback);
        if (canister === undefined || call?.response == null) return undefined;
        const bill = billOf(call, canister, world);
        changed ||= bill.kept !== bill.price;
        const what = `the response to ${callText(canister.id, callback)}`;
        const words = `${bill.price} for the execution, ${bill.kept} of it set aside, and ${bill.balance} on the balance`;
        if (event.kind === "executed") return bill.covered ? undefined : `${what} was executed with ${words}`;
        if (bill.covered) return `${what} was refused with ${words}`;
        const { refunded, released, transmissionFee, charged, balance } = event;
        const difference = firstDifference({ refunded, released, transmissionFee, charged, balance }, refusalOf(call, canister, world));
        return difference === null ? undefined : `${what} was to be refused otherwise: ${difference}`;
      },
      interested: () => changed,
    };
  },
});

/** What the execution of a response costs at most, and what there is for it. @unit cycles */
const billOf = (call: TrackedCall, canister: TrackedCanister, world: World) => {
  const prices = pricesOf(world, canister);
  const price = prepayment(prices);
  const kept = call.reserve - call.transmission;
  const before = canister.execution?.attempt?.balance ?? canister.balance;
  const balance = before + refundOf(call) + call.transmission - transmittedOf(call, prices);
  return { price, kept, balance, covered: balance + kept >= price };
};

const refusalOf = (call: TrackedCall, { balance, execution }: TrackedCanister, { parameters }: World): object => {
  const prices = execution?.attempt?.prices ?? parameters;
  const kept = call.reserve - call.transmission;
  const base = executionPrice(prices, 0);
  const charged = base < kept ? base : kept;
  const [refunded, transmissionFee] = [refundOf(call), transmittedOf(call, prices)];
  const released = call.reserve - transmissionFee - charged;
  return { refunded, released, transmissionFee, charged, balance: balance + refunded + released };
};
