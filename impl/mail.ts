/**
 * How messages enter and leave queues. Everything that is counted about them is counted here and nowhere else: how many
 * wait, whose slots they take, what they hold of the memory and of the cycles, and who becomes active by them.
 */
import type { CanisterId } from "../spec/index.ts";
import { bytesOf, cyclesOn, emptyMail, type Callback, type IngressMessage, type Mail, type Message, type Pair } from "./messages.ts";
import { countCallback, countMessage } from "./occupancy.ts";
import { emptyQueue, enqueue, replace, unlink, type Queue } from "./queues.ts";
import { activate, type Canister, type Engine } from "./state.ts";
import { note } from "./watch.ts";
import { weightOf } from "./weights.ts";

/** The pair of queues that a canister has for a peer. */
export const pairOf = (engine: Engine, canister: Canister, peer: CanisterId): Pair => {
  const { pairs } = mailOf(canister);
  const known = pairs.get(peer);
  if (known !== undefined) return known;
  const there = engine.byId.get(peer) ?? null;
  const pair: Pair = {
    owner: canister,
    peer,
    there,
    subnet: there !== null ? engine.own : (engine.routes.get(peer) ?? null),
    inputs: emptyQueue(),
    outputs: emptyQueue(),
    slots: 0,
    calls: 0,
    isSending: false,
    isEmptied: false,
    next: null,
    before: null,
  };
  pairs.set(peer, pair);
  return pair;
};

export const mailOf = (canister: Canister): Mail => (canister.mail ??= emptyMail());

/** The callback, when it is open and no response to it is in an input queue. */
export const awaiting = (canister: Canister, callback: number): Callback | null => {
  const open = canister.callbacks?.get(callback);
  return open === undefined || open.isAnswered ? null : open;
};

/** A request or a response becomes the last in the input queue for a peer. A response needs the callback that awaits it. */
export const enterInput = (engine: Engine, pair: Pair, message: Message, callback: Callback | null): void => {
  const { owner } = pair;
  const mail = owner.mail!;
  if (pair.inputs.length === 0) enqueue(sendersOf(engine, pair), pair);
  enter(engine, pair, "input", message);
  mail.inputs++;
  if (callback !== null) {
    callback.isAnswered = true;
    countCallback(engine, callback, -1);
  } else pair.slots++;
  activate(engine, owner);
};

/** An ingress message becomes the last in the ingress queue of its canister. */
export const enterIngress = (engine: Engine, message: IngressMessage): void => {
  const { canister } = message;
  const mail = mailOf(canister);
  message.isQueued = true;
  message.place = engine.arrivals++;
  enqueue(mail.ingress, message);
  mail.inputs++;
  note(engine.expiring, message);
  activate(engine, canister);
};

/** Takes a message out of its input queue. The slot of a request stays taken: there is going to be an open call, or a response. */
export const leaveInput = (engine: Engine, message: Message): void => {
  const pair = message.pair!;
  pair.owner.mail!.inputs--;
  leave(engine, pair.inputs, message);
  if (pair.inputs.length === 0) unlink(sendersOf(engine, pair), pair);
  mayBeEmpty(engine, pair);
};

/** Takes an ingress message out of its queue. */
export const leaveIngress = (engine: Engine, message: IngressMessage): void => {
  const { canister } = message;
  const mail = canister.mail!;
  message.isQueued = false;
  unlink(mail.ingress, message);
  mail.inputs--;
  if (mail.ingress.length > 0 || canister.isSettling) return;
  canister.isSettling = true;
  engine.settling.canisters.push(canister);
};

/** A message becomes the last in the output queue for a peer. */
export const enterOutput = (engine: Engine, pair: Pair, message: Message): void => {
  const { owner, there } = pair;
  const mail = owner.mail!;
  enter(engine, pair, "output", message);
  mail.outputs++;
  if (!pair.isSending) {
    pair.isSending = true;
    (there === null ? mail.away : mail.here).push(pair);
  }
  if (there === null) {
    if (owner.isSendingAway) return;
    owner.isSendingAway = true;
    engine.sending.away.push(owner);
  } else {
    if (owner.isSendingHere) return;
    owner.isSendingHere = true;
    engine.sending.here.push(owner);
  }
};

/** Takes a message out of its output queue. */
export const leaveOutput = (engine: Engine, message: Message): void => {
  const pair = message.pair!;
  pair.owner.mail!.outputs--;
  leave(engine, pair.outputs, message);
  if (message.kind === "response") freeSlot(engine, pair);
};

/** A slot of the peer is free again: its call was answered, and the answer left; or its request is no more. */
export const freeSlot = (engine: Engine, pair: Pair): void => {
  pair.slots--;
  mayBeEmpty(engine, pair);
};

/** A callback waits for the peer no more. */
export const endCall = (engine: Engine, pair: Pair): void => {
  pair.calls--;
  mayBeEmpty(engine, pair);
};

/** Puts another response in the place of one in an input queue. */
export const replaceInput = (engine: Engine, message: Message, by: Message): void => {
  by.pair = message.pair;
  by.side = message.side;
  by.place = message.place;
  replace(message.pair!.inputs, message, by);
  countMessage(engine, message.pair!.owner, message, -1);
  countMessage(engine, message.pair!.owner, by, 1);
  engine.totals.messages += cyclesOn(by) - cyclesOn(message);
  message.pair = null;
};

/** Whether nothing at all is between the owner of this pair and the peer. */
export const isEmptyPair = ({ inputs, outputs, slots, calls }: Pair): boolean =>
  slots === 0 && calls === 0 && inputs.length === 0 && outputs.length === 0;

/** The list of senders in which the pair stands while it has inputs. */
const sendersOf = ({ own }: Engine, { owner, subnet }: Pair): Queue<Pair> =>
  subnet === null || subnet === own ? owner.mail!.local : owner.mail!.remote;

const enter = (engine: Engine, pair: Pair, side: Message["side"], message: Message): void => {
  const cycles = cyclesOn(message);
  message.pair = pair;
  message.side = side;
  message.place = engine.arrivals++;
  enqueue(side === "input" ? pair.inputs : pair.outputs, message);
  countMessage(engine, pair.owner, message, 1);
  if (cycles > 0n) engine.totals.messages += cycles;
  if (message.deadline !== null) {
    if (message.kind === "request" || side === "output") note(engine.expiring, message);
    if (bytesOf(message) > 0) note(engine.weights, weightOf(message));
  } else if (message.kind === "request" && side === "output") note(engine.expiring, message);
};

const leave = (engine: Engine, queue: Queue<Message>, message: Message): void => {
  const cycles = cyclesOn(message);
  unlink(queue, message);
  countMessage(engine, message.pair!.owner, message, -1);
  if (cycles > 0n) engine.totals.messages -= cycles;
  message.pair = null;
};

const mayBeEmpty = (engine: Engine, pair: Pair): void => {
  if (pair.isEmptied || !isEmptyPair(pair)) return;
  pair.isEmptied = true;
  engine.settling.pairs.push(pair);
};
