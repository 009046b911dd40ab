/** Slices have no meaning: with none, in rounds that have room for everything, the same is said, kept and paid in the end. */
import type { CanisterId, Hex, IngressId, Trace } from "../../spec/index.ts";
import { calmWorlds } from "../arbitraries/scheduled.ts";
import { twinOf } from "../case.ts";
import { fails, holds, readable, vacuous, type Property, type Verdict } from "../property.ts";
import { firstDifference } from "./comparison.ts";

export const slicesAreInvisible: Property = {
  id: "slices-are-invisible",
  statement:
    "Where nobody looks at the time, at a balance or at others, a world whose messages are executed in slices, and sometimes aborted, ends with the pages, the answers and the charges of the one in which nothing is sliced.",
  source: "facts/messages.md MSG-P8; facts/scheduler.md SCH-P1, SCH-P15, SCH-7.16",
  cites: [
    "execution-pause",
    "execution-resume",
    "execution-hold",
    "execution-finish",
    "execution-abort",
    "ingress-postpone",
    "core-spend",
    "checkpoint",
  ],
  kind: "law",
  cases: (vocabulary) => calmWorlds(vocabulary).map((scenario) => ({ scenario, relation: { kind: "unsliced" } })),
  check: ({ case: tried, drive }) => {
    if (tried.relation.kind !== "unsliced") return vacuous("the two worlds are not related in the way that this law is about");
    const [one, other] = [drive(tried.scenario), drive(twinOf(tried))];
    return one instanceof Promise || other instanceof Promise
      ? Promise.all([one, other]).then(([first, second]) => readable(() => judged(first, second)))
      : readable(() => judged(one, other));
  },
};

const judged = (one: Trace, other: Trace): Verdict => {
  const [mine, theirs] = [outcomeOf(one), outcomeOf(other)];
  if (mine.pauses === 0) return vacuous("nothing was executed in slices");
  if (mine.open.size > 0 || theirs.open.size > 0) return vacuous("not everything was over in the end");
  const difference = firstDifference(comparable(mine), comparable(theirs));
  return difference === null ? holds : fails(one.steps.length - 1, `in the end, the sliced world and the other part in ${difference}`);
};

interface Outcome {
  readonly pages: Map<string, Hex>;
  readonly answers: Map<IngressId, string>;
  readonly charged: Map<CanisterId, bigint>;
  /** Messages of users that nobody answered. */
  readonly open: Set<IngressId>;
  pauses: number;
  burned: bigint;
  balances: bigint;
}

const comparable = ({ pages, answers, charged, burned, balances }: Outcome): object => ({
  pages: sorted(pages),
  answers: sorted(answers),
  charged: sorted(charged),
  burned,
  balances,
});

const sorted = (entries: ReadonlyMap<string, unknown>): readonly (readonly [string, unknown])[] =>
  [...entries].sort(([left], [right]) => (left < right ? -1 : 1));

const outcomeOf = ({ steps }: Trace): Outcome => {
  const outcome: Outcome = {
    pages: new Map(),
    answers: new Map(),
    charged: new Map(),
    open: new Set(),
    pauses: 0,
    burned: 0n,
    balances: 0n,
  };
  for (const { observation } of steps) {
    outcome.burned = observation.ledger.burned;
    outcome.balances = observation.ledger.balances;
    for (const event of observation.events) {
      switch (event.kind) {
        case "ingress-received":
          outcome.open.add(event.ingress);
          break;
        case "ingress-answered":
          outcome.open.delete(event.ingress);
          outcome.answers.set(event.ingress, event.result.kind === "reply" ? event.result.payload : event.result.error);
          break;
        case "execution-paused":
          outcome.pauses++;
          break;
        case "executed":
          for (const [page, content] of event.wrote) outcome.pages.set(`${event.canister} ${page}`, content);
          outcome.charged.set(event.canister, (outcome.charged.get(event.canister) ?? 0n) + event.charged);
          break;
        default:
      }
    }
  }
  return outcome;
};
