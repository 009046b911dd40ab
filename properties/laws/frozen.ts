/** Canisters that cannot pay refuse what they are asked, which costs the round little; and they take nothing from those that can. */
import type { CanisterId } from "../../spec/index.ts";
import { beatingWorlds } from "../arbitraries/beating.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { initialCounter } from "../tracking/counters.ts";
import type { World } from "../tracking/world.ts";
import { windowGuarantee } from "./fairness.ts";
import { allocationsAreKept } from "./promises.ts";

export const frozenCanistersBlockNobody = watchedLaw({
  id: "frozen-canisters-block-nobody",
  statement:
    "A message that a canister cannot pay for takes no instruction of its core, only the overhead of a message, so that a core refuses no more in a round than the counter of the round has overheads, rounded up; and beside canisters that refuse, whoever has short work in 100 rounds in a row still gets as many full rounds as it reserved.",
  source: "facts/scheduler.md SCH-P22, SCH-P3, SCH-P23",
  cites: ["execution-begin", "call-refuse", "core-spend", "turn-end", "iteration-end", "message-take", "input-take"],
  needs: ["heartbeats"],
  otherwise: "nobody refused anything while others had work for 100 rounds",
  cases: (vocabulary) => beatingWorlds(vocabulary, { frozen: true }).map(alone),
  watch: (trace) => {
    const { parameters } = trace.scenario.genesis;
    const promise = (parameters.scheduler === "current" ? allocationsAreKept : windowGuarantee).watch(trace);
    /** Refused in this round, by core; and in this turn. */
    const refused = new Map<number, number>();
    let turn = { refused: 0, others: 0 };
    let blocked = false;
    const ofRound = (world: World): Complaint => {
      const core = world.round?.turn?.core;
      if (core === undefined) return undefined;
      const now = (refused.get(core) ?? 0) + 1;
      refused.set(core, now);
      const most = Math.ceil(initialCounter(world.parameters) / world.parameters.messageOverhead);
      return now > most ? `core ${core} refused ${now} messages in round ${world.height}, and had time for ${most}` : undefined;
    };
    const ofTurn = (canister: CanisterId, instructions: number): Complaint => {
      const { refused: count, others } = turn;
      const due = count * parameters.messageOverhead;
      return count > 0 && others === 0 && instructions !== due
        ? `${canister} refused ${count} messages and did nothing else, and its turn took ${instructions} instructions instead of ${due}`
        : undefined;
    };
    return {
      onEvent: (event, world, step, position) => {
        const complaint = promise.onEvent?.(event, world, step, position);
        if (complaint !== undefined) return `beside canisters that refuse: ${complaint}`;
        switch (event.kind) {
          case "round-began":
            refused.clear();
            return undefined;
          case "turn-began":
            turn = { refused: 0, others: 0 };
            return undefined;
          case "not-executed":
            // What cannot go on is no message that was taken.
            if (event.error !== "IC0207" || world.canisters.get(event.canister)?.execution != null) break;
            blocked = true;
            turn.refused++;
            return ofRound(world);
          case "turn-ended":
            return ofTurn(event.canister, event.instructions);
          case "executed":
          case "execution-paused":
          case "response-discarded":
          case "callback-refused":
            break;
          default:
            return undefined;
        }
        turn.others++;
        return undefined;
      },
      interested: () => blocked && promise.interested(),
    };
  },
});
