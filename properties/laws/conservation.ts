/**
 * Cycles are conserved. They come into being by genesis and top-up alone, are gone by burning or with dropped messages
 * alone, travel between subnets in streams, and in between they only flow. Two views of one fact: the ledger of the
 * whole machine by the flows, and the same by what lies where.
 */
import { heldBy } from "../tracking/executions.ts";
import * as fc from "fast-check";
import type { Ledger } from "../../spec/index.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { chargedWorlds } from "../arbitraries/charged.ts";
import { bestEffortWorlds, lateWorlds, sheddingWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { outcallWorlds } from "../arbitraries/outcalls.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { changesOf, flowsOf, places, sidesOf, type Flow, type Place } from "../flows.ts";
import { cyclesOf, type TrackedMessage } from "../tracking/messages.ts";
import { waitingForManagement } from "../tracking/management.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export const cyclesConserved = watchedLaw({
  id: "cycles-conserved",
  statement:
    "After every input, what is in balances, messages, call contexts, callbacks and long executions, with what was burned, lost and sent to other subnets, is exactly what was minted and received from them; and each of these changes by exactly the flows that the events declare.",
  source: "facts/cycles.md CYC-P1, CYC-P2, CYC-6.2; facts/messages.md MSG-P2",
  cites: [
    "call-send",
    "cycles-accept",
    "cycles-burn",
    "top-up",
    "execution-begin",
    "execution-settle",
    "execution-rollback",
    "callback-begin",
    "call-reply",
    "call-reject",
    "call-refuse",
    "context-respond",
    "context-give-up",
    "ingress-induct",
    "request-bounce",
    "randomness-answer",
    "message-stream",
    "stream-reject",
    "message-see",
    "message-ignore",
    "request-expire",
    "callback-expire",
    "message-expire",
    "message-shed",
    "response-late",
    "cycles-lose",
    "cycles-return",
    "refund-stream",
    "refund-induct",
    "context-withdraw",
    "context-delete",
    "response-discard",
    "response-orphan",
    "execution-pause",
    "execution-finish",
    "execution-abort",
    "ingress-postpone",
    "canister-create",
    "canister-delete",
    "memory-charge",
    "messages-charge",
    "allocation-charge",
    "canister-exhaust",
    "memory-grow",
    "prepayment-adjust",
    "execution-desist",
    "callback-refuse",
    "signature-ask",
    "outcall-ask",
    "consensus-answer",
  ],
  otherwise: "no event moved any cycles",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, {
          always: ["call", "accept"],
          programs: [["pay", "trapAfterEffects"], ["takeAndAnswer", "trapInCallback"], ["takeAndAnswer"]],
        }),
        bestEffortWorlds(vocabulary),
        uninstallingWorlds(vocabulary),
        strangeWorlds(vocabulary),
        chargedWorlds(vocabulary),
        thriftyWorlds(vocabulary),
        outcallWorlds(vocabulary),
      ),
      vocabulary,
    ).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const minted = genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n);
    let before: Readonly<Record<Place, bigint>> = { ...nowhere, balances: minted, minted };
    let flows: Flow[] = [];
    let moved = false;
    return {
      onEvent: (event, world) => {
        flows.push(...flowsOf(event, world));
        return undefined;
      },
      onStep: ({ observation: { ledger } }) => {
        moved ||= flows.length > 0;
        const complaint = unbalanced(ledger) ?? undeclared(before, ledger, flows);
        before = ledger;
        flows = [];
        return complaint;
      },
      interested: () => moved,
    };
  },
});

const nowhere: Readonly<Record<Place, bigint>> = changesOf([]);

const unbalanced = (ledger: Ledger): Complaint => {
  const { there, come } = sidesOf(ledger);
  if (there === come) return undefined;
  const { balances, reserved, messages, contexts, callbacks, executions, float, burned, lost, sent, minted, received } = ledger;
  const sums = `balances ${balances} + reserved ${reserved} + messages ${messages} + contexts ${contexts} + callbacks ${callbacks} + executions ${executions} + float ${float} + burned ${burned} + lost ${lost} + sent ${sent} = ${there}`;
  return there > come
    ? `${there - come} cycles came from nowhere: ${sums}, minted ${minted} + received ${received}`
    : `${come - there} cycles are lost: ${sums}, minted ${minted} + received ${received}`;
};

const undeclared = (before: Readonly<Record<Place, bigint>>, ledger: Ledger, flows: readonly Flow[]): Complaint => {
  const changes = changesOf(flows);
  for (const place of places) {
    const difference = ledger[place] - before[place] - changes[place];
    if (difference !== 0n) return wrongTerm(place, difference, changes[place], flows);
    if (ledger[place] < 0n) return `${place} is negative: ${ledger[place]}`;
  }
  return undefined;
};

/** Names the flows that alone would explain the difference: one that was forgotten, or made twice. */
const wrongTerm = (place: Place, difference: bigint, declared: bigint, flows: readonly Flow[]): string => {
  const size = difference < 0n ? -difference : difference;
  const suspects = flows
    .filter(({ from, to, cycles }) => (from === place || to === place) && cycles === size)
    .map(({ name, from, to }) => `"${name}" (${from} to ${to})`);
  const hint =
    suspects.length === 0
      ? "no declared flow of that size touches it"
      : `as if ${[...new Set(suspects)].join(" or ")} was ${leftOut(place, difference, flows) ? "not made" : "made twice"}`;
  return `${place} changed by ${declared + difference}, but the events declare ${declared}: ${difference > 0n ? "+" : ""}${difference}, ${hint}`;
};

const leftOut = (place: Place, difference: bigint, flows: readonly Flow[]): boolean =>
  flows.some(({ from, to, cycles }) => (to === place && cycles === -difference) || (from === place && cycles === difference));

export const cyclesAreWhereTheyLie = watchedLaw({
  id: "cycles-are-where-they-lie",
  statement:
    "After every input, the ledger's cycles in messages are those on the messages in queues and waiting for randomness, for the management canister, for a canister to stop or for consensus, those in contexts are what is available there, those in callbacks are one reserve for each call that is not closed, and those in executions are what each long execution took along.",
  source: "facts/cycles.md CYC-6.1, CYC-P2; facts/messages.md MSG-P2, MSG-P4",
  cites: [
    "call-send",
    "context-open",
    "callback-begin",
    "request-bounce",
    "request-expire",
    "callback-expire",
    "message-expire",
    "message-shed",
    "response-late",
    "response-discard",
    "context-delete",
    "randomness-ask",
    "restart",
    "execution-pause",
    "execution-hold",
    "execution-finish",
    "signature-ask",
    "outcall-ask",
    "consensus-answer",
  ],
  otherwise: "there were no cycles on their way",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, { always: ["call"], programs: [["pay"], ["linger", "pay"], ["linger"]] }),
        lateWorlds(vocabulary),
        sheddingWorlds(vocabulary),
        outcallWorlds(vocabulary),
      ),
      vocabulary,
      { long: true },
    ).map(alone),
  watch: () => {
    let underway = false;
    return {
      onStep: ({ observation: { ledger } }, world) => {
        for (const [place, found, lies] of [
          ["messages", ledger.messages, cyclesInMessages(world)],
          ["contexts", ledger.contexts, cyclesInContexts(world)],
          ["callbacks", ledger.callbacks, cyclesInCallbacks(world)],
          ["executions", ledger.executions, cyclesInExecutions(world)],
        ] as const) {
          underway ||= lies > 0n;
          if (found !== lies) return `the ledger has ${found} cycles in ${place}, but ${lies} lie there`;
        }
        return undefined;
      },
      interested: () => underway,
    };
  },
});

const cyclesInMessages = (world: World): bigint => {
  const { canisters, waiting } = world;
  let sum = 0n;
  const add = (messages: readonly TrackedMessage[]): void => {
    for (const message of messages) sum += cyclesOf(message);
  };
  for (const { queues } of canisters.values()) {
    for (const queue of queues.inputs.values()) add(queue);
    for (const queue of queues.outputs.values()) add(queue);
  }
  add(waiting);
  add(waitingForManagement(world));
  return sum;
};

const cyclesInContexts = ({ canisters }: World): bigint => {
  let sum = 0n;
  for (const { contexts } of canisters.values())
    for (const { status, available } of contexts.values()) if (status === "open") sum += available;
  return sum;
};

const cyclesInCallbacks = ({ canisters }: World): bigint => {
  let sum = 0n;
  for (const { openCalls } of canisters.values()) for (const { reserve } of openCalls) sum += reserve;
  return sum;
};

const cyclesInExecutions = ({ canisters }: World): bigint => {
  let sum = 0n;
  for (const { execution } of canisters.values()) if (execution !== null) sum += heldBy(execution);
  return sum;
};
