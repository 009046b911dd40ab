/**
 * What becomes of the cycles on a best-effort call, whatever is dropped, too old, shed, late or too much: each is accepted, comes
 * back or is dropped, and none of them twice. Followed from the caller to where the last of them ends, on all subnets of a scenario.
 */
import * as fc from "fast-check";
import type { CallbackId, CanisterId, Event, Origin } from "../../spec/index.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { lateWorlds } from "../arbitraries/focuses.ts";
import { cyclesOn } from "../tracking/messages.ts";
import type { Complaint } from "../tracking/watch.ts";
import { farJammedWorlds, jammedWorlds } from "./deadlines-jams.ts";
import { lawBetween, type Site } from "./network-walk.ts";

export const bestEffortPaymentsAddUp = lawBetween({
  id: "best-effort-payments-add-up",
  statement:
    "What was attached to a best-effort call is what its callee accepted, with what came back and what was dropped: its cycles come to their end once, in a response that the caller is given, in one that is too late, or with a message that is dropped or ignored; a reject in place of a response that is missing brings none; and of refunds on their way to another subnet, no more arrives than was sent.",
  source: "facts/cycles.md CYC-P16, CYC-8b.10; facts/messages.md MSG-P20",
  cites: [
    "call-send",
    "callback-begin",
    "callback-expire",
    "response-late",
    "response-discard",
    "message-expire",
    "message-shed",
    "request-expire",
    "cycles-lose",
    "cycles-return",
    "refund-stream",
    "refund-induct",
    "message-ignore",
    "cycles-accept",
  ],
  needs: ["best-effort"],
  otherwise: "no cycles on a best-effort call came to their end outside of its callback",
  worlds: (vocabulary) =>
    fc.oneof(
      { arbitrary: jammedWorlds(vocabulary), weight: 5 },
      { arbitrary: farJammedWorlds(vocabulary), weight: 5 },
      { arbitrary: lateWorlds(vocabulary), weight: 1 },
      { arbitrary: mixedWorlds(vocabulary, { always: ["call", "accept"], customs: ["best-effort"] }), weight: 1 },
    ),
  watch: (sites) => {
    const payments = new Map<string, Payment>();
    /** Refunds on their way, by owner. @unit cycles */
    const underway = new Map<CanisterId, bigint>();
    /** The payment of a message that was just dropped: what was on it is told next, if anything was. */
    let dropped: Payment | null = null;
    let strayed = false;
    const find = (caller: CanisterId, callback: CallbackId): Payment | undefined => payments.get(nameOf(caller, callback));
    const end = (payment: Payment | undefined, where: keyof typeof endings, cycles: bigint): Complaint => {
      if (payment === undefined) return undefined;
      strayed ||= payment.attached > 0n && where !== "returned";
      return ended(payment, where, cycles);
    };
    const travel = (owner: CanisterId, cycles: bigint): Complaint => {
      const now = (underway.get(owner) ?? 0n) + cycles;
      underway.set(owner, now);
      return now < 0n ? `${-now} cycles more were refunded to ${owner} than were on their way` : undefined;
    };
    const emptied = (): Complaint => {
      const payment = dropped;
      dropped = null;
      return payment === null ? undefined : end(payment, "dropped", 0n);
    };
    return {
      onEvent: (event, site) => {
        const { arrival } = site.world;
        // What a stranger hands over is nobody's payment.
        const strange = arrival !== null && sites.every(({ name }) => name !== arrival.from);
        if (event.kind === "cycles-dropped") {
          const payment = dropped;
          dropped = null;
          const sent = event.fate === "streamed" ? travel(event.owner, event.cycles) : undefined;
          return sent ?? end(payment ?? undefined, "dropped", event.cycles);
        }
        const complaint = emptied();
        if (complaint !== undefined) return complaint;
        switch (event.kind) {
          case "executed": {
            const origin = originOf(event, site);
            const server = origin?.kind === "canister" ? find(origin.canister, origin.callback) : undefined;
            for (const call of event.calls)
              if (call.deadline !== null && isKnown(call.callee, site, sites))
                payments.set(nameOf(event.canister, call.callback), opened(event.canister, call));
            return (
              (server && accepted(server, event.accepted)) ??
              (event.cause.kind === "response" ? given(find(event.canister, event.cause.callback), event.refunded) : undefined)
            );
          }
          case "management-answered": {
            // What the platform gave away for the caller, or gave to a new canister.
            const payment = find(event.caller, event.callback);
            return payment && accepted(payment, payment.attached - event.refund);
          }
          case "response-discarded":
          case "callback-refused":
            return given(find(event.canister, event.callback), event.refunded);
          case "callback-expired":
            return standIn(find(event.caller, event.callback));
          case "response-late":
            return end(find(event.caller, event.callback), "late", event.refund);
          case "message-dropped": {
            const payment = find(event.caller, event.callback) ?? null;
            // A request that is shed before it left comes back, with its cycles.
            if (event.reason === "shed" && event.queue === "output" && event.message === "request") return undefined;
            dropped = payment;
            return event.queue === "input" && event.message === "response" ? standIn(payment ?? undefined) : undefined;
          }
          case "message-refused": {
            if (event.error !== null || arrival === null || strange) return undefined;
            const { message } = arrival;
            if (message.kind === "refund") return travel(message.canister, -message.cycles);
            return end(find(message.caller, message.callback), "ignored", cyclesOn(message));
          }
          case "refund-inducted":
            return strange ? undefined : travel(event.canister, -event.cycles);
          default:
            return undefined;
        }
      },
      onStep: emptied,
      interested: () => strayed,
    };
  },
});

/** The cycles on one call. */
interface Payment {
  readonly name: string;
  /** @unit cycles */
  readonly attached: bigint;
  accepted: bigint;
  /** How they came to their end; `null` while they are under way. */
  over: keyof typeof endings | null;
  /** Whether a reject waits in place of the response. */
  standIn: boolean;
}

const endings = {
  returned: "came back in its response",
  late: "came back too late",
  dropped: "were dropped",
  ignored: "were on a message that was ignored",
} as const;

const nameOf = (caller: CanisterId, callback: CallbackId): string => `call ${callback} of ${caller}`;

const opened = (caller: CanisterId, { callback, attached }: { readonly callback: CallbackId; readonly attached: bigint }): Payment => ({
  name: nameOf(caller, callback),
  attached,
  accepted: 0n,
  over: null,
  standIn: false,
});

/** Whose call an execution serves. */
const originOf = ({ canister, cause, context }: Extract<Event, { readonly kind: "executed" }>, { world }: Site): Origin | undefined =>
  cause.kind === "update" ? cause.origin : world.canisters.get(canister)?.contexts.get(context)?.origin;

/** Whether the subnet of a callee is one of the scenario, or it has none: strangers accept what they please. */
const isKnown = (callee: CanisterId, { world }: Site, sites: readonly Site[]): boolean => {
  const subnet = world.routes.get(callee);
  return subnet === undefined || sites.some(({ name }) => name === subnet);
};

const accepted = (payment: Payment, cycles: bigint): Complaint => {
  payment.accepted += cycles;
  return payment.over !== null && cycles > 0n
    ? `${cycles} cycles of ${payment.name} are accepted, and they ${endings[payment.over]}`
    : undefined;
};

/** The caller is given its response, or a reject in the place of it. */
const given = (payment: Payment | undefined, refunded: bigint): Complaint => {
  if (payment === undefined) return undefined;
  if (!payment.standIn) return ended(payment, "returned", refunded);
  payment.standIn = false;
  return refunded > 0n ? `a reject in place of the response to ${payment.name} brings ${refunded} cycles` : undefined;
};

const standIn = (payment: Payment | undefined): undefined => {
  if (payment !== undefined) payment.standIn = true;
  return undefined;
};

const ended = (payment: Payment, how: keyof typeof endings, cycles: bigint): Complaint => {
  const { name, attached, over } = payment;
  if (over !== null) return `the cycles of ${name} ${endings[over]}, and then they ${endings[how]}`;
  payment.over = how;
  return payment.accepted + cycles === attached
    ? undefined
    : `of ${attached} cycles on ${name} ${payment.accepted} were accepted, and ${cycles} ${endings[how]}`;
};
