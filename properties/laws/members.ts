/** Canisters come, go, and change what they reserve: who is let in, with which code who is not, and what is left of who goes. */
import * as fc from "fast-check";
import { managementCanister, type CanisterId, type ErrorCode, type Event, type Input } from "../../spec/index.ts";
import { memberWorlds } from "../arbitraries/scheduled.ts";
import { storedWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { creationFee } from "../money.ts";
import { isPaused } from "../tracking/executions.ts";
import { orphanedAnswer } from "../tracking/management.ts";
import { countInputs } from "../tracking/queues.ts";
import { capacityOf, isTaken, reservedBy } from "../tracking/settings.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";

type MemberInput = Extract<Input, { readonly kind: "create-canister" | "delete-canister" | "set-compute-allocation" }>;

export const membersAreAdmitted = watchedLaw({
  id: "members-are-admitted",
  statement:
    "A canister is created exactly when its id was never anybody's, what it reserves is there, and its cycles cover the fee of a creation, deleted exactly when it exists, owes no answer and has nothing to do, and reserves more exactly when that is there and it is not paused; else it is refused with the code of the first of these that is false, and nothing changes; a new canister has what it is given less the fee, and what a deleted one had and set aside is burned.",
  source:
    "facts/scheduler.md SCH-P18, SCH-P19, SCH-E1, SCH-E2, SCH-E4, SCH-C26; facts/messages.md F1, F24; facts/cycles.md CYC-C12, CYC-Z10, T50",
  cites: ["canister-create", "canister-delete", "allocation-set", "restart"],
  otherwise: "nobody came, went or changed what it reserves",
  cases: (vocabulary) =>
    fc.oneof({ arbitrary: memberWorlds(vocabulary), weight: 4 }, { arbitrary: storedWorlds(vocabulary), weight: 1 }).map(alone),
  watch: () => {
    let came = false;
    return {
      onEvent: (event, world, { input }) => {
        if (input.kind !== "create-canister" && input.kind !== "delete-canister" && input.kind !== "set-compute-allocation")
          return undefined;
        came = true;
        return misjudged(event, input, world);
      },
      interested: () => came,
    };
  },
});

const misjudged = (event: Event, input: MemberInput, world: World): Complaint => {
  const id = input.kind === "create-canister" ? input.canister.id : input.canister;
  const expected = refusalOf(input, world);
  const found = "error" in event ? event.error : null;
  if (found !== expected) return `${input.kind} of ${id}: expected ${expected ?? "that it is done"}, got ${found ?? "that it is done"}`;
  if (event.kind === "canister-created" && input.kind === "create-canister") {
    const { computeAllocation, balance } = input.canister;
    const fee = creationFee(world.parameters);
    return event.computeAllocation === computeAllocation && event.balance === balance - fee
      ? undefined
      : `${id} was created with ${event.balance} cycles and an allocation of ${event.computeAllocation}, and given ${balance}, of which ${fee} are the fee, and ${computeAllocation}`;
  }
  if (event.kind === "canister-deleted") {
    const canister = world.canisters.get(event.canister);
    const balance = canister === undefined ? undefined : canister.balance + canister.reserved;
    return event.burned === balance ? undefined : `${id} was deleted with ${balance ?? "no"} cycles, and ${event.burned} were burned`;
  }
  if (event.kind === "allocation-set" && input.kind === "set-compute-allocation")
    return event.computeAllocation === input.computeAllocation
      ? undefined
      : `the allocation of ${id} was set to ${event.computeAllocation}, and was to be ${input.computeAllocation}`;
  return undefined;
};

/** The first condition that is false; `null` when there is none. */
const refusalOf = (input: MemberInput, world: World): ErrorCode | null => {
  const { canisters, parameters } = world;
  const there = capacityOf(parameters);
  if (input.kind === "create-canister") {
    const { id, computeAllocation, balance } = input.canister;
    if (isTaken(world, id)) return "IC0205";
    if (computeAllocation > 0 && reservedBy(world) + computeAllocation >= there) return "IC0101";
    return balance < creationFee(parameters) ? "IC0403" : null;
  }
  const canister = canisters.get(input.canister);
  if (canister === undefined) return "IC0301";
  if (input.kind === "delete-canister") {
    if (canister.contexts.size > 0 || canister.execution !== null) return "IC0510";
    return countInputs(canister.queues) > 0 || canister.queues.outputs.size > 0 ? "IC0203" : null;
  }
  if (isPaused(canister)) return "CN0015";
  const { computeAllocation } = input;
  return computeAllocation <= canister.genesis.computeAllocation || reservedBy(world, canister.id) + computeAllocation < there
    ? null
    : "IC0101";
};

export const goneCanistersAreNobody = watchedLaw({
  id: "gone-canisters-are-nobody",
  statement:
    "Whoever is not there, because it never was or was deleted, runs nothing and gets nothing: messages of users are turned away with IC0301, requests come back, and what answers it is orphaned, its cycles dropped; and nobody who is there is treated so.",
  source: "facts/scheduler.md SCH-E2, SCH-P18; facts/messages.md F24, E4",
  cites: ["canister-delete", "response-orphan", "ingress-answer", "ingress-induct", "request-bounce", "cycles-lose"],
  otherwise: "nobody was gone",
  cases: (vocabulary) => memberWorlds(vocabulary).map(alone),
  watch: () => {
    let missed = false;
    const gone = new Set<CanisterId>();
    /** The cycles on a response that was orphaned, which are told next. */
    let dropped: bigint | null = null;
    return {
      onEvent: (event, world) => {
        const due = dropped;
        dropped = null;
        if (due !== null && due > 0n && event.kind !== "cycles-dropped")
          return `${due} cycles were on a response that is orphaned, and nothing is told of them`;
        if (due !== null && event.kind === "cycles-dropped")
          return event.cycles === due && event.fate === "lost"
            ? undefined
            : `${due} cycles of an orphaned response are lost, and ${event.cycles} are ${event.fate}`;
        if (event.kind === "canister-deleted") gone.add(event.canister);
        if (event.kind === "request-bounced")
          missed ||= gone.has(callOf(world, event.caller, event.callback)?.callee ?? managementCanister);
        if (event.kind === "ingress-answered" && event.result.kind === "reject" && event.result.error === "IC0301") missed = true;
        if (event.kind === "message-dropped" && event.reason === "orphaned") {
          missed = true;
          if (world.canisters.has(event.caller)) return `a response to ${event.caller}, which is there, was orphaned`;
          dropped = orphanedAnswer(event, world);
          if (dropped !== null) return undefined;
          const response = [...(world.canisters.get(event.canister)?.queues.outputs.get(event.caller) ?? [])].find(
            ({ kind, callback }) => kind === "response" && callback === event.callback,
          );
          if (response?.kind !== "response") return `a response of ${event.canister} was orphaned, and there was none`;
          dropped = response.refund;
          return undefined;
        }
        if (event.kind === "ingress-inducted" || event.kind === "turn-began")
          return event.canister === null || world.canisters.has(event.canister)
            ? undefined
            : `${event.canister}, which is not there, got something to do`;
        if (event.kind !== "round-ended") return undefined;
        missed ||= gone.size > 0;
        return world.round?.skipped === true ? undefined : kept(world);
      },
      interested: () => missed,
    };
  },
});

/** A response to somebody who is gone does not stay. */
const kept = ({ canisters, routes }: World): Complaint => {
  for (const { id, queues } of canisters.values())
    for (const [peer, queue] of queues.outputs)
      if (queue[0]?.kind === "response" && !canisters.has(peer) && !routes.has(peer))
        return `a response of ${id} to ${peer}, which is gone, stays`;
  return undefined;
};
