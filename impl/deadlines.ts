/**
 * Deadlines, at the start of a round: only what is late is looked at. It comes out of a heap in no order that anybody should see,
 * and is then dealt with canister by canister, as the specification walks queues and callbacks.
 */
import { drop } from "./dropping.ts";
import type { Expirable } from "./expiring.ts";
import { popHeap } from "./heap.ts";
import { answerIngress } from "./history.ts";
import { leaveIngress, leaveOutput } from "./mail.ts";
import type { Callback, IngressMessage, Message, PooledIngress, Request, UserRequest } from "./messages.ts";
import { deadlineExpired, ingressTimedOut, rejectWith, requestTimedOut } from "./refusals.ts";
import { bounce, rejectCall } from "./responses.ts";
import { noCycles } from "./frame.ts";
import type { Engine } from "./state.ts";
import { firstOf, settle } from "./watch.ts";

/** Deals with everything whose last moment is over. */
export const expire = (engine: Engine): void => {
  const late = lateIn(engine);
  for (const item of late.filter((some) => some.kind !== "ingress").sort(inWalk)) expireOne(engine, item);
  expireIngress(engine, late.filter((some) => some.kind === "ingress").sort(inWalk));
};

/** Takes what is late out of the heap. A request that went from an output queue to an input queue was noted in each. */
const lateIn = ({ expiring, time }: Engine): readonly Expirable[] => {
  settle(expiring);
  const late = new Set<Expirable>();
  for (let first = firstOf(expiring); first !== null && first.expiry! < time; first = firstOf(expiring)) {
    popHeap(expiring.heap);
    late.add(first);
  }
  return [...late];
};

/** Canister by canister: output queues, input queues, peer by peer, from first to last; then callbacks by number. */
const inWalk = (left: Expirable, right: Expirable): number => {
  const [one, other] = [stepOf(left), stepOf(right)];
  return (
    one.canister - other.canister ||
    one.queue - other.queue ||
    (one.peer < other.peer ? -1 : one.peer > other.peer ? 1 : one.place - other.place)
  );
};

/** Where the walk meets an item that can expire. */
const stepOf = (item: Expirable): { canister: number; queue: number; peer: string; place: number } => {
  switch (item.kind) {
    case "ingress":
      return { canister: item.canister.index, queue: 0, peer: "", place: item.place };
    case "callback":
      return { canister: item.canister.index, queue: 2, peer: "", place: item.id };
    case "request":
    case "response": {
      const { owner, peer } = item.pair!;
      return { canister: owner.index, queue: item.side === "output" ? 0 : 1, peer, place: item.place };
    }
    default: {
      const never: never = item;
      throw new Error(`nothing of this kind expires: ${String(never)}`);
    }
  }
};

const expireOne = (engine: Engine, item: Message | Callback): void => {
  if (item.kind === "callback") expireCallback(engine, item);
  else if (item.kind === "request" && item.side === "output") expireRequest(engine, item);
  else drop(engine, item, "expired"); // @rule message-expire
};

/** @rule request-expire */
const expireRequest = (engine: Engine, request: Request): void => {
  leaveOutput(engine, request);
  bounce(engine, request, requestTimedOut);
};

/**
 * A request that came back just now answered its callback too.
 * @rule callback-expire
 */
const expireCallback = (engine: Engine, callback: Callback): void => {
  if (callback.isAnswered) return;
  rejectCall(engine, callback, deadlineExpired, noCycles);
  engine.events.push({ kind: "callback-expired", caller: callback.canister.id, callback: callback.id });
};

/**
 * In the pool, then for the management canister, then in queues.
 * @rule ingress-expire
 */
const expireIngress = (engine: Engine, queued: readonly IngressMessage[]): void => {
  const isLate = ({ expiry }: PooledIngress | UserRequest): boolean => expiry < engine.time;
  const { pool, waitingManagement: waiting } = engine;
  const late = [...pool, ...waiting.map(({ request }) => request).filter((request) => request.kind === "user")].filter(isLate);
  engine.pool = pool.filter((message) => !isLate(message));
  engine.waitingManagement = waiting.filter(({ request }) => request.kind !== "user" || !isLate(request));
  for (const message of queued) leaveIngress(engine, message);
  for (const id of [...late.map(({ id }) => id), ...queued.map(({ origin }) => origin.ingress)]) {
    engine.events.push({ kind: "ingress-expired", ingress: id });
    answerIngress(engine, id, rejectWith(ingressTimedOut));
  }
};
