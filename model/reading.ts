/** Ways to read a state and to write its draft: who is there, what waits where, and what comes next. */
import { castDraft, type Draft } from "immer";
import {
  byId,
  cycles,
  managementCanister,
  type CanisterId,
  type Committee,
  type ContextId,
  type Cycles,
  type ErrorCode,
  type Event,
  type Hex,
  type Parameters,
  type SubnetId,
  type Task,
} from "../spec/index.ts";
import type { Canister, Context, Execution, Inbox, Request, Response, State, Stream } from "./state.ts";

/** A stream that nothing was said in. */
export const newStream: Stream = { begin: 0, messages: [], signals: 0 };

export const streamOf = (state: State, subnet: SubnetId): Stream => state.streams.get(subnet) ?? newStream;

/** The same, to be written. */
export const draftStream = (after: Draft<State>, subnet: SubnetId): Draft<Stream> => {
  if (!after.streams.has(subnet)) after.streams.set(subnet, { begin: 0, messages: [], signals: 0 });
  return known(after.streams.get(subnet), `stream to ${subnet}`);
};

/** Where a canister is; `null` when it is nowhere. */
export const subnetOf = (state: State, id: CanisterId): SubnetId | null =>
  state.canisters.has(id) ? state.own : (state.routes.get(id) ?? null);

/** The subnet from which a canister can have sent something: one to which no route leads was here, if it no longer is. */
export const senderSubnetOf = ({ own, routes }: State, id: CanisterId): SubnetId => routes.get(id) ?? own;

/** Whether there is the canister that is named, where one is. */
export const isThere = ({ canisters }: State, id: CanisterId | null): boolean => id === null || canisters.has(id);

/** @throws Error when there is no such canister: the caller had to know. */
export const canisterOf = (state: State, id: CanisterId): Canister => known(state.canisters.get(id), `canister ${id}`);

/** The same, to be written. */
export const draftOf = (after: Draft<State>, id: CanisterId): Draft<Canister> => known(after.canisters.get(id), `canister ${id}`);

/** The execution that is going on. */
export const runningOf = (state: State): Execution => known(state.running, "a running execution");

export const contextOf = (canister: Canister, id: ContextId): Context =>
  known(canister.contexts.get(id), `context ${id} of ${canister.id}`);

/** What an execution in this context may accept. */
export const availableOf = (context: Context): Cycles => (context.status === "open" ? context.available : cycles(0n));

/** All canisters by id. */
export const inOrder = (state: State): readonly Canister[] => [...state.canisters.values()].sort((left, right) => byId(left.id, right.id));

/** The calls of a context whose response was not executed yet. */
export const openCalls = (canister: Canister, context: ContextId): number =>
  [...canister.callbacks.values()].filter((callback) => callback.context === context).length;

/** Whether a canister has a message that waits. */
export const hasInput = ({ ingress, local, remote }: Canister): boolean => ingress.length + local.length + remote.length > 0;

/** What of the tasks of a canister is next: the hook, then those of the round. */
export const nextTask = ({ code, hook, status, tasks: { timer, heartbeat, first } }: Canister): Task | null =>
  hook === "ready" && code !== null && status === "running"
    ? "low-memory"
    : timer && heartbeat
      ? first
      : timer
        ? "timer"
        : heartbeat
          ? "heartbeat"
          : null;

/** Whether a canister has something to execute. */
export const hasWork = (canister: Canister): boolean => canister.underway !== null || nextTask(canister) !== null || hasInput(canister);

/** Whether a canister may take a turn in this round. */
export const isActive = ({ round: { suspended, finished } }: State, canister: Canister): boolean =>
  !suspended.has(canister.id) && hasWork(canister) && (canister.underway !== null || !finished.has(canister.id));

/** The requests and responses from other canisters that wait, by peer. */
export const inboxes = ({ local, remote }: Canister): readonly Inbox[] =>
  [...local, ...remote].sort((left, right) => byId(left.peer, right.peer));

/** What waits from this peer. */
export const inputsFrom = (canister: Canister, peer: CanisterId): readonly (Request | Response)[] =>
  inboxes(canister).find((inbox) => inbox.peer === peer)?.messages ?? [];

/** The output queues that hold something, by peer. */
export const outboxes = ({ outputs }: Canister): readonly (readonly [CanisterId, readonly (Request | Response)[]])[] =>
  [...outputs].filter(([, messages]) => messages.length > 0).sort(([left], [right]) => byId(left, right));

/** Puts a message at the end of the input queue for a peer; a peer that had none is served after the others of its kind. */
export const enterInput = (after: Draft<State>, id: CanisterId, peer: CanisterId, message: Request | Response): void => {
  const canister = draftOf(after, id);
  const isLocal = after.canisters.has(peer) || peer === managementCanister || !after.routes.has(peer);
  const list = isLocal ? canister.local : canister.remote;
  const inbox = list.find((one) => one.peer === peer);
  if (inbox === undefined) list.push({ peer, messages: [castDraft(message)] });
  else inbox.messages.push(castDraft(message));
};

/** Puts a message at the end of the output queue for a peer. */
export const enterOutput = (after: Draft<State>, id: CanisterId, peer: CanisterId, message: Request | Response): void => {
  const { outputs } = draftOf(after, id);
  outputs.set(peer, [...(outputs.get(peer) ?? []), castDraft(message)]);
};

/** Takes the first message from the output queue for a peer. */
export const leaveOutput = (after: Draft<State>, id: CanisterId, peer: CanisterId): void => {
  const { outputs } = draftOf(after, id);
  outputs.set(peer, (outputs.get(peer) ?? []).slice(1));
};

/** The same state, with more to tell. */
export const tell = (state: State, ...events: readonly Event[]): State => ({ ...state, events: [...state.events, ...events] });

/** @throws Error naming what was expected to be there. */
export const known = <T>(value: T | null | undefined, name: string): T => {
  if (value === null || value === undefined) throw new Error(`expected ${name}, found nothing`);
  return value;
};

/** A refusal that has no error code cannot be answered with one. */
export const errorOf = (error: ErrorCode | null): ErrorCode => known(error, "an error code for the refusal");

/** @throws Error where there is no committee: only its nodes ask. */
export const committeeOf = (state: State): Committee => known(state.committee, "a committee");

/** What a canister remembers: its pages, and how far its stable memory goes. */
export type Remembered = Pick<Canister, "pages" | "stablePages">;
export const memoryIn = ({ pages, stablePages }: Remembered): Remembered => ({ pages, stablePages });
export const noMemory: Remembered = { pages: new Map(), stablePages: 0 };

/** Whether a page is one of the heap, or of stable memory as far as that goes. @source facts/messages.md X13 */
export const isInside = ({ maxPages, heapPages }: Parameters, { stablePages }: Remembered, page: number): boolean =>
  page >= 0 && page < maxPages && page < heapPages + stablePages;

/** How many pages of the heap were written. */
export const heapOf = ({ heapPages }: Parameters, { pages }: Remembered): number =>
  [...pages.keys()].filter((page) => page < heapPages).length;

/** How many pages are in use: those of the heap that were written, and all of stable memory. */
export const pagesOf = (parameters: Parameters, memory: Remembered): number => heapOf(parameters, memory) + memory.stablePages;

/** The pages of a canister whose content is another than before, by page. */
export const changedPages = (before: Canister, after: Canister): readonly (readonly [number, Hex])[] =>
  [...after.pages].filter(([page, content]) => before.pages.get(page) !== content).sort(([left], [right]) => left - right);

/** Moves cycles onto a balance, or off it, that other effects of the same rule move too: a sum does not depend on the order. */
export const move = (after: Draft<State>, id: CanisterId, moved: bigint): void => {
  const canister = draftOf(after, id) as unknown as { balance: bigint };
  canister.balance += moved;
};
