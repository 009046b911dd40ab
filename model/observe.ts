/** What is seen of a state: the ledger, and the view for people. Everything is computed afresh from the state. */
import { match } from "ts-pattern";
import {
  byId,
  cycles,
  instructions,
  type CanisterView,
  type Cycles,
  type ExecutionView,
  type Hex,
  type Ledger,
  type StateView,
  type Observation,
  type Task,
  type TokenView,
  type E8s,
  e8s,
} from "../spec/index.ts";
import { availableOf, inboxes, inOrder } from "./reading.ts";
import { spentBy } from "./rules/queries.ts";
import type { Canister, Message, State, Tokens, Underway } from "./state.ts";

/** Where all cycles are. @source facts/cycles.md CYC-6.1 */
export const ledgerOf = ({ canisters, waiting, management, consensus, tokens, burned, lost, sent, received, minted }: State): Ledger => {
  const all = [...canisters.values()];
  return {
    balances: sum(all.map(({ balance }) => balance)),
    reserved: sum(all.map(({ reserved }) => reserved)),
    messages: sum(
      [
        ...all.flatMap(queued),
        ...waiting,
        ...management,
        ...[...consensus, ...all.flatMap(({ stops }) => stops)].map(({ request }) => request),
      ].map(carriedBy),
    ),
    contexts: sum(all.flatMap(({ contexts }) => [...contexts.values()].map(availableOf))),
    callbacks: sum(
      all.flatMap(({ callbacks }) => [...callbacks.values()].flatMap(({ transmission, execution }) => [transmission, execution])),
    ),
    executions: sum(all.flatMap(({ underway }) => (underway === null ? [] : [underway.prepaid, heldBy(underway)]))),
    float: tokens?.float ?? cycles(0n),
    burned,
    lost,
    sent,
    received,
    minted,
  };
};

/** Where all tokens are; nothing in a world without. */
export const tokensOf = ({ tokens }: State): Pick<Observation, "tokens"> =>
  tokens === null
    ? {}
    : {
        tokens: {
          accounts: e8s([...tokens.accounts.values()].reduce((total, held) => total + held, 0n)),
          pending: e8s(tokens.conversions.reduce((total, { tokens: paid, settled }) => total + (settled ? 0n : paid), 0n)),
          burned: tokens.burned,
          minted: tokens.minted,
        },
      };

/** The state in the words of the specification. */
export const viewOf = (state: State): StateView => ({
  height: state.height,
  time: state.time,
  canisters: inOrder(state).map((canister) => ({ ...canisterView(canister), queryInstructions: spentBy(state, canister.id) })),
  ingress: [...state.history].sort(([left], [right]) => byId(left, right)),
  waitingForManagement: state.management.length,
  waitingForRandomness: state.waiting.length,
  waitingForConsensus: state.consensus.length,
  heapDelta: state.heapDelta,
  streams: [...state.streams]
    .sort(([left], [right]) => byId(left, right))
    .map(([to, { begin, messages, signals }]) => ({ to, begin, messages: messages.length, signals })),
  prices: state.parameters.fees.name,
  tokens: state.tokens === null ? null : tokenView(state.tokens),
});

const tokenView = ({ permyriad, accounts, conversions }: Tokens): TokenView => ({
  permyriad,
  accounts: [...accounts].sort(([left], [right]) => byId(left, right)),
  pending: conversions.flatMap(({ settled, tokens }, number): (readonly [number, E8s])[] => (settled ? [] : [[number, tokens]])),
});

const sum = (counts: readonly Cycles[]): Cycles => cycles(counts.reduce((total: bigint, count) => total + count, 0n));

const queued = (canister: Canister): readonly Message[] => [
  ...inboxes(canister).flatMap(({ messages }) => messages),
  ...[...canister.outputs.values()].flat(),
];

const carriedBy = (message: Message): Cycles =>
  match(message)
    .with({ kind: "ingress" }, () => cycles(0n))
    .with({ kind: "request" }, ({ attached }) => attached)
    .with({ kind: "response" }, ({ refund }) => refund)
    .exhaustive();

const heldBy = ({ taken }: Underway): Cycles => (typeof taken === "string" ? cycles(0n) : carriedBy(taken));

const sortedPages = ({ pages }: Pick<Canister, "pages">): readonly (readonly [number, Hex])[] =>
  [...pages].sort(([left], [right]) => left - right);

/** What waits to run before messages do, in its order. */
const tasksOf = ({ code, hook, tasks: { timer, heartbeat, first } }: Canister): readonly Task[] => {
  const both: readonly Task[] = first === "timer" ? ["timer", "heartbeat"] : ["heartbeat", "timer"];
  const waits = { "low-memory": hook === "ready" && code !== null, timer, heartbeat };
  return (["low-memory", ...both] as const).filter((task) => waits[task]);
};

const canisterView = (canister: Canister): Omit<CanisterView, "queryInstructions"> => ({
  id: canister.id,
  computeAllocation: canister.computeAllocation,
  memoryAllocation: canister.memoryAllocation,
  status: canister.status,
  stops: canister.stops.length,
  version: canister.version,
  changes: canister.history.total,
  installDebit: canister.installDebit,
  snapshots: [...canister.snapshots.keys()].sort((left, right) => left - right),
  chunks: [...canister.chunks.keys()].sort(byId),
  balance: canister.balance,
  reserved: canister.reserved,
  chargedAt: canister.chargedAt,
  accumulatedPriority: canister.accumulatedPriority,
  executedRounds: canister.executedRounds,
  heapDebit: canister.heapDebit,
  execution: canister.underway === null ? null : executionView(canister.underway),
  pages: sortedPages(canister),
  stablePages: canister.stablePages,
  timer: canister.timer,
  certifiedData: canister.certifiedData,
  installed: canister.code !== null,
  tasks: tasksOf(canister),
  turn: canister.turn,
  source: canister.source,
  inputs: canister.ingress.length + inboxes(canister).flatMap(({ messages }) => messages).length,
  outputs: [...canister.outputs.values()].flat().length,
  contexts: [...canister.contexts]
    .sort(([left], [right]) => left - right)
    .map(([id, context]) => ({ id, origin: context.origin, status: context.status, available: availableOf(context) })),
  callbacks: [...canister.callbacks]
    .sort(([left], [right]) => left - right)
    .map(([id, { context, callee, attached, deadline, transmission, execution }]) => ({
      id,
      context,
      callee,
      attached,
      deadline,
      reserve: cycles(transmission + execution),
    })),
});

const executionView = ({ since, prepaid, attempt }: Underway): ExecutionView => ({
  status: attempt === null ? "aborted" : "paused",
  since,
  prepaid,
  prices: attempt?.fees?.name ?? null,
  slices: attempt?.slices ?? 0,
  instructions: instructions(attempt?.instructions ?? 0),
  postponed: attempt?.postponed ?? cycles(0n),
});
