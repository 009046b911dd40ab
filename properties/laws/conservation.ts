/**
 * Cycles are conserved. They come into being by genesis and top-up alone, are gone by burning alone, and in between
 * they only flow. Two views of one fact: the ledger of the whole machine, term by term, and the balance of each canister.
 */
import type { CanisterId, Event, Ledger } from "../../spec/index.ts";
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { changesOf, flowsOf, places, type Flow, type Place } from "../flows.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export const cyclesConserved = watchedLaw({
  id: "cycles-conserved",
  statement:
    "After every input, what is in balances, messages, call contexts and callbacks, with what was burned, is exactly what was minted; and each of these changes by exactly the flows that the events declare.",
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
  ],
  otherwise: "no event moved any cycles",
  cases: (vocabulary) =>
    busyWorlds(vocabulary, { plant: ["pay", "trapAfterEffects", "trapInCallback"], always: ["call", "accept"] }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const minted = genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n);
    let before: Readonly<Record<Place, bigint>> = { balances: minted, messages: 0n, contexts: 0n, callbacks: 0n, burned: 0n, minted };
    let moved = false;
    return {
      onStep: ({ observation: { events, ledger } }) => {
        const flows = events.flatMap(flowsOf);
        moved ||= flows.length > 0;
        const complaint = unbalanced(ledger) ?? undeclared(before, ledger, flows);
        before = ledger;
        return complaint;
      },
      interested: () => moved,
    };
  },
});

const unbalanced = ({ balances, messages, contexts, callbacks, burned, minted }: Ledger): Complaint => {
  const found = balances + messages + contexts + callbacks + burned;
  if (found === minted) return undefined;
  const sums = `balances ${balances} + messages ${messages} + contexts ${contexts} + callbacks ${callbacks} + burned ${burned} = ${found}`;
  return found > minted
    ? `${found - minted} cycles came from nowhere: ${sums}, minted ${minted}`
    : `${minted - found} cycles are lost: ${sums}, minted ${minted}`;
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

export const balancesFollowFlows = watchedLaw({
  id: "balances-follow-flows",
  statement:
    "The balance that an event declares for a canister is its balance before, changed by exactly the flows of that event; the balances of all canisters make up the ledger's; and no balance is ever negative.",
  source: "facts/cycles.md CYC-P2, CYC-P9, CYC-P17; facts/messages.md MSG-P2",
  cites: [
    "ingress-induct",
    "execution-begin",
    "execution-settle",
    "execution-rollback",
    "call-send",
    "cycles-accept",
    "cycles-burn",
    "callback-begin",
    "top-up",
    "call-refuse",
  ],
  otherwise: "no balance changed",
  cases: (vocabulary) => busyWorlds(vocabulary, { inputs: ["top-up"] }).map(alone),
  watch: () => {
    let changed = false;
    return {
      onEvent: (event, world) => {
        const declared = declaredBalance(event);
        if (declared === null) return undefined;
        const { canister, balance } = declared;
        const before = world.canisters.get(canister)?.balance;
        if (before === undefined) return `the balance of ${canister}, which does not exist, is declared as ${balance}`;
        const change = changesOf(flowsOf(event)).balances;
        changed ||= change !== 0n;
        if (balance !== before + change)
          return `${canister} had ${before}, its ${event.kind} moves ${change}, but the balance after it is ${balance} instead of ${before + change}`;
        return balance < 0n ? `the balance of ${canister} is negative after its ${event.kind}: ${balance}` : undefined;
      },
      onStep: ({ observation: { ledger } }, world) => {
        const sum = balancesOf(world);
        return sum === ledger.balances ? undefined : `the events leave balances of ${sum} together, the ledger says ${ledger.balances}`;
      },
      interested: () => changed,
    };
  },
});

const declaredBalance = (event: Event): { readonly canister: CanisterId; readonly balance: bigint } | null => {
  switch (event.kind) {
    case "executed":
    case "not-executed":
    case "ingress-inducted":
    case "topped-up":
      return event;
    default:
      return null;
  }
};

const balancesOf = ({ canisters }: World): bigint => {
  let sum = 0n;
  for (const { balance } of canisters.values()) sum += balance;
  return sum;
};
