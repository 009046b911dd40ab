/**
 * The budget for queries: what keeps in bounds what costs nobody anything. Whoever floods a canister uses its budget up, and
 * then everybody waits, honest or not; but only until the window of time is over.
 */
import type { CanisterId } from "../../spec/index.ts";
import { floodWorlds } from "../arbitraries/floods.ts";
import { queryWorlds } from "../arbitraries/queries.ts";
import { alone } from "../case.ts";
import { windowNow } from "../tracking/budgets.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import * as fc from "fast-check";

export const queriesKeepToTheirBudget = watchedLaw({
  id: "queries-keep-to-their-budget",
  statement:
    "In each window of time a canister answers users as long as its queries there, as they were told, used less than its budget, and refuses them with CN0021 from then on; the one that users ask pays for all that it calls, and a restart gives every budget back.",
  source: "facts/messages.md MSG-6.4, X11; facts/cycles.md CYC-2.16, T66; seed 003, queries",
  cites: ["query-admit", "query-end", "restart"],
  needs: ["queries"],
  otherwise: "no budget was used up",
  cases: (vocabulary) =>
    fc
      .oneof({ arbitrary: queryWorlds(vocabulary, { scarce: true }), weight: 2 }, { arbitrary: floodWorlds(vocabulary), weight: 1 })
      .map(alone),
  watch: () => {
    // By canister, in the window of now; counted here and not by the notebook, which believes the rules.
    const used = new Map<CanisterId, number>();
    let window: bigint | null = null;
    let exhausted = false;
    return {
      onEvent: (event, world, { input }): Complaint => {
        if (windowNow(world) !== window) used.clear();
        window = windowNow(world);
        if (event.kind === "restarted") used.clear();
        if ((event.kind !== "query-answered" && event.kind !== "query-refused") || input.kind !== "query") return undefined;
        const { queryBudget: budget, maxPayload } = world.parameters;
        const before = used.get(event.canister) ?? 0;
        const over = before >= budget && input.payload.length / 2 <= maxPayload;
        exhausted ||= over;
        const what = `${event.canister}, whose queries used ${before} of ${budget} instructions in this window,`;
        const refused = event.kind === "query-refused" && event.error === "CN0021";
        if (refused !== over) return refused ? `${what} refused another one` : `${what} took another one`;
        if (event.kind === "query-answered") used.set(event.canister, before + event.instructions);
        return undefined;
      },
      interested: () => exhausted,
    };
  },
});

export const floodsEndWithTheirWindow = watchedLaw({
  id: "floods-end-with-their-window",
  statement:
    "Where dear questions have used up the budget of a canister, nobody is answered by it until the window is over; the first question of the next window is.",
  source: "facts/messages.md MSG-6.4, X11; seed 003, queries",
  cites: ["query-admit", "query-end"],
  needs: ["queries"],
  otherwise: "no flood was over",
  cases: (vocabulary) => floodWorlds(vocabulary).map(alone),
  watch: () => {
    const flooded = new Map<CanisterId, bigint>();
    let [refused, relieved] = [false, false];
    return {
      onEvent: (event, world, { input }): Complaint => {
        if (event.kind === "restarted") flooded.clear();
        if ((event.kind !== "query-answered" && event.kind !== "query-refused") || input.kind !== "query") return undefined;
        const since = flooded.get(event.canister);
        const now = windowNow(world);
        const turnedAway = event.kind === "query-refused" && event.error === "CN0021";
        if (turnedAway && since !== now && since !== undefined && world.parameters.queryBudget > 0)
          return `${event.canister} was flooded in window ${since}, and its first question of window ${now} was refused`;
        if (event.kind === "query-answered" && since === now) return `${event.canister} was flooded, and answered in the same window`;
        refused ||= turnedAway;
        relieved ||= refused && event.kind === "query-answered" && since !== undefined;
        if (turnedAway) flooded.set(event.canister, now);
        else if (since !== now) flooded.delete(event.canister);
        return undefined;
      },
      interested: () => refused && relieved,
    };
  },
});
