/**
 * It hardly matters how often canisters are charged for what they occupy: only what is rounded, and the rest of a second at
 * each charge, is ever lost. Two worlds show it, in one of which the same time passes in more rounds.
 */
import type { EventKind, Step, Trace } from "../../spec/index.ts";
import { leasedWorlds } from "../arbitraries/leased.ts";
import { twinOf } from "../case.ts";
import { computeDay, memoryDay, messagesDay, priceFor } from "../money.ts";
import { fails, holds, judgeBoth, vacuous, type Property, type Verdict } from "../property.ts";
import { absorb, anticipate } from "../tracking/absorb.ts";
import { memoryOf, messageMemory } from "../tracking/holdings.ts";
import { openWorld } from "../tracking/world.ts";

export const chargesAddUp: Property = {
  id: "charges-add-up",
  statement:
    "While canisters occupy the same all the time, what they are charged for it in many charges is what they are charged in few, less at most three cycles and the price of a second for each canister and charge; and where the many charges are at the moments of the few and at others, it is never more.",
  source: "facts/cycles.md CYC-P13, S6, S7, CYC-4.1",
  cites: ["resources-charge", "memory-charge", "messages-charge", "allocation-charge", "restart"],
  kind: "law",
  cases: leasedWorlds,
  check: ({ case: tried, drive }) => {
    const { relation } = tried;
    if (relation.kind !== "rounds-split") return vacuous("the two worlds are not related in the way that this law is about");
    return judgeBoth(drive(tried.scenario), drive(twinOf(tried)), (few, many) => judged(few, many, relation.after));
  },
};

const judged = (few: Trace, many: Trace, after: number): Verdict => {
  const [whole, split] = [spanOf(few, after), spanOf(many, after)];
  if (whole === null || split === null) return vacuous("more happened than that time passed");
  if (whole.until === null || whole.until !== split.until) return vacuous("the last charges are not at the same moment");
  if (whole.total === 0n) return vacuous("nobody had anything to pay");
  const at = few.steps.length - 1;
  const apart = lossOf(few, after);
  const words = `${whole.times.size} charges came to ${whole.total}, ${split.times.size} to ${split.total}`;
  if (whole.total - split.total > BigInt(split.times.size) * apart) return fails(at, `${words}, which is too little`);
  const nested = [...whole.times].every((time) => split.times.has(time));
  if (split.total - whole.total > (nested ? 0n : BigInt(whole.times.size) * apart)) return fails(at, `${words}, which is too much`);
  return holds;
};

interface Span {
  /** The moments at which everybody was charged, and the last of them. */
  readonly times: ReadonlySet<bigint>;
  readonly until: bigint | null;
  readonly total: bigint;
}

/** What was charged behind a round; `null` when something else happened there, or not everybody was charged each time. */
const spanOf = ({ scenario, steps }: Trace, after: number): Span | null => {
  const { canisters } = scenario.genesis;
  const times = new Set<bigint>();
  let until: bigint | null = null;
  let time = 0n;
  let total = 0n;
  for (const { observation } of behind(steps, after))
    for (const event of observation.events) {
      if (!idle.has(event.kind)) return null;
      if (event.kind === "round-began") time = event.time;
      if (event.kind !== "resources-charged") continue;
      if (event.canisters !== canisters.length) return null;
      times.add((until = time));
      total += event.memory + event.messages + event.compute;
    }
  return { times, until, total };
};

/** What is told of a round in which time passes. */
const idle: ReadonlySet<EventKind> = new Set([
  "round-began",
  "full-round",
  "priorities-settled",
  "resources-charged",
  "round-ended",
  "ingress-pruned",
  "restarted",
] as const);

/** The steps behind the n-th round. */
const behind = (steps: readonly Step[], after: number): readonly Step[] => {
  const rounds = steps.flatMap(({ input }, at) => (input.kind === "round" ? [at] : []));
  const last = after === 0 ? -1 : (rounds[after - 1] ?? steps.length);
  return steps.slice(last + 1);
};

/** What one charge may lose, of all canisters together: the rest of a second, and three roundings. @unit cycles */
const lossOf = ({ scenario: { genesis }, steps }: Trace, after: number): bigint => {
  const world = openWorld(genesis);
  for (const step of steps.slice(0, steps.length - behind(steps, after).length))
    for (const event of step.observation.events) {
      anticipate(world, event, step);
      absorb(world, event, step);
    }
  let loss = 0n;
  for (const tenant of world.canisters.values()) {
    const { parameters } = world;
    const waiting = messagesDay(parameters, messageMemory(tenant, parameters));
    const ofDay = memoryDay(parameters, memoryOf(tenant, parameters)) + waiting + computeDay(parameters, tenant.genesis.computeAllocation);
    loss += priceFor(ofDay, 1n) + 1n + 3n;
  }
  return loss;
};
