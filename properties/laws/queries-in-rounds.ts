/**
 * Queries that are executed in rounds: paid and answered like updates, and forgotten. A composite query is never executed in a
 * round. What such a query does otherwise is foretold with all other executions; here is what nobody needs a script to see.
 */
import { queryWorlds } from "../arbitraries/queries.ts";
import { alone } from "../case.ts";
import { prepayment, settled } from "../money.ts";
import { readingOf } from "../reading.ts";
import { pricesOf } from "../tracking/executions.ts";
import { watchedLaw } from "../tracking/watch.ts";

export const queriesInRoundsAreForgotten = watchedLaw({
  id: "queries-in-rounds-are-forgotten",
  statement:
    "A query that is executed in a round costs what an update costs, and leaves neither a page, nor a timer, nor a call, nor anything set aside; it accepts and burns nothing, unless the parameters allow it; and a composite query is refused there with IC0527, and nothing else is.",
  source: "facts/messages.md D3, MSG-6.11, MSG-6.12, MSG-10.4.17; facts/cycles.md CYC-3.4; seed 000, query calls",
  cites: ["query-discard", "context-open", "system-call", "memory-grow", "execution-commit", "execution-settle"],
  needs: ["replicated-queries"],
  otherwise: "no query was executed in a round",
  cases: (vocabulary) => queryWorlds(vocabulary, { replicated: true }).map(alone),
  watch: () => {
    let seen = false;
    return {
      onEvent: (event, world) => {
        if ((event.kind !== "executed" && event.kind !== "not-executed") || event.cause.kind !== "update") return undefined;
        const canister = world.canisters.get(event.canister);
        const mode = canister === undefined ? undefined : readingOf(canister.genesis).modes.get(event.cause.method);
        if (canister === undefined || mode === undefined) return undefined;
        const what = `${event.cause.method} of ${event.canister}, which is ${nameOf[mode]},`;
        if (event.kind === "not-executed")
          return event.error === "IC0527" && mode !== "composite" ? `${what} was refused with IC0527` : undefined;
        if (mode === "composite") return `${what} was executed in a round`;
        if (mode === "update") return undefined;
        seen = true;
        const { wrote, timer, calls, refusedCalls, reserved, accepted, burned, trap, instructions, charged } = event;
        if (wrote.length > 0) return `${what} left ${wrote.length} pages`;
        if (timer !== canister.timer) return `${what} left the timer at ${timer ?? "none"}`;
        if (calls.length + refusedCalls.length > 0) return `${what} called somebody`;
        if (reserved > 0n) return `${what} set ${reserved} cycles aside`;
        if (accepted + burned > 0n && !world.parameters.replicatedQueryAccepts)
          return `${what} accepted ${accepted} cycles and burned ${burned}`;
        if (trap === "IC0539" || trap === "IC0207" || trap === "IC0532" || trap === "IC0534") return `${what} trapped with ${trap}`;
        const prices = pricesOf(world, canister);
        const due = settled(prices, prepayment(prices), instructions);
        if (charged !== due) return `${what} was charged ${charged} for ${instructions} instructions: an update costs ${due}`;
        return undefined;
      },
      interested: () => seen,
    };
  },
});

const nameOf = { update: "an update", query: "a query", composite: "a composite query" } as const;
