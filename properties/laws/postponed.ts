/**
 * Fees that wait. What a user's message costs on its way into the queue of a canister whose execution is paused leaves the
 * balance only when the execution is over or aborted: the balance that the execution works on stays as it was.
 */
import * as fc from "fast-check";
import type { CanisterId, Event } from "../../spec/index.ts";
import { scheduledWorlds } from "../arbitraries/scheduled.ts";
import { withToll } from "../arbitraries/tolls.ts";
import { orUsers } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { thresholdOf } from "../tracking/holdings.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export const postponedFeesArePaid = watchedLaw({
  id: "postponed-fees-are-paid",
  statement:
    "The fee of a message to a canister whose execution is paused waits, and only then, and never more than the balance covers above the freezing threshold; when the execution is aborted, or an update or a task is over, all that waits is paid, once; a callback pays what it left; and behind a checkpoint nothing waits.",
  source: "facts/cycles.md CYC-P12, CYC-8b.8, CYC-8b.9",
  cites: ["ingress-postpone", "execution-finish", "execution-abort", "execution-commit", "checkpoint"],
  needs: ["slices"],
  otherwise: "no fee was postponed",
  cases: (vocabulary) =>
    orUsers(
      fc.oneof(
        { arbitrary: scheduledWorlds(vocabulary, { ...costly, steady: true }), weight: 4 },
        { arbitrary: scheduledWorlds(vocabulary, { ...costly, aborting: true }), weight: 1 },
      ),
      vocabulary,
      { long: true },
    ).map((scenario) => alone({ ...scenario, genesis: withToll(scenario.genesis) })),
  watch: () => {
    /** Of each canister whose execution is paused: what waits, and whether it is a callback that runs. */
    const debts = new Map<CanisterId, Debt>();
    let waited = false;
    return {
      onEvent: (event, world, { input }) => {
        switch (event.kind) {
          case "execution-paused": {
            const callback = event.cause.kind === "response";
            if (!debts.has(event.canister)) debts.set(event.canister, { owed: 0n, callback });
            return undefined;
          }
          case "ingress-inducted": {
            if (event.canister === null) return undefined;
            const debt = debts.get(event.canister);
            const complaint = mistaken({ ...event, canister: event.canister }, debt, world);
            if (debt === undefined || complaint !== undefined) return complaint;
            debt.owed += event.fee;
            waited ||= event.fee > 0n;
            return uncovered(event.canister, debt, world);
          }
          case "execution-aborted": {
            const debt = debts.get(event.canister);
            debts.delete(event.canister);
            return event.postponed === (debt?.owed ?? 0n)
              ? undefined
              : `fees of ${debt?.owed ?? 0n} waited for ${event.canister}, and ${event.postponed} were paid when it was aborted`;
          }
          case "execution-finished": {
            const debt = debts.get(event.canister);
            debts.delete(event.canister);
            return misspent(event, debt, world);
          }
          case "round-ended": {
            if (input.kind !== "round" || input.checkpoint !== true) return undefined;
            const [left] = debts.keys();
            return left === undefined ? undefined : `${left} is paused behind a checkpoint, and ${debts.get(left)!.owed} wait`;
          }
          default:
            return undefined;
        }
      },
      interested: () => waited,
    };
  },
});

const costly = { long: true, busy: true, priced: true, heap: false, members: false, charged: false, rounds: [8, 20] } as const;

interface Debt {
  /** @unit cycles */
  owed: bigint;
  readonly callback: boolean;
}

type Inducted = Extract<Event, { readonly kind: "ingress-inducted" }> & { readonly canister: CanisterId };
type Finished = Extract<Event, { readonly kind: "execution-finished" }>;

/** A fee waits exactly while something is paused. */
const mistaken = ({ canister, fee, balance }: Inducted, debt: Debt | undefined, { canisters }: World): Complaint => {
  const before = canisters.get(canister)?.balance ?? 0n;
  if (debt !== undefined && balance !== before) return `${canister} is paused, and a fee of ${before - balance} left its balance`;
  return debt === undefined && before - balance !== fee
    ? `nothing of ${canister} is paused, and of a fee of ${fee}, ${before - balance} left its balance`
    : undefined;
};

const uncovered = (id: CanisterId, { owed }: Debt, world: World): Complaint => {
  const canister = world.canisters.get(id);
  if (canister === undefined) return `a fee waits for ${id}, which does not exist`;
  const threshold = thresholdOf(world, canister);
  return owed + threshold > canister.balance
    ? `${owed} wait for ${id}, which has ${canister.balance} and a freezing threshold of ${threshold}`
    : undefined;
};

/** A callback is promised to run, so it may have spent what it owed. */
const misspent = ({ canister: id, postponed }: Finished, debt: Debt | undefined, { canisters }: World): Complaint => {
  const owed = debt?.owed ?? 0n;
  if (postponed === owed) return undefined;
  const left = canisters.get(id)?.balance ?? 0n;
  if (debt?.callback === true && postponed < owed && left === 0n) return undefined;
  return `fees of ${owed} waited for ${id}, and ${postponed} were paid when it was over, which left ${left}`;
};
