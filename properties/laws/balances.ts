/** The balance of each canister, followed from event to event: whatever moves cycles tells what is left. */
import * as fc from "fast-check";
import type { CanisterId, Event } from "../../spec/index.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { chargedWorlds } from "../arbitraries/charged.ts";
import { bestEffortWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { changesOf, flowsOf } from "../flows.ts";
import { watchedLaw } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export const balancesFollowFlows = watchedLaw({
  id: "balances-follow-flows",
  statement:
    "The balance that an event declares for a canister is its balance before, changed by exactly the flows of that event; the balances of all canisters, with what came back to them, make up the ledger's; and no balance is ever negative.",
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
    "response-discard",
    "response-late",
    "refund-induct",
    "cycles-return",
    "execution-pause",
    "execution-hold",
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
  ],
  otherwise: "no balance changed",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, { inputs: ["top-up"] }),
        bestEffortWorlds(vocabulary),
        uninstallingWorlds(vocabulary),
        chargedWorlds(vocabulary),
        thriftyWorlds(vocabulary),
      ),
      vocabulary,
      { priced: true },
    ).map(alone),
  watch: () => {
    let changed = false;
    /** What a long execution leaves before the postponed fees, which are told right behind it. */
    let unpaid: bigint | null = null;
    return {
      onEvent: (event, world) => {
        const due = unpaid;
        unpaid = null;
        if (event.kind === "execution-finished" && due !== null) {
          const balance = world.canisters.get(event.canister)?.balance;
          return balance === due - event.postponed
            ? undefined
            : `a long execution left ${event.canister} ${due}, ${event.postponed} of postponed fees left that, but the balance is ${balance ?? "nobody's"}`;
        }
        const declared = declaredBalance(event);
        if (declared === null) return undefined;
        const { canister, balance } = declared;
        const before = world.canisters.get(canister)?.balance;
        if (before === undefined) return `the balance of ${canister}, which does not exist, is declared as ${balance}`;
        const change = changesOf(flowsOf(event, world)).balances;
        changed ||= change !== 0n;
        if (event.kind === "executed" && world.canisters.get(canister)?.execution != null) {
          unpaid = before + change;
          return balance < 0n ? `the balance of ${canister} is negative after its ${event.kind}: ${balance}` : undefined;
        }
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
    case "topped-up":
    case "cycles-deposited":
    case "cycles-provided":
    case "installation-ran":
    case "snapshot-taken":
    case "snapshot-loaded":
    case "chunk-kept":
    case "memory-reserved":
    case "response-discarded":
    case "refund-inducted":
    case "callback-refused":
    case "prepayment-adjusted":
    case "execution-paused":
    case "execution-aborted":
      return event;
    case "ingress-inducted":
      return event.canister === null ? null : { canister: event.canister, balance: event.balance };
    case "ran-dry":
      return { canister: event.canister, balance: 0n };
    case "response-late":
      return { canister: event.caller, balance: event.balance };
    default:
      return null;
  }
};

const balancesOf = ({ canisters }: World): bigint => {
  let sum = 0n;
  for (const { balance } of canisters.values()) sum += balance;
  return sum;
};
