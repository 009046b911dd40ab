/** Messages of users: who gets in, that each gets in once, and that each is answered once. */
import { postponedOf } from "../tracking/executions.ts";
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { forgetfulWorlds, inspectingWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { introducedWorlds } from "../arbitraries/introduced.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { orUsers } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { receptionFee } from "../money.ts";
import { inspected } from "../tracking/foresight.ts";
import { isForManagement, payerOf, refusedToUser, rulingOf, type TrackedIngress } from "../tracking/ingress.ts";
import { petitionsIn, refusalByStatus } from "../tracking/management.ts";
import { watchedLaw, type Complaint, type Watcher } from "../tracking/watch.ts";
import { thresholdOf } from "../tracking/holdings.ts";
import type { World } from "../tracking/world.ts";
import { anonymous, type CanisterId, type ErrorCode, type Event, type Hex, type Input } from "../../spec/index.ts";

export const ingressIsScreened = watchedLaw({
  id: "ingress-is-screened",
  statement:
    "A message gets in exactly when its id is new, its payload is not too large, its expiry is neither past nor too far, the history has room, its canister exists, has code, is running and can pay the reception fee, and its inspection lets it in; it is refused with the code of the first of these that is false; in the next round the payment is tried again, in the order in which messages came.",
  source: "facts/messages.md A1, A3, A4, A6, A8, MSG-CAP09, MSG-P21; facts/cycles.md CYC-2.14, CYC-2.15, T05",
  cites: [
    "ingress-submit",
    "ingress-inspect",
    "message-accept",
    "ingress-induct",
    "ingress-answer",
    "system-call",
    "canister-uninstall",
    "ingress-postpone",
    "value-read",
    "identity-read",
  ],
  otherwise: "no message was submitted",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, { scarce: true }),
        inspectingWorlds(vocabulary),
        forgetfulWorlds(vocabulary),
        uninstallingWorlds(vocabulary),
        introducedWorlds(vocabulary),
      ),
      vocabulary,
      { priced: true, long: true },
    ).map(alone),
  watch: () => screening(() => true),
});

/** Who gets in, and into which block; it says something where a message is such as this. */
export const screening = (isWanted: (input: Submission) => boolean): Watcher => {
  let submitted = false;
  return {
    onEvent: (event, world, { input, observation }) => {
      if (input.kind === "ingress") {
        submitted ||= isWanted(input);
        return observation.events.length === 1
          ? misjudged(event, input, world)
          : `ingress ${input.id} made ${observation.events.length} events`;
      }
      if (event.kind === "ingress-inducted" || (event.kind === "ingress-answered" && isTurnedAway(event, world)))
        return misinducted(event, world);
      return event.kind === "tasks-chosen" || event.kind === "turn-began" || event.kind === "round-ended" ? leftOut(world) : undefined;
    },
    interested: () => submitted,
  };
};

type Submission = Extract<Input, { readonly kind: "ingress" }>;

/** Whether an answer is that of the platform to a message that it does not let into the queue. */
const isTurnedAway = (event: Extract<Event, { readonly kind: "ingress-answered" }>, world: World): boolean => {
  const { previous } = world;
  return (
    previous?.kind !== "answered" &&
    !(previous?.kind === "ingress-expired" && previous.ingress === event.ingress) &&
    rulingOf(event, world) === null
  );
};

const leftOut = ({ pool }: World): Complaint =>
  pool.length > 0 ? `ingress ${pool[0]} still waits for a block after that of this round` : undefined;

const misjudged = (event: Event, input: Submission, world: World): Complaint => {
  const expected = refusalOf(input, world);
  if (expected === undefined) return undefined;
  const found = event.kind === "ingress-refused" ? event.error : event.kind === "ingress-received" ? null : undefined;
  if (found === undefined) return `ingress ${input.id} made the event ${event.kind}`;
  if ("ingress" in event && event.ingress !== input.id) return `ingress ${input.id} was answered with an event for ${event.ingress}`;
  return found === expected
    ? undefined
    : `ingress ${input.id} to ${input.canister}: expected ${expected ?? "that it is received"}, got ${found ?? "that it is received"}`;
};

/** The first condition that is false; `undefined` when there is no telling. */
const refusalOf = (input: Submission, world: World): ErrorCode | null | undefined => {
  const { id, canister: to, payload } = input;
  const { time, parameters, ingress, canisters } = world;
  const expiry = input.expiry ?? time + parameters.ingressLifetime;
  if (ingress.has(id)) return "CN0001";
  if (payload.length / 2 > parameters.maxPayload) return "CN0002";
  if (time > expiry) return "CN0010";
  if (expiry > time + parameters.ingressLifetime) return "CN0011";
  if (ingress.size >= parameters.historyCapacity) return "IC0204";
  if (isForManagement(input)) return refusedToUser(world, { sender: anonymous, ...input });
  const canister = canisters.get(to);
  if (canister === undefined) return "IC0301";
  if (!canister.installed) return "IC0537";
  const unable = refusalByStatus(canister);
  if (unable !== null) return unable;
  if (fundsFor(world, to, payload) + postponedOf(canister) < 0n) return "IC0207";
  return inspected(world, canister, { sender: anonymous, ...input });
};

/** What a canister has above its threshold, postponed fees and the reception fee. @unit cycles */
const fundsFor = (world: World, id: CanisterId | null, payload: Hex): bigint => {
  const canister = id === null ? undefined : world.canisters.get(id);
  return canister === undefined
    ? 0n
    : canister.balance - thresholdOf(world, canister) - postponedOf(canister) - receptionFee(world.parameters, payload.length / 2);
};

const misinducted = (event: Event & { kind: "ingress-inducted" | "ingress-answered" }, world: World): Complaint => {
  const { ingress: id, kind } = event;
  const ingress = world.ingress.get(id);
  if (ingress === undefined) return `ingress ${id}, which nobody sent, is in a block`;
  if (world.pool[0] !== id) return `ingress ${id} is in the block before ${world.pool[0] ?? "nothing"}, which came first`;
  const payer = payerOf(ingress);
  if (kind === "ingress-inducted" && event.canister !== payer)
    return `ingress ${id} to ${ingress.canister} is for ${payer ?? "nobody"} to pay, and ${event.canister ?? "nobody"} pays`;
  if (ingress.expiry < world.time) return `ingress ${id}, which expired at ${ingress.expiry}, is in a block of ${world.time}`;
  if (kind === "ingress-answered" && event.result.kind === "reject" && event.result.error === "IC0301")
    return payer === null || world.canisters.has(payer) ? `ingress ${id} was turned away, but ${payer ?? "nobody"} exists` : undefined;
  if (payer !== null && !world.canisters.has(payer)) return `ingress ${id} is for ${payer}, which does not exist, and was let in`;
  const funds = fundsFor(world, payer, ingress.payload);
  if (kind === "ingress-inducted")
    return funds < 0n ? `ingress ${id} was let in at the cost of ${payer}, which lacks ${-funds} for it` : mistold(event, ingress);
  if (event.result.kind !== "reject" || event.result.error !== "IC0207")
    return `ingress ${id} was answered in its block, but not with IC0207`;
  return funds < 0n ? undefined : `ingress ${id} was turned away, but ${payer ?? "nobody"} has ${funds} more than it needs for it`;
};

/** What is told of a message that is let in: what it asks of the management canister, and that nothing is paid where nobody pays. */
const mistold = ({ ingress: id, canister, fee, balance, asked }: Inducted, { method, ...letter }: TrackedIngress): Complaint => {
  const expected = isForManagement(letter) ? method : undefined;
  if (asked !== expected) return `ingress ${id} asks for ${expected ?? "nothing"}, and was said to ask for ${asked ?? "nothing"}`;
  return canister !== null || (fee === 0n && balance === 0n)
    ? undefined
    : `ingress ${id} costs nobody anything, and was said to cost ${fee} and to leave ${balance}`;
};

type Inducted = Extract<Event, { readonly kind: "ingress-inducted" }>;

export const answersOnce = watchedLaw({
  id: "answers-once",
  statement:
    "A message of a user is received, then enters the queue of its canister, or waits for the management canister, is turned away or expires, and is answered at most once; until then it lies in the queue, waits, or somebody can still answer it.",
  source: "facts/messages.md MSG-P3, MSG-P12, MSG-P21, A9, E1",
  cites: [
    "ingress-submit",
    "ingress-induct",
    "ingress-expire",
    "ingress-answer",
    "context-respond",
    "context-give-up",
    "context-withdraw",
    "call-refuse",
    "message-take",
    "input-take",
    "management-take",
  ],
  otherwise: "no message was answered",
  cases: (vocabulary) =>
    orUsers(
      orScheduled(fc.oneof(mixedWorlds(vocabulary), forgetfulWorlds(vocabulary), uninstallingWorlds(vocabulary)), vocabulary),
      vocabulary,
    ).map(alone),
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
      onStep: ({ input }, world) => (input.kind === "round" || input.kind === "uninstall" ? forsaken(world) : undefined),
      interested: () => answered,
    };
  },
});

const forsaken = (world: World): Complaint => {
  const awaited = new Set<string>();
  for (const { queues, contexts, execution } of world.canisters.values()) {
    if (execution?.cause.kind === "update" && execution.cause.origin.kind === "ingress") awaited.add(execution.cause.origin.ingress);
    for (const ingress of queues.ingress) awaited.add(ingress);
    for (const { origin, status, openCalls } of contexts.values())
      if (origin.kind === "ingress" && status === "open" && openCalls > 0) awaited.add(origin.ingress);
  }
  for (const request of petitionsIn(world)) if (request.kind === "ingress") awaited.add(request.id);
  for (const { id, status } of world.ingress.values()) {
    if (status === "processing" && !awaited.has(id))
      return `ingress ${id} is neither answered, nor in a queue, nor can anybody still answer it`;
  }
  return undefined;
};
