/**
 * What everything costs. One law says what the price of an execution means, whatever the formulas: what was used is
 * paid, to the last unit that rounding can take. The other holds each figure to its formula.
 */
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { repricedWorlds } from "../arbitraries/thrifty.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { orUsers } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { callFee, callReserve, executionPrice, prepayment, receptionFee, settled, settlementSlack } from "../money.ts";
import { isUnexecuted, pricesOf } from "../tracking/executions.ts";
import { payerOf } from "../tracking/ingress.ts";
import { refundOf, transmittedOf } from "../tracking/foresight.ts";
import type { TrackedCall } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";
import type { ErrorCode, Event, Executed, Parameters } from "../../spec/index.ts";

export const chargeWithinBounds = watchedLaw({
  id: "charge-within-bounds",
  statement:
    "An execution is charged what its instructions cost at the prices of the start of its attempt, or more by what two roundings can lose, and never more than its prepayment; a message that could not be paid is not charged; one to a missing method, or to a canister without code, is charged the base fee.",
  source: "facts/cycles.md CYC-P7, CYC-P17, CYC-P24, S2, S3",
  cites: ["execution-begin", "execution-settle", "context-open", "instructions-use", "fees-set", "execution-pause"],
  otherwise: "nothing was executed in a network where execution costs anything",
  cases: (vocabulary) =>
    fc
      .oneof({ arbitrary: mixedWorlds(vocabulary, { priced: true }), weight: 2 }, { arbitrary: repricedWorlds(vocabulary), weight: 1 })
      .map(alone),
  watch: () => {
    const outside = (what: string, charged: bigint, used: number, prices: Parameters): Complaint => {
      const most = settlementSlack(prices);
      const price = executionPrice(prices, used);
      if (charged >= price && charged - price <= most) return undefined;
      return `${what} used ${used} instructions, which cost ${price}, but was charged ${charged}: expected ${price} to ${price + most}`;
    };
    let paid = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed" && event.kind !== "not-executed") return undefined;
        const prices = pricesOf(world, world.canisters.get(event.canister));
        if (event.kind === "executed") {
          paid ||= event.charged > 0n;
          if (event.charged > event.prepaid) return `${event.canister} was charged ${event.charged} of a prepayment of ${event.prepaid}`;
          return outside(`an execution of ${event.canister}`, event.charged, event.instructions, prices);
        }
        if (isMissing(event.error)) return outside(`a call to a method that ${event.canister} does not have`, event.charged, 0, prices);
        return event.charged === 0n ? undefined : `${event.canister} could not pay for a message, and was charged ${event.charged} for it`;
      },
      interested: () => paid,
    };
  },
});

/** Whether a message was paid for before it was seen that nothing of the canister can run it. */
const isMissing = (error: ErrorCode): boolean => error === "IC0536" || error === "IC0537" || error === "IC0527";

export const feesFollowTheTable = watchedLaw({
  id: "fees-follow-the-table",
  statement:
    "Prepayments, settlements, reception fees, call fees, reserves and transmission fees are those of the fee table of the moment, to the cycle; for an execution it is that of the start of its attempt; and what a call set aside was priced when it was sent.",
  source: "facts/cycles.md CYC-P8, CYC-P23, CYC-P24, S1, S2, S3, S4",
  cites: [
    "fees-set",
    "execution-pause",
    "callback-refuse",
    "execution-begin",
    "execution-settle",
    "ingress-induct",
    "call-send",
    "callback-begin",
    "context-open",
    "response-discard",
  ],
  otherwise: "no fee was due",
  cases: (vocabulary) =>
    orUsers(
      orScheduled(
        fc.oneof(
          { arbitrary: mixedWorlds(vocabulary, { always: ["call"], priced: true }), weight: 2 },
          { arbitrary: repricedWorlds(vocabulary), weight: 1 },
        ),
        vocabulary,
        { priced: true },
      ),
      vocabulary,
    ).map(alone),
  watch: () => {
    let due = false;
    return {
      onEvent: (event, world) => {
        const complaint = firstWrong(figuresOf(event, world));
        due ||= event.kind === "executed" && event.prepaid > 0n;
        return complaint;
      },
      interested: () => due,
    };
  },
});

/** A figure that an event declares, and the one that the table gives. */
type Figure = readonly [what: string, declared: bigint, expected: bigint];

const firstWrong = (figures: readonly Figure[]): Complaint => {
  const wrong = figures.find(([, declared, expected]) => declared !== expected);
  return wrong === undefined ? undefined : `${wrong[0]} is ${wrong[1]}, but the fee table gives ${wrong[2]}`;
};

const figuresOf = (event: Event, world: World): readonly Figure[] => {
  const { parameters } = world;
  if (event.kind === "ingress-inducted") {
    const letter = world.ingress.get(event.ingress);
    return letter === undefined
      ? []
      : [
          [
            `the reception fee of ${event.ingress}`,
            event.fee,
            payerOf(letter) === null ? 0n : receptionFee(parameters, letter.payload.length / 2),
          ],
        ];
  }
  if (isUnexecuted(event)) {
    const call = world.canisters.get(event.canister)?.calls.get(event.callback);
    if (call?.response == null) return [];
    const fee = transmittedOf(call, parameters);
    const base = event.kind === "callback-refused" ? baseFeeOf(call, parameters) : 0n;
    const what = `callback ${event.callback} of ${event.canister}, which was ${event.kind === "callback-refused" ? "refused" : "discarded"}`;
    return [
      ...(event.kind === "callback-refused" ? [[`the charge of ${what},`, event.charged, base] as const] : []),
      [`the transmission fee of ${what},`, event.transmissionFee, fee],
      [`what is released of the reserve of ${what},`, event.released, call.reserve - fee - base],
      [`the refund of ${what},`, event.refunded, refundOf(call)],
    ];
  }
  if (event.kind === "not-executed" && isMissing(event.error)) {
    return [
      [`the charge for a method that ${event.canister} does not have`, event.charged, settled(parameters, prepayment(parameters), 0)],
    ];
  }
  return event.kind === "executed" ? figuresOfExecution(event, world) : [];
};

/** What a response costs that is not executed: the price of an execution of nothing, of what its call set aside for one. */
const baseFeeOf = ({ reserve, transmission: apart }: TrackedCall, prices: Parameters): bigint => {
  const price = executionPrice(prices, 0);
  return price < reserve - apart ? price : reserve - apart;
};

const figuresOfExecution = (event: Executed, world: World): readonly Figure[] => {
  const { canister, cause, calls } = event;
  const parameters = pricesOf(world, world.canisters.get(canister));
  const figures: Figure[] = [
    [`the prepayment of an execution of ${canister}`, event.prepaid, prepayment(parameters)],
    [
      `the charge of an execution of ${canister} that used ${event.instructions} instructions`,
      event.charged,
      settled(parameters, event.prepaid, event.instructions),
    ],
  ];
  for (const { callback, fee, reserve, bytes } of calls) {
    figures.push([`the fee of call ${callback} of ${canister} with ${bytes} bytes`, fee, callFee(parameters, bytes)]);
    figures.push([`the reserve of call ${callback} of ${canister}`, reserve, callReserve(parameters)]);
  }
  if (cause.kind !== "response") {
    figures.push([`what ${canister} was refunded without a response`, event.refunded, 0n]);
    figures.push(
      [`the transmission reserve of ${canister} without a response`, event.transmissionReserve, 0n],
      [`its transmission fee`, event.transmissionFee, 0n],
    );
    return figures;
  }
  const call = world.canisters.get(canister)?.calls.get(cause.callback);
  if (call === undefined) return figures;
  figures.push([`the reserve of ${canister} for the transmission of a response`, event.transmissionReserve, call.transmission]);
  if (call.response !== null)
    figures.push([
      `the transmission of ${call.response.bytes} bytes to ${canister}`,
      event.transmissionFee,
      transmittedOf(call, parameters),
    ]);
  return figures;
};
