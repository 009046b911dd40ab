/** Messages of users: who gets in, that each gets in once, and that each is answered once. */
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { receptionFee } from "../money.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { thresholdOf, type World } from "../tracking/world.ts";
import type { ErrorCode, Event, Hex, Input, CanisterId } from "../../spec/index.ts";

export const ingressIsScreened = watchedLaw({
  id: "ingress-is-screened",
  statement:
    "A message gets in exactly when its id is new, its payload is not too large, its canister exists and can pay the reception fee, and is refused with the code of the first of these that is false; in the next round the payment is tried again, in the order in which messages came.",
  source: "facts/messages.md A1, A3, A6, A8; facts/cycles.md CYC-2.14, CYC-2.15, T05; facts/messages.md MSG-P21",
  cites: ["ingress-submit", "ingress-induct", "ingress-answer"],
  otherwise: "no message was submitted",
  cases: (vocabulary) => busyWorlds(vocabulary, { scarce: true }).map(alone),
  watch: () => {
    let submitted = false;
    return {
      onEvent: (event, world, { input, observation }, position) => {
        if (input.kind === "ingress") {
          submitted = true;
          return observation.events.length === 1
            ? misjudged(event, input, world)
            : `ingress ${input.id} made ${observation.events.length} events`;
        }
        if (
          event.kind === "ingress-inducted" ||
          (event.kind === "ingress-answered" && observation.events[position - 1]?.kind !== "answered")
        ) {
          return misinducted(event, world);
        }
        return event.kind === "turn-began" || event.kind === "round-ended" ? leftOut(world) : undefined;
      },
      interested: () => submitted,
    };
  },
});

const leftOut = ({ received }: World): Complaint =>
  received.length > 0 ? `ingress ${received[0]} still waits for a block after that of this round` : undefined;

const misjudged = (event: Event, input: Input & { kind: "ingress" }, world: World): Complaint => {
  const expected = refusalOf(input, world);
  const found = event.kind === "ingress-refused" ? event.error : event.kind === "ingress-received" ? null : undefined;
  if (found === undefined) return `ingress ${input.id} made the event ${event.kind}`;
  if ("ingress" in event && event.ingress !== input.id) return `ingress ${input.id} was answered with an event for ${event.ingress}`;
  return found === expected
    ? undefined
    : `ingress ${input.id} to ${input.canister}: expected ${expected ?? "that it is received"}, got ${found ?? "that it is received"}`;
};

const refusalOf = ({ id, canister, payload }: Input & { kind: "ingress" }, world: World): ErrorCode | null => {
  if (world.ingress.has(id)) return "CN0001";
  if (payload.length / 2 > world.parameters.maxPayload) return "CN0002";
  const funds = fundsFor(world, canister, payload);
  if (funds === null) return "IC0301";
  return funds < 0n ? "IC0207" : null;
};

/** What a canister has above its threshold and the reception fee; `null` when there is no such canister. */
const fundsFor = (world: World, id: CanisterId, payload: Hex): bigint | null => {
  const canister = world.canisters.get(id);
  return canister === undefined
    ? null
    : canister.balance - thresholdOf(world, canister) - receptionFee(world.parameters, payload.length / 2);
};

const misinducted = (event: Event & { kind: "ingress-inducted" | "ingress-answered" }, world: World): Complaint => {
  const { ingress: id, kind } = event;
  const ingress = world.ingress.get(id);
  if (ingress === undefined) return `ingress ${id}, which nobody sent, is in a block`;
  if (world.received[0] !== id) return `ingress ${id} is in the block before ${world.received[0] ?? "nothing"}, which came first`;
  if (kind === "ingress-inducted" && event.canister !== ingress.canister)
    return `ingress ${id} to ${ingress.canister} is in the queue of ${event.canister}`;
  const funds = fundsFor(world, ingress.canister, ingress.payload) ?? 0n;
  if (kind === "ingress-inducted")
    return funds < 0n ? `ingress ${id} entered the queue of ${ingress.canister}, which lacks ${-funds} for it` : undefined;
  if (event.result.kind !== "reject" || event.result.error !== "IC0207")
    return `ingress ${id} was answered in its block, but not with IC0207`;
  return funds < 0n ? undefined : `ingress ${id} was turned away, but ${ingress.canister} has ${funds} more than it needs for it`;
};

export const answersOnce = watchedLaw({
  id: "answers-once",
  statement:
    "A message of a user is received, then enters the queue of its canister or is turned away, and is answered at most once; until then it lies in the queue or somebody can still answer it.",
  source: "facts/messages.md MSG-P3, MSG-P21, A9, E1",
  cites: ["ingress-submit", "ingress-induct", "ingress-answer", "context-respond", "context-give-up", "call-refuse", "message-take"],
  otherwise: "no message was answered",
  cases: (vocabulary) => busyWorlds(vocabulary).map(alone),
  watch: () => {
    let answered = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "ingress-received")
          return world.ingress.has(event.ingress) ? `ingress ${event.ingress} was received twice` : undefined;
        if (event.kind === "ingress-inducted") {
          const status = world.ingress.get(event.ingress)?.status ?? "unknown";
          return status === "received" ? undefined : `ingress ${event.ingress} entered a queue when it was ${status}`;
        }
        if (event.kind === "executed" || event.kind === "not-executed") {
          if (event.cause.kind !== "update" || event.cause.origin.kind !== "ingress") return undefined;
          const ingress = world.ingress.get(event.cause.origin.ingress);
          if (ingress?.status === "processing") return undefined;
          return `ingress ${event.cause.origin.ingress} ran on ${event.canister} when it was ${ingress?.status ?? "unknown"}`;
        }
        if (event.kind !== "ingress-answered") return undefined;
        answered = true;
        const status = world.ingress.get(event.ingress)?.status ?? "unknown";
        return status === "received" || status === "processing" ? undefined : `ingress ${event.ingress} was answered when it was ${status}`;
      },
      onStep: ({ input }, world) => (input.kind === "round" ? forgotten(world) : undefined),
      interested: () => answered,
    };
  },
});

const forgotten = (world: World): Complaint => {
  const awaited = new Set<string>();
  for (const { inputs, contexts } of world.canisters.values()) {
    for (const input of inputs) if (input.kind === "ingress") awaited.add(input.ingress);
    for (const { origin, status, openCalls } of contexts.values())
      if (origin.kind === "ingress" && status === "open" && openCalls > 0) awaited.add(origin.ingress);
  }
  for (const { id, status } of world.ingress.values()) {
    if (status === "processing" && !awaited.has(id))
      return `ingress ${id} is neither answered, nor in a queue, nor can anybody still answer it`;
  }
  return undefined;
};
