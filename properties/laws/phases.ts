/**
 * The parts of a round, in their order. An event of a round belongs to one part, or comes right behind another event and
 * belongs to what that one does.
 * @source docs/machine.md section 3
 */
import type { Event } from "../../spec/index.ts";
import { rulingOf } from "../tracking/ingress.ts";
import { isOfConsensus } from "../tracking/consensus.ts";
import { orphanedAnswer } from "../tracking/management.ts";
import type { World } from "../tracking/world.ts";

export const phases = [
  "the beginning",
  "deadlines",
  "the expiry of messages of users",
  "streams that come in",
  "the answers of consensus",
  "the gate",
  "randomness",
  "the block",
  "the management canister",
  "the choice of tasks",
  "the iterations",
  "the dropping of tasks",
  "the marks",
  "the settlement of priorities",
  "the stops",
  "the charges",
  "the aborts",
  "streams that go out",
  "shedding",
  "forgetting",
  "pruning",
  "the end",
] as const;

export type Phase = (typeof phases)[number];

/** The part of a round to which an event belongs; `null` for one that belongs to what came right before it. */
export const phaseOf = (event: Event, world: World): Phase | null => {
  const { previous, round } = world;
  const early = round === null || round.iterations.length === 0;
  switch (event.kind) {
    case "round-began":
      return "the beginning";
    case "callback-expired":
      return "deadlines";
    case "message-dropped":
      if (orphanedAnswer(event, world) !== null) return null;
      return event.reason === "expired" ? "deadlines" : event.reason === "orphaned" ? "streams that go out" : "shedding";
    case "request-bounced":
      return event.error === "CN0210" ? "deadlines" : event.error === "CN0211" ? null : "streams that go out";
    case "ingress-expired":
      return "the expiry of messages of users";
    case "stream-collected":
    case "slice-taken":
    case "slice-refused":
    case "message-refused":
    case "refund-inducted":
      return "streams that come in";
    case "request-inducted":
    case "response-inducted":
      return early ? "streams that come in" : "the iterations";
    case "response-late":
      if (previous?.kind === "randomness-answered" || previous?.kind === "management-answered") return null;
      return early ? "streams that come in" : "the iterations";
    case "randomness-answered":
      return "randomness";
    case "ingress-inducted":
      return "the block";
    case "canister-stopping":
    case "canister-started":
    case "cycles-deposited":
    case "cycles-provided":
    case "installation-ran":
    case "settings-updated":
    case "memory-reserved":
    case "snapshot-taken":
    case "snapshot-loaded":
    case "snapshot-deleted":
    case "consensus-asked":
    case "chunk-kept":
    case "chunks-cleared":
      return "the management canister";
    case "canister-created":
      return round?.ended === false ? "the management canister" : null;
    case "consensus-answered":
    case "consensus-refused":
      return "the answers of consensus";
    case "management-answered":
    case "ingress-answered":
      if (isOfConsensus(event, world) || rulingOf(event, world) === null) return null;
      return round?.managed === true || isGivenUp(event) ? "the stops" : "the management canister";
    case "canister-stopped":
      return "the stops";
    case "tasks-chosen":
      return "the choice of tasks";
    case "round-skipped":
      return "the gate";
    case "full-round":
      return "the marks";
    case "priorities-settled":
      return "the settlement of priorities";
    case "resources-charged":
    case "ran-dry":
      return "the charges";
    case "execution-aborted":
      return "the aborts";
    case "canister-suspended":
    case "turn-began":
      return "the iterations";
    case "tasks-dropped":
      return "the dropping of tasks";
    case "randomness-asked":
    case "management-asked":
      return "streams that go out";
    case "message-streamed":
      return previous?.kind === "cycles-dropped" || previous?.kind === "message-refused" ? null : "streams that go out";
    case "ingress-forgotten":
      return "forgetting";
    case "ingress-pruned":
      return "pruning";
    case "round-ended":
      return "the end";
    default:
      return null;
  }
};

/** Whether a request to stop has waited too long, which is looked at when all has been executed. */
const isGivenUp = ({ result }: Extract<Event, { readonly kind: "management-answered" | "ingress-answered" }>): boolean =>
  result.kind === "reject" && result.error === "IC0206";

/** Whether an event shows that the iterations of its round are over. */
export const afterIterations = (event: Event, world: World): boolean => {
  if (world.round === null || world.round.turn !== null) return false;
  const phase = phaseOf(event, world);
  return phase !== null && phases.indexOf(phase) > phases.indexOf("the iterations");
};
