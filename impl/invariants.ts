/**
 * What must hold of queues, slots and counts between any two inputs, said over the state itself. The engine keeps all of
 * this by changes and never looks at it; tests ask here after every step. Each fault names the canister and the fact.
 * @source facts/messages.md section 3.3, Q1 to Q7
 */
import { memoryTaken } from "./canister.ts";
import { balanceBy, lookAtCohorts, reservedBy } from "./cohort-invariants.ts";
import { lookAtConsensus } from "./consensus-invariants.ts";
import { lookAtStatuses, requestsOutside } from "./management-invariants.ts";
import { lookAtCodes } from "./code-invariants.ts";
import { bytesOf, cyclesOn, type Message, type Pair } from "./messages.ts";
import { listed } from "./queues.ts";
import type { Canister, Context, Engine } from "./state.ts";
import { accumulatedBy } from "./scheduler.ts";
import { lookAtQueries } from "./query-invariants.ts";
import { lookAtRoot } from "./root-invariants.ts";
import { guaranteedBytes, messagesOf } from "./streams.ts";
import { lookAtPrices, lookAtTokens } from "./token-invariants.ts";

/** Everything that is wrong; empty when nothing is. */
export const faultsIn = (engine: Engine): readonly string[] => {
  const faults: string[] = [];
  const says: Says = (about, fact, kept, found) => {
    if (kept !== found) faults.push(`${about}: ${fact}: kept ${String(kept)}, found ${String(found)}`);
  };
  for (const canister of engine.canisters) lookAtCanister(engine, canister, says);
  if (engine.routes.size === 0) lookAtCalls(engine, says);
  lookAtCounts(engine, says);
  lookAtNumbers(engine, says);
  lookAtIndices(engine, says);
  lookAtStatuses(engine, says);
  lookAtConsensus(engine, says);
  lookAtCodes(engine, says);
  lookAtCohorts(engine, says);
  lookAtPrices(engine, says);
  lookAtTokens(engine, says);
  lookAtQueries(engine, says);
  lookAtRoot(engine, says);
  return faults;
};

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

const lookAtCanister = (engine: Engine, canister: Canister, says: Says): void => {
  const { id, mail } = canister;
  const pairs = [...(mail?.pairs.values() ?? [])];
  for (const pair of pairs) lookAtPair(engine, pair, says);
  const callbacks = callbacksOf(canister);
  // Q1: whoever waits for a response has a slot for it, or the response itself; Q2: see the pairs.
  says(
    id,
    "callbacks in pairs",
    callbacks.length,
    sum(pairs, ({ calls }) => calls),
  );
  says(id, "tasks outside of a round", canister.tasks.length, 0);
  says(id, "bytes of memory for messages", canister.messageBytes, messageBytesIn(engine, canister));
  for (const context of contextsOf(canister)) {
    const calls = callbacks.filter((callback) => callback.context === context.id).length;
    says(id, `calls of context ${context.id}`, context.calls, calls);
    says(id, `context ${context.id} is kept for its calls`, context.calls > 0, true);
    if (context.status !== "open") says(id, `cycles of the closed context ${context.id}`, context.available, 0n);
  }
  if (mail === null) return;
  says(id, "inputs", mail.inputs, mail.ingress.length + sum(pairs, ({ inputs }) => inputs.length));
  says(
    id,
    "outputs",
    mail.outputs,
    sum(pairs, ({ outputs }) => outputs.length),
  );
  for (const message of listed(mail.ingress)) says(id, "an ingress message knows its place", message.isQueued, true);
  // Q4: exactly the peers with inputs, each once, in the list of its kind.
  const isRemote = ({ subnet }: Pair): boolean => subnet !== null && subnet !== engine.own;
  for (const [kind, senders] of [
    ["local", listed(mail.local)],
    ["remote", listed(mail.remote)],
  ] as const) {
    const expected = pairs.filter((pair) => pair.inputs.length > 0 && isRemote(pair) === (kind === "remote"));
    says(id, `${kind} senders`, named(senders), named(expected));
    says(id, `length of the list of ${kind} senders`, mail[kind].length, senders.length);
  }
  // Q7: nothing is kept for nobody.
  says(id, "mail is kept for something", pairs.length + mail.ingress.length > 0 || canister.execution !== null, true);
};

/** The memory for messages, in the words of the specification. */
const messageBytesIn = ({ genesis }: Engine, canister: Canister): number => {
  const waiting = callbacksOf(canister).filter(({ expiry, isAnswered }) => expiry === null && !isAnswered);
  const owed = contextsOf(canister).filter(
    ({ status, deadline, origin }) => status === "open" && deadline === null && origin.kind === "canister",
  );
  const messages = [...messagesIn(canister), ...heldBy(canister)].filter(({ deadline }) => deadline === null);
  const requests = messages.filter(({ kind, side }) => kind === "request" && side === "input");
  const replies = sum(messages, (message) => (message.kind === "response" ? bytesOf(message) : 0));
  return genesis.parameters.maxPayload * (waiting.length + owed.length + requests.length) + replies;
};

const lookAtPair = (engine: Engine, pair: Pair, says: Says): void => {
  const { owner, peer, inputs, outputs, slots, calls } = pair;
  const { queueCapacity } = engine.genesis.parameters;
  const about = `${owner.id} with ${peer}`;
  const [received, sent] = [listed(inputs), listed(outputs)];
  const callbacks = callbacksOf(owner).filter(({ callee }) => callee === peer);
  const held = heldBy(owner).filter((message) => peerOf(owner, message) === peer);
  const responses = [...received, ...held].filter(({ kind }) => kind === "response");
  says(about, "callbacks", calls, callbacks.length);
  says(about, "answered callbacks", callbacks.filter(({ isAnswered }) => isAnswered).length, responses.length);
  for (const response of responses) {
    if (response.kind !== "response") continue;
    says(about, `callback ${response.callback} is answered`, owner.callbacks?.get(response.callback)?.isAnswered, true);
  }
  const requests = received.length + held.length - responses.length;
  const open = contextsOf(owner).filter(
    ({ status, origin }) => status === "open" && origin.kind === "canister" && origin.canister === peer,
  );
  const answers = sent.filter(({ kind }) => kind === "response").length;
  says(about, "slots of the peer", slots, requests + open.length + answers);
  // Q3: within the capacity, for each direction and kind.
  says(about, "slots within the capacity", slots <= queueCapacity && calls <= queueCapacity, true);
  says(about, "requests to the peer have their callbacks", sent.length - answers <= calls, true);
  says(about, "the pair is kept for something", calls + slots + received.length + sent.length > 0, true);
  for (const [side, queue, messages] of [
    ["input", inputs, received],
    ["output", outputs, sent],
  ] as const) {
    says(about, `length of the ${side} queue`, queue.length, messages.length);
    says(about, `last of the ${side} queue`, queue.last, messages.at(-1) ?? null);
    messages.forEach((message, at) => {
      const before = messages[at - 1] ?? null;
      says(about, "a message knows its queue", message.pair === pair && message.side === side && message.before === before, true);
      says(about, "places grow", before === null || before.place < message.place, true);
    });
  }
};

/** Where everybody is here, a call that waits for its response is in exactly one place, unless it was a best-effort one. */
const lookAtCalls = (engine: Engine, says: Says): void => {
  const places = new Map<string, number>();
  const see = (caller: string, callback: number): void => {
    const call = `${caller} ${callback}`;
    places.set(call, (places.get(call) ?? 0) + 1);
  };
  for (const { origin } of requestsOutside(engine)) see(origin.canister, origin.callback);
  for (const stream of engine.streams.values())
    for (const message of messagesOf(stream)) if (message.kind !== "refund") see(message.caller, message.callback);
  for (const canister of engine.canisters) {
    for (const { status, origin } of contextsOf(canister))
      if (status === "open" && origin.kind === "canister") see(origin.canister, origin.callback);
    for (const message of [...messagesIn(canister), ...heldBy(canister)]) {
      if (message.kind === "request") see(message.origin.canister, message.origin.callback);
      else if (message.side === "output") see(message.caller, message.callback);
    }
  }
  for (const canister of engine.canisters)
    for (const { id, expiry, isAnswered } of callbacksOf(canister)) {
      const found = places.get(`${canister.id} ${id}`) ?? 0;
      if (expiry === null) says(canister.id, `places of the call with callback ${id}`, isAnswered ? 0 : 1, found);
      else says(canister.id, `the call with callback ${id} is in one place at most`, found <= 1, true);
    }
};

/** Q6: what is counted by changes is what there is. */
const lookAtCounts = (engine: Engine, says: Says): void => {
  const { canisters, totals, usage, history, genesis } = engine;
  const messages = canisters.flatMap(messagesIn);
  const contexts = canisters.flatMap(contextsOf);
  const callbacks = canisters.flatMap(callbacksOf);
  const guaranteed = (message: Message): boolean => message.deadline === null;
  says("ledger", "balances", totals.balances, total(canisters.map(balanceBy)));
  says("ledger", "reserved", totals.reserved, total(canisters.map(reservedBy)));
  says("ledger", "messages", totals.messages, total([...messages, ...requestsOutside(engine)].map(cyclesOn)));
  says("ledger", "contexts", totals.contexts, total(contexts.map(({ available }) => available)));
  says("ledger", "callbacks", totals.callbacks, callbacks.length);
  const held = canisters.flatMap(heldBy);
  const prepaid = canisters.map(({ execution }) => execution?.prepaid ?? 0n);
  says("ledger", "executions", totals.executions, total([...prepaid, ...held.map(cyclesOn)]));
  const responses =
    callbacks.filter(({ expiry, isAnswered }) => expiry === null && !isAnswered).length +
    contexts.filter(({ status, deadline, origin }) => status === "open" && deadline === null && origin.kind === "canister").length +
    messages.filter((message) => message.kind === "request" && message.side === "input" && guaranteed(message)).length +
    held.filter((message) => message.kind === "request" && guaranteed(message)).length;
  says("memory", "responses to come", usage.responses, responses);
  says(
    "memory",
    "pages and chunks",
    usage.memory,
    sum(canisters, (canister) => memoryTaken(genesis.parameters, canister)),
  );
  const queued = sum([...messages, ...held], (message) => (message.kind === "response" && guaranteed(message) ? bytesOf(message) : 0));
  const streamed = sum([...engine.streams.values()], (stream) => sum(messagesOf(stream), guaranteedBytes));
  says("memory", "guaranteed replies", usage.replies, queued + streamed);
  says(
    "memory",
    "best-effort messages",
    usage.bestEffort,
    sum(messages, (message) => (guaranteed(message) ? 0 : bytesOf(message))),
  );
  const entries = [...history.entries.values()];
  const answered = entries.filter(({ status }) => status.kind === "answered" || status.kind === "done");
  says(
    "history",
    "bytes of replies",
    history.bytes,
    sum(entries, ({ status }) => (status.kind === "answered" ? sizeOf(status.result) : 0)),
  );
  says("history", "answered messages", named(history.answered.slice(history.pruned)), named(answered));
};

/** Canisters are numbered by their ids, and the scheduler knows what it needs of each. */
const lookAtNumbers = (engine: Engine, says: Says): void => {
  const { canisters, scheduler } = engine;
  canisters.forEach((canister, index) => {
    says(canister.id, "number", canister.index, index);
    says(canister.id, "is known by its id", engine.byId.get(canister.id), canister);
    says(canister.id, "comes behind the one before", index === 0 || canisters[index - 1]!.id < canister.id, true);
    says(canister.id, "allocation", scheduler.allocations[index], canister.allocation);
    says(canister.id, "executed rounds of an execution under way", canister.executedRounds === 0 || canister.execution !== null, true);
  });
  says("engine", "canisters", engine.byId.size, canisters.length);
  says(
    "scheduler",
    "allocations",
    scheduler.allocated,
    sum(canisters, ({ allocation }) => allocation),
  );
  if (scheduler.kind === "published") return;
  const priorities = canisters.map((_, index) => accumulatedBy(scheduler, index));
  says("scheduler", "sum of priorities", BigInt(scheduler.sum), total(priorities));
};

/** Every index lists what it must; most may list more, for it is looked through when it is read. */
const lookAtIndices = (engine: Engine, says: Says): void => {
  const expiring = new Set([...engine.expiring.fresh, ...engine.expiring.heap.items]);
  const weighed = new Set(
    [...engine.weights.fresh, ...engine.weights.heap.items].map(({ message, place }) => (message.place === place ? message : null)),
  );
  for (const canister of engine.canisters) {
    const { id, mail } = canister;
    const isRoused = canister.hook === "ready" && canister.status === "running";
    const waits = isRoused || canister.execution !== null || (mail !== null && mail.inputs > 0);
    says(id, "stands among those with an execution under way", engine.underWay.has(canister), canister.execution !== null);
    says(id, "stands among the indebted", engine.indebted.includes(canister), canister.heapDebit > 0);
    says(id, "stands among the active", canister.isActive, engine.active.includes(canister));
    says(id, "is active while something waits", waits && !canister.isActive, false);
    says(id, "stands among the senders here", canister.isSendingHere, engine.sending.here.includes(canister));
    says(id, "stands among the senders to elsewhere", canister.isSendingAway, engine.sending.away.includes(canister));
    const { frost, allocation, freezing } = canister;
    if (frost !== null) {
      const { prices, genesis } = engine;
      const standingDay = prices.standingDay(memoryTaken(genesis.parameters, canister), allocation);
      const priceOf = (bytes: number): bigint => prices.frozen(standingDay, bytes, freezing);
      says(id, "price of a freezing period", frost.price, priceOf(frost.bytes));
      says(id, "price of an ample freezing period", frost.ample, priceOf(frost.ampleBytes));
    }
    for (const pair of mail?.pairs.values() ?? []) {
      const list = pair.there === null ? mail!.away : mail!.here;
      says(id, `sends to ${pair.peer}`, pair.isSending, list.includes(pair));
      if (pair.outputs.length > 0)
        says(
          id,
          `is listed for ${pair.peer}`,
          pair.isSending && (pair.there === null ? canister.isSendingAway : canister.isSendingHere),
          true,
        );
    }
    for (const message of listed(mail?.ingress ?? { first: null, last: null, length: 0 }))
      says(id, "an ingress message can expire", expiring.has(message), true);
    for (const callback of callbacksOf(canister))
      if (callback.expiry !== null && !callback.isAnswered) says(id, `callback ${callback.id} can expire`, expiring.has(callback), true);
    for (const message of messagesIn(canister)) {
      const expires =
        message.kind === "request"
          ? message.deadline !== null || message.side === "output"
          : message.deadline !== null && message.side === "output";
      if (expires) says(id, "a message can expire", expiring.has(message), true);
      if (message.deadline !== null && bytesOf(message) > 0) says(id, "a best-effort message is weighed", weighed.has(message), true);
    }
  }
};

/** The request or response that the canister executes in slices. */
const heldBy = ({ execution }: Canister): Message[] =>
  execution !== null && (execution.job.kind === "request" || execution.job.kind === "response") ? [execution.job] : [];
const peerOf = ({ callbacks }: Canister, message: Message): string =>
  message.kind === "request" ? message.origin.canister : callbacks!.get(message.callback)!.callee;
const messagesIn = ({ mail }: Canister): Message[] =>
  [...(mail?.pairs.values() ?? [])].flatMap(({ inputs, outputs }) => [...listed(inputs), ...listed(outputs)]);
const contextsOf = ({ contexts }: Canister): Context[] => [...(contexts?.values() ?? [])];
const callbacksOf = ({ callbacks }: Canister) => [...(callbacks?.values() ?? [])];
const sizeOf = (result: { readonly kind: string; readonly payload?: string }): number =>
  result.kind === "reply" ? result.payload!.length / 2 : 0;
const sum = <T>(items: readonly T[], count: (item: T) => number): number => items.reduce((all, item) => all + count(item), 0);
const total = (counts: readonly bigint[]): bigint => counts.reduce((all, count) => all + count, 0n);
const named = (items: readonly ({ readonly id: string } | { readonly peer: string })[]): string =>
  items
    .map((item) => ("id" in item ? item.id : item.peer))
    .sort()
    .join(" ");
