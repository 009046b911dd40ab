/**
 * Cycles never just change: they flow from one place to another, and an event says which flows it stands for. From
 * this table alone follow the change of every term of the ledger and of every balance; so it is what conservation is
 * checked against, and what a story of a failure shows as a balanced table.
 */
import type { CanisterId, Event, Executed, Ledger } from "../spec/index.ts";
import { creationFee } from "./money.ts";
import { chargesNow, drawnBy } from "./tracking/charges.ts";
import { heldBy, type TrackedExecution } from "./tracking/executions.ts";
import { messageOf } from "./tracking/matching.ts";
import { cyclesOf, cyclesOn } from "./tracking/messages.ts";
import { answersArrival } from "./tracking/notes-of-messages.ts";
import { isProvided } from "./tracking/management.ts";
import { isMade } from "./tracking/settings.ts";
import type { TrackedCanister, World } from "./tracking/world.ts";

/** A place where cycles can be. `minted` and `received` are the only sources; `burned`, `lost` and `sent` the only sinks. */
export type Place = keyof Ledger;

export interface Flow {
  /** What the flow is, in words. */
  readonly name: string;
  readonly from: Place;
  readonly to: Place;
  /** Negative only in the event of a broken machine. @unit cycles */
  readonly cycles: bigint;
}

/** The places, in the order of the ledger. */
export const places: readonly Place[] = [
  "balances",
  "reserved",
  "messages",
  "contexts",
  "callbacks",
  "executions",
  "float",
  "burned",
  "lost",
  "sent",
  "received",
  "minted",
];

/** What of the world just before an event tells what is on a message that came out of a stream. */
export type Known = Pick<World, "arrival" | "previous" | "canisters" | "parameters" | "time" | "round" | "management">;

/** The flows that an event declares, without those that move nothing. */
export const flowsOf = (event: Event, known: Known): readonly Flow[] => declared(event, known).filter(({ cycles }) => cycles !== 0n);

/** What flows do to each place. What comes from a source is counted there: a flow out of `minted` makes that total grow. @unit cycles */
export const changesOf = (flows: readonly Flow[]): Record<Place, bigint> => {
  const changes: Record<Place, bigint> = {
    balances: 0n,
    reserved: 0n,
    messages: 0n,
    contexts: 0n,
    callbacks: 0n,
    executions: 0n,
    float: 0n,
    burned: 0n,
    lost: 0n,
    sent: 0n,
    received: 0n,
    minted: 0n,
  };
  for (const { from, to, cycles } of flows) {
    changes[from] += from === "minted" || from === "received" ? cycles : -cycles;
    changes[to] += cycles;
  }
  return changes;
};

/** What is somewhere, gone and come: the two sides of the equation of the ledger. @unit cycles */
export const sidesOf = (ledger: Readonly<Record<Place, bigint>>): { readonly there: bigint; readonly come: bigint } => ({
  there:
    ledger.balances +
    ledger.reserved +
    ledger.messages +
    ledger.contexts +
    ledger.callbacks +
    ledger.executions +
    ledger.float +
    ledger.burned +
    ledger.lost +
    ledger.sent,
  come: ledger.minted + ledger.received,
});

const flow = (name: string, from: Place, to: Place, cycles: bigint): Flow => ({ name, from, to, cycles });

const declared = (event: Event, known: Known): readonly Flow[] => {
  const { arrival, previous, canisters, parameters } = known;
  const arrived = arrival === null ? 0n : cyclesOn(arrival.message);
  switch (event.kind) {
    case "cycles-deposited":
      return [flow("deposit", "messages", "balances", event.cycles)];
    case "cycles-provided":
      return [flow("cycles from nothing", "minted", "balances", event.cycles)];
    case "topped-up":
      return [flow("top-up", "minted", "balances", event.cycles)];
    case "ingress-inducted":
      return isPaused(event.canister, canisters) ? [] : [flow("reception fee", "balances", "burned", event.fee)];
    case "not-executed":
      return [
        ...givenBack(canisters.get(event.canister)?.execution ?? null),
        flow("charge of the attempt", "balances", "burned", event.charged),
      ];
    case "prepayment-adjusted":
      return [
        flow("what a prepayment lacks", "balances", "executions", event.taken),
        flow("what a prepayment has beyond", "executions", "balances", event.returned),
      ];
    case "answered":
      // What was attached to a call that never got a context stays in the message, which only turns round.
      return event.context === null ? [] : [flow("refund of the answer", "contexts", "messages", event.refund)];
    case "executed":
      return [...beginnings(event, canisters.get(event.canister)), ...doings(event)];
    case "execution-paused":
      return canisters.get(event.canister)?.execution == null ? takings(event, canisters.get(event.canister)) : [];
    case "execution-finished":
    case "execution-aborted":
      return [flow("postponed fees", "balances", "burned", event.postponed)];
    case "resources-charged": {
      const drawn = chargesNow(known).reduce((sum, charge) => sum + drawnBy(charge), 0n);
      return [
        flow("memory in use", "balances", "burned", event.memory),
        flow("memory for messages", "balances", "burned", event.messages),
        flow("compute allocations", "balances", "burned", event.compute),
        flow("what was set aside for them", "reserved", "balances", drawn),
      ];
    }
    case "ran-dry":
      return endings("that ran dry", event.burned, canisters.get(event.canister));
    case "canister-created": {
      if (isProvided(known)) return [flow("balance from nothing", "minted", "balances", event.balance)];
      const from = isMade(known) ? "messages" : "minted";
      return [
        flow("balance of a new canister", from, "balances", event.balance),
        flow("fee of a creation", from, "burned", creationFee(parameters)),
      ];
    }
    case "installation-ran":
      return [
        flow("charge of the installation", "balances", "burned", event.charged),
        flow("burned by an installation", "balances", "burned", event.burned),
        flow("set aside for memory by an installation", "balances", "reserved", event.reserved),
      ];
    case "snapshot-taken":
      return [
        flow("price of a snapshot", "balances", "burned", event.charged),
        flow("set aside for a snapshot", "balances", "reserved", event.reserved),
      ];
    case "snapshot-loaded":
      return [flow("price of bringing a snapshot back", "balances", "burned", event.charged)];
    case "consensus-asked":
      return [flow("price of what consensus answers", "messages", "burned", event.fee)];
    case "chunk-kept":
      return [
        flow("price of a chunk", "balances", "burned", event.charged),
        flow("set aside for a chunk", "balances", "reserved", event.reserved),
      ];
    case "memory-reserved":
      return [flow("set aside for memory that is allocated", "balances", "reserved", event.cycles)];
    case "conversion-settled": {
      const { minted, outcome } = event;
      const forTokens = flow("minted for tokens", "minted", "float", minted);
      if (outcome.kind === "refunded") return [forTokens];
      const { cycles, balance } = outcome;
      return outcome.kind === "topped-up"
        ? [forTokens, flow("conversion into a top-up", "float", "balances", cycles)]
        : [
            forTokens,
            flow("conversion into a canister", "float", "balances", balance),
            flow("fee of a creation that was converted", "float", "burned", cycles - balance),
          ];
    }
    case "canister-deleted":
      return endings("that was deleted", event.burned, canisters.get(event.canister));
    case "callback-refused":
    case "response-discarded":
      return [
        flow(
          "refund of the response",
          canisters.get(event.canister)?.execution == null ? "messages" : "executions",
          "balances",
          event.refunded,
        ),
        ...(event.kind === "callback-refused" ? [flow("charge of the attempt", "callbacks", "burned", event.charged)] : []),
        flow("transmission of the response", "callbacks", "burned", event.transmissionFee),
        flow("reserve of the callback", "callbacks", "balances", event.released),
      ];
    case "request-inducted":
      return [flow("attached to a request of a stream", "received", "messages", arrived)];
    case "response-inducted":
      return [flow("refund of a response of a stream", "received", "messages", arrived)];
    case "response-late":
      return [flow("refund of a late response", arrival === null ? "messages" : "received", "balances", event.refund)];
    case "refund-inducted":
      return [flow("refund of a stream", "received", "balances", event.cycles)];
    case "message-refused":
      return event.error === null ? [flow("on an ignored message", "received", "lost", arrived)] : [];
    case "message-streamed":
      return [flow("put into a stream", answersArrival({ previous }) ? "received" : "messages", "sent", cyclesOn(event.message))];
    case "cycles-dropped":
      return event.fate === "streamed"
        ? []
        : [flow("on a dropped message", "messages", event.fate === "lost" ? "lost" : "balances", event.cycles)];
    default:
      return [];
  }
};

const isPaused = (id: CanisterId | null, canisters: World["canisters"]): boolean =>
  id !== null && canisters.get(id)?.execution?.attempt != null;

/** What an execution takes along when it is first paused: its prepayment, and what is on its message. */
const takings = ({ cause, prepaid }: PausedEvent, canister: TrackedCanister | undefined): readonly Flow[] => {
  const message = canister === undefined ? undefined : messageOf(canister, cause);
  return [
    flow("prepayment of a long execution", "balances", "executions", prepaid),
    flow("on the message of a long execution", "messages", "executions", message === undefined ? 0n : cyclesOf(message)),
  ];
};

type PausedEvent = Extract<Event, { readonly kind: "execution-paused" }>;

/** What a canister had, and what it had set aside, when it lost all of it. */
const endings = (which: string, burned: bigint, canister: TrackedCanister | undefined): readonly Flow[] => {
  const reserved = canister?.reserved ?? 0n;
  return [
    flow(`balance of a canister ${which}`, "balances", "burned", burned - reserved),
    flow(`set aside by a canister ${which}`, "reserved", "burned", reserved),
  ];
};

/** What an execution held that is over before it began again. */
const givenBack = (execution: TrackedExecution | null): readonly Flow[] =>
  execution === null
    ? []
    : [
        flow("prepayment of an execution that is given up", "executions", "balances", execution.prepaid),
        flow("on the message of an execution that is given up", "executions", "messages", heldBy(execution) - execution.prepaid),
      ];

/** What a long execution held comes from there. */
const beginnings = (event: Executed, canister: TrackedCanister | undefined): readonly Flow[] => {
  const { cause, prepaid, charged, refunded, transmissionReserve, transmissionFee } = event;
  const execution = canister?.execution ?? null;
  const held: Place = execution === null ? "messages" : "executions";
  const prepayment = flow("prepayment of a long execution", "executions", "balances", execution === null ? 0n : prepaid);
  switch (cause.kind) {
    case "update":
      return [
        flow("attached, now available", held, "contexts", cause.attached),
        prepayment,
        flow("charge of the execution", "balances", "burned", charged),
      ];
    case "timer":
    case "heartbeat":
    case "low-memory":
      return [prepayment, flow("charge of the execution", "balances", "burned", charged)];
    case "response": {
      const call = canister?.calls.get(cause.callback);
      const kept = call === undefined ? prepaid : call.reserve - call.transmission;
      return [
        flow("refund of the response", held, "balances", refunded),
        flow("transmission of the response", "callbacks", "burned", transmissionFee),
        flow("reserve not used for transmission", "callbacks", "balances", transmissionReserve - transmissionFee),
        flow("reserve for the callback", "callbacks", "balances", kept),
        flow("charge of the callback", "balances", "burned", charged),
      ];
    }
  }
};

const doings = ({ accepted, burned, reserved, calls }: Executed): readonly Flow[] => [
  flow("set aside for memory", "balances", "reserved", reserved),
  flow("accepted", "contexts", "balances", accepted),
  flow("burned by the canister", "balances", "burned", burned),
  ...calls.flatMap(({ callback, attached, fee, reserve }) => [
    flow(`attached to call ${callback}`, "balances", "messages", attached),
    flow(`fee of call ${callback}`, "balances", "burned", fee),
    flow(`reserve of call ${callback}`, "balances", "callbacks", reserve),
  ]),
];
