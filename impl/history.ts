/**
 * The ingress history: what is known of every message from the door on, until it is pruned. Answers come in the order of
 * time, so what is to be forgotten or pruned next stands at the front of a list, and only the answers of one moment have
 * to be put in the order of their ids.
 */
import { byId, type IngressId, type IngressStatus, type Nanoseconds, type Result, type UserId } from "../spec/index.ts";
import { change, enter, leave } from "./labels.ts";
import type { CertifiedMessage } from "./root.ts";
import type { Engine } from "./state.ts";

/** A message of the ingress history. */
export interface IngressEntry extends CertifiedMessage {
  readonly id: IngressId;
  readonly sender: UserId;
}

export interface History {
  readonly entries: Map<IngressId, IngressEntry>;
  /** Answered messages, by the time of the answer; those before `pruned` are gone, those before `forgotten` have lost their answer. */
  answered: IngressEntry[];
  pruned: number;
  forgotten: number;
  /** Up to here, equal times are in the order of the ids. */
  sorted: number;
  /** In replies. */
  bytes: number;
}

export const emptyHistory = (): History => ({ entries: new Map(), answered: [], pruned: 0, forgotten: 0, sorted: 0, bytes: 0 });

/** Begins to know a message, and who sent it. */
export const recordIngress = ({ history, root }: Engine, id: IngressId, sender: UserId, status: IngressStatus): IngressEntry => {
  const entry: IngressEntry = { id, sender, status, above: null, digest: null };
  history.entries.set(id, entry);
  enter(root.messages, entry);
  return entry;
};

/** A block brought the message. */
export const beginIngress = (entry: IngressEntry): void => {
  entry.status = { kind: "processing" };
  change(entry);
};

/**
 * Writes down the answer of a message.
 * @rule ingress-answer
 */
export const answerIngress = (engine: Engine, id: IngressId, result: Result): void => {
  const { history, events, time } = engine;
  const entry = history.entries.get(id)!;
  entry.status = { kind: "answered", result, time };
  change(entry);
  history.bytes += replyBytes(result);
  history.answered.push(entry);
  events.push({ kind: "ingress-answered", ingress: id, result });
};

/** Brings the answered messages of a history that was read from a text into their order; before, it only knows them. */
export const restoreAnswers = ({ history }: Engine): void => {
  const answered = [...history.entries.values()].filter(({ status }) => status.kind === "answered" || status.kind === "done");
  const isDone = ({ status }: IngressEntry): number => (status.kind === "done" ? 0 : 1);
  history.answered = answered.sort((left, right) => Number(timeOf(left) - timeOf(right)) || isDone(left) - isDone(right));
  history.forgotten = answered.filter(({ status }) => status.kind === "done").length;
  for (const { status } of answered) if (status.kind === "answered") history.bytes += replyBytes(status.result);
};

/**
 * While the replies have more bytes than there is memory for them, the oldest answers go.
 * @rule ingress-forget
 */
export const forgetAnswers = (engine: Engine): void => {
  const { history, events, genesis } = engine;
  while (history.bytes > genesis.parameters.historyMemory) {
    if (!isSorted(history)) sortMoment(history);
    const entry = history.answered[history.forgotten++]!;
    const { status } = entry;
    if (status.kind !== "answered") throw new Error(`${entry.id} has no answer to forget`);
    history.bytes -= replyBytes(status.result);
    entry.status = { kind: "done", time: status.time };
    change(entry);
    events.push({ kind: "ingress-forgotten", ingress: entry.id });
  }
};

/**
 * Messages that were answered too long ago are known no more.
 * @rule ingress-prune
 */
export const pruneHistory = (engine: Engine): void => {
  const { history, root, events, genesis, time } = engine;
  const { answered, entries } = history;
  const { historyLifetime } = genesis.parameters;
  const from = history.pruned;
  while (history.pruned < answered.length && timeOf(answered[history.pruned]!) + historyLifetime < time) history.pruned++;
  if (history.pruned === from) return;
  for (const entry of answered.slice(from, history.pruned).sort((left, right) => byId(left.id, right.id))) {
    entries.delete(entry.id);
    if (entry.status.kind === "answered") history.bytes -= replyBytes(entry.status.result);
    leave(root.messages, entry);
    events.push({ kind: "ingress-pruned", ingress: entry.id });
  }
  history.forgotten = Math.max(history.forgotten, history.pruned);
  history.sorted = Math.max(history.sorted, history.pruned);
  if (2 * history.pruned > answered.length) shorten(history);
};

const replyBytes = (result: Result): number => (result.kind === "reply" ? result.payload.length / 2 : 0);

/** When the message was answered. @throws Error when it was not. */
const timeOf = ({ id, status }: IngressEntry): Nanoseconds => {
  if (status.kind === "answered" || status.kind === "done") return status.time;
  throw new Error(`${id} has no answer`);
};

/** Whether the next answer has the smallest id of its moment: another answer of the same moment may have come since. */
const isSorted = ({ answered, forgotten, sorted }: History): boolean =>
  forgotten < sorted && (sorted === answered.length || timeOf(answered[sorted]!) !== timeOf(answered[forgotten]!));

/** Puts what is left of the answers of the next moment in the order of their ids. */
const sortMoment = (history: History): void => {
  const { answered, forgotten } = history;
  const moment = timeOf(answered[forgotten]!);
  let end = forgotten;
  while (end < answered.length && timeOf(answered[end]!) === moment) end++;
  answered
    .slice(forgotten, end)
    .sort((left, right) => byId(left.id, right.id))
    .forEach((entry, at) => (answered[forgotten + at] = entry));
  history.sorted = end;
};

/** Lets go of the pruned front of the list. */
const shorten = (history: History): void => {
  history.answered = history.answered.slice(history.pruned);
  history.forgotten -= history.pruned;
  history.sorted -= history.pruned;
  history.pruned = 0;
};
