/** The ingress history: how long a message is known, what is forgotten of it first, and that it never runs a second time. */
import { takenIn } from "../tracking/executions.ts";
import * as fc from "fast-check";
import { byId, type Event, type IngressId } from "../../spec/index.ts";
import { busyWorlds } from "../arbitraries/busy.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { forgetfulWorlds } from "../arbitraries/focuses.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedIngress } from "../tracking/ingress.ts";
import type { World } from "../tracking/world.ts";

export const historyIsMonotone = watchedLaw({
  id: "history-is-monotone",
  statement:
    "A message of a user goes from received to processing to an answer to done to unknown, and never back; what is known to be answered stays known for the history lifetime, and is unknown in the first round after it; no message expires before its time, runs after it, or runs twice or is forgotten altogether before it.",
  source: "facts/messages.md MSG-P21, A7, A9, A10, A11, MSG-1.3.10, SEED-003-28",
  cites: ["ingress-submit", "ingress-induct", "ingress-expire", "ingress-answer", "ingress-forget", "ingress-prune", "restart"],
  otherwise: "no answer grew old",
  cases: (vocabulary) => forgetfulWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { historyLifetime } = genesis.parameters;
    /** When each message that ran expires. */
    const ran = new Map<IngressId, bigint>();
    let lastPruned: IngressId | null = null;
    let old = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "round-began") lastPruned = null;
        if (event.kind === "ingress-expired") return expiredEarly(event.ingress, world);
        const taken = event.kind === "not-executed" ? null : takenIn(event, world);
        if (taken?.cause.kind === "update" && taken.cause.origin.kind === "ingress")
          return ranAgain(taken.cause.origin.ingress, ran, world);
        if (event.kind === "ingress-pruned") {
          old = true;
          const before = lastPruned;
          lastPruned = event.ingress;
          if (before !== null && byId(before, event.ingress) >= 0) return `ingress ${event.ingress} was pruned after ${before}`;
          return prunedEarly(event.ingress, world);
        }
        if (event.kind !== "round-ended") return undefined;
        const asking = world.management.flatMap(({ request }) => (request.kind === "ingress" ? [request.id] : []));
        const late = [...world.pool, ...asking, ...[...world.canisters.values()].flatMap(({ queues }) => queues.ingress)].find(
          (id) => (world.ingress.get(id)?.expiry ?? world.time) < world.time,
        );
        if (late !== undefined) return `ingress ${late} still waits at ${world.time}, and its expiry has passed`;
        if (world.round?.skipped === true) return undefined;
        const kept = [...world.ingress.values()].find((ingress) => isOld(ingress, world.time - historyLifetime));
        return kept === undefined
          ? undefined
          : `ingress ${kept.id} was answered at ${kept.answeredAt}, and is still known at ${world.time}, more than ${historyLifetime} later`;
      },
      interested: () => old,
    };
  },
});

const ranAgain = (id: IngressId, ran: Map<IngressId, bigint>, { ingress, time }: World): Complaint => {
  const expired = ran.get(id);
  const expiry = ingress.get(id)?.expiry;
  if (expiry !== undefined) ran.set(id, expiry);
  if (expired !== undefined && expired >= time) return `ingress ${id} ran a second time at ${time}, before it expired at ${expired}`;
  return expiry !== undefined && expiry < time ? `ingress ${id} ran at ${time}, after it expired at ${expiry}` : undefined;
};

const expiredEarly = (id: IngressId, { ingress, time }: World): Complaint => {
  const known = ingress.get(id);
  if (known === undefined) return `ingress ${id} expired, but it was not known`;
  if (known.status !== "received" && known.status !== "processing") return `ingress ${id} expired when it was ${known.status}`;
  return known.expiry >= time ? `ingress ${id} expired at ${time}, and its expiry is ${known.expiry}` : undefined;
};

const isOld = ({ answeredAt }: TrackedIngress, before: bigint): boolean => answeredAt !== null && answeredAt < before;

const prunedEarly = (id: IngressId, { ingress, time, parameters }: World): Complaint => {
  const known = ingress.get(id);
  if (known === undefined) return `ingress ${id} was pruned, but it was not known`;
  if (known.status !== "answered" && known.status !== "done") return `ingress ${id} was pruned when it was ${known.status}`;
  if (known.expiry >= time) return `ingress ${id} was pruned at ${time}, before it expired at ${known.expiry}`;
  return isOld(known, time - parameters.historyLifetime)
    ? undefined
    : `ingress ${id} was answered at ${known.answeredAt}, and pruned at ${time}: less than ${parameters.historyLifetime} later`;
};

export const historyForgetsOldestFirst = watchedLaw({
  id: "history-forgets-oldest-first",
  statement:
    "While the replies of the ingress history have more bytes than it has memory for, it forgets the oldest answer, of equally old ones that with the smallest id, and no other; so after each round they fit, and no answer is forgotten while they do.",
  source: "facts/messages.md A10, MSG-CAP13, MSG-P21",
  cites: ["ingress-forget", "ingress-answer", "ingress-prune"],
  otherwise: "nothing was forgotten",
  cases: (vocabulary) =>
    fc.oneof({ arbitrary: forgetfulWorlds(vocabulary), weight: 1 }, { arbitrary: busyWorlds(vocabulary, talkative), weight: 4 }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { historyMemory } = genesis.parameters;
    let forgot = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "ingress-forgotten") {
          forgot = true;
          return wronglyForgotten(event, world);
        }
        if ((event.kind !== "ingress-pruned" && event.kind !== "round-ended") || world.round?.skipped === true) return undefined;
        const bytes = repliesIn(world);
        return bytes > historyMemory ? `the history holds ${bytes} bytes of replies, it has memory for ${historyMemory}` : undefined;
      },
      interested: () => forgot,
    };
  },
});

/** Most messages are answered with a few bytes, and nothing but the memory for them makes the history forget. */
const talkative: Focus = {
  always: ["reply"],
  limits: ["historyMemory"],
  ample: ["historyLifetime", "ingressLifetime", "historyCapacity", "roundInstructionLimit"],
  programs: [["serve"], ["serve"]],
};

/** @unit bytes */
const repliesIn = ({ ingress }: World): number => {
  let bytes = 0;
  for (const { status, result } of ingress.values())
    if (status === "answered" && result?.kind === "reply") bytes += result.payload.length / 2;
  return bytes;
};

const wronglyForgotten = ({ ingress: id }: Extract<Event, { readonly kind: "ingress-forgotten" }>, world: World): Complaint => {
  const { historyMemory } = world.parameters;
  const bytes = repliesIn(world);
  if (bytes <= historyMemory) return `ingress ${id} was forgotten with ${bytes} of ${historyMemory} bytes in use`;
  const [oldest] = [...world.ingress.values()]
    .filter(({ status }) => status === "answered")
    .sort((left, right) => Number((left.answeredAt ?? 0n) - (right.answeredAt ?? 0n)) || byId(left.id, right.id));
  return oldest?.id === id ? undefined : `ingress ${id} was forgotten before ${oldest?.id ?? "nobody"}, which is older`;
};
