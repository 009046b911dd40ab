/**
 * What is sent first is taken up first, from one canister to another, wherever they are and whatever way the messages
 * took: straight to a queue, through the loopback stream, or through that to another subnet.
 */
import * as fc from "fast-check";
import type { CallbackId, CanisterId, Cause, Event } from "../../spec/index.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import type { Complaint } from "../tracking/watch.ts";
import { farJammedWorlds } from "./deadlines-jams.ts";
import { lawBetween } from "./network-walk.ts";

export const pairsKeepTheirOrder = lawBetween({
  id: "pairs-keep-their-order",
  statement:
    "Of the requests of one canister to another those that are taken up are taken up in the order in which they were sent, each once: straight, through the loopback stream or through another subnet's, past full queues and time-outs.",
  source: "facts/messages.md MSG-P5, MSG-8.11, section 3.4; SEED-003-38",
  cites: [
    "call-send",
    "request-induct",
    "message-stream",
    "stream-request",
    "input-take",
    "request-expire",
    "message-expire",
    "slice-admit",
  ],
  otherwise: "no canister took up two requests of another",
  worlds: (vocabulary) =>
    fc.oneof(
      mixedWorlds(vocabulary, { always: ["call"], plant: ["crowd", "fan"] }),
      slowConsumerWorlds(vocabulary),
      farJammedWorlds(vocabulary),
    ),
  watch: (sites) => {
    const sent = new Map(
      sites.flatMap(({ world }) => [...world.canisters.keys()].map((id) => [id, new Map<CallbackId, CanisterId>()] as const)),
    );
    const latest = new Map<string, CallbackId>();
    let pairs = 0;
    return {
      onEvent: (event): Complaint => {
        const origin = originOf(event);
        let complaint: Complaint;
        if (origin !== null && sent.has(origin.canister)) {
          const { canister: caller, callback } = origin;
          const pair = `${caller} to ${origin.callee}`;
          const before = latest.get(pair);
          latest.set(pair, callback);
          if (before !== undefined) pairs++;
          if (sent.get(caller)!.get(callback) !== origin.callee) complaint = `${pair}: call ${callback} is taken up, and was never sent`;
          else if (before !== undefined && before >= callback)
            complaint = `${pair}: call ${callback} is taken up ${before === callback ? "twice" : `after call ${before}`}`;
        }
        return complaint ?? noted(event, sent);
      },
      interested: () => pairs > 0,
    };
  },
});

/** The call that an event takes up, when it takes up one of a canister. */
const originOf = (event: Event): { readonly canister: CanisterId; readonly callback: CallbackId; readonly callee: CanisterId } | null => {
  if (event.kind !== "executed" && event.kind !== "not-executed") return null;
  const cause: Cause = event.cause;
  if (cause.kind !== "update" || cause.origin.kind !== "canister") return null;
  return { canister: cause.origin.canister, callback: cause.origin.callback, callee: event.canister };
};

/** Notes what was sent: the numbers of calls only grow, so they say which was first. */
const noted = (event: Event, sent: ReadonlyMap<CanisterId, Map<CallbackId, CanisterId>>): Complaint => {
  if (event.kind !== "executed") return undefined;
  const known = sent.get(event.canister);
  for (const { callback, callee } of event.calls) {
    if (known?.has(callback)) return `${event.canister} gives the number ${callback} to two calls`;
    if (known !== undefined && [...known.keys()].some((other) => other > callback))
      return `${event.canister} gives the number ${callback} after a larger one`;
    known?.set(callback, callee);
  }
  return undefined;
};
