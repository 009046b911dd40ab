/**
 * From an event to its postings: the one place that says which flows an event stands for, whose accounts they touch, and
 * how many cycles they move. An event of a new kind does not compile until it is said here what it moves.
 */
import { answersArrival, chargesNow, creationFee, cyclesOn, isProvided, type Charge, type World } from "../../properties/index.ts";
import type { CanisterId, Event, StreamMessage } from "../../spec/index.ts";
import { mintingCanister } from "./data.ts";
import { post, type Draft, type Told } from "./drafts.ts";
import { answered, begun, desisted, done, isLong, isPaused, taken } from "./executions.ts";
import type { FlowName } from "./flows.ts";

/** The postings of an event, by what an onlooker knows just before it, without those that move nothing. */
export const postingsOf = (event: Event, known: World): readonly Draft[] => drafted(event, known).filter(({ cycles }) => cycles !== 0n);

/** What is there at the beginning. */
export const genesisPosting = (canister: CanisterId, balance: bigint): Draft => post(canister, "genesis", balance, null, canister);

const drafted = (event: Event, known: World): readonly Draft[] => {
  switch (event.kind) {
    case "canister-created":
      return created(event, known);
    case "installation-ran":
      return [
        post(event.canister, "installation", event.charged, event.canister, null),
        post(event.canister, "burned by the canister", event.burned, event.canister, null),
        post(event.canister, "set aside", event.reserved, event.canister, event.canister),
      ];
    case "conversion-settled":
      return converted(event);
    case "snapshot-taken":
      return [
        post(event.canister, "snapshot", event.charged, event.canister, null),
        post(event.canister, "set aside", event.reserved, event.canister, event.canister),
      ];
    case "chunk-kept":
      return [
        post(event.canister, "chunk", event.charged, event.canister, null),
        post(event.canister, "set aside", event.reserved, event.canister, event.canister),
      ];
    case "snapshot-loaded":
      return [post(event.canister, "snapshot", event.charged, event.canister, null)];
    case "consensus-asked":
      return [post(event.caller, "consensus fee", event.fee, null, null)];
    case "memory-reserved":
      return [post(event.canister, "set aside", event.cycles, event.canister, event.canister)];
    case "cycles-provided":
    case "topped-up":
      return [post(event.canister, "top-up", event.cycles, null, event.canister)];
    case "cycles-deposited":
      return [post(event.canister, "deposited", event.cycles, null, event.canister)];
    case "resources-charged":
      return charged(event, known);
    case "ran-dry":
      return ended("ran dry", event, known);
    case "canister-deleted":
      return ended("deleted", event, known);
    case "ingress-inducted":
      // The fee of a paused canister stays on its balance until the execution is over (T02).
      return event.canister === null || isPaused(event.canister, known)
        ? []
        : [post(event.canister, "reception", event.fee, event.canister, null)];
    case "execution-finished":
    case "execution-aborted":
      return [post(event.canister, "postponed reception", event.postponed, event.canister, null)];
    case "not-executed":
      // What was attached stays on the message, which only turns round (T08).
      return [...desisted(event, known), post(event.canister, "refusal burned", event.charged, event.canister, null)];
    case "prepayment-adjusted":
      return [
        post(event.canister, "prepayment raised", event.taken, event.canister, event.canister),
        post(event.canister, "prepayment lowered", event.returned, event.canister, event.canister),
      ];
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
    case "callback-refused": {
      const { canister, refunded, transmissionFee, released, charged: burned } = event;
      return [
        post(canister, isLong(canister, known) ? "response let go" : "refunded", refunded, canister, canister),
        post(canister, "response transmission", transmissionFee, canister, null),
        post(canister, "callback refused", burned, canister, null),
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
    // none; and what a context held has gone with its answer before it is deleted. Tokens have books of their own.
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
    case "management-asked":
    case "management-answered":
    case "consensus-answered":
    case "consensus-refused":
    case "canister-stopping":
    case "canister-stopped":
    case "canister-started":
    case "settings-updated":
    case "snapshot-deleted":
    case "chunks-cleared":
    case "data-certified":
    case "stable-resized":
    case "certificate-issued":
    case "read-state-refused":
    case "round-refused":
    case "canister-suspended":
    case "full-round":
    case "priorities-settled":
    case "allocation-set":
    case "fees-set":
    case "tokens-transferred":
    case "conversion-paid":
    case "transfer-refused":
    case "conversion-refused":
    case "reward-minted":
    case "rate-set":
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

/** By an input, with cycles that are minted for it; or in a round, with those that came with a request. */
const created = ({ canister, balance }: Told<"canister-created">, known: World): readonly Draft[] => {
  const { round, parameters } = known;
  const fee = creationFee(parameters);
  if (isProvided(known)) return [post(canister, "provided", balance, null, canister)];
  return round === null || round.ended
    ? [post(canister, "created", balance, null, canister), post(canister, "creation fee", fee, null, null)]
    : [post(canister, "made", balance, null, canister), post(canister, "creation fee attached", fee, null, null)];
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
const charged = (event: Told<"resources-charged">, known: World): readonly Draft[] => {
  const charges = chargesNow(known);
  const rest = (due: Due): bigint => charges.reduce<bigint>((left, { taken }) => left - taken[due], event[due]);
  return [...charges.flatMap(paid), ...dues.map((due) => post(null, flowOf[due][0], rest(due), null, null))];
};

type Due = keyof Charge["taken"];

/** In the order in which they are paid. */
const dues: readonly Due[] = ["memory", "messages", "compute"];

/** From the balance, and from what was set aside. */
const flowOf: Readonly<Record<Due, readonly [FlowName, FlowName]>> = {
  memory: ["memory", "memory set aside for"],
  messages: ["message memory", "message memory set aside for"],
  compute: ["compute allocation", "compute allocation set aside for"],
};

/** What was set aside pays first. */
const paid = ({ canister: { id, reserved }, taken }: Charge): readonly Draft[] => {
  let left = reserved;
  return dues.flatMap((due) => {
    const drawn = taken[due] < left ? taken[due] : left;
    left -= drawn;
    const [fromBalance, fromReserve] = flowOf[due];
    return [post(id, fromReserve, drawn, id, null), post(id, fromBalance, taken[due] - drawn, id, null)];
  });
};

/** What a canister loses with its place: its balance, and what it had set aside. */
const ended = (
  name: "ran dry" | "deleted",
  { canister, burned }: Told<"ran-dry" | "canister-deleted">,
  { canisters }: World,
): readonly Draft[] => {
  const reserved = canisters.get(canister)?.reserved ?? 0n;
  return [post(canister, name, burned - reserved, canister, null), post(canister, `set aside, ${name}`, reserved, canister, null)];
};

const converted = ({ minted, outcome }: Told<"conversion-settled">): readonly Draft[] => {
  if (outcome.kind === "refunded") return [post(null, "minted for tokens", minted, null, mintingCanister)];
  const { kind, canister, cycles, balance } = outcome;
  const fee = kind === "created" ? cycles - balance : 0n;
  return [
    post(canister, "minted for tokens", minted, null, mintingCanister),
    post(canister, "converted", cycles - fee, mintingCanister, canister),
    post(canister, "creation fee converted", fee, mintingCanister, null),
  ];
};

const callerOf = (message: StreamMessage): CanisterId => (message.kind === "refund" ? message.canister : message.caller);

/** The canister from whose queue it came; nobody's, when it is what was left of a dropped message. */
const senderOf = (message: StreamMessage): CanisterId | null =>
  message.kind === "request" ? message.caller : message.kind === "response" ? message.respondent : null;
