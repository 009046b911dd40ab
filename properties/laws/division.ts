/** Who runs where in the current scheduler: long executions and new ones on cores of their own, each kind in its order. */
import { suspendingWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import type { CanisterId } from "../../spec/index.ts";
import type { Book } from "../tracking/schedule.ts";
import type { Complaint } from "../tracking/watch.ts";
import { hasRoom } from "../tracking/counters.ts";
import type { TrackedIteration, World } from "../tracking/world.ts";
import { bookedLaw } from "./booked.ts";
import { afterIterations } from "./phases.ts";

export const coresAreDivided = bookedLaw({
  id: "cores-are-divided",
  statement:
    "In the current scheduler the canisters that began the round with a long execution come before the others, those that went furthest first, else by priority and allocation; they take as many cores as their allocations and their share of the free compute fill, rounded up, and are dealt round robin to these, the others to the rest; a core serves those that it is dealt in their order until it is used up.",
  source: "facts/scheduler.md SCH-P12, SCH-2.4.2, SCH-2.4.3, SCH-2.4.4, SCH-2.4.6, SCH-P7, SCH-M2, SCH-M9",
  cites: [
    "schedule-rank",
    "long-cores",
    "cores-divide",
    "priority-reset",
    "canister-suspend",
    "rounds-charge",
    "execution-abort",
    "allocation-set",
    "restart",
  ],
  needs: ["current-scheduler"],
  otherwise: "no iteration of the current scheduler had two canisters to deal",
  cases: (vocabulary) => suspendingWorlds(vocabulary).map(alone),
  read: ({ parameters }) => {
    let dealt = false;
    let current: { readonly iteration: TrackedIteration; readonly hands: readonly (readonly CanisterId[])[] } | null = null;
    return {
      interested: () => dealt,
      onEvent: (event, book, world) => {
        if (parameters.scheduler !== "current") return undefined;
        const iteration = world.round?.iterations.at(-1);
        const before = current;
        if (event.kind === "turn-began" && iteration !== undefined) {
          const { canister, core } = event;
          if (before?.iteration !== iteration) {
            current = { iteration, hands: handsOf(iteration, book) };
            dealt ||= iteration.active.length > 1;
          }
          const hand = current!.hands[core];
          const number = iteration.turns.filter((turn) => turn.core === core).length;
          if (hand?.[number] !== canister)
            return `core ${core} served ${canister} in iteration ${event.iteration}, and it was the turn of ${hand?.[number] ?? "nobody"}: the cores were dealt ${current!.hands.map((ids) => `[${ids.join(" ")}]`).join(" ")}`;
        }
        if (before === null || (event.kind === "turn-began" ? before.iteration === iteration : !afterIterations(event, world)))
          return undefined;
        if (event.kind !== "turn-began") current = null;
        return unserved(before.iteration, before.hands, world);
      },
    };
  },
});

/** Whom each core is dealt, in order. */
const handsOf = ({ active }: TrackedIteration, { round, parameters: { cores } }: Book): readonly (readonly CanisterId[])[] => {
  const hands: CanisterId[][] = Array.from({ length: cores }, () => []);
  if (round?.plan == null) return hands;
  const { order, long, longCores } = round.plan;
  const able = order.filter((id) => active.includes(id));
  const old = able.filter((id) => long.has(id));
  const limit = Math.min(longCores, old.length);
  old.forEach((id, at) => hands[at % limit]!.push(id));
  able.filter((id) => !long.has(id)).forEach((id, at) => hands[limit + (at % (cores - limit))]?.push(id));
  return hands;
};

const unserved = (iteration: TrackedIteration, hands: readonly (readonly CanisterId[])[], world: World): Complaint => {
  for (const [core, hand] of hands.entries()) {
    const served = iteration.turns.filter((turn) => turn.core === core).length;
    if (served < hand.length && hasRoom(world, iteration, core))
      return `core ${core} was dealt ${hand.length} canisters in iteration ${iteration.number}, served ${served} and stopped with room for more`;
  }
  return undefined;
};
