/**
 * Cycles never just change: they flow from one place to another, and an event says which flows it stands for. From
 * this table alone follow the change of every term of the ledger and of every balance; so it is what conservation is
 * checked against, and what a story of a failure shows as a balanced table.
 */
import type { Event, Executed, Ledger } from "../spec/index.ts";
import type { TrackedExecution } from "./tracking/executions.ts";
import { messageOf } from "./tracking/foresight.ts";
import { cyclesOf, cyclesOn } from "./tracking/messages.ts";
import { answersArrival } from "./tracking/notes-of-messages.ts";
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
export type Known = Pick<World, "arrival" | "previous" | "canisters">;

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

const declared = (event: Event, { arrival, previous, canisters }: Known): readonly Flow[] => {
  const arrived = arrival === null ? 0n : cyclesOn(arrival.message);
  switch (event.kind) {
    case "topped-up":
      return [flow("top-up", "minted", "balances", event.cycles)];
    case "ingress-inducted":
      return canisters.get(event.canister)?.execution?.attempt != null ? [] : [flow("reception fee", "balances", "burned", event.fee)];
    case "not-executed":
      return [flow("charge of the attempt", "balances", "burned", event.charged)];
    case "answered":
      // What was attached to a call that never got a context stays in the message, which only turns round.
      return event.context === null ? [] : [flow("refund of the answer", "contexts", "messages", event.refund)];
    case "executed":
      return [...beginnings(event, canisters.get(event.canister)?.execution ?? null), ...doings(event)];
    case "execution-paused":
      return canisters.get(event.canister)?.execution == null ? takings(event, canisters.get(event.canister)) : [];
    case "execution-finished":
    case "execution-aborted":
      return [flow("postponed fees", "balances", "burned", event.postponed)];
    case "resources-charged":
      return [flow("memory in use", "balances", "burned", event.memory), flow("compute allocations", "balances", "burned", event.compute)];
    case "ran-dry":
      return [flow("balance of a canister that ran dry", "balances", "burned", event.burned)];
    case "canister-created":
      return [flow("balance of a new canister", "minted", "balances", event.balance)];
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
      return [flow("balance of a deleted canister", "balances", "burned", event.burned)];
    case "response-discarded":
      return [
        flow("refund of the response", "messages", "balances", event.refunded),
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

/** What an execution takes along when it is first paused: its prepayment, and what is on its message. */
const takings = ({ cause, prepaid }: PausedEvent, canister: TrackedCanister | undefined): readonly Flow[] => {
  const message = canister === undefined ? undefined : messageOf(canister, cause);
  return [
    flow("prepayment of a long execution", "balances", "executions", prepaid),
    flow("on the message of a long execution", "messages", "executions", message === undefined ? 0n : cyclesOf(message)),
  ];
};

type PausedEvent = Extract<Event, { readonly kind: "execution-paused" }>;

/** What a long execution held comes from there. */
const beginnings = (event: Executed, execution: TrackedExecution | null): readonly Flow[] => {
  const { cause, prepaid, charged, refunded, transmissionReserve, transmissionFee } = event;
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
    case "response":
      return [
        flow("refund of the response", held, "balances", refunded),
        flow("transmission of the response", "callbacks", "burned", transmissionFee),
        flow("reserve not used for transmission", "callbacks", "balances", transmissionReserve - transmissionFee),
        flow("charge of the callback", "callbacks", "burned", charged),
        flow("prepayment not used by the callback", "callbacks", "balances", prepaid - charged),
      ];
  }
};

const doings = ({ accepted, burned, calls }: Executed): readonly Flow[] => [
  flow("accepted", "contexts", "balances", accepted),
  flow("burned by the canister", "balances", "burned", burned),
  ...calls.flatMap(({ callback, attached, fee, reserve }) => [
    flow(`attached to call ${callback}`, "balances", "messages", attached),
    flow(`fee of call ${callback}`, "balances", "burned", fee),
    flow(`reserve of call ${callback}`, "balances", "callbacks", reserve),
  ]),
];
