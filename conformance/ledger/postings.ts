/**
 * From an event to its postings: the one place that says which flows an event stands for, whose accounts they touch, and
 * how many cycles they move. An event of a new kind does not compile until it is said here what it moves.
 */
import { answersArrival, chargesNow, cyclesOn, transmission, type World } from "../../properties/index.ts";
import type { CanisterId, Event, Executed, Origin, SentCall, StreamMessage } from "../../spec/index.ts";
import type { Owner, Posting } from "./data.ts";
import { flows, type FlowName } from "./flows.ts";

/** A posting before it has its place in the trace. */
export type Draft = Omit<Posting, "step" | "event">;

/** The postings of an event, by what an onlooker knows just before it, without those that move nothing. */
export const postingsOf = (event: Event, known: World): readonly Draft[] => drafted(event, known).filter(({ cycles }) => cycles !== 0n);

/** What is there at the beginning. */
export const genesisPosting = (canister: CanisterId, balance: bigint): Draft => post(canister, "genesis", balance, null, canister);

const post = (canister: CanisterId | null, name: FlowName, cycles: bigint, from: Owner, to: Owner): Draft => ({
  canister,
  flow: name,
  from: { place: flows[name].from, owner: from },
  to: { place: flows[name].to, owner: to },
  cycles,
});

const drafted = (event: Event, known: World): readonly Draft[] => {
  switch (event.kind) {
    case "canister-created":
      return [post(event.canister, "created", event.balance, null, event.canister)];
    case "topped-up":
      return [post(event.canister, "top-up", event.cycles, null, event.canister)];
    case "resources-charged":
      return charged(event, known);
    case "ran-dry":
      return [post(event.canister, "ran dry", event.burned, event.canister, null)];
    case "canister-deleted":
      return [post(event.canister, "deleted", event.burned, event.canister, null)];
    case "ingress-inducted":
      // The fee of a paused canister stays on its balance until the execution is over (T02).
      return isPaused(event.canister, known) ? [] : [post(event.canister, "reception", event.fee, event.canister, null)];
    case "execution-finished":
    case "execution-aborted":
      return [post(event.canister, "postponed reception", event.postponed, event.canister, null)];
    case "not-executed":
      // What was attached stays on the message, which only turns round (T08).
      return [post(event.canister, "refusal burned", event.charged, event.canister, null)];
    case "execution-paused":
      return isLong(event.canister, known) ? [] : taken(event, known);
    case "executed":
      return [...begun(event, known), ...done(event, known)];
    case "answered":
      return answered(event, known);
    case "response-discarded": {
      const { canister, refunded, transmissionFee, released } = event;
      return [
        post(canister, "refunded", refunded, canister, canister),
        post(canister, "response transmission", transmissionFee, canister, null),
        post(canister, "reserve released", released, canister, canister),
      ];
    }
    case "request-inducted":
      return arrived(event.callee, event.caller, known);
    case "response-inducted":
      return arrived(event.caller, event.caller, known);
    case "response-late":
      return known.arrival === null
        ? [post(event.caller, "late refund", event.refund, event.caller, event.caller)]
        : [post(event.caller, "late refund received", event.refund, known.arrival.from, event.caller)];
    case "refund-inducted":
      return [post(event.canister, "refund received", event.cycles, known.arrival?.from ?? null, event.canister)];
    case "message-refused":
      // With a reject that goes back the cycles are in the stream that the next event tells of.
      return event.error === null && known.arrival !== null
        ? [post(null, "ignored", cyclesOn(known.arrival.message), event.from, null)]
        : [];
    case "message-streamed":
      return streamed(event, known);
    case "cycles-dropped":
      return dropped(event);
    // A message that turns round, waits or is replaced keeps its cycles, or leaves them to `cycles-dropped`; those of users carry
    // none; and what a context held has gone with its answer before it is deleted.
    case "request-bounced":
    case "callback-expired":
    case "message-dropped":
    case "randomness-asked":
    case "randomness-answered":
    case "ingress-received":
    case "ingress-refused":
    case "ingress-expired":
    case "ingress-forgotten":
    case "ingress-pruned":
    case "ingress-answered":
    case "query-answered":
    case "query-refused":
    case "uninstalled":
    case "context-deleted":
    case "context-removed":
    case "execution-resumed":
    case "stream-collected":
    case "slice-taken":
    case "slice-refused":
    case "tasks-chosen":
    case "tasks-dropped":
    case "hook-ready":
    case "turn-began":
    case "turn-ended":
    case "round-began":
    case "round-ended":
    case "round-skipped":
    case "round-refused":
    case "canister-suspended":
    case "full-round":
    case "priorities-settled":
    case "allocation-set":
    case "restarted":
    case "top-up-refused":
    case "uninstall-refused":
    case "canister-create-refused":
    case "canister-delete-refused":
    case "allocation-refused":
    case "block-finalised":
    case "block-refused":
    case "share-released":
    case "share-admitted":
    case "share-refused":
    case "tape-made":
      return [];
  }
};

type Told<Kind extends Event["kind"]> = Extract<Event, { readonly kind: Kind }>;

/** Whether the canister has an execution of more than one slice under way; and whether that is paused, not aborted. */
const isLong = (canister: CanisterId, { canisters }: World): boolean => canisters.get(canister)?.execution != null;
const isPaused = (canister: CanisterId, { canisters }: World): boolean => canisters.get(canister)?.execution?.attempt != null;

/** To whom the cycles of a call would go back. */
const payerOf = (origin: Origin): Owner => (origin.kind === "canister" ? origin.canister : null);

/** What an execution takes along when it is first paused: its prepayment, and what is on its message. */
const taken = ({ canister, cause, prepaid }: Told<"execution-paused">, { canisters }: World): readonly Draft[] => {
  const prepayment = post(canister, "prepayment", prepaid, canister, canister);
  if (cause.kind === "update") {
    const payer = payerOf(cause.origin);
    return [prepayment, post(canister, "request held", cause.attached, payer, payer)];
  }
  if (cause.kind !== "response") return [prepayment];
  const refund = canisters.get(canister)?.calls.get(cause.callback)?.response?.refund ?? 0n;
  return [prepayment, post(canister, "response held", refund, canister, canister)];
};

/** What an execution begins with, and how its prepayment ends. One of more than one slice holds both since its first pause. */
const begun = (event: Executed, known: World): readonly Draft[] => {
  const { canister, cause, prepaid, charged } = event;
  const long = isLong(canister, known);
  const settled = [
    ...(long ? [] : [post(canister, "prepayment", prepaid, canister, canister)]),
    post(canister, "execution refund", prepaid - charged, canister, canister),
    post(canister, "execution burned", charged, canister, null),
  ];
  switch (cause.kind) {
    case "update": {
      const payer = payerOf(cause.origin);
      return [post(canister, long ? "request let go" : "opened", cause.attached, payer, payer), ...settled];
    }
    case "timer":
    case "heartbeat":
    case "low-memory":
      return settled;
    case "response": {
      const { refunded, transmissionReserve, transmissionFee } = event;
      return [
        post(canister, long ? "response let go" : "refunded", refunded, canister, canister),
        post(canister, "response transmission", transmissionFee, canister, null),
        post(canister, "response transmission refund", transmissionReserve - transmissionFee, canister, canister),
        post(canister, "callback burned", charged, canister, null),
        post(canister, "callback refund", prepaid - charged, canister, canister),
      ];
    }
  }
};

/** What an execution did with the cycles that it had. */
const done = (event: Executed, known: World): readonly Draft[] => {
  const { canister, cause, accepted, burned, calls } = event;
  const context = known.canisters.get(canister)?.contexts.get(event.context);
  const payer = cause.kind === "update" ? payerOf(cause.origin) : context === undefined ? null : payerOf(context.origin);
  return [
    post(canister, "accepted", accepted, payer, canister),
    post(canister, "burned by the canister", burned, canister, null),
    ...calls.flatMap((call) => called(canister, call, known)),
  ];
};

const called = (canister: CanisterId, { attached, bytes, fee, reserve }: SentCall, { parameters }: World): readonly Draft[] => {
  // Whatever a machine charges, the two parts are what it charged.
  const due = transmission(parameters, bytes);
  const carried = due < fee ? due : fee;
  return [
    post(canister, "attached", attached, canister, canister),
    post(canister, "call fee", fee - carried, canister, null),
    post(canister, "request transmission", carried, canister, null),
    post(canister, "callback reserve", reserve, canister, canister),
  ];
};

/** The refund that goes with an answer. A call that never got a context leaves its cycles on the message. */
const answered = ({ canister, context, origin, result, refund }: Told<"answered">, known: World): readonly Draft[] => {
  if (context === null) return [];
  const payer = payerOf(origin);
  return [post(canister, refundName(result, known.canisters.get(canister)?.installed ?? true), refund, payer, payer)];
};

const refundName = (result: Told<"answered">["result"], installed: boolean): FlowName => {
  if (!installed) return "uninstall refund";
  // A canister that rejects says IC0406, and no other error is its own.
  return result.kind === "reply" || result.error === "IC0406" ? "answer refund" : "unanswered refund";
};

/** On a message that came out of a stream; one that was in an output queue of this subnet keeps what is on it (T20). */
const arrived = (canister: CanisterId, payer: CanisterId, { arrival }: World): readonly Draft[] =>
  arrival === null ? [] : [post(canister, "received", cyclesOn(arrival.message), arrival.from, payer)];

const streamed = ({ to, message }: Told<"message-streamed">, known: World): readonly Draft[] => {
  const { previous } = known;
  if (answersArrival(known))
    return [post(null, "sent back", cyclesOn(message), previous?.kind === "message-refused" ? previous.from : null, to)];
  return [post(senderOf(message), "sent", cyclesOn(message), callerOf(message), to)];
};

const dropped = ({ owner, cycles, fate }: Told<"cycles-dropped">): readonly Draft[] => {
  switch (fate) {
    case "lost":
      return [post(owner, "lost on drop", cycles, owner, null)];
    case "returned":
      return [post(owner, "returned on drop", cycles, owner, owner)];
    case "streamed":
      // The event that follows says into which stream.
      return [];
  }
};

/**
 * A charge is told in sums, and who pays which part follows. What the parts do not come to is on the balance of nobody, where
 * there is nothing to come to.
 */
const charged = ({ memory, compute }: Told<"resources-charged">, known: World): readonly Draft[] => {
  const charges = chargesNow(known);
  const paid = (canister: CanisterId | null, forMemory: bigint, forCompute: bigint): readonly Draft[] => [
    post(canister, "memory", forMemory, canister, null),
    post(canister, "compute allocation", forCompute, canister, null),
  ];
  const rest = (sum: bigint, of: "memory" | "compute"): bigint => charges.reduce((left, { taken }) => left - taken[of], sum);
  return [
    ...charges.flatMap(({ canister, taken }) => paid(canister.id, taken.memory, taken.compute)),
    ...paid(null, rest(memory, "memory"), rest(compute, "compute")),
  ];
};

const callerOf = (message: StreamMessage): CanisterId => (message.kind === "refund" ? message.canister : message.caller);

/** The canister from whose queue it came; nobody's, when it is what was left of a dropped message. */
const senderOf = (message: StreamMessage): CanisterId | null =>
  message.kind === "request" ? message.caller : message.kind === "response" ? message.respondent : null;
