/** Messages that waited too long, or that there is no room for, and what becomes of their cycles: `docs/machine.md`, section 4.1. */
import type { Cycles } from "../spec/index.ts";
import { payloadOf } from "./memory.ts";
import {
  dropResponse,
  expireCallback,
  expireMessage,
  expireRequest,
  isAnswer,
  loseCycles,
  orphanResponse,
  returnCycles,
  shedMessage,
  streamRefund,
  type Place,
} from "./rules/deadlines.ts";
import { rejectWith } from "./rules/answers.ts";
import { expireIngress } from "./rules/ingress.ts";
import { endOf } from "./rules/streams.ts";
import { answerUser } from "./answering.ts";
import { canisterOf, inboxes, inOrder, known, outboxes, subnetOf, tell } from "./reading.ts";
import type { Canister, Ingress, Response, State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Expires what canisters have in their queues, and the calls that they wait for. */
export const expire = (fire: Fire, before: State): State =>
  inOrder(before).reduce((state, { id }) => {
    const sent = outputPlaces(canisterOf(state, id)).reduce((now, place) => expireOne(fire, now, place), state);
    const received = inputPlaces(canisterOf(sent, id)).reduce((now, place) => expireOne(fire, now, place), sent);
    const callbacks = [...canisterOf(received, id).callbacks.keys()].sort((left, right) => left - right);
    return callbacks.reduce((now, callback) => {
      const fired = fire(expireCallback, now, { canister: id, callback });
      return fired.applied ? tell(fired.state, { kind: "callback-expired", caller: id, callback }) : now;
    }, received);
  }, before);

const expireOne = (fire: Fire, before: State, place: Place): State => {
  const { queue, message } = place;
  if (message.kind === "request" && queue === "output") {
    const fired = fire(expireRequest, before, { request: message });
    const { caller, callback } = message;
    return fired.applied ? tell(fired.state, { kind: "request-bounced", caller, callback, error: "CN0210" }) : before;
  }
  if (isAnswer(place)) return before;
  const fired = fire(expireMessage, before, { place });
  return fired.applied ? dropCycles(fire, dropped(fired.state, place, "expired"), place) : before;
};

/** Expires ingress messages that nobody began to execute: those that wait for a block or for the management canister, and those in queues. */
export const expirePool = (fire: Fire, before: State): State => {
  const asked = before.management.filter((request) => request.kind === "ingress");
  const queued = inOrder(before).flatMap(({ ingress }) => ingress);
  return [...before.pool, ...asked, ...queued].reduce<State>((state, message: Ingress) => {
    const fired = fire(expireIngress, state, { message });
    if (!fired.applied) return state;
    const { ingress } = message;
    return answerUser(fire, tell(fired.state, { kind: "ingress-expired", ingress }), ingress, rejectWith("IC0202"));
  }, before);
};

/** Sheds best-effort messages, the largest first, until the others fit. */
export const shed = (fire: Fire, before: State): State => {
  let state = before;
  for (;;) {
    const place = largest(state);
    if (place === null) return state;
    const fired = fire(shedMessage, state, { place });
    if (!fired.applied) return state;
    const told = dropped(fired.state, place, "shed");
    const { caller, callback } = place.message;
    state =
      place.queue === "output" && place.message.kind === "request"
        ? tell(told, { kind: "request-bounced", caller, callback, error: "CN0211" })
        : dropCycles(fire, told, place);
  }
};

/** The best-effort message with the largest payload, the first of several; `null` when there is none. */
const largest = (state: State): Place | null => {
  const places = inOrder(state)
    .flatMap((canister) => [...inputPlaces(canister), ...outputPlaces(canister)])
    .filter(({ message }) => message.deadline !== null && payloadOf(message) > 0);
  return places.reduce<Place | null>(
    (best, place) => (best === null || payloadOf(place.message) > payloadOf(best.message) ? place : best),
    null,
  );
};

/** Nobody waits for this response any more; `queued` when it is the first in its output queue. */
export const tooLate = (fire: Fire, before: State, response: Response, queued = false): State => {
  const { caller, callback, refund, respondent } = response;
  if (!before.canisters.has(caller)) {
    const place: Place = { canister: respondent, queue: "output", peer: caller, message: response };
    return dropCycles(fire, dropped(fire(orphanResponse, before, { response, queued }).state, place, "orphaned"), place);
  }
  const state = fire(dropResponse, before, { response, queued }).state;
  return tell(state, { kind: "response-late", caller, callback, refund, balance: canisterOf(state, caller).balance });
};

const dropped = (state: State, { canister, queue, message }: Place, reason: "expired" | "shed" | "orphaned"): State =>
  tell(state, {
    kind: "message-dropped",
    reason,
    message: message.kind,
    canister,
    queue,
    caller: message.caller,
    callback: message.callback,
  });

/** What was on a dropped message is lost, or goes back to the caller. */
const dropCycles = (fire: Fire, before: State, { message }: Place): State => {
  const owner = message.caller;
  const carried: Cycles = message.kind === "request" ? message.attached : message.refund;
  if (carried === 0n) return before;
  const tellOf = (state: State, fate: "lost" | "returned" | "streamed"): State =>
    tell(state, { kind: "cycles-dropped", owner, cycles: carried, fate });
  const lost = fire(loseCycles, before, { owner, lost: carried });
  if (lost.applied) return tellOf(lost.state, "lost");
  const returned = fire(returnCycles, before, { owner, returned: carried });
  if (returned.applied) return tellOf(returned.state, "returned");
  const to = known(subnetOf(before, owner), `the subnet of ${owner}`);
  return tell(tellOf(fire(streamRefund, before, { to, owner, returned: carried }).state, "streamed"), {
    kind: "message-streamed",
    to,
    index: endOf(before, to),
    message: { kind: "refund", canister: owner, cycles: carried },
  });
};

const inputPlaces = (canister: Canister): readonly Place[] =>
  inboxes(canister).flatMap(({ peer, messages }) =>
    messages.map((message): Place => ({ canister: canister.id, queue: "input", peer, message })),
  );

const outputPlaces = (canister: Canister): readonly Place[] =>
  outboxes(canister).flatMap(([peer, messages]) =>
    messages.map((message): Place => ({ canister: canister.id, queue: "output", peer, message })),
  );
