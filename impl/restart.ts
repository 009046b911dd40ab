/**
 * Restart: the whole state as one text, and an engine from that text and nothing else. Every index, cache, count and digest is
 * built anew, so one that had drifted from the state shows.
 *
 * The text is JSON. A bigint is written as `{"$":"123"}`, which no record of ours looks like. Values are walked here and not by
 * `JSON`, whose callbacks for each field take twice as long to write and three times as long to read.
 */
import type { Room } from "./answers.ts";
import { replaceChunks } from "./chunks.ts";
import { pricesOf, wholeOf } from "./fees.ts";
import { recordIngress, restoreAnswers } from "./history.ts";
import { awaiting, enterIngress, enterInput, enterOutput, mailOf, pairOf } from "./mail.ts";
import { askAgain } from "./management.ts";
import { ingressOf, type Callback } from "./messages.ts";
import { allocateMemory, countCallback, countContext } from "./occupancy.ts";
import { extentOf, writePages } from "./pages.ts";
import { runJob, type Job } from "./run.ts";
import { activate, engineOf, setBalance, setReserved, type Canister, type Engine } from "./state.ts";
import { setStatus, waitForStop } from "./statuses.ts";
import { guaranteedBytes } from "./streams.ts";
import { arm } from "./timers.ts";
import { attemptOf, hold } from "./under-way.ts";
import { removeCode } from "./uninstall.ts";
import { note } from "./watch.ts";
import { writtenState, type WrittenCanister, type WrittenExecution, type WrittenMail, type WrittenState } from "./written.ts";
import { readCommittee } from "./written-committee.ts";
import { readConsensus } from "./written-consensus.ts";
import { readManagementRequest, readMessage, readRequest, readResponse } from "./written-messages.ts";
import { readSnapshots } from "./written-snapshots.ts";
import { readTokens } from "./written-tokens.ts";

export const toText = (engine: Engine): string => textOf(writtenState(engine));

/** The engine that was written, which has so much room for answers and none of them. */
export const fromText = (text: string, room?: Room): Engine => readState(restored(JSON.parse(text)) as WrittenState, room);

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
  for (const name in value) {
    const field = (value as Fields)[name];
    if (field !== undefined) text += `${text === "" ? "" : ","}"${name}":${textOf(field)}`;
  }
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

/** Callbacks first, for responses in input queues answer them; mail last, for it finds out who is active. */
const readState = (written: WrittenState, room: Room | undefined): Engine => {
  const engine = engineOf(
    written.genesis,
    written.canisters.map(({ priority }) => priority),
    room,
  );
  const { totals, streams, usage } = engine;
  engine.height = written.height;
  engine.time = written.time;
  engine.heapDelta = written.heapDelta;
  for (const id of written.retired) engine.retired.add(id);
  engine.nextNumber = written.nextNumber;
  Object.assign(totals, written.totals);
  for (const canister of written.canisters) readCanister(engine, engine.byId.get(canister.id)!, canister);
  for (const { to, begin, messages, signals } of written.streams) {
    streams.set(to, { to, begin, messages: [...messages], gone: 0, signals });
    for (const message of messages) usage.replies += guaranteedBytes(message);
  }
  for (const [id, sender, status] of written.history) recordIngress(engine, id, sender, status);
  restoreAnswers(engine);
  engine.pool = [...written.pool];
  for (const { request, sent } of written.waitingManagement) askAgain(engine, readManagementRequest(request), sent);
  for (const { request, asked } of written.waitingRandomness) {
    engine.waitingRandomness.push({ request: readRequest(request), asked });
    totals.messages += request.attached;
  }
  readConsensus(engine, written.consensus);
  if (engine.committee !== null && written.committee !== null) readCommittee(engine.committee, written.committee);
  if (engine.tokens !== null && written.tokens !== null) readTokens(engine.tokens, written.tokens);
  return engine;
};

const readCanister = (engine: Engine, canister: Canister, written: WrittenCanister): void => {
  const { timers } = engine;
  setBalance(engine, canister, written.balance);
  setReserved(engine, canister, written.reserved);
  allocateMemory(engine, canister, written.memoryAllocation);
  canister.chargedAt = written.chargedAt; // not before the genesis, since when everybody may have to be charged
  if (!written.installed) removeCode(engine, canister);
  canister.version = written.version;
  canister.changes = written.changes;
  canister.installDebit = written.installDebit;
  if (canister.installDebit > 0) engine.installed.push(canister);
  if (written.status !== "running") setStatus(engine, canister, written.status);
  for (const { request, since } of written.stops) {
    waitForStop(canister, { request: readManagementRequest(request), since });
    engine.totals.messages += request.attached;
  }
  writePages(engine, canister, written.pages, extentOf(engine, written.pages, canister.stablePages));
  if (written.snapshots !== null) readSnapshots(engine, canister, written.snapshots);
  if (written.chunks.length > 0) replaceChunks(engine, canister, new Map(written.chunks));
  canister.timer = written.timer;
  canister.certifiedData = written.certifiedData;
  canister.turn = written.turn;
  canister.hook = written.hook;
  arm(timers, canister);
  if (canister.hook === "ready") activate(engine, canister);
  if (written.contexts.length > 0) readContexts(engine, canister, written.contexts);
  if (written.callbacks.length > 0) readCallbacks(engine, canister, written.callbacks);
  if (written.mail !== null) readMail(engine, canister, written.mail);
  canister.nextContext = written.nextContext;
  canister.nextCallback = written.nextCallback;
  canister.executedRounds = written.executedRounds;
  canister.heapDebit = written.heapDebit;
  if (canister.heapDebit > 0) engine.indebted.push(canister);
  if (written.execution !== null) readExecution(engine, canister, written.execution);
};

/** The rest of the canister is there: an attempt runs again what it was going to do. */
const readExecution = (engine: Engine, canister: Canister, { job: said, since, prepaid, attempt }: WrittenExecution): void => {
  const job = readJob(engine, canister, said);
  activate(engine, canister);
  hold(engine, canister, { job, since, prepaid, attempt: null });
  if (attempt === null) return;
  const { start, slices, done, postponed } = attempt;
  const { fees, ...rest } = start;
  const prices = pricesOf({ ...engine.genesis.parameters, fees });
  const run = runJob(engine, canister, job, { ...rest, prices });
  canister.execution!.attempt = { ...attemptOf(run), slices, done, postponed };
};

/** What is executed stood in an input queue, and counts as if it did. */
const readJob = (engine: Engine, canister: Canister, said: WrittenExecution["job"]): Job => {
  switch (said.kind) {
    case "ingress":
      return ingressOf(canister, said);
    case "request": {
      pairOf(engine, canister, said.origin.canister).slots++;
      return { ...readRequest(said), side: "input" };
    }
    case "response": {
      const callback = awaiting(canister, said.callback)!;
      callback.isAnswered = true;
      countCallback(engine, callback, -1);
      return { ...readResponse(said), side: "input" };
    }
    case "timer":
    case "heartbeat":
    case "low-memory":
      return said;
    default: {
      const never: never = said;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

const readContexts = (engine: Engine, canister: Canister, contexts: WrittenCanister["contexts"]): void => {
  canister.contexts = new Map();
  for (const written of contexts) {
    const context = { ...written, calls: 0 };
    canister.contexts.set(context.id, context);
    engine.totals.contexts += context.available;
    if (context.status !== "open") continue;
    countContext(engine, canister, context, 1);
    if (context.origin.kind === "canister") pairOf(engine, canister, context.origin.canister).slots++;
  }
};

const readCallbacks = (engine: Engine, canister: Canister, callbacks: WrittenCanister["callbacks"]): void => {
  canister.callbacks = new Map();
  for (const written of callbacks) {
    const callback: Callback = { kind: "callback", canister, ...written, isAnswered: false };
    canister.callbacks.set(callback.id, callback);
    canister.contexts!.get(callback.context)!.calls++;
    engine.totals.callbacks++;
    engine.totals.reserves += wholeOf(callback.reserve);
    countCallback(engine, callback, 1);
    if (callback.expiry !== null) note(engine.expiring, callback);
    pairOf(engine, canister, callback.callee).calls++;
  }
};

const readMail = (engine: Engine, canister: Canister, written: WrittenMail): void => {
  mailOf(canister).turn = written.turn;
  for (const message of written.ingress) enterIngress(engine, ingressOf(canister, message));
  for (const { peer, messages } of written.inputs) {
    for (const message of messages) {
      const callback = message.kind === "response" ? awaiting(canister, message.callback) : null;
      enterInput(engine, pairOf(engine, canister, peer), readMessage(message), callback);
    }
  }
  for (const { peer, messages } of written.outputs) {
    const pair = pairOf(engine, canister, peer);
    for (const message of messages) {
      if (message.kind === "response") pair.slots++; // taken since its request came
      enterOutput(engine, pair, readMessage(message));
    }
  }
};
