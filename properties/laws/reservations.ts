/**
 * What a reservation is worth to whoever makes long calls. The order of long executions looks at how long they have been
 * running before it looks at what is reserved, so the bound depends on the slices of the longest call; and beyond four of them
 * nothing is promised.
 */
import { sliceOf, type CanisterId, type Genesis } from "../../spec/index.ts";
import { beatingWorlds } from "../arbitraries/beating.ts";
import { alone } from "../case.ts";
import { whole } from "../tracking/settlement.ts";
import { bookedLaw } from "./booked.ts";
import { isMembership } from "./fairness.ts";

/** The number of rounds over which an allocation of so many percent is so many full rounds. */
const window = 100;

/** The most slices of a call of which anything is promised, and as many paused executions are kept. */
const mostSlices = 4;

export const longCallsGetTheirReservation = bookedLaw({
  id: "long-calls-get-their-reservation",
  statement:
    "In the current scheduler, where no call has more than four slices and up to four cores keep four paused executions, a canister that has work in each of 100 rounds in a row gets, with its credit and one round more, four fifths of its allocation and an even share of the free compute, or two rounds in every so many as the longest call has slices, if that is less; and all of it where every call is short.",
  source: "facts/scheduler.md SCH-P4, SCH-7.10; docs/findings/0002",
  cites: [
    "schedule-rank",
    "long-cores",
    "cores-divide",
    "full-round",
    "full-count",
    "start-charge",
    "rounds-charge",
    "allocation-grant",
    "free-share",
    "execution-resume",
  ],
  needs: ["current-scheduler", "slices", "heartbeats"],
  otherwise: "no canister had work for 100 rounds",
  cases: (vocabulary) => beatingWorlds(vocabulary, { scheduler: "current", slices: mostSlices }).map(alone),
  read: (genesis) => {
    const slices = slicesOf(genesis);
    const promised = slices !== null;
    const lives = genesis.canisters.map(({ id }) => ({ id, due: dueOf(genesis, id), rounds: [] as boolean[] }));
    const full = new Set<CanisterId>();
    let constant = true;
    let waited = false;
    return {
      interested: () => waited,
      onEvent: (event, { canisters, round: booked }, { round }) => {
        constant &&= !isMembership(event);
        if (event.kind === "round-began") full.clear();
        if (event.kind === "full-round") full.add(event.canister);
        if (event.kind !== "round-ended" || !promised || !constant) return undefined;
        const undisturbed = round !== null && !round.skipped && booked !== null && !booked.checkpoint && booked.suspended.size === 0;
        const active = new Set(undisturbed ? round.iterations[0]?.active : []);
        for (const { id, due, rounds } of lives) {
          if (active.has(id)) rounds.push(full.has(id));
          else rounds.length = 0;
          if (rounds.length < window) continue;
          waited = true;
          const had = rounds.slice(-window).filter(Boolean).length;
          const credit = Math.max(0, Number(canisters.get(id)?.priority ?? 0n) / Number(whole));
          if (had + credit + 1 < least(due, slices))
            return `${id} should have ${due} full rounds of ${window}, and got ${had} and a credit of ${credit.toFixed(2)}, beside calls of up to ${slices} slices: ${least(due, slices)} are promised`;
        }
        return undefined;
      },
    };
  },
});

/** The slices of the longest call; `null` where nothing is promised. */
const slicesOf = ({ parameters }: Genesis): number | null => {
  const { scheduler, cores, messageInstructionLimit, maxPausedExecutions, heapDeltaIterationLimit } = parameters;
  const slices = Math.ceil(messageInstructionLimit / sliceOf(parameters));
  const roomy = heapDeltaIterationLimit >= 1_000_000;
  return scheduler === "current" && roomy && cores <= 4 && maxPausedExecutions >= mostSlices && slices <= mostSlices ? slices : null;
};

/** An allocation, and an even share of what nobody reserved. @unit full rounds of a window */
const dueOf = ({ parameters, canisters }: Genesis, id: CanisterId): number => {
  const reserved = canisters.reduce((sum, { computeAllocation }) => sum + computeAllocation, 0);
  const own = canisters.find((canister) => canister.id === id)?.computeAllocation ?? 0;
  return Math.min(window, own + Math.floor((100 * (parameters.cores - 1) - reserved) / canisters.length));
};

/** Beside longer calls, a call of two slices waits all but two rounds of what the longest takes. */
const least = (due: number, slices: number): number => (slices === 1 ? due : Math.min((4 * due) / 5, (2 * window) / slices));
