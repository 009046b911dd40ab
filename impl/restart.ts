/**
 * Restart: the whole state as one text, and an engine from that text and nothing else. What is written is what the
 * specification calls state, with the genesis, since nobody else remembers it; every index, cache, total and digest is built
 * anew, so one that had drifted from the state shows.
 *
 * The text is JSON. A bigint is written as `{"$":"123"}`, which no record of ours looks like. Values are walked here and not by
 * `JSON`, whose callbacks for each field take twice as long to write and three times as long to read.
 */
import type {
  CallbackId,
  CanisterId,
  ContextId,
  Genesis,
  Height,
  Hex,
  IngressId,
  IngressStatus,
  Nanoseconds,
  NodeNumber,
  Cycles,
} from "../spec/index.ts";
import type { Seated } from "./committee/tape.ts";
import { listed } from "./queues.ts";
import { touchEntry } from "./root.ts";
import {
  activate,
  engineOf,
  receive,
  send,
  setBalance,
  type Callback,
  type Canister,
  type Context,
  type Engine,
  type IngressEntry,
  type IngressMessage,
  type Message,
  type Request,
} from "./state.ts";
import { arm } from "./timers.ts";

export const toText = (engine: Engine): string => textOf(writtenState(engine));

export const fromText = (text: string): Engine => readState(restored(JSON.parse(text)) as WrittenState);

/** A message outside a queue. */
type Unlinked<M extends Message> = M extends Message ? Omit<M, "next"> : never;

interface WrittenCanister {
  readonly id: CanisterId;
  readonly balance: Cycles;
  readonly pages: readonly (readonly [number, Hex])[];
  readonly timer: Nanoseconds | null;
  readonly task: boolean;
  readonly paid: number;
  readonly inputs: readonly Unlinked<Message>[];
  readonly outputs: readonly Unlinked<Message>[];
  readonly contexts: readonly Omit<Context, "calls">[];
  readonly callbacks: readonly Callback[];
  readonly nextContext: ContextId;
  readonly nextCallback: CallbackId;
}

interface WrittenNode {
  readonly final: number;
  readonly held: readonly (readonly [Height, readonly NodeNumber[]])[];
  readonly made: readonly Height[];
}

interface WrittenCommittee {
  readonly nodes: readonly WrittenNode[];
  readonly tapes: readonly (readonly [Height, Hex])[];
}

interface WrittenState {
  readonly genesis: Genesis;
  readonly height: Height;
  readonly time: Nanoseconds;
  readonly rounds: number;
  readonly burned: bigint;
  readonly minted: bigint;
  readonly canisters: readonly WrittenCanister[];
  readonly history: readonly (readonly [IngressId, IngressStatus])[];
  readonly waitingIngress: readonly { readonly canister: CanisterId; readonly message: Unlinked<IngressMessage> }[];
  readonly waitingRandomness: readonly { readonly request: Unlinked<Request>; readonly asked: Height }[];
  readonly committee: WrittenCommittee | null;
}

type Fields = Record<string, unknown>;

/** Names of fields are ours and need no escape. */
const textOf = (value: unknown): string => {
  if (typeof value === "bigint") return `{"$":"${value}"}`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === "" ? "" : ","}${textOf(item)}`;
    return `[${text}]`;
  }
  for (const name in value) text += `${text === "" ? "" : ","}"${name}":${textOf((value as Fields)[name])}`;
  return `{${text}}`;
};

/** What was parsed, with its bigints: arrays and records are kept and changed, since nobody else has them. */
const restored = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = restored(value[at]);
    return value;
  }
  if ("$" in value) return BigInt(value.$ as string);
  const fields = value as Fields;
  for (const name in fields) if (typeof fields[name] === "object") fields[name] = restored(fields[name]);
  return fields;
};

const writtenState = (engine: Engine): WrittenState => ({
  genesis: engine.genesis,
  height: engine.height,
  time: engine.time,
  rounds: engine.schedule.rounds,
  burned: engine.totals.burned,
  minted: engine.totals.minted,
  canisters: engine.canisters.map((canister) => writtenCanister(engine, canister)),
  history: [...engine.history.values()].map(({ id, status }) => [id, status]),
  waitingIngress: engine.waitingIngress.map(({ canister, message }) => ({ canister: canister.id, message: unlinked(message) })),
  waitingRandomness: engine.waitingRandomness.map(({ request, asked }) => ({ request: unlinked(request), asked })),
  committee: engine.committee === null ? null : writtenCommittee(engine.committee),
});

const writtenCommittee = ({ nodes, tapes }: Seated): WrittenCommittee => ({
  nodes: nodes.map(({ final, held, made }) => ({
    final,
    held: [...held].map(([of, makers]) => [of, [...makers]]),
    made: [...made],
  })),
  tapes: [...tapes],
});

const writtenCanister = ({ schedule }: Engine, canister: Canister): WrittenCanister => ({
  id: canister.id,
  balance: canister.balance,
  pages: [...(canister.pages ?? [])],
  timer: canister.timer,
  task: canister.task,
  paid: schedule.paid[canister.index]!,
  inputs: listed(canister.inputs).map(unlinked),
  outputs: listed(canister.outputs).map(unlinked),
  contexts: [...(canister.contexts?.values() ?? [])].map(({ id, origin, status, available }) => ({ id, origin, status, available })),
  callbacks: [...(canister.callbacks?.values() ?? [])],
  nextContext: canister.nextContext,
  nextCallback: canister.nextCallback,
});

const unlinked = <M extends Message>(message: M): Unlinked<M> => {
  const { next: _, ...content } = message;
  return content as unknown as Unlinked<M>;
};

const linked = <M extends Message>(content: Unlinked<M>): M => ({ ...content, next: null }) as unknown as M;

const readState = (written: WrittenState): Engine => {
  const engine = engineOf(
    written.genesis,
    written.rounds,
    Float64Array.from(written.canisters, ({ paid }) => paid),
  );
  const { totals } = engine;
  engine.height = written.height;
  engine.time = written.time;
  totals.burned = written.burned;
  totals.minted = written.minted;
  for (const canister of written.canisters) readCanister(engine, engine.byId.get(canister.id)!, canister);
  for (const [id, status] of written.history) {
    const entry: IngressEntry = { index: engine.history.size, id, status, isDirty: false };
    engine.history.set(id, entry);
    touchEntry(engine.root, entry);
  }
  for (const { canister, message } of written.waitingIngress) {
    const entry = engine.history.get(message.origin.ingress)!;
    engine.waitingIngress.push({ entry, canister: engine.byId.get(canister)!, message: linked<IngressMessage>(message) });
  }
  for (const { request, asked } of written.waitingRandomness) {
    engine.waitingRandomness.push({ request: linked<Request>(request), asked });
    totals.messages += request.attached;
  }
  if (engine.committee !== null && written.committee !== null) readCommittee(engine.committee, written.committee);
  return engine;
};

const readCommittee = ({ nodes, tapes }: Seated, written: WrittenCommittee): void => {
  for (const [at, { final, held, made }] of written.nodes.entries()) {
    const node = nodes[at]!;
    node.final = final;
    for (const [of, makers] of held) node.held.set(of, new Set(makers));
    for (const of of made) node.made.add(of);
  }
  for (const [of, tape] of written.tapes) tapes.set(of, tape);
};

const readCanister = (engine: Engine, canister: Canister, written: WrittenCanister): void => {
  const { prices, totals, timers } = engine;
  setBalance(engine, canister, written.balance);
  if (written.pages.length > 0) {
    canister.pages = new Map(written.pages);
    canister.pagesText = null;
    canister.threshold = prices.threshold(canister.allocation, canister.freezing, written.pages.length);
  }
  canister.timer = written.timer;
  canister.task = written.task;
  arm(timers, canister);
  if (canister.task) activate(engine, canister);
  for (const content of written.inputs) receive(engine, canister, counted(engine, linked<Message>(content)));
  for (const content of written.outputs) send(engine, canister, counted(engine, linked<Message>(content)));
  if (written.contexts.length > 0) canister.contexts = new Map(written.contexts.map((context) => [context.id, { ...context, calls: 0 }]));
  for (const { available } of written.contexts) totals.contexts += available;
  if (written.callbacks.length > 0) readCallbacks(engine, canister, written.callbacks);
  canister.nextContext = written.nextContext;
  canister.nextCallback = written.nextCallback;
};

const readCallbacks = (engine: Engine, canister: Canister, callbacks: readonly Callback[]): void => {
  canister.callbacks = new Map(callbacks.map((callback) => [callback.id, callback]));
  canister.openTo = new Map();
  for (const { callee, context } of callbacks) {
    canister.openTo.set(callee, (canister.openTo.get(callee) ?? 0) + 1);
    canister.contexts!.get(context)!.calls++;
    engine.totals.callbacks++;
  }
};

/** The message, with its cycles in the ledger. */
const counted = ({ totals }: Engine, message: Message): Message => {
  if (message.kind === "request") totals.messages += message.attached;
  if (message.kind === "response") totals.messages += message.refund;
  return message;
};
